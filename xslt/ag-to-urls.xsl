<?xml version="1.0" encoding="UTF-8"?>
<!--
  Asset groups as the requests that create them again: /api/2.0/fo/asset/group/?action=add

  Ids are taken as they stand: qtbx-ag-rewrite has translated them before. A group lives in one network, so members of another network
  are left out and named.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

  <xsl:import href="common/vocabulary.xsl"/>

  <!-- The layout between elements is nothing to read. -->
  <xsl:strip-space elements="*"/>

  <xsl:variable name="kind" select="'asset-group'"/>
  <xsl:variable name="record" select="'ASSET_GROUP'"/>

  <xsl:variable name="upper" select="'ABCDEFGHIJKLMNOPQRSTUVWXYZ '"/>
  <xsl:variable name="lower" select="'abcdefghijklmnopqrstuvwxyz-'"/>

  <xsl:template match="/">
    <requests>
      <xsl:apply-templates select="/*/*/ASSET_GROUP_LIST/ASSET_GROUP"/>
    </requests>
  </xsl:template>

  <xsl:template match="ASSET_GROUP" mode="subject">
    <xsl:attribute name="id"><xsl:value-of select="normalize-space(ID)"/></xsl:attribute>
    <xsl:attribute name="name"><xsl:value-of select="TITLE"/></xsl:attribute>
  </xsl:template>

  <!-- Every subscription has this group; with the Asset Group Management Service it is not even listed. -->
  <xsl:template match="ASSET_GROUP[TITLE = 'All' or contains(TITLE, '&#10;') and normalize-space(TITLE) = 'All']" priority="1">
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'skipped'"/>
      <xsl:with-param name="reason">every subscription has its own group "All"</xsl:with-param>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="ASSET_GROUP[normalize-space(TITLE) = '']" priority="1">
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'refused'"/>
      <xsl:with-param name="element" select="'TITLE'"/>
      <xsl:with-param name="reason">an asset group needs a title; was the list fetched without attributes?</xsl:with-param>
    </xsl:call-template>
  </xsl:template>

  <!-- The call separates members by commas, and puts a domain's netblock in brackets: these would be sent as others. -->
  <xsl:template match="ASSET_GROUP">
    <xsl:variable name="split" select="(DOMAIN_LIST/DOMAIN | DNS_LIST/DNS | NETBIOS_LIST/NETBIOS)[contains(., ',')] | DOMAIN_LIST/DOMAIN[translate(concat(., @netblock), '[]', '') != concat(., @netblock)]"/>
    <xsl:choose>
      <xsl:when test="$split">
        <xsl:for-each select="$split">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'refused'"/>
            <xsl:with-param name="reason" select="concat(normalize-space(), ' would be sent as other members: it holds what the call takes for a separator')"/>
          </xsl:call-template>
        </xsl:for-each>
      </xsl:when>
      <xsl:otherwise>
        <xsl:apply-templates select="." mode="carried"/>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- Most groups are plain, and there are many: what is simple is written out here instead of called. -->
  <xsl:template match="ASSET_GROUP" mode="carried">
    <xsl:variable name="networks" select="NETWORK_ID[normalize-space()] | NETWORK_IDS[not(../NETWORK_ID[normalize-space()])]"/>
    <xsl:variable name="network" select="normalize-space(substring-before(concat($networks, ','), ','))"/>
    <xsl:variable name="appliances" select="translate(APPLIANCE_IDS, ' &#9;&#10;&#13;', '')"/>
    <xsl:variable name="default" select="normalize-space(DEFAULT_APPLIANCE_ID)"/>
    <xsl:variable name="impacts" select="*[self::BUSINESS_IMPACT or starts-with(name(), 'CVSS_ENVIRO_')]"/>
    <request kind="{$kind}" id="{normalize-space(ID)}" url="/api/2.0/fo/asset/group/">
      <param name="action">add</param>
      <xsl:call-template name="param">
        <xsl:with-param name="name" select="'title'"/>
        <xsl:with-param name="value" select="TITLE"/>
      </xsl:call-template>
      <!-- 0 is the Global Default Network: the parameter exists only with Network Support, so it is left out. -->
      <xsl:if test="$network != '' and $network != '0'">
        <param name="network_id"><xsl:value-of select="$network"/></param>
      </xsl:if>
      <xsl:if test="IP_SET/*">
        <xsl:call-template name="members">
          <xsl:with-param name="name" select="'ips'"/>
          <xsl:with-param name="members" select="IP_SET/*[self::IP or self::IP_RANGE]"/>
          <xsl:with-param name="network" select="$network"/>
        </xsl:call-template>
      </xsl:if>
      <xsl:if test="$appliances != ''">
        <param name="appliance_ids"><xsl:value-of select="$appliances"/></param>
      </xsl:if>
      <!-- 0 is no appliance. -->
      <xsl:if test="$default != '' and $default != '0'">
        <param name="default_appliance_id"><xsl:value-of select="$default"/></param>
      </xsl:if>
      <xsl:if test="DOMAIN_LIST/DOMAIN">
        <xsl:call-template name="domains">
          <xsl:with-param name="network" select="$network"/>
        </xsl:call-template>
      </xsl:if>
      <xsl:if test="DNS_LIST/DNS">
        <xsl:call-template name="members">
          <xsl:with-param name="name" select="'dns_names'"/>
          <xsl:with-param name="members" select="DNS_LIST/DNS"/>
          <xsl:with-param name="network" select="$network"/>
        </xsl:call-template>
      </xsl:if>
      <xsl:if test="NETBIOS_LIST/NETBIOS">
        <xsl:call-template name="members">
          <xsl:with-param name="name" select="'netbios_names'"/>
          <xsl:with-param name="members" select="NETBIOS_LIST/NETBIOS"/>
          <xsl:with-param name="network" select="$network"/>
        </xsl:call-template>
      </xsl:if>
      <xsl:if test="COMMENTS[. != '']">
        <xsl:call-template name="param">
          <xsl:with-param name="name" select="'comments'"/>
          <xsl:with-param name="value" select="COMMENTS"/>
        </xsl:call-template>
      </xsl:if>
      <xsl:for-each select="$impacts">
        <xsl:variable name="known" select="substring-before(substring-after($printed, concat('|', name(), '=', ., '&gt;')), '|')"/>
        <xsl:choose>
          <!-- What the caller says that a title means, else the factory titles. -->
          <xsl:when test="@qtbx-target">
            <param name="business_impact"><xsl:value-of select="@qtbx-target"/></param>
          </xsl:when>
          <xsl:when test="$known = 'nothing='"/>
          <xsl:when test="$known != ''">
            <param name="{substring-before($known, '=')}"><xsl:value-of select="substring-after($known, '=')"/></param>
          </xsl:when>
          <!-- In other letters than the service prints. -->
          <xsl:when test="contains($taken, concat('|', name(), '=', translate(normalize-space(), $upper, $lower), '|'))">
            <param name="{translate(name(), $upper, $lower)}"><xsl:value-of select="translate(normalize-space(), $upper, $lower)"/></param>
          </xsl:when>
        </xsl:choose>
      </xsl:for-each>
    </request>
    <!-- What depends on values; what stands where is accounted for by the grammar, asset-group.grammar. -->
    <xsl:apply-templates select="NETWORK_IDS[normalize-space()][normalize-space() != $network]" mode="notes">
      <xsl:with-param name="network" select="$network"/>
    </xsl:apply-templates>
    <xsl:apply-templates select="*[self::IP_SET or self::DOMAIN_LIST or self::DNS_LIST or self::NETBIOS_LIST]/*[@network_id != $network][@network_id != ''][$network != '' or @network_id != '0']" mode="notes">
      <xsl:with-param name="network" select="$network"/>
    </xsl:apply-templates>
    <xsl:apply-templates select="DOMAIN_LIST/DOMAIN[@netblock != ''][not(normalize-space())]" mode="netblock"/>
    <xsl:if test="$default != '' and $default != '0' and not(contains(concat(',', $appliances, ','), concat(',', $default, ',')))">
      <xsl:apply-templates select="DEFAULT_APPLIANCE_ID" mode="notes"/>
    </xsl:if>
    <xsl:apply-templates select="$impacts[not(@qtbx-target or contains($printed, concat('|', name(), '=', ., '&gt;')) or contains($taken, concat('|', name(), '=', translate(normalize-space(), $upper, $lower), '|')))][normalize-space()]" mode="notes"/>
  </xsl:template>

  <!-- Members -->

  <!-- The members that are of the group's own network, or name none, as one comma list. -->
  <xsl:template name="members">
    <xsl:param name="name"/>
    <xsl:param name="members"/>
    <xsl:param name="network"/>
    <xsl:variable name="own" select="$members[text()][not(@network_id != $network) or @network_id = '' or @network_id = '0' and $network = '']"/>
    <xsl:if test="$own">
      <param name="{$name}">
        <xsl:value-of select="normalize-space($own)"/>
        <xsl:for-each select="$own[position() != 1]">
          <xsl:value-of select="concat(',', normalize-space())"/>
        </xsl:for-each>
      </param>
    </xsl:if>
  </xsl:template>

  <!-- The same of domains, which may have a netblock. An empty one is the default of the published grammar: the bare domain. -->
  <xsl:template name="domains">
    <xsl:param name="network"/>
    <xsl:variable name="own" select="DOMAIN_LIST/DOMAIN[not(@network_id != $network) or @network_id = '' or @network_id = '0' and $network = ''][text()]"/>
    <xsl:if test="$own">
      <param name="domains">
        <xsl:for-each select="$own">
          <xsl:if test="position() != 1">,</xsl:if>
          <xsl:value-of select="normalize-space()"/>
          <xsl:if test="normalize-space(@netblock)">
            <xsl:value-of select="concat(':[', translate(normalize-space(@netblock), ' ', ''), ']')"/>
          </xsl:if>
        </xsl:for-each>
      </param>
    </xsl:if>
  </xsl:template>

  <!-- Business impact and CVSS -->

  <!--
    The values as the service prints them, each with its parameter. "Not Defined" has none: it is what the target has without one. "Minor", a
    factory title of the service, has no known spelling among the values that the call takes.
  -->
  <xsl:variable name="printed" select="concat(
    '|BUSINESS_IMPACT=Critical&gt;business_impact=critical|BUSINESS_IMPACT=High&gt;business_impact=high|BUSINESS_IMPACT=Medium&gt;business_impact=medium|BUSINESS_IMPACT=Low&gt;business_impact=low|BUSINESS_IMPACT=None&gt;business_impact=none',
    '|CVSS_ENVIRO_CDP=High&gt;cvss_enviro_cdp=high|CVSS_ENVIRO_CDP=Medium-High&gt;cvss_enviro_cdp=medium-high|CVSS_ENVIRO_CDP=Low-Medium&gt;cvss_enviro_cdp=low-medium|CVSS_ENVIRO_CDP=Low&gt;cvss_enviro_cdp=low|CVSS_ENVIRO_CDP=None&gt;cvss_enviro_cdp=none|CVSS_ENVIRO_CDP=Not Defined&gt;nothing=',
    '|CVSS_ENVIRO_TD=High&gt;cvss_enviro_td=high|CVSS_ENVIRO_TD=Medium&gt;cvss_enviro_td=medium|CVSS_ENVIRO_TD=Low&gt;cvss_enviro_td=low|CVSS_ENVIRO_TD=None&gt;cvss_enviro_td=none|CVSS_ENVIRO_TD=Not Defined&gt;nothing=',
    '|CVSS_ENVIRO_CR=High&gt;cvss_enviro_cr=high|CVSS_ENVIRO_CR=Medium&gt;cvss_enviro_cr=medium|CVSS_ENVIRO_CR=Low&gt;cvss_enviro_cr=low|CVSS_ENVIRO_CR=Not Defined&gt;nothing=',
    '|CVSS_ENVIRO_IR=High&gt;cvss_enviro_ir=high|CVSS_ENVIRO_IR=Medium&gt;cvss_enviro_ir=medium|CVSS_ENVIRO_IR=Low&gt;cvss_enviro_ir=low|CVSS_ENVIRO_IR=Not Defined&gt;nothing=',
    '|CVSS_ENVIRO_AR=High&gt;cvss_enviro_ar=high|CVSS_ENVIRO_AR=Medium&gt;cvss_enviro_ar=medium|CVSS_ENVIRO_AR=Low&gt;cvss_enviro_ar=low|CVSS_ENVIRO_AR=Not Defined&gt;nothing=', '|')"/>

  <!-- The same values in lower case, each behind its element. -->
  <xsl:variable name="taken" select="concat(
    '|BUSINESS_IMPACT=critical|BUSINESS_IMPACT=high|BUSINESS_IMPACT=medium|BUSINESS_IMPACT=low|BUSINESS_IMPACT=none|',
    '|CVSS_ENVIRO_CDP=high|CVSS_ENVIRO_CDP=medium-high|CVSS_ENVIRO_CDP=low-medium|CVSS_ENVIRO_CDP=low|CVSS_ENVIRO_CDP=none|',
    '|CVSS_ENVIRO_TD=high|CVSS_ENVIRO_TD=medium|CVSS_ENVIRO_TD=low|CVSS_ENVIRO_TD=none|',
    '|CVSS_ENVIRO_CR=high|CVSS_ENVIRO_CR=medium|CVSS_ENVIRO_CR=low|', '|CVSS_ENVIRO_IR=high|CVSS_ENVIRO_IR=medium|CVSS_ENVIRO_IR=low|',
    '|CVSS_ENVIRO_AR=high|CVSS_ENVIRO_AR=medium|CVSS_ENVIRO_AR=low|')"/>

  <!-- Notes -->

  <xsl:template match="NETWORK_IDS" mode="notes">
    <xsl:param name="network"/>
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'dropped'"/>
      <xsl:with-param name="reason" select="concat('a group is created in one network: of ', normalize-space(), ' only ', $network, ' is kept')"/>
    </xsl:call-template>
  </xsl:template>

  <!-- A member of another network. -->
  <xsl:template match="*" mode="notes">
    <xsl:param name="network"/>
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'dropped'"/>
      <xsl:with-param name="reason" select="concat(normalize-space(), ' is of network ', @network_id, ', its group of network ', $network, substring('0', 1, $network = ''), ': a group holds members of its own network only')"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="DOMAIN" mode="netblock">
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'dropped'"/>
      <xsl:with-param name="reason" select="concat('the netblock ', @netblock, ' has no domain')"/>
    </xsl:call-template>
  </xsl:template>

  <!-- The service refuses a default that is none of the group's own appliances. -->
  <xsl:template match="DEFAULT_APPLIANCE_ID" mode="notes">
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'noted'"/>
      <xsl:with-param name="reason" select="concat('the default appliance ', normalize-space(), ' is not one of the group: the service may refuse it')"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="BUSINESS_IMPACT" mode="notes">
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'dropped'"/>
      <xsl:with-param name="reason" select="concat('the call has no value for the title &quot;', normalize-space(), '&quot;, so the target sets its own default: say --business-impact &quot;', normalize-space(), '=VALUE&quot;')"/>
    </xsl:call-template>
  </xsl:template>

  <!-- "Not Defined" is what the target has without the parameter. -->
  <xsl:template match="CVSS_ENVIRO_CDP | CVSS_ENVIRO_TD | CVSS_ENVIRO_CR | CVSS_ENVIRO_IR | CVSS_ENVIRO_AR" mode="notes">
    <xsl:if test="translate(normalize-space(), $upper, $lower) != 'not-defined'">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason" select="concat('the call does not take the value &quot;', normalize-space(), '&quot;')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

</xsl:stylesheet>
