<?xml version="1.0" encoding="UTF-8"?>
<!--
  Networks as the requests that create them again, in two steps:

    create   /api/2.0/fo/network/?action=create
    assign   /api/2.0/fo/appliance/?action=assign_network_id, one for each appliance: it needs the ids of the new networks and appliances
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

  <xsl:import href="common/vocabulary.xsl"/>

  <!-- create or assign. -->
  <xsl:param name="step" select="'create'"/>

  <xsl:variable name="kind" select="'network'"/>
  <xsl:variable name="record" select="'NETWORK'"/>

  <!-- The list stands at the root, or in RESPONSE: the published samples have both. -->
  <xsl:template match="/">
    <requests>
      <xsl:apply-templates select="(/* | /*/* | /*/*/*)[self::NETWORK_LIST]/NETWORK"/>
    </requests>
  </xsl:template>

  <xsl:template match="NETWORK" mode="subject">
    <xsl:attribute name="id"><xsl:value-of select="normalize-space(ID)"/></xsl:attribute>
    <xsl:attribute name="name"><xsl:apply-templates select="NAME" mode="text"/></xsl:attribute>
  </xsl:template>

  <!-- Without the layout around it: it is CDATA on a line of its own. -->
  <xsl:template match="NAME" mode="text">
    <xsl:call-template name="unframed">
      <xsl:with-param name="text" select="string()"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="NETWORK[normalize-space(ID) = '0']" priority="2">
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'skipped'"/>
      <xsl:with-param name="reason">every subscription has the Global Default Network, and every appliance begins there</xsl:with-param>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="NETWORK">
    <xsl:choose>
      <xsl:when test="$step = 'create'"><xsl:apply-templates select="." mode="create"/></xsl:when>
      <xsl:otherwise><xsl:apply-templates select="." mode="assign"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- Create -->

  <xsl:template match="NETWORK[normalize-space(NAME) = '']" mode="create" priority="1">
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'refused'"/>
      <xsl:with-param name="element" select="'NAME'"/>
      <xsl:with-param name="reason">a network needs a name</xsl:with-param>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="NETWORK" mode="create">
    <request kind="{$kind}" id="{normalize-space(ID)}" url="/api/2.0/fo/network/">
      <param name="action">create</param>
      <xsl:call-template name="param">
        <xsl:with-param name="name" select="'name'"/>
        <xsl:with-param name="value" select="NAME"/>
      </xsl:call-template>
    </request>
    <xsl:for-each select="SCANNER_APPLIANCE_LIST[SCANNER_APPLIANCE]">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="reason">the call creates a network without appliances: send the requests of --step assign afterwards</xsl:with-param>
      </xsl:call-template>
    </xsl:for-each>
  </xsl:template>

  <!-- Assign -->

  <xsl:template match="NETWORK[not(SCANNER_APPLIANCE_LIST/SCANNER_APPLIANCE)]" mode="assign" priority="1">
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'skipped'"/>
      <xsl:with-param name="reason">the network has no appliances</xsl:with-param>
    </xsl:call-template>
  </xsl:template>

  <!-- What is left when ids without a target are dropped. -->
  <xsl:template match="NETWORK" mode="assign">
    <xsl:variable name="network" select="ID"/>
    <xsl:variable name="left" select="SCANNER_APPLIANCE_LIST/SCANNER_APPLIANCE/ID[not(@qtbx-target = '')]"/>
    <xsl:for-each select="$left">
      <request kind="appliance" id="{normalize-space()}" url="/api/2.0/fo/appliance/">
        <param name="action">assign_network_id</param>
        <param name="appliance_id"><xsl:apply-templates select="." mode="target"/></param>
        <param name="network_id"><xsl:apply-templates select="$network" mode="target"/></param>
      </request>
    </xsl:for-each>
    <xsl:if test="not($left)">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'unmapped'"/>
        <xsl:with-param name="reason">no map has any of its appliances</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- What a map says, else the text itself. -->
  <xsl:template match="*" mode="target">
    <xsl:choose>
      <xsl:when test="@qtbx-target"><xsl:value-of select="normalize-space(@qtbx-target)"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="normalize-space()"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

</xsl:stylesheet>
