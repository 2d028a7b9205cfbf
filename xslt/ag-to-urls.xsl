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

  <!--
    There are many groups, and most are plain: each expression counts. "[1]" ends a search at the first, what is written out is not called, and
    what is rare hides behind one cheap question.
  -->
  <xsl:template match="ASSET_GROUP">
    <xsl:variable name="title" select="normalize-space(TITLE[1])"/>
    <xsl:choose>
      <xsl:when test="$title = ''">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="element" select="'TITLE'"/>
          <xsl:with-param name="reason">an asset group needs a title; was the list fetched without attributes?</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <!-- Every subscription has this group; with the Asset Group Management Service it is not even listed. -->
      <xsl:when test="$title = 'All' and (TITLE = 'All' or contains(TITLE, '&#10;'))">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'skipped'"/>
          <xsl:with-param name="reason">every subscription has its own group "All"</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <!-- The call separates members by commas, and puts a domain's netblock in brackets: these would be sent as others. -->
      <xsl:when test="(contains(DNS_LIST[1], ',') or contains(NETBIOS_LIST[1], ',') or DOMAIN_LIST[1]/DOMAIN[contains(., ',') or contains(., '[') or contains(., ']') or contains(@netblock, '[') or contains(@netblock, ']')]) and (DOMAIN_LIST/DOMAIN | DNS_LIST/DNS | NETBIOS_LIST/NETBIOS)[self::DOMAIN[contains(translate(concat(., @netblock), ']', '['), '[')] or contains(., ',')]">
        <xsl:for-each select="(DOMAIN_LIST/DOMAIN | DNS_LIST/DNS | NETBIOS_LIST/NETBIOS)[self::DOMAIN[contains(translate(concat(., @netblock), ']', '['), '[')] or contains(., ',')]">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'refused'"/>
            <xsl:with-param name="reason" select="concat(normalize-space(), ' would be sent as other members: it holds what the call takes for a separator')"/>
          </xsl:call-template>
        </xsl:for-each>
      </xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="carried"/>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="carried">
    <!-- 0 is the Global Default Network, and that of a group which names none. -->
    <xsl:variable name="network" select="substring-before(concat(normalize-space(translate(concat(NETWORK_ID[1], ' ', NETWORK_IDS[1], ' 0'), ',', ' ')), ' '), ' ')"/>
    <!-- Some member may be of another network. -->
    <xsl:variable name="mixed" select="*/*/@network_id != $network"/>
    <xsl:variable name="appliances" select="translate(APPLIANCE_IDS[1], ' &#9;&#10;&#13;', '')"/>
    <xsl:variable name="default" select="normalize-space(DEFAULT_APPLIANCE_ID[1])"/>
    <xsl:variable name="impacts" select="BUSINESS_IMPACT | CVSS_ENVIRO_CDP | CVSS_ENVIRO_TD | CVSS_ENVIRO_CR | CVSS_ENVIRO_IR | CVSS_ENVIRO_AR"/>
    <request kind="asset-group" id="{normalize-space(ID[1])}" url="/api/2.0/fo/asset/group/">
      <param name="action">add</param>
      <xsl:choose>
        <xsl:when test="contains(TITLE[1], '&#10;')">
          <xsl:call-template name="param">
            <xsl:with-param name="name" select="'title'"/>
            <xsl:with-param name="value" select="string(TITLE)"/>
          </xsl:call-template>
        </xsl:when>
        <xsl:otherwise>
          <param name="title"><xsl:value-of select="TITLE[1]"/></param>
        </xsl:otherwise>
      </xsl:choose>
      <!-- The parameter exists only with Network Support, so 0 is left out. -->
      <xsl:if test="$network != '0'">
        <param name="network_id"><xsl:value-of select="$network"/></param>
      </xsl:if>
      <xsl:for-each select="IP_SET[1]">
        <xsl:call-template name="members">
          <xsl:with-param name="name" select="'ips'"/>
          <xsl:with-param name="members" select="IP | IP_RANGE"/>
          <xsl:with-param name="network" select="$network"/>
          <xsl:with-param name="mixed" select="$mixed"/>
        </xsl:call-template>
      </xsl:for-each>
      <xsl:if test="translate($appliances, ',', '') != ''">
        <param name="appliance_ids"><xsl:value-of select="translate(normalize-space(translate($appliances, ',', ' ')), ' ', ',')"/></param>
      </xsl:if>
      <!-- 0 is no appliance. -->
      <xsl:if test="$default != '' and $default != '0'">
        <param name="default_appliance_id"><xsl:value-of select="$default"/></param>
      </xsl:if>
      <xsl:for-each select="DOMAIN_LIST[1]">
        <xsl:call-template name="domains">
          <xsl:with-param name="network" select="$network"/>
          <xsl:with-param name="mixed" select="$mixed"/>
        </xsl:call-template>
      </xsl:for-each>
      <xsl:for-each select="DNS_LIST[1]">
        <xsl:call-template name="members">
          <xsl:with-param name="name" select="'dns_names'"/>
          <xsl:with-param name="members" select="DNS"/>
          <xsl:with-param name="network" select="$network"/>
          <xsl:with-param name="mixed" select="$mixed"/>
        </xsl:call-template>
      </xsl:for-each>
      <xsl:for-each select="NETBIOS_LIST[1]">
        <xsl:call-template name="members">
          <xsl:with-param name="name" select="'netbios_names'"/>
          <xsl:with-param name="members" select="NETBIOS"/>
          <xsl:with-param name="network" select="$network"/>
          <xsl:with-param name="mixed" select="$mixed"/>
        </xsl:call-template>
      </xsl:for-each>
      <xsl:for-each select="COMMENTS[1]">
        <xsl:choose>
          <xsl:when test="contains(., '&#10;')">
            <xsl:call-template name="param">
              <xsl:with-param name="name" select="'comments'"/>
            </xsl:call-template>
          </xsl:when>
          <xsl:when test=". != ''">
            <param name="comments"><xsl:value-of select="."/></param>
          </xsl:when>
        </xsl:choose>
      </xsl:for-each>
      <xsl:apply-templates select="$impacts" mode="impact"/>
    </request>
    <!-- What depends on values; what stands where is accounted for by the grammar, asset-group.grammar. -->
    <xsl:apply-templates select="NETWORK_IDS[normalize-space()][normalize-space() != $network]" mode="notes">
      <xsl:with-param name="network" select="$network"/>
    </xsl:apply-templates>
    <xsl:if test="$mixed">
      <xsl:apply-templates select="*[self::IP_SET or self::DOMAIN_LIST or self::DNS_LIST or self::NETBIOS_LIST]/*[@network_id != $network][@network_id != '']" mode="notes">
        <xsl:with-param name="network" select="$network"/>
      </xsl:apply-templates>
    </xsl:if>
    <xsl:apply-templates select="DOMAIN_LIST[1]/DOMAIN[@netblock != ''][not(normalize-space())]" mode="netblock"/>
    <xsl:if test="$default != '' and $default != '0' and not(contains(concat(',', $appliances, ','), concat(',', $default, ',')))">
      <xsl:apply-templates select="DEFAULT_APPLIANCE_ID" mode="notes"/>
    </xsl:if>
    <xsl:apply-templates select="$impacts" mode="notes"/>
  </xsl:template>

  <!-- Members -->

  <!-- The members that are of the group's own network, or name none, as one comma list. -->
  <xsl:template name="members">
    <xsl:param name="name"/>
    <xsl:param name="members"/>
    <xsl:param name="network"/>
    <xsl:param name="mixed"/>
    <xsl:choose>
      <!-- A predicate is asked of each member: only where one may be left out. -->
      <xsl:when test="$mixed or $members = ''">
        <xsl:variable name="own" select="$members[text()][not(@network_id != $network) or @network_id = '']"/>
        <xsl:if test="$own">
          <param name="{$name}">
            <xsl:value-of select="normalize-space($own)"/>
            <xsl:for-each select="$own[position() != 1]">,<xsl:value-of select="normalize-space()"/></xsl:for-each>
          </param>
        </xsl:if>
      </xsl:when>
      <xsl:when test="$members">
        <param name="{$name}">
          <xsl:value-of select="normalize-space($members)"/>
          <xsl:for-each select="$members[position() != 1]">,<xsl:value-of select="normalize-space()"/></xsl:for-each>
        </param>
      </xsl:when>
    </xsl:choose>
  </xsl:template>

  <!-- The same of domains, which may have a netblock. An empty one is the default of the published grammar: the bare domain. -->
  <xsl:template name="domains">
    <xsl:param name="network"/>
    <xsl:param name="mixed"/>
    <xsl:variable name="own" select="DOMAIN[text()][not($mixed) or not(@network_id != $network) or @network_id = '']"/>
    <xsl:if test="$own">
      <param name="domains">
        <xsl:for-each select="$own">
          <xsl:if test="position() != 1">,</xsl:if>
          <xsl:choose>
            <xsl:when test="normalize-space(@netblock)">
              <xsl:value-of select="concat(normalize-space(), ':[', translate(normalize-space(@netblock), ' ', ''), ']')"/>
            </xsl:when>
            <xsl:otherwise>
              <xsl:value-of select="normalize-space()"/>
            </xsl:otherwise>
          </xsl:choose>
        </xsl:for-each>
      </param>
    </xsl:if>
  </xsl:template>

  <!-- Business impact and CVSS -->

  <!--
    The values that the call takes are the factory titles and what the service prints, in small letters and with a hyphen for a blank. "Minor", a
    factory title of the service, has no known spelling among them. What is most often met is written out, for it is found sooner than made.
  -->
  <xsl:template match="BUSINESS_IMPACT" mode="impact">
    <xsl:choose>
      <!-- What the caller says that a title means. -->
      <xsl:when test="@qtbx-target">
        <param name="business_impact"><xsl:value-of select="@qtbx-target"/></param>
      </xsl:when>
      <xsl:when test=". = 'High'"><param name="business_impact">high</param></xsl:when>
      <xsl:when test=". = 'Medium'"><param name="business_impact">medium</param></xsl:when>
      <xsl:when test=". = 'Low'"><param name="business_impact">low</param></xsl:when>
      <xsl:when test=". = 'Critical'"><param name="business_impact">critical</param></xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="value">
          <xsl:with-param name="values" select="' critical high medium low none '"/>
        </xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- "Not Defined" is what the target has without the parameter. -->
  <xsl:template match="CVSS_ENVIRO_CDP" mode="impact">
    <xsl:choose>
      <xsl:when test=". = 'Not Defined'"/>
      <xsl:when test=". = 'Low'"><param name="cvss_enviro_cdp">low</param></xsl:when>
      <xsl:when test=". = 'Low-Medium'"><param name="cvss_enviro_cdp">low-medium</param></xsl:when>
      <xsl:when test=". = 'Medium-High'"><param name="cvss_enviro_cdp">medium-high</param></xsl:when>
      <xsl:when test=". = 'High'"><param name="cvss_enviro_cdp">high</param></xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="value">
          <xsl:with-param name="values" select="' high medium-high low-medium low none '"/>
        </xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="CVSS_ENVIRO_TD" mode="impact">
    <xsl:choose>
      <xsl:when test=". = 'Not Defined'"/>
      <xsl:when test=". = 'High'"><param name="cvss_enviro_td">high</param></xsl:when>
      <xsl:when test=". = 'Medium'"><param name="cvss_enviro_td">medium</param></xsl:when>
      <xsl:when test=". = 'Low'"><param name="cvss_enviro_td">low</param></xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="value">
          <xsl:with-param name="values" select="' high medium low none '"/>
        </xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="CVSS_ENVIRO_CR | CVSS_ENVIRO_IR | CVSS_ENVIRO_AR" mode="impact">
    <xsl:if test=". != 'Not Defined'">
      <xsl:call-template name="value">
        <xsl:with-param name="values" select="' high medium low '"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- A value that is written in another way than the service prints it. -->
  <xsl:template name="value">
    <xsl:param name="values"/>
    <xsl:variable name="value" select="translate(normalize-space(), $upper, $lower)"/>
    <xsl:if test="contains($values, concat(' ', $value, ' '))">
      <param name="{translate(name(), $upper, $lower)}"><xsl:value-of select="$value"/></param>
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
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'dropped'"/>
      <xsl:with-param name="reason" select="concat(normalize-space(), ' is of network ', @network_id, ', its group of network ', $network, ': a group holds members of its own network only')"/>
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
    <xsl:if test="not(. = 'High' or . = 'Medium' or . = 'Low' or . = 'Critical' or @qtbx-target or contains(' critical high medium low none  ', concat(' ', translate(normalize-space(), $upper, $lower), ' ')))">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason" select="concat('the call has no value for the title &quot;', normalize-space(), '&quot;, so the target sets its own default: say --business-impact &quot;', normalize-space(), '=VALUE&quot;')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="CVSS_ENVIRO_CDP" mode="notes">
    <xsl:if test="not(. = 'Not Defined' or . = 'High' or . = 'Medium-High' or . = 'Low-Medium' or . = 'Low' or contains(' high medium-high low-medium low none not-defined  ', concat(' ', translate(normalize-space(), $upper, $lower), ' ')))">
      <xsl:call-template name="value-note"/>
    </xsl:if>
  </xsl:template>

  <xsl:template match="CVSS_ENVIRO_TD" mode="notes">
    <xsl:if test="not(. = 'Not Defined' or . = 'High' or . = 'Medium' or . = 'Low' or contains(' high medium low none not-defined  ', concat(' ', translate(normalize-space(), $upper, $lower), ' ')))">
      <xsl:call-template name="value-note"/>
    </xsl:if>
  </xsl:template>

  <xsl:template match="CVSS_ENVIRO_CR | CVSS_ENVIRO_IR | CVSS_ENVIRO_AR" mode="notes">
    <xsl:if test="not(. = 'Not Defined' or . = 'High' or . = 'Medium' or . = 'Low' or contains(' high medium low not-defined  ', concat(' ', translate(normalize-space(), $upper, $lower), ' ')))">
      <xsl:call-template name="value-note"/>
    </xsl:if>
  </xsl:template>

  <xsl:template name="value-note">
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'dropped'"/>
      <xsl:with-param name="reason" select="concat('the call does not take the value &quot;', normalize-space(), '&quot;')"/>
    </xsl:call-template>
  </xsl:template>

</xsl:stylesheet>
