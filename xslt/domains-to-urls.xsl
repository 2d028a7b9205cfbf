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

  <!-- The list is the root itself, or stands in an answer as other lists do: clients have met both. -->
  <xsl:template match="/">
    <requests>
      <xsl:apply-templates select="/DOMAIN_LIST/DOMAIN | /*/DOMAIN_LIST/DOMAIN | /*/*/DOMAIN_LIST/DOMAIN"/>
    </requests>
  </xsl:template>

  <!-- The first API gives no ids: there the name is all that a domain is known by. -->
  <xsl:template match="DOMAIN" mode="subject">
    <xsl:attribute name="id"><xsl:value-of select="normalize-space(concat(DOMAIN_ID, DOMAIN_NAME[not(../DOMAIN_ID)]))"/></xsl:attribute>
    <xsl:attribute name="name"><xsl:value-of select="normalize-space(DOMAIN_NAME)"/></xsl:attribute>
  </xsl:template>

  <!-- Values are selected, not made of templates: a fragment for each costs more than the rest of a record. -->
  <xsl:template match="DOMAIN">
    <xsl:variable name="name" select="normalize-space(DOMAIN_NAME)"/>
    <xsl:variable name="is-none" select="translate($name, 'NOE', 'noe') = 'none'"/>
    <!-- What a map says, else the text itself. In the Global Default Network, a domain is without being told. -->
    <xsl:variable name="network" select="normalize-space(concat(NETWORK/NETWORK_ID/@qtbx-target, NETWORK/NETWORK_ID[not(@qtbx-target)]))"/>
    <xsl:variable name="has-network" select="$network != '' and $network != '0'"/>
    <xsl:variable name="ranges" select="NETBLOCK/RANGE"/>
    <xsl:choose>
      <xsl:when test="$name = ''">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="element" select="'DOMAIN_NAME'"/>
          <xsl:with-param name="reason">a domain needs a name</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="translate(substring($name, 1, 4), 'W', 'w') = 'www.'">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="element" select="'DOMAIN_NAME'"/>
          <xsl:with-param name="reason">the calls take the name of a domain without www. before it</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="translate($name, ',:[]', '') != $name">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="element" select="'DOMAIN_NAME'"/>
          <xsl:with-param name="reason">no domain has one of , : [ ] in its name, which separate domains and netblocks elsewhere</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$has-network and $api = 'v1'">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="element" select="'NETWORK/NETWORK_ID'"/>
          <xsl:with-param name="reason">the call of the first API takes no network: without it, the domain would be in the Global Default Network</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$is-none and not($ranges)">
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
      <xsl:when test="$has-network or $api = 'v2'">
        <request kind="{$kind}" id="{normalize-space(concat(DOMAIN_ID, DOMAIN_NAME[not(../DOMAIN_ID)]))}" url="/api/2.0/fo/asset/domain/">
          <param name="action">
            <xsl:choose>
              <xsl:when test="$is-none">update</xsl:when>
              <xsl:otherwise>create</xsl:otherwise>
            </xsl:choose>
          </param>
          <param name="domain"><xsl:value-of select="$name"/></param>
          <xsl:call-template name="netblock">
            <xsl:with-param name="ranges" select="$ranges"/>
          </xsl:call-template>
          <xsl:if test="$has-network">
            <param name="network_id"><xsl:value-of select="$network"/></param>
          </xsl:if>
        </request>
      </xsl:when>
      <xsl:otherwise>
        <request kind="{$kind}" id="{normalize-space(concat(DOMAIN_ID, DOMAIN_NAME[not(../DOMAIN_ID)]))}" url="/msp/asset_domain.php">
          <param name="action">
            <xsl:choose>
              <xsl:when test="$is-none">edit</xsl:when>
              <xsl:otherwise>add</xsl:otherwise>
            </xsl:choose>
          </param>
          <param name="domain"><xsl:value-of select="$name"/></param>
          <xsl:call-template name="netblock">
            <xsl:with-param name="ranges" select="$ranges"/>
          </xsl:call-template>
        </request>
      </xsl:otherwise>
    </xsl:choose>
    <xsl:if test="$is-none and $ranges and $none = 'edit' and not($has-network and $api = 'v1')">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="element" select="'NETBLOCK'"/>
        <xsl:with-param name="reason">these take the place of what the target's domain none holds</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- All ranges of all netblocks, as one list. -->
  <xsl:template name="netblock">
    <xsl:param name="ranges"/>
    <xsl:if test="$ranges">
      <param name="netblock">
        <xsl:for-each select="$ranges">
          <xsl:if test="position() != 1">,</xsl:if>
          <xsl:value-of select="normalize-space(START)"/>
          <xsl:if test="START != END and normalize-space(START) != normalize-space(END)">
            <xsl:value-of select="concat('-', normalize-space(END))"/>
          </xsl:if>
        </xsl:for-each>
      </param>
    </xsl:if>
  </xsl:template>

</xsl:stylesheet>
