<?xml version="1.0" encoding="UTF-8"?>
<!--
  Asset groups as the requests that create them again: /api/2.0/fo/asset/group/?action=add

  Ids are taken as they stand: qtbx-ag-rewrite has translated them before. A group lives in one network, so members of another network
  are left out and named.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

  <xsl:import href="common/vocabulary.xsl"/>

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
  <xsl:template match="ASSET_GROUP[normalize-space(TITLE) = 'All']" priority="1">
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
    <xsl:variable name="split" select="(IP_SET | DOMAIN_LIST | DNS_LIST | NETBIOS_LIST)[contains(., ',')]/*[contains(., ',')] | DOMAIN_LIST/DOMAIN[translate(concat(., @netblock), '[]', '') != concat(., @netblock)]"/>
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

  <xsl:template match="ASSET_GROUP" mode="carried">
    <xsl:variable name="networks" select="NETWORK_ID[normalize-space() != ''] | NETWORK_IDS[not(../NETWORK_ID[normalize-space() != ''])]"/>
    <xsl:variable name="network" select="normalize-space(substring-before(concat($networks, ','), ','))"/>
    <request kind="{$kind}" id="{normalize-space(ID)}" url="/api/2.0/fo/asset/group/">
      <param name="action">add</param>
      <xsl:call-template name="param">
        <xsl:with-param name="name" select="'title'"/>
        <xsl:with-param name="value" select="TITLE"/>
      </xsl:call-template>
      <!-- 0 is the Global Default Network: the parameter exists only with Network Support, so it is left out. -->
      <xsl:if test="$network != '0'">
        <xsl:call-template name="param">
          <xsl:with-param name="name" select="'network_id'"/>
          <xsl:with-param name="value" select="$network"/>
        </xsl:call-template>
      </xsl:if>
      <xsl:call-template name="members">
        <xsl:with-param name="name" select="'ips'"/>
        <xsl:with-param name="members" select="IP_SET/IP | IP_SET/IP_RANGE"/>
        <xsl:with-param name="network" select="$network"/>
      </xsl:call-template>
      <xsl:call-template name="param">
        <xsl:with-param name="name" select="'appliance_ids'"/>
        <xsl:with-param name="value" select="translate(normalize-space(APPLIANCE_IDS), ' ', '')"/>
      </xsl:call-template>
      <!-- 0 is no appliance. -->
      <xsl:call-template name="param">
        <xsl:with-param name="name" select="'default_appliance_id'"/>
        <xsl:with-param name="value" select="normalize-space(DEFAULT_APPLIANCE_ID[normalize-space() != '0'])"/>
      </xsl:call-template>
      <xsl:call-template name="members">
        <xsl:with-param name="name" select="'domains'"/>
        <xsl:with-param name="members" select="DOMAIN_LIST/DOMAIN"/>
        <xsl:with-param name="network" select="$network"/>
      </xsl:call-template>
      <xsl:call-template name="members">
        <xsl:with-param name="name" select="'dns_names'"/>
        <xsl:with-param name="members" select="DNS_LIST/DNS"/>
        <xsl:with-param name="network" select="$network"/>
      </xsl:call-template>
      <xsl:call-template name="members">
        <xsl:with-param name="name" select="'netbios_names'"/>
        <xsl:with-param name="members" select="NETBIOS_LIST/NETBIOS"/>
        <xsl:with-param name="network" select="$network"/>
      </xsl:call-template>
      <xsl:call-template name="param">
        <xsl:with-param name="name" select="'comments'"/>
        <xsl:with-param name="value" select="COMMENTS"/>
      </xsl:call-template>
      <xsl:apply-templates select="BUSINESS_IMPACT" mode="param"/>
      <xsl:apply-templates select="CVSS_ENVIRO_CDP | CVSS_ENVIRO_TD | CVSS_ENVIRO_CR | CVSS_ENVIRO_IR | CVSS_ENVIRO_AR" mode="param"/>
    </request>
    <!-- What depends on values; what stands where is accounted for by the grammar, asset-group.grammar. -->
    <xsl:if test="NETWORK_IDS[normalize-space() != '' and normalize-space() != $network]">
      <xsl:apply-templates select="NETWORK_IDS" mode="notes">
        <xsl:with-param name="network" select="$network"/>
      </xsl:apply-templates>
    </xsl:if>
    <xsl:apply-templates select="(IP_SET | DOMAIN_LIST | DNS_LIST | NETBIOS_LIST)/*[@network_id]" mode="notes">
      <xsl:with-param name="network" select="$network"/>
    </xsl:apply-templates>
    <xsl:apply-templates select="DOMAIN_LIST/DOMAIN[@netblock != ''][normalize-space() = '']" mode="netblock"/>
    <xsl:apply-templates select="DEFAULT_APPLIANCE_ID | BUSINESS_IMPACT | CVSS_ENVIRO_CDP | CVSS_ENVIRO_TD | CVSS_ENVIRO_CR | CVSS_ENVIRO_IR | CVSS_ENVIRO_AR" mode="notes"/>
  </xsl:template>

  <!-- Members -->

  <!-- The members that are of the group's own network, or name none, as one comma list. -->
  <xsl:template name="members">
    <xsl:param name="name"/>
    <xsl:param name="members"/>
    <xsl:param name="network"/>
    <xsl:if test="$members">
      <xsl:variable name="own" select="$members[not(@network_id) or @network_id = $network or @network_id = '' or @network_id = '0' and $network = ''][normalize-space() != '']"/>
      <xsl:if test="$own">
        <param name="{$name}">
          <xsl:for-each select="$own">
            <xsl:if test="position() != 1">,</xsl:if>
            <xsl:value-of select="normalize-space()"/>
            <!-- An empty netblock is the DTD's default: the bare domain. -->
            <xsl:if test="self::DOMAIN[normalize-space(@netblock) != '']">
              <xsl:value-of select="concat(':[', translate(normalize-space(@netblock), ' ', ''), ']')"/>
            </xsl:if>
          </xsl:for-each>
        </param>
      </xsl:if>
    </xsl:if>
  </xsl:template>

  <!-- Business impact and CVSS -->

  <!-- The values that the call takes, between bars. "Minor", a factory title of the service, has no known spelling among them. -->
  <xsl:variable name="impacts" select="'|critical|high|medium|low|none|'"/>
  <xsl:variable name="cdp" select="'|high|medium-high|low-medium|low|none|'"/>
  <xsl:variable name="td" select="'|high|medium|low|none|'"/>
  <xsl:variable name="requirement" select="'|high|medium|low|'"/>

  <!-- What the caller says that a title means, else the factory titles. -->
  <xsl:template match="BUSINESS_IMPACT[@qtbx-target]" mode="param" priority="1">
    <param name="business_impact"><xsl:value-of select="@qtbx-target"/></param>
  </xsl:template>

  <xsl:template match="BUSINESS_IMPACT" mode="param">
    <xsl:call-template name="listed">
      <xsl:with-param name="name" select="'business_impact'"/>
      <xsl:with-param name="allowed" select="$impacts"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="CVSS_ENVIRO_CDP" mode="param">
    <xsl:call-template name="listed">
      <xsl:with-param name="allowed" select="$cdp"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="CVSS_ENVIRO_TD" mode="param">
    <xsl:call-template name="listed">
      <xsl:with-param name="allowed" select="$td"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="CVSS_ENVIRO_CR | CVSS_ENVIRO_IR | CVSS_ENVIRO_AR" mode="param">
    <xsl:call-template name="listed">
      <xsl:with-param name="allowed" select="$requirement"/>
    </xsl:call-template>
  </xsl:template>

  <!-- A parameter whose value is the element's, in lower case, if it is allowed. -->
  <xsl:template name="listed">
    <xsl:param name="name" select="translate(name(), $upper, $lower)"/>
    <xsl:param name="allowed"/>
    <xsl:variable name="value" select="translate(normalize-space(), $upper, $lower)"/>
    <xsl:if test="$value != '' and not(contains($value, '|')) and contains($allowed, concat('|', $value, '|'))">
      <param name="{$name}"><xsl:value-of select="$value"/></param>
    </xsl:if>
  </xsl:template>

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
    <xsl:if test="@network_id != $network and @network_id != '' and ($network != '' or @network_id != '0')">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason" select="concat(normalize-space(), ' is of network ', @network_id, ', its group of network ', $network, substring('0', 1, $network = ''), ': a group holds members of its own network only')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="DOMAIN" mode="netblock">
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'dropped'"/>
      <xsl:with-param name="reason" select="concat('the netblock ', @netblock, ' has no domain')"/>
    </xsl:call-template>
  </xsl:template>

  <!-- The service refuses a default that is none of the group's own appliances. -->
  <xsl:template match="DEFAULT_APPLIANCE_ID" mode="notes">
    <xsl:variable name="own" select="concat(',', translate(../APPLIANCE_IDS, ' &#9;&#10;', ''), ',')"/>
    <xsl:if test="normalize-space() != '' and normalize-space() != '0' and not(contains($own, concat(',', normalize-space(), ',')))">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="reason" select="concat('the default appliance ', normalize-space(), ' is not one of the group: the service may refuse it')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="BUSINESS_IMPACT" mode="notes">
    <xsl:if test="not(@qtbx-target) and normalize-space() != '' and (contains(., '|') or not(contains($impacts, concat('|', translate(normalize-space(), $upper, $lower), '|'))))">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason" select="concat('the call has no value for the title &quot;', normalize-space(), '&quot;, so the target sets its own default: say --business-impact &quot;', normalize-space(), '=VALUE&quot;')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="CVSS_ENVIRO_CDP" mode="notes">
    <xsl:call-template name="unlisted">
      <xsl:with-param name="allowed" select="$cdp"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="CVSS_ENVIRO_TD" mode="notes">
    <xsl:call-template name="unlisted">
      <xsl:with-param name="allowed" select="$td"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="CVSS_ENVIRO_CR | CVSS_ENVIRO_IR | CVSS_ENVIRO_AR" mode="notes">
    <xsl:call-template name="unlisted">
      <xsl:with-param name="allowed" select="$requirement"/>
    </xsl:call-template>
  </xsl:template>

  <!-- "Not Defined" is what the target has without the parameter. -->
  <xsl:template name="unlisted">
    <xsl:param name="allowed"/>
    <xsl:if test="normalize-space() != '' and (contains(., '|') or not(contains(concat($allowed, 'not-defined|'), concat('|', translate(normalize-space(), $upper, $lower), '|'))))">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason" select="concat('the call does not take the value &quot;', normalize-space(), '&quot;')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

</xsl:stylesheet>
