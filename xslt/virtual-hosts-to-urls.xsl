<?xml version="1.0" encoding="UTF-8"?>
<!--
  Virtual hosts as the requests that create them again:

    /api/2.0/fo/asset/vhost/?action=create

  A virtual host has no id: the address and the port are its key, in its network if a list says one.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

  <xsl:import href="common/vocabulary.xsl"/>

  <xsl:variable name="kind" select="'virtual-host'"/>
  <xsl:variable name="record" select="'VIRTUAL_HOST'"/>

  <xsl:template match="/">
    <requests>
      <xsl:apply-templates select="/*/RESPONSE/VIRTUAL_HOST_LIST/VIRTUAL_HOST"/>
    </requests>
  </xsl:template>

  <xsl:template match="VIRTUAL_HOST" mode="subject">
    <xsl:attribute name="id"><xsl:apply-templates select="." mode="key"/></xsl:attribute>
  </xsl:template>

  <xsl:template match="VIRTUAL_HOST" mode="key">
    <xsl:if test="normalize-space(IP) != '' and normalize-space(PORT) != ''">
      <xsl:value-of select="concat(normalize-space(IP), ':', normalize-space(PORT))"/>
    </xsl:if>
  </xsl:template>

  <xsl:template match="VIRTUAL_HOST[normalize-space(IP) = '' or normalize-space(PORT) = '']" priority="3">
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'refused'"/>
      <xsl:with-param name="element" select="'PORT'"/>
      <xsl:with-param name="reason">a virtual host needs its address and its port</xsl:with-param>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="VIRTUAL_HOST[not(FQDN[normalize-space() != ''])]" priority="2">
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'refused'"/>
      <xsl:with-param name="element" select="'FQDN'"/>
      <xsl:with-param name="reason">a virtual host needs a name at least</xsl:with-param>
    </xsl:call-template>
  </xsl:template>

  <!-- The names are one comma list. -->
  <xsl:template match="VIRTUAL_HOST[FQDN[contains(., ',')]]" priority="1">
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'refused'"/>
      <xsl:with-param name="element" select="'FQDN'"/>
      <xsl:with-param name="reason">a name has a comma, which would make it two</xsl:with-param>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="VIRTUAL_HOST">
    <xsl:variable name="key"><xsl:apply-templates select="." mode="key"/></xsl:variable>
    <request kind="{$kind}" id="{$key}" url="/api/2.0/fo/asset/vhost/">
      <param name="action">create</param>
      <param name="ip"><xsl:value-of select="normalize-space(IP)"/></param>
      <!-- A number, and no text: without the zeros before it. -->
      <param name="port"><xsl:value-of select="number(PORT)"/></param>
      <param name="fqdn">
        <xsl:call-template name="joined">
          <xsl:with-param name="items" select="FQDN[normalize-space() != '']"/>
        </xsl:call-template>
      </param>
      <xsl:for-each select="NETWORK_ID[normalize-space() != '']">
        <param name="network_id">
          <xsl:choose>
            <xsl:when test="@qtbx-target"><xsl:value-of select="normalize-space(@qtbx-target)"/></xsl:when>
            <xsl:otherwise><xsl:value-of select="normalize-space()"/></xsl:otherwise>
          </xsl:choose>
        </param>
      </xsl:for-each>
    </request>
  </xsl:template>

</xsl:stylesheet>
