<?xml version="1.0" encoding="UTF-8"?>
<!--
  Asset groups as the requests that create them again: /api/2.0/fo/asset/group/?action=add

  Ids are taken as they stand: qtbx-ag-rewrite has translated them before. A group lives in one network, so members of another network
  are left out and named.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

  <xsl:import href="common/vocabulary.xsl"/>

  <xsl:variable name="kind">asset-group</xsl:variable>
  <xsl:variable name="record">ASSET_GROUP</xsl:variable>

  <xsl:variable name="upper">ABCDEFGHIJKLMNOPQRSTUVWXYZ </xsl:variable>
  <xsl:variable name="lower">abcdefghijklmnopqrstuvwxyz-</xsl:variable>

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
      <xsl:with-param name="as">skipped</xsl:with-param>
      <xsl:with-param name="reason">every subscription has its own group "All"</xsl:with-param>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="ASSET_GROUP[normalize-space(TITLE) = '']" priority="1">
    <xsl:call-template name="note">
      <xsl:with-param name="as">refused</xsl:with-param>
      <xsl:with-param name="element">TITLE</xsl:with-param>
      <xsl:with-param name="reason">an asset group needs a title; was the list fetched without attributes?</xsl:with-param>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="ASSET_GROUP">
    <xsl:variable name="networks" select="(NETWORK_ID | NETWORK_IDS)[normalize-space() != '']"/>
    <xsl:variable name="network" select="normalize-space(substring-before(concat($networks, ','), ','))"/>
    <request kind="{$kind}" id="{normalize-space(ID)}" url="/api/2.0/fo/asset/group/">
      <param name="action">add</param>
      <xsl:call-template name="param">
        <xsl:with-param name="name">title</xsl:with-param>
        <xsl:with-param name="value" select="TITLE"/>
      </xsl:call-template>
      <!-- 0 is the Global Default Network: the parameter exists only with Network Support, so it is left out. -->
      <xsl:if test="$network != '0'">
        <xsl:call-template name="param">
          <xsl:with-param name="name">network_id</xsl:with-param>
          <xsl:with-param name="value" select="$network"/>
        </xsl:call-template>
      </xsl:if>
      <xsl:call-template name="members">
        <xsl:with-param name="name">ips</xsl:with-param>
        <xsl:with-param name="members" select="IP_SET/IP | IP_SET/IP_RANGE"/>
        <xsl:with-param name="network" select="$network"/>
      </xsl:call-template>
      <xsl:call-template name="param">
        <xsl:with-param name="name">appliance_ids</xsl:with-param>
        <xsl:with-param name="value" select="translate(normalize-space(APPLIANCE_IDS), ' ', '')"/>
      </xsl:call-template>
      <xsl:call-template name="param">
        <xsl:with-param name="name">default_appliance_id</xsl:with-param>
        <xsl:with-param name="value" select="normalize-space(DEFAULT_APPLIANCE_ID)"/>
      </xsl:call-template>
      <xsl:call-template name="members">
        <xsl:with-param name="name">domains</xsl:with-param>
        <xsl:with-param name="members" select="DOMAIN_LIST/DOMAIN"/>
        <xsl:with-param name="network" select="$network"/>
      </xsl:call-template>
      <xsl:call-template name="members">
        <xsl:with-param name="name">dns_names</xsl:with-param>
        <xsl:with-param name="members" select="DNS_LIST/DNS"/>
        <xsl:with-param name="network" select="$network"/>
      </xsl:call-template>
      <xsl:call-template name="members">
        <xsl:with-param name="name">netbios_names</xsl:with-param>
        <xsl:with-param name="members" select="NETBIOS_LIST/NETBIOS"/>
        <xsl:with-param name="network" select="$network"/>
      </xsl:call-template>
      <xsl:call-template name="param">
        <xsl:with-param name="name">comments</xsl:with-param>
        <xsl:with-param name="value" select="COMMENTS"/>
      </xsl:call-template>
      <xsl:apply-templates select="BUSINESS_IMPACT" mode="param"/>
      <xsl:apply-templates select="CVSS_ENVIRO_CDP | CVSS_ENVIRO_TD | CVSS_ENVIRO_CR | CVSS_ENVIRO_IR | CVSS_ENVIRO_AR" mode="param"/>
    </request>
    <xsl:apply-templates select="@* | *" mode="account">
      <xsl:with-param name="network" select="$network"/>
    </xsl:apply-templates>
  </xsl:template>

  <!-- Members -->

  <!-- The members that are of the group's own network, or name none, as one comma list. -->
  <xsl:template name="members">
    <xsl:param name="name"/>
    <xsl:param name="members"/>
    <xsl:param name="network"/>
    <xsl:variable name="own" select="$members[normalize-space() != ''][not(@network_id) or @network_id = '' or @network_id = $network or ($network = '' and @network_id = '0')]"/>
    <xsl:if test="$own">
      <param name="{$name}">
        <xsl:for-each select="$own">
          <xsl:if test="position() != 1">,</xsl:if>
          <xsl:value-of select="normalize-space()"/>
          <!-- An empty netblock is the DTD's default: the bare domain. -->
          <xsl:if test="self::DOMAIN and normalize-space(@netblock) != ''">
            <xsl:value-of select="concat(':[', translate(normalize-space(@netblock), ' ', ''), ']')"/>
          </xsl:if>
        </xsl:for-each>
      </param>
    </xsl:if>
  </xsl:template>

  <!-- Business impact and CVSS -->

  <!-- What a title means: what the caller says, else the factory titles. "Minor" has no known spelling in the call. -->
  <xsl:template name="business-impact">
    <xsl:variable name="title" select="translate(normalize-space(), $upper, $lower)"/>
    <xsl:choose>
      <xsl:when test="@qtbx-target"><xsl:value-of select="@qtbx-target"/></xsl:when>
      <xsl:when test="$title = 'critical' or $title = 'high' or $title = 'medium' or $title = 'low' or $title = 'none'">
        <xsl:value-of select="$title"/>
      </xsl:when>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="BUSINESS_IMPACT" mode="param">
    <xsl:variable name="value"><xsl:call-template name="business-impact"/></xsl:variable>
    <xsl:call-template name="param">
      <xsl:with-param name="name">business_impact</xsl:with-param>
      <xsl:with-param name="value" select="$value"/>
    </xsl:call-template>
  </xsl:template>

  <!-- The values that the call takes for each metric. -->
  <xsl:template name="cvss">
    <xsl:variable name="value" select="translate(normalize-space(), $upper, $lower)"/>
    <xsl:variable name="allowed">
      <xsl:choose>
        <xsl:when test="self::CVSS_ENVIRO_CDP">|high|medium-high|low-medium|low|none|</xsl:when>
        <xsl:when test="self::CVSS_ENVIRO_TD">|high|medium|low|none|</xsl:when>
        <xsl:otherwise>|high|medium|low|</xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <xsl:if test="$value != '' and contains($allowed, concat('|', $value, '|'))"><xsl:value-of select="$value"/></xsl:if>
  </xsl:template>

  <xsl:template match="CVSS_ENVIRO_CDP | CVSS_ENVIRO_TD | CVSS_ENVIRO_CR | CVSS_ENVIRO_IR | CVSS_ENVIRO_AR" mode="param">
    <xsl:variable name="value"><xsl:call-template name="cvss"/></xsl:variable>
    <xsl:call-template name="param">
      <xsl:with-param name="name" select="translate(name(), $upper, $lower)"/>
      <xsl:with-param name="value" select="$value"/>
    </xsl:call-template>
  </xsl:template>

  <!-- Accounting -->

  <xsl:template match="ASSET_GROUP/ID | ASSET_GROUP/TITLE | DEFAULT_APPLIANCE_ID | APPLIANCE_IDS | NETWORK_ID | COMMENTS" mode="account">
    <xsl:apply-templates select="@* | *" mode="account"/>
  </xsl:template>

  <xsl:template match="NETWORK_IDS" mode="account">
    <xsl:apply-templates select="@* | *" mode="account"/>
    <xsl:if test="contains(normalize-space(), ',')">
      <xsl:call-template name="note">
        <xsl:with-param name="as">dropped</xsl:with-param>
        <xsl:with-param name="reason" select="concat('a group is created in one network: all but the first of ', normalize-space(), ' are lost')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="IP_SET | DOMAIN_LIST | DNS_LIST | NETBIOS_LIST" mode="account">
    <xsl:param name="network"/>
    <xsl:apply-templates select="@* | *" mode="account">
      <xsl:with-param name="network" select="$network"/>
    </xsl:apply-templates>
  </xsl:template>

  <xsl:template match="IP_SET/IP | IP_SET/IP_RANGE | DOMAIN_LIST/DOMAIN | DNS_LIST/DNS | NETBIOS_LIST/NETBIOS" mode="account">
    <xsl:param name="network"/>
    <xsl:apply-templates select="@* | *" mode="account"/>
    <xsl:if test="@network_id != '' and @network_id != $network and not($network = '' and @network_id = '0')">
      <xsl:call-template name="note">
        <xsl:with-param name="as">dropped</xsl:with-param>
        <xsl:with-param name="reason">
          <xsl:value-of select="concat(normalize-space(), ' is of network ', @network_id, ', its group of network ')"/>
          <xsl:choose>
            <xsl:when test="$network = ''">0</xsl:when>
            <xsl:otherwise><xsl:value-of select="$network"/></xsl:otherwise>
          </xsl:choose>
          <xsl:text>: a group holds members of its own network only</xsl:text>
        </xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="IP/@network_id | IP_RANGE/@network_id | DOMAIN/@network_id | DNS/@network_id | NETBIOS/@network_id | DOMAIN/@netblock" mode="account"/>

  <xsl:template match="BUSINESS_IMPACT" mode="account">
    <xsl:variable name="value"><xsl:call-template name="business-impact"/></xsl:variable>
    <xsl:apply-templates select="@* | *" mode="account"/>
    <xsl:if test="normalize-space() != '' and string($value) = ''">
      <xsl:call-template name="note">
        <xsl:with-param name="as">dropped</xsl:with-param>
        <xsl:with-param name="reason" select="concat('the call has no value for the title &quot;', normalize-space(), '&quot;, so the target sets its own default: say --business-impact &quot;', normalize-space(), '=VALUE&quot;')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="CVSS_ENVIRO_CDP | CVSS_ENVIRO_TD | CVSS_ENVIRO_CR | CVSS_ENVIRO_IR | CVSS_ENVIRO_AR" mode="account">
    <xsl:variable name="value"><xsl:call-template name="cvss"/></xsl:variable>
    <xsl:apply-templates select="@* | *" mode="account"/>
    <xsl:if test="normalize-space() != '' and string($value) = '' and translate(normalize-space(), $upper, $lower) != 'not-defined'">
      <xsl:call-template name="note">
        <xsl:with-param name="as">dropped</xsl:with-param>
        <xsl:with-param name="reason" select="concat('the call does not take the value &quot;', normalize-space(), '&quot;')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- What the call cannot set. An empty element says nothing, so nothing is lost with it. -->
  <xsl:template match="OWNER_USER_ID | OWNER_ID | OWNER_USER_NAME | OWNER_UNIT_ID | UNIT_ID | LAST_UPDATE | HOST_IDS | EC2_IDS | EC2_ID_LIST | ASSIGNED_USER_IDS | ASSIGNED_UNIT_IDS" mode="account">
    <xsl:apply-templates select="@*" mode="account"/>
    <xsl:if test="normalize-space() != ''">
      <xsl:call-template name="note">
        <xsl:with-param name="as">dropped</xsl:with-param>
        <xsl:with-param name="reason">
          <xsl:choose>
            <xsl:when test="starts-with(name(), 'OWNER_U') and name() != 'OWNER_UNIT_ID' or self::OWNER_ID">the owner becomes the user who sends the request</xsl:when>
            <xsl:when test="self::OWNER_UNIT_ID or self::UNIT_ID">the business unit becomes that of the user who sends the request</xsl:when>
            <xsl:when test="self::LAST_UPDATE">the service sets it</xsl:when>
            <xsl:when test="self::HOST_IDS">hosts follow from the addresses and names of the group</xsl:when>
            <xsl:when test="self::EC2_IDS or self::EC2_ID_LIST">the call has no parameter for EC2 instances</xsl:when>
            <xsl:when test="self::ASSIGNED_USER_IDS">users are given their groups when the users are created</xsl:when>
            <xsl:otherwise>the call has no parameter for business units</xsl:otherwise>
          </xsl:choose>
        </xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

</xsl:stylesheet>
