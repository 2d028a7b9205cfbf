<?xml version="1.0" encoding="UTF-8"?>
<!--
  What each asset tag of a search result is, for the program that then puts the tags below their parents:

    <tag id="500001" parent="500000" name="Prod" source="asset group 7">
      <head>the elements of the new Tag that stand before its children</head>
      <tail>those that stand behind them</tail>
      <child id="500002" name="Web"/>
    </tag>

  Where a tag belongs, and which tags the service makes by itself, can only be said of the whole: that is the program's part.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

  <xsl:import href="common/vocabulary.xsl"/>

  <xsl:variable name="kind" select="'tag'"/>
  <xsl:variable name="record" select="'Tag'"/>

  <xsl:variable name="digits" select="'0123456789abcdefABCDEF'"/>
  <xsl:variable name="masks" select="'0000000000000000000000'"/>

  <xsl:template match="/">
    <requests>
      <xsl:apply-templates select="/*/data/Tag"/>
    </requests>
  </xsl:template>

  <xsl:template match="Tag" mode="subject">
    <xsl:attribute name="id"><xsl:value-of select="normalize-space(id)"/></xsl:attribute>
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

  <xsl:template match="Tag[normalize-space(id) = '' or normalize-space(name) = '']" priority="1">
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'refused'"/>
      <xsl:with-param name="reason" select="'a tag needs an id and a name; was the search limited to some fields?'"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="Tag">
    <tag id="{normalize-space(id)}">
      <xsl:attribute name="name"><xsl:apply-templates select="name" mode="text"/></xsl:attribute>
      <xsl:if test="normalize-space(parentTagId) != '' and normalize-space(parentTagId) != '0'">
        <xsl:attribute name="parent"><xsl:value-of select="normalize-space(parentTagId)"/></xsl:attribute>
      </xsl:if>
      <!-- Only the tags that the service keeps in step with a group or a unit carry these. -->
      <xsl:if test="normalize-space(srcAssetGroupId) != '' and normalize-space(srcAssetGroupId) != '0'">
        <xsl:attribute name="source"><xsl:value-of select="concat('asset group ', normalize-space(srcAssetGroupId))"/></xsl:attribute>
      </xsl:if>
      <xsl:if test="normalize-space(srcBusinessUnitId) != '' and normalize-space(srcBusinessUnitId) != '0'">
        <xsl:attribute name="source"><xsl:value-of select="concat('business unit ', normalize-space(srcBusinessUnitId))"/></xsl:attribute>
      </xsl:if>
      <!-- In the order of the service's schema, whatever the order of the input. -->
      <head>
        <name><xsl:apply-templates select="name" mode="text"/></name>
        <xsl:apply-templates select="color" mode="field"/>
        <xsl:apply-templates select="ruleText" mode="field"/>
        <xsl:apply-templates select="ruleType" mode="field"/>
        <xsl:apply-templates select="provider" mode="field"/>
      </head>
      <tail>
        <xsl:apply-templates select="criticalityScore" mode="field"/>
        <xsl:apply-templates select="description" mode="field"/>
      </tail>
      <xsl:for-each select="children/list/TagSimple">
        <child id="{normalize-space(id)}">
          <xsl:attribute name="name"><xsl:apply-templates select="name" mode="text"/></xsl:attribute>
        </child>
      </xsl:for-each>
    </tag>
    <!-- What depends on values; what stands where is accounted for by the grammar, tag.grammar. -->
    <xsl:apply-templates select="ruleText" mode="notes"/>
  </xsl:template>

  <xsl:template match="*" mode="field">
    <xsl:if test=". != ''">
      <xsl:element name="{name()}"><xsl:value-of select="."/></xsl:element>
    </xsl:if>
  </xsl:template>

  <!-- Notes -->

  <!-- Rules that name what only this subscription has. They are carried; whether they still say the same, only a person can tell. -->
  <xsl:template match="ruleText" mode="notes">
    <xsl:variable name="type" select="normalize-space(../ruleType)"/>
    <xsl:choose>
      <xsl:when test="$type = 'GROOVY'">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'noted'"/>
          <xsl:with-param name="reason" select="'a Groovy rule may name ids of this subscription'"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="contains(translate(., $digits, $masks), '00000000-0000-0000-0000-000000000000')">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'noted'"/>
          <xsl:with-param name="reason" select="'the rule holds a UUID, such as a network has: another subscription has others'"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$type = 'TAG_SET' or $type = 'TAGSET' or $type = 'NETWORK_TAG'">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'noted'"/>
          <xsl:with-param name="reason" select="'the rule names other tags, perhaps by ids of this subscription'"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="contains(., 'tags.name') or contains(., 'tags.id') or contains(., 'tagId')">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'noted'"/>
          <xsl:with-param name="reason" select="'the rule names other tags, which must exist in the target under the same name'"/>
        </xsl:call-template>
      </xsl:when>
    </xsl:choose>
  </xsl:template>

</xsl:stylesheet>
