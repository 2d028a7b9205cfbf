<?xml version="1.0" encoding="UTF-8"?>
<!--
  The vocabulary that every room's stylesheet writes, and the templates that they share.

    <requests>
      <request kind="asset-group" id="4000001" url="/api/2.0/fo/asset/group/">   method="GET" where it is not POST
        <param name="action">add</param>                                          a form parameter
        <body>one element</body>                                                  or an XML body; the parameters go into the query then
        <body file="policies/7.xml"/>
      </request>
      <skipped kind= id= name= element= >the record is not sent, and why</skipped>
      <by-hand …>the same, since no call can: a person makes it</by-hand>
      <unmapped …>what it names is in no map: without an element, the record is not sent</unmapped>
      <dropped …>the call cannot set this element, and why</dropped>
      <changed …>the value was translated with loss</changed>
      <noted   …>carried, but a person should read this</noted>
      <unknown …>the stylesheet has never heard of this value</unknown>
      <refused …>carrying the record would lose its meaning: the whole run fails and lists all of these</refused>
    </requests>

  A room declares $kind ("asset-group") and $record ("ASSET_GROUP"), and writes the attributes id and name of a record in mode "subject". What a
  record may hold, and what of it no call can set, is said by its grammar: a stylesheet speaks of what depends on values only.
  A room speaks of records only: what it says about a batch of records must be what it says about the whole list.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

  <xsl:output method="xml" encoding="UTF-8" indent="yes"/>

  <!--
    A parameter; nothing if the value is empty, unless $empty says that an empty value means something. The layout around a value that stands
    on a line of its own is cut.
  -->
  <xsl:template name="param">
    <xsl:param name="name"/>
    <xsl:param name="value" select="."/>
    <xsl:param name="empty" select="false()"/>
    <xsl:choose>
      <xsl:when test="contains($value, '&#10;')">
        <xsl:if test="$empty or normalize-space($value) != ''">
          <param name="{$name}">
            <xsl:call-template name="unframed">
              <xsl:with-param name="text" select="string($value)"/>
            </xsl:call-template>
          </param>
        </xsl:if>
      </xsl:when>
      <xsl:when test="$empty or string($value) != ''">
        <param name="{$name}"><xsl:value-of select="$value"/></param>
      </xsl:when>
    </xsl:choose>
  </xsl:template>

  <!--
    A text without the blanks before and behind it, if there is a line feed among them: that is layout, as around CDATA on a line of its own.
    Blanks without a line feed belong to the text.
  -->
  <xsl:template name="unframed">
    <xsl:param name="text"/>
    <xsl:variable name="first" select="substring(normalize-space($text), 1, 1)"/>
    <xsl:choose>
      <xsl:when test="$first = ''"/>
      <!-- Most texts have no line feed. -->
      <xsl:when test="not(contains($text, '&#10;'))"><xsl:value-of select="$text"/></xsl:when>
      <xsl:when test="contains(substring-before($text, $first), '&#10;')">
        <xsl:call-template name="unframed-behind">
          <xsl:with-param name="text" select="concat($first, substring-after($text, $first))"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="unframed-behind">
          <xsl:with-param name="text" select="$text"/>
        </xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- The same, behind the text alone: $end is where the blanks behind it are known to begin, so far. -->
  <xsl:template name="unframed-behind">
    <xsl:param name="text"/>
    <xsl:param name="end" select="string-length($text)"/>
    <xsl:variable name="last" select="substring($text, $end, 1)"/>
    <xsl:choose>
      <xsl:when test="$end &gt; 64 and normalize-space(substring($text, $end - 63, 64)) = ''">
        <xsl:call-template name="unframed-behind">
          <xsl:with-param name="text" select="$text"/>
          <xsl:with-param name="end" select="$end - 64"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$end &gt; 0 and normalize-space($last) = ''">
        <xsl:call-template name="unframed-behind">
          <xsl:with-param name="text" select="$text"/>
          <xsl:with-param name="end" select="$end - 1"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="contains(substring($text, $end + 1), '&#10;')"><xsl:value-of select="substring($text, 1, $end)"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="$text"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- The string values of $items, joined by commas. -->
  <xsl:template name="joined">
    <xsl:param name="items"/>
    <xsl:for-each select="$items">
      <xsl:if test="position() != 1">,</xsl:if>
      <xsl:value-of select="normalize-space(.)"/>
    </xsl:for-each>
  </xsl:template>

  <!--
    A note about the current node: an element, an attribute, or the record itself.
    Values are passed by select, not by content: a fragment costs a document of its own.
  -->
  <xsl:template name="note">
    <xsl:param name="as"/>
    <xsl:param name="reason"/>
    <xsl:param name="element"/>
    <xsl:element name="{$as}">
      <xsl:attribute name="kind"><xsl:value-of select="$kind"/></xsl:attribute>
      <xsl:apply-templates select="ancestor-or-self::*[name() = $record]" mode="subject"/>
      <xsl:attribute name="element">
        <xsl:choose>
          <xsl:when test="$element"><xsl:value-of select="$element"/></xsl:when>
          <xsl:when test="self::* and name(..) = $record"><xsl:value-of select="name()"/></xsl:when>
          <xsl:otherwise><xsl:call-template name="path"/></xsl:otherwise>
        </xsl:choose>
      </xsl:attribute>
      <xsl:value-of select="$reason"/>
    </xsl:element>
  </xsl:template>

  <!-- Where the current node stands below its record: IP_SET/IP/@network_id, TITLE/INFO[key=title]. Empty for the record itself. -->
  <xsl:template name="path">
    <xsl:for-each select="ancestor-or-self::*[ancestor::*[name() = $record]]">
      <xsl:if test="position() != 1">/</xsl:if>
      <xsl:value-of select="name()"/>
      <xsl:if test="@key"><xsl:value-of select="concat('[key=', @key, ']')"/></xsl:if>
    </xsl:for-each>
    <xsl:if test="not(self::*)">
      <xsl:if test="name(..) != $record">/</xsl:if>
      <xsl:value-of select="concat('@', name())"/>
    </xsl:if>
  </xsl:template>

</xsl:stylesheet>
