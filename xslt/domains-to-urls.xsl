<?xml version="1.0" encoding="UTF-8"?>
<!--
  Domains as the requests that create them again, with their netblocks. Two calls do that:

    v1   /msp/asset_domain.php?action=add            knows no networks
    v2   /api/2.0/fo/asset/domain/?action=create     takes a network

  The domain none, which holds the netblocks of no registered domain, is in every subscription: it is edited, which replaces what it holds.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

  <xsl:import href="common/vocabulary.xsl"/>

  <!-- v1 or v2; empty: v2 for a domain in a network of its own, v1 for all others. -->
  <xsl:param name="api" select="''"/>
  <!-- edit or error: what becomes of the domain none. -->
  <xsl:param name="none" select="'error'"/>

  <xsl:variable name="kind" select="'domain'"/>
  <xsl:variable name="record" select="'DOMAIN'"/>

  <xsl:variable name="upper" select="'ABCDEFGHIJKLMNOPQRSTUVWXYZ'"/>
  <xsl:variable name="lower" select="'abcdefghijklmnopqrstuvwxyz'"/>

  <!-- The list is the root itself, or stands in an answer as other lists do: clients have met both. -->
  <xsl:template match="/">
    <requests>
      <xsl:apply-templates select="/DOMAIN_LIST/DOMAIN | /*/DOMAIN_LIST/DOMAIN | /*/*/DOMAIN_LIST/DOMAIN"/>
    </requests>
  </xsl:template>

  <!-- The first API gives no ids: there the name is all that a domain is known by. -->
  <xsl:template match="DOMAIN" mode="subject">
    <xsl:attribute name="id"><xsl:apply-templates select="." mode="id"/></xsl:attribute>
    <xsl:attribute name="name"><xsl:value-of select="normalize-space(DOMAIN_NAME)"/></xsl:attribute>
  </xsl:template>

  <xsl:template match="DOMAIN" mode="id">
    <xsl:choose>
      <xsl:when test="DOMAIN_ID"><xsl:value-of select="normalize-space(DOMAIN_ID)"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="normalize-space(DOMAIN_NAME)"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="DOMAIN[normalize-space(DOMAIN_NAME) = '']" priority="4">
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'refused'"/>
      <xsl:with-param name="element" select="'DOMAIN_NAME'"/>
      <xsl:with-param name="reason">a domain needs a name</xsl:with-param>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="DOMAIN[starts-with(translate(normalize-space(DOMAIN_NAME), 'W', 'w'), 'www.')]" priority="3">
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'refused'"/>
      <xsl:with-param name="element" select="'DOMAIN_NAME'"/>
      <xsl:with-param name="reason">the calls take the name of a domain without www. before it</xsl:with-param>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="DOMAIN">
    <xsl:variable name="network"><xsl:apply-templates select="NETWORK/NETWORK_ID" mode="target"/></xsl:variable>
    <xsl:variable name="is-none" select="translate(normalize-space(DOMAIN_NAME), $upper, $lower) = 'none'"/>
    <xsl:choose>
      <xsl:when test="$network != '' and $api = 'v1'">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="element" select="'NETWORK/NETWORK_ID'"/>
          <xsl:with-param name="reason">the call of the first API takes no network: without it, the domain would be in the Global Default Network</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$is-none and not(NETBLOCK/RANGE)">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'skipped'"/>
          <xsl:with-param name="reason">every subscription has the domain none, and this one holds no netblocks</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$is-none and $none != 'edit'">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="element" select="'DOMAIN_NAME'"/>
          <xsl:with-param name="reason">the target has a domain none of its own, whose netblocks an edit replaces: give its list (--target), or say --none edit</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:otherwise>
        <xsl:variable name="id"><xsl:apply-templates select="." mode="id"/></xsl:variable>
        <xsl:variable name="is-second" select="$network != '' or $api = 'v2'"/>
        <request kind="{$kind}" id="{$id}">
          <xsl:attribute name="url">
            <xsl:choose>
              <xsl:when test="$is-second">/api/2.0/fo/asset/domain/</xsl:when>
              <xsl:otherwise>/msp/asset_domain.php</xsl:otherwise>
            </xsl:choose>
          </xsl:attribute>
          <param name="action">
            <xsl:choose>
              <xsl:when test="$is-second and $is-none">update</xsl:when>
              <xsl:when test="$is-second">create</xsl:when>
              <xsl:when test="$is-none">edit</xsl:when>
              <xsl:otherwise>add</xsl:otherwise>
            </xsl:choose>
          </param>
          <param name="domain"><xsl:value-of select="normalize-space(DOMAIN_NAME)"/></param>
          <xsl:if test="NETBLOCK/RANGE">
            <param name="netblock">
              <xsl:for-each select="NETBLOCK/RANGE">
                <xsl:if test="position() != 1">,</xsl:if>
                <xsl:value-of select="normalize-space(START)"/>
                <xsl:if test="normalize-space(START) != normalize-space(END)">
                  <xsl:value-of select="concat('-', normalize-space(END))"/>
                </xsl:if>
              </xsl:for-each>
            </param>
          </xsl:if>
          <xsl:if test="$network != ''">
            <param name="network_id"><xsl:value-of select="$network"/></param>
          </xsl:if>
        </request>
        <xsl:if test="$is-none">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'noted'"/>
            <xsl:with-param name="element" select="'NETBLOCK'"/>
            <xsl:with-param name="reason">these take the place of what the target's domain none holds</xsl:with-param>
          </xsl:call-template>
        </xsl:if>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- What a map says, else the text itself; nothing for the Global Default Network, where a domain is without being told. -->
  <xsl:template match="NETWORK_ID" mode="target">
    <xsl:variable name="id">
      <xsl:choose>
        <xsl:when test="@qtbx-target"><xsl:value-of select="normalize-space(@qtbx-target)"/></xsl:when>
        <xsl:otherwise><xsl:value-of select="normalize-space()"/></xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <xsl:if test="$id != '0'"><xsl:value-of select="$id"/></xsl:if>
  </xsl:template>

</xsl:stylesheet>
