<?xml version="1.0" encoding="UTF-8"?>
<!--
  Trees of asset tags, as qtbx-tags-restructure writes them, as the requests that create them: one for each tree, with all that hangs below.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

  <xsl:import href="common/vocabulary.xsl"/>

  <xsl:variable name="kind" select="'tag'"/>
  <xsl:variable name="record" select="'Tag'"/>

  <xsl:variable name="types" select="'|STATIC|GROOVY|OS_REGEX|NETWORK_RANGE|NETWORK_RANGE_ENHANCED|NAME_CONTAINS|INSTALLED_SOFTWARE|OPEN_PORTS|VULN_EXIST|ASSET_SEARCH|CLOUD_ASSET|BUSINESS_INFORMATION|GLOBAL_ASSET_VIEW|TAG_SET|'"/>

  <xsl:template match="/">
    <requests>
      <xsl:apply-templates select="/data/Tag"/>
    </requests>
  </xsl:template>

  <!-- A tag of a restructured document has no id any more, so its name says which it is. -->
  <xsl:template match="Tag" mode="subject">
    <xsl:if test="normalize-space(id) != ''">
      <xsl:attribute name="id"><xsl:value-of select="normalize-space(id)"/></xsl:attribute>
    </xsl:if>
    <xsl:attribute name="name"><xsl:apply-templates select="name" mode="text"/></xsl:attribute>
  </xsl:template>

  <!-- A name as it is, without the layout around it. -->
  <xsl:template match="name" mode="text">
    <xsl:choose>
      <xsl:when test="contains(., '&#10;')">
        <xsl:call-template name="unframed">
          <xsl:with-param name="text" select="string()"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:otherwise><xsl:value-of select="."/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- The output of a search, not of qtbx-tags-restructure: its ids and parents are those of another subscription. -->
  <xsl:template match="Tag[descendant-or-self::Tag/id or descendant-or-self::Tag/children/list or descendant::Tag/parentTagId]" priority="3">
    <xsl:variable name="path">
      <xsl:for-each select="(descendant-or-self::Tag/id | descendant-or-self::Tag/children/list | descendant::Tag/parentTagId)[1]">
        <xsl:call-template name="path"/>
      </xsl:for-each>
    </xsl:variable>
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'refused'"/>
      <xsl:with-param name="element" select="string($path)"/>
      <xsl:with-param name="reason" select="'the tag still has ids of its subscription: put it through qtbx-tags-restructure first'"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="Tag[descendant-or-self::Tag[normalize-space(name) = '']]" priority="1">
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'refused'"/>
      <xsl:with-param name="reason" select="'a tag needs a name'"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="Tag">
    <request url="/qps/rest/2.0/create/am/tag">
      <body>
        <ServiceRequest>
          <data>
            <xsl:apply-templates select="." mode="body"/>
          </data>
        </ServiceRequest>
      </body>
    </request>
    <!-- What depends on values; what stands where is accounted for by the grammar, tag-tree.grammar. -->
    <xsl:apply-templates select="." mode="notes"/>
  </xsl:template>

  <!-- The body -->

  <xsl:template match="data/Tag | Tag/children/set/Tag" mode="body">
    <Tag>
      <xsl:apply-templates select="*" mode="body"/>
    </Tag>
  </xsl:template>

  <xsl:template match="*" mode="body"/>

  <xsl:template match="Tag/parentTagId | Tag/ruleText | Tag/ruleType | Tag/provider | Tag/description" mode="body">
    <xsl:if test=". != ''">
      <xsl:element name="{name()}"><xsl:value-of select="."/></xsl:element>
    </xsl:if>
  </xsl:template>

  <xsl:template match="Tag/name" mode="body">
    <name><xsl:apply-templates select="." mode="text"/></name>
  </xsl:template>

  <!-- What the service would refuse, and the whole tree with it, is left out and named. -->
  <xsl:template match="Tag/color[translate(normalize-space(), '0123456789abcdefABCDEF', '0000000000000000000000') = '#000' or translate(normalize-space(), '0123456789abcdefABCDEF', '0000000000000000000000') = '#000000']" mode="body">
    <color><xsl:value-of select="normalize-space()"/></color>
  </xsl:template>

  <xsl:template match="Tag/criticalityScore[string-length(normalize-space()) = 1 and contains('12345', normalize-space())]" mode="body">
    <criticalityScore><xsl:value-of select="normalize-space()"/></criticalityScore>
  </xsl:template>

  <xsl:template match="Tag/children[set/Tag]" mode="body">
    <children>
      <set>
        <xsl:apply-templates select="set/Tag" mode="body"/>
      </set>
    </children>
  </xsl:template>

  <!-- Notes -->

  <!-- A Tag that stands anywhere else is unknown, as the body does not reach it. -->
  <xsl:template match="data/Tag | Tag/children/set/Tag" mode="notes">
    <xsl:apply-templates select="ruleType | color | criticalityScore | children/set/Tag" mode="notes"/>
  </xsl:template>

  <xsl:template match="Tag/ruleType" mode="notes">
    <xsl:if test="normalize-space() != '' and not(contains($types, concat('|', normalize-space(), '|')))">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="reason" select="concat('the rule type ', normalize-space(), ' is not one that the schema names')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="Tag/color" mode="notes">
    <xsl:variable name="mask" select="translate(normalize-space(), '0123456789abcdefABCDEF', '0000000000000000000000')"/>
    <xsl:if test="$mask != '' and $mask != '#000' and $mask != '#000000'">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason" select="concat('the service takes colors as #RGB or #RRGGBB, not &quot;', ., '&quot;')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="Tag/criticalityScore" mode="notes">
    <xsl:if test="normalize-space() != '' and not(string-length(normalize-space()) = 1 and contains('12345', normalize-space()))">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason" select="concat('the service takes scores from 1 to 5, not &quot;', ., '&quot;')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

</xsl:stylesheet>
