<?xml version="1.0" encoding="UTF-8"?>
<!--
  Scan schedules as the requests that create them again: /api/2.0/fo/schedule/scan/?action=create, …/scan/compliance/ for Policy
  Compliance, and /api/4.0/fo/scan/cloud/perimeter/job/ for cloud perimeter jobs.

  A schedule that comes out wrong scans what nobody allowed, or when nobody allowed it. So whatever would make the new one scan something
  else, or at another time, is refused instead of being left out.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

  <xsl:import href="common/vocabulary.xsl"/>

  <!-- vm or pc; empty: what the root element says. -->
  <xsl:param name="module"/>
  <!-- The system identifier of the document, which a stylesheet cannot see: the root element of compliance lists is not confirmed. -->
  <xsl:param name="doctype"/>
  <!-- same: as active as in the source; empty: every schedule is created inactive. -->
  <xsl:param name="active"/>
  <!-- YYYY-MM-DD: start dates before it are left out; empty: every date is carried. -->
  <xsl:param name="start-after"/>

  <xsl:variable name="module-found">
    <xsl:choose>
      <xsl:when test="$module != ''"><xsl:value-of select="$module"/></xsl:when>
      <xsl:when test="contains(name(/*), 'COMPLIANCE') or contains($doctype, '/schedule/scan/compliance/')">pc</xsl:when>
      <xsl:otherwise>vm</xsl:otherwise>
    </xsl:choose>
  </xsl:variable>
  <xsl:variable name="of" select="string($module-found)"/>
  <xsl:variable name="kind" select="concat(substring('pc-', 1, 3 * ($of = 'pc')), 'schedule')"/>
  <xsl:variable name="record" select="'SCAN'"/>

  <xsl:variable name="upper" select="'ABCDEFGHIJKLMNOPQRSTUVWXYZ'"/>
  <xsl:variable name="lower" select="'abcdefghijklmnopqrstuvwxyz'"/>
  <xsl:variable name="ascii"> !"#$%&amp;'()*+,-./0123456789:;&lt;=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~</xsl:variable>
  <xsl:variable name="hex" select="'0123456789ABCDEFabcdef'"/>
  <xsl:variable name="priorities">|0 - no priority|1 - emergency|2 - ultimate|3 - critical|4 - major|5 - high|6 - standard|7 - medium|8 - minor|9 - low|</xsl:variable>
  <xsl:variable name="uuid" select="'00000000-0000-0000-0000-000000000000'"/>

  <xsl:template match="/">
    <requests>
      <xsl:apply-templates select="/*/*/*/SCAN"/>
    </requests>
  </xsl:template>

  <xsl:template match="SCAN" mode="subject">
    <xsl:attribute name="id"><xsl:value-of select="normalize-space(ID)"/></xsl:attribute>
    <xsl:attribute name="name"><xsl:value-of select="TITLE"/></xsl:attribute>
  </xsl:template>

  <xsl:template match="SCAN">
    <xsl:variable name="perimeter" select="boolean((SCAN_TYPE | CLOUD_DETAILS/SCAN_TYPE)[translate(normalize-space(), $upper, $lower) = 'cloud perimeter'])"/>
    <xsl:variable name="ips"><xsl:call-template name="ips"/></xsl:variable>
    <xsl:variable name="refusals">
      <xsl:call-template name="refuse-record">
        <xsl:with-param name="perimeter" select="$perimeter"/>
      </xsl:call-template>
      <xsl:call-template name="refuse-scanner">
        <xsl:with-param name="perimeter" select="$perimeter"/>
      </xsl:call-template>
      <xsl:call-template name="refuse-time">
        <xsl:with-param name="perimeter" select="$perimeter"/>
      </xsl:call-template>
      <xsl:choose>
        <xsl:when test="$perimeter"><xsl:call-template name="refuse-perimeter"/></xsl:when>
        <xsl:otherwise>
          <xsl:call-template name="refuse-targets">
            <xsl:with-param name="ips" select="string($ips)"/>
          </xsl:call-template>
          <xsl:call-template name="refuse-cloud"/>
        </xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <xsl:choose>
      <xsl:when test="string($refusals) != ''"><xsl:copy-of select="$refusals"/></xsl:when>
      <xsl:when test="$perimeter"><xsl:call-template name="perimeter-job"/></xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="schedule">
          <xsl:with-param name="ips" select="string($ips)"/>
        </xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
    <xsl:call-template name="note-record">
      <xsl:with-param name="perimeter" select="$perimeter"/>
      <xsl:with-param name="ips" select="string($ips)"/>
    </xsl:call-template>
    <!-- By their whole paths: an element in another place is none of these. -->
    <xsl:apply-templates mode="notes" select="TITLE | ACTIVE | TARGET | SCAN_TYPE | CLIENT | NETWORK_ID | PROCESSING_PRIORITY | EC2_INSTANCE/EC2_ENDPOINT
        | CLOUD_DETAILS/SCAN_TYPE | CLOUD_DETAILS/CLOUD_TARGET/REGION/CODE | CLOUD_DETAILS/CLOUD_TARGET/VPC_SCOPE | CLOUD_DETAILS/CLOUD_TARGET/VPC_LIST | ASSET_TAGS/*
        | SCHEDULE/* | NOTIFICATIONS">
      <xsl:with-param name="perimeter" select="$perimeter"/>
      <xsl:with-param name="ips" select="string($ips)"/>
    </xsl:apply-templates>
  </xsl:template>

  <!-- The two calls -->

  <xsl:template name="schedule">
    <xsl:param name="ips"/>
    <xsl:variable name="exclusions"><xsl:call-template name="exclusions"/></xsl:variable>
    <xsl:variable name="groups" select="ASSET_GROUP_TITLE_LIST/ASSET_GROUP_TITLE[normalize-space() != ''][not(@qtbx-target = '')]"/>
    <request kind="{$kind}" id="{normalize-space(ID)}">
      <xsl:attribute name="url">
        <xsl:text>/api/2.0/fo/schedule/scan/</xsl:text>
        <xsl:if test="$of = 'pc'">compliance/</xsl:if>
      </xsl:attribute>
      <param name="action">create</param>
      <xsl:call-template name="common"/>
      <xsl:if test="translate(normalize-space(SCAN_TYPE), $upper, $lower) = 'certview'">
        <param name="scan_type">certview</param>
      </xsl:if>
      <xsl:apply-templates select="CLIENT" mode="param"/>
      <xsl:choose>
        <xsl:when test="ASSET_TAGS[normalize-space() != '']">
          <param name="target_from">tags</param>
          <xsl:apply-templates select="ASSET_TAGS" mode="param"/>
          <xsl:for-each select="ASSET_TAGS/USE_IP_NT_RANGE_TAGS | ASSET_TAGS/USE_IP_NT_RANGE_TAGS_INCLUDE | ASSET_TAGS/USE_IP_NT_RANGE_TAGS_EXCLUDE">
            <xsl:call-template name="param">
              <xsl:with-param name="name" select="translate(name(), $upper, $lower)"/>
              <xsl:with-param name="value" select="normalize-space()"/>
            </xsl:call-template>
          </xsl:for-each>
        </xsl:when>
        <xsl:otherwise>
          <xsl:call-template name="param">
            <xsl:with-param name="name" select="'ip'"/>
            <xsl:with-param name="value" select="$ips"/>
          </xsl:call-template>
          <xsl:if test="$ips != ''"><xsl:apply-templates select="NETWORK_ID" mode="param"/></xsl:if>
          <xsl:choose>
            <xsl:when test="$groups[@qtbx-target]">
              <param name="asset_group_ids">
                <xsl:call-template name="joined">
                  <xsl:with-param name="items" select="$groups/@qtbx-target"/>
                </xsl:call-template>
              </param>
            </xsl:when>
            <xsl:when test="$groups">
              <param name="asset_groups">
                <xsl:for-each select="$groups">
                  <xsl:if test="position() != 1">,</xsl:if>
                  <xsl:call-template name="unframed">
                    <xsl:with-param name="text" select="string()"/>
                  </xsl:call-template>
                </xsl:for-each>
              </param>
            </xsl:when>
          </xsl:choose>
          <xsl:if test="(FQDN | FQDN_LIST/FQDN)[normalize-space() != '']">
            <param name="fqdn">
              <xsl:call-template name="joined">
                <xsl:with-param name="items" select="(FQDN | FQDN_LIST/FQDN)[normalize-space() != '']"/>
              </xsl:call-template>
            </param>
          </xsl:if>
          <xsl:call-template name="param">
            <xsl:with-param name="name" select="'exclude_ip_per_scan'"/>
            <xsl:with-param name="value" select="string($exclusions)"/>
          </xsl:call-template>
        </xsl:otherwise>
      </xsl:choose>
      <xsl:call-template name="scanner"/>
      <xsl:if test="EC2_INSTANCE[normalize-space() != ''] | CLOUD_DETAILS[normalize-space() != '']">
        <xsl:variable name="endpoint"><xsl:call-template name="ec2-endpoint"/></xsl:variable>
        <xsl:apply-templates select="CLOUD_DETAILS/CONNECTOR/NAME" mode="param"/>
        <param name="ec2_endpoint"><xsl:value-of select="$endpoint"/></param>
      </xsl:if>
      <xsl:apply-templates select="SCHEDULE" mode="param"/>
      <xsl:apply-templates select="SCHEDULE" mode="limits"/>
      <xsl:apply-templates select="NOTIFICATIONS" mode="param"/>
    </request>
  </xsl:template>

  <xsl:template name="perimeter-job">
    <xsl:variable name="provider" select="translate(normalize-space(CLOUD_DETAILS/PROVIDER), $upper, $lower)"/>
    <xsl:variable name="scope" select="translate(normalize-space(CLOUD_DETAILS/CLOUD_TARGET/VPC_SCOPE), $upper, $lower)"/>
    <request kind="{$kind}" id="{normalize-space(ID)}" url="/api/4.0/fo/scan/cloud/perimeter/job/">
      <param name="action">create</param>
      <param name="module"><xsl:value-of select="$of"/></param>
      <xsl:call-template name="common"/>
      <param name="cloud_provider"><xsl:value-of select="$provider"/></param>
      <param name="cloud_service">
        <xsl:choose>
          <xsl:when test="$provider = 'aws'">ec2</xsl:when>
          <xsl:when test="$provider = 'azure'">vm</xsl:when>
          <xsl:otherwise>compute_engine</xsl:otherwise>
        </xsl:choose>
      </param>
      <xsl:apply-templates select="CLOUD_DETAILS/CONNECTOR/NAME" mode="param"/>
      <xsl:choose>
        <xsl:when test="$scope = 'selected'">
          <param name="platform_type">selected_vpc</param>
          <param name="vpc_id"><xsl:value-of select="normalize-space(CLOUD_DETAILS/CLOUD_TARGET/VPC_LIST/VPC[normalize-space() != ''])"/></param>
        </xsl:when>
        <xsl:otherwise>
          <xsl:if test="$scope = 'all'"><param name="platform_type">vpc_peered</param></xsl:if>
          <xsl:if test="$scope = 'none'"><param name="platform_type">classic</param></xsl:if>
          <xsl:call-template name="param">
            <xsl:with-param name="name" select="'region_code'"/>
            <xsl:with-param name="value" select="normalize-space(CLOUD_DETAILS/CLOUD_TARGET/REGION/CODE)"/>
          </xsl:call-template>
        </xsl:otherwise>
      </xsl:choose>
      <xsl:apply-templates select="ASSET_TAGS" mode="param"/>
      <xsl:if test="ELB_DNS/DNS[normalize-space() != '']">
        <param name="elb_dns">
          <xsl:call-template name="joined">
            <xsl:with-param name="items" select="ELB_DNS/DNS[normalize-space() != '']"/>
          </xsl:call-template>
        </param>
      </xsl:if>
      <xsl:call-template name="scanner"/>
      <param name="schedule">recurring</param>
      <xsl:apply-templates select="SCHEDULE" mode="param">
        <xsl:with-param name="perimeter" select="true()"/>
      </xsl:apply-templates>
    </request>
  </xsl:template>

  <!-- What both calls take. -->
  <xsl:template name="common">
    <xsl:variable name="state"><xsl:apply-templates select="ACTIVE" mode="state"/></xsl:variable>
    <xsl:call-template name="param">
      <xsl:with-param name="name" select="'scan_title'"/>
      <xsl:with-param name="value" select="TITLE"/>
    </xsl:call-template>
    <param name="active">
      <xsl:choose>
        <xsl:when test="$state = '1'">1</xsl:when>
        <xsl:otherwise>0</xsl:otherwise>
      </xsl:choose>
    </param>
    <xsl:for-each select="OPTION_PROFILE/TITLE">
      <xsl:call-template name="param">
        <xsl:with-param name="name" select="'option_title'"/>
        <xsl:with-param name="value"><xsl:call-template name="translated"/></xsl:with-param>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:if test="$of = 'vm'">
      <xsl:call-template name="param">
        <xsl:with-param name="name" select="'priority'"/>
        <xsl:with-param name="value"><xsl:apply-templates select="PROCESSING_PRIORITY" mode="digit"/></xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- What a map says, else the text itself. -->
  <xsl:template name="translated">
    <xsl:choose>
      <xsl:when test="@qtbx-target"><xsl:value-of select="@qtbx-target"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="."/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="ACTIVE" mode="state">
    <xsl:if test="$active = 'same' and (normalize-space() = '1' or normalize-space() = '2')">1</xsl:if>
  </xsl:template>

  <!-- "3 - Critical" is 3. -->
  <xsl:template match="PROCESSING_PRIORITY" mode="digit">
    <xsl:variable name="first" select="substring(normalize-space(), 1, 1)"/>
    <xsl:if test="$first != '' and contains('0123456789', $first) and not(contains('0123456789', concat(substring(normalize-space(), 2, 1), '#')))">
      <xsl:value-of select="$first"/>
    </xsl:if>
  </xsl:template>

  <!-- A client's id is another one in another subscription, so the name comes first. -->
  <xsl:template match="CLIENT" mode="param">
    <xsl:choose>
      <xsl:when test="normalize-space(NAME) != ''">
        <xsl:call-template name="param">
          <xsl:with-param name="name" select="'client_name'"/>
          <xsl:with-param name="value" select="NAME"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="normalize-space(ID) != ''">
        <param name="client_id"><xsl:value-of select="normalize-space(ID)"/></param>
      </xsl:when>
      <xsl:when test="not(*) and normalize-space() != ''">
        <xsl:call-template name="param">
          <xsl:with-param name="name" select="'client_name'"/>
        </xsl:call-template>
      </xsl:when>
    </xsl:choose>
  </xsl:template>

  <!-- Network 0 is what the call takes without the parameter. -->
  <xsl:template match="NETWORK_ID" mode="param">
    <xsl:variable name="network"><xsl:call-template name="translated"/></xsl:variable>
    <xsl:if test="normalize-space($network) != '0'">
      <xsl:call-template name="param">
        <xsl:with-param name="name" select="'ip_network_id'"/>
        <xsl:with-param name="value" select="normalize-space($network)"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="CONNECTOR/NAME" mode="param">
    <xsl:call-template name="param">
      <xsl:with-param name="name" select="'connector_name'"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="ASSET_TAGS" mode="param">
    <xsl:if test="(TAG_SET_INCLUDE | TAG_SET_EXCLUDE)[normalize-space() != '']">
      <param name="tag_set_by">name</param>
    </xsl:if>
    <xsl:if test="normalize-space(TAG_SET_INCLUDE) != ''">
      <xsl:call-template name="param">
        <xsl:with-param name="name" select="'tag_include_selector'"/>
        <xsl:with-param name="value" select="translate(normalize-space(TAG_INCLUDE_SELECTOR), $upper, $lower)"/>
      </xsl:call-template>
      <xsl:call-template name="param">
        <xsl:with-param name="name" select="'tag_set_include'"/>
        <xsl:with-param name="value" select="TAG_SET_INCLUDE"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="normalize-space(TAG_SET_EXCLUDE) != ''">
      <xsl:call-template name="param">
        <xsl:with-param name="name" select="'tag_exclude_selector'"/>
        <xsl:with-param name="value" select="translate(normalize-space(TAG_EXCLUDE_SELECTOR), $upper, $lower)"/>
      </xsl:call-template>
      <xsl:call-template name="param">
        <xsl:with-param name="name" select="'tag_set_exclude'"/>
        <xsl:with-param name="value" select="TAG_SET_EXCLUDE"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- Addresses -->

  <!-- The addresses that were entered by hand. The display string TARGET speaks only where nothing else does. "!" is one not understood. -->
  <xsl:template name="ips">
    <xsl:choose>
      <xsl:when test="USER_ENTERED_IPS[normalize-space() != '' or *]">
        <xsl:call-template name="ranges">
          <xsl:with-param name="ranges" select="USER_ENTERED_IPS/*"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="not(ASSET_GROUP_TITLE_LIST[normalize-space() != ''] | ASSET_TAGS[normalize-space() != ''] | EC2_INSTANCE[normalize-space() != ''] | CLOUD_DETAILS[normalize-space() != ''])">
        <xsl:call-template name="shown-ips"/>
      </xsl:when>
    </xsl:choose>
  </xsl:template>

  <!-- What TARGET shows, without the names that stand in FQDN. -->
  <xsl:template name="shown-ips">
    <xsl:variable name="names">
      <xsl:for-each select="FQDN | FQDN_LIST/FQDN"><xsl:value-of select="concat(' ', translate(normalize-space(), ',', ' '), ' ')"/></xsl:for-each>
    </xsl:variable>
    <xsl:call-template name="addresses">
      <xsl:with-param name="text" select="TARGET"/>
      <xsl:with-param name="names" select="string($names)"/>
    </xsl:call-template>
  </xsl:template>

  <!-- What a text has that a list, with a blank before and behind each member, has not; each with a blank behind it. -->
  <xsl:template name="others">
    <xsl:param name="text"/>
    <xsl:param name="than"/>
    <xsl:call-template name="address-list">
      <xsl:with-param name="text" select="normalize-space(translate($text, ',;', '  '))"/>
      <xsl:with-param name="names" select="$than"/>
      <xsl:with-param name="as-they-are" select="true()"/>
    </xsl:call-template>
  </xsl:template>

  <!-- Everything that must not be scanned; "!" if any of it is not understood. -->
  <xsl:template name="exclusions">
    <xsl:variable name="text">
      <!-- A comment must not cut an address in two. -->
      <xsl:for-each select="EXCLUDE_IP_PER_SCAN[not(*)] | EXCLUDE_IP_PER_SCAN[*]/text()"><xsl:value-of select="concat(., ' ')"/></xsl:for-each>
    </xsl:variable>
    <xsl:call-template name="addresses">
      <xsl:with-param name="text" select="string($text)"/>
    </xsl:call-template>
    <xsl:if test="normalize-space($text) != '' and EXCLUDE_IP_PER_SCAN/*">,</xsl:if>
    <xsl:call-template name="ranges">
      <xsl:with-param name="ranges" select="EXCLUDE_IP_PER_SCAN/*"/>
    </xsl:call-template>
  </xsl:template>

  <!-- RANGE elements as one comma list; a range of one address is that address. -->
  <xsl:template name="ranges">
    <xsl:param name="ranges"/>
    <xsl:for-each select="$ranges">
      <xsl:variable name="start" select="normalize-space(START)"/>
      <xsl:variable name="end" select="normalize-space(END)"/>
      <xsl:if test="position() != 1">,</xsl:if>
      <xsl:choose>
        <xsl:when test="$start = '' or $end = '' or contains(concat($start, $end), '-') or contains(concat($start, $end), '/')">!</xsl:when>
        <xsl:when test="$end = $start">
          <xsl:call-template name="address">
            <xsl:with-param name="text" select="$start"/>
          </xsl:call-template>
        </xsl:when>
        <xsl:otherwise>
          <xsl:call-template name="address">
            <xsl:with-param name="text" select="concat($start, '-', $end)"/>
          </xsl:call-template>
        </xsl:otherwise>
      </xsl:choose>
    </xsl:for-each>
  </xsl:template>

  <!-- A text of addresses as one comma list. -->
  <xsl:template name="addresses">
    <xsl:param name="text"/>
    <xsl:param name="names"/>
    <xsl:variable name="list">
      <xsl:call-template name="address-list">
        <xsl:with-param name="text" select="normalize-space(translate($text, ',;', '  '))"/>
        <xsl:with-param name="names" select="$names"/>
      </xsl:call-template>
    </xsl:variable>
    <xsl:value-of select="substring($list, 1, string-length($list) - 1)"/>
  </xsl:template>

  <!-- Each address of a text that blanks separate, and a comma behind it. Halved, since a list may be longer than templates may nest. -->
  <xsl:template name="address-list">
    <xsl:param name="text"/>
    <xsl:param name="names"/>
    <xsl:param name="as-they-are" select="false()"/>
    <xsl:variable name="half" select="floor(string-length($text) div 2)"/>
    <xsl:variable name="second" select="substring($text, $half)"/>
    <xsl:choose>
      <xsl:when test="contains($second, ' ')">
        <xsl:call-template name="address-list">
          <xsl:with-param name="text" select="concat(substring($text, 1, $half - 1), substring-before($second, ' '))"/>
          <xsl:with-param name="names" select="$names"/>
          <xsl:with-param name="as-they-are" select="$as-they-are"/>
        </xsl:call-template>
        <xsl:call-template name="address-list">
          <xsl:with-param name="text" select="substring-after($second, ' ')"/>
          <xsl:with-param name="names" select="$names"/>
          <xsl:with-param name="as-they-are" select="$as-they-are"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="contains($text, ' ')">
        <xsl:call-template name="address-list">
          <xsl:with-param name="text" select="substring-before($text, ' ')"/>
          <xsl:with-param name="names" select="$names"/>
          <xsl:with-param name="as-they-are" select="$as-they-are"/>
        </xsl:call-template>
        <xsl:call-template name="address-list">
          <xsl:with-param name="text" select="substring-after($text, ' ')"/>
          <xsl:with-param name="names" select="$names"/>
          <xsl:with-param name="as-they-are" select="$as-they-are"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$text = '' or contains($names, concat(' ', $text, ' '))"/>
      <xsl:when test="$as-they-are"><xsl:value-of select="concat($text, ' ')"/></xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="address">
          <xsl:with-param name="text" select="$text"/>
        </xsl:call-template>
        <xsl:text>,</xsl:text>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- The text, if it is an address, a range in its order, or a network, or has the shape of one of IPv6; else "!". -->
  <xsl:template name="address">
    <xsl:param name="text"/>
    <xsl:variable name="shape" select="translate($text, '0123456789', '')"/>
    <xsl:variable name="first">
      <xsl:call-template name="as-number">
        <xsl:with-param name="address" select="substring-before(concat(translate($text, '/', '-'), '-'), '-')"/>
      </xsl:call-template>
    </xsl:variable>
    <xsl:variable name="rest" select="substring-after(translate($text, '/', '-'), '-')"/>
    <xsl:choose>
      <xsl:when test="$shape = '...' and number($first) >= 0"><xsl:value-of select="$text"/></xsl:when>
      <xsl:when test="$shape = '.../' and number($first) >= 0 and $rest &lt;= 32 and string-length($rest) &lt;= 2"><xsl:value-of select="$text"/></xsl:when>
      <xsl:when test="$shape = '...-...' and number($first) >= 0">
        <xsl:variable name="last">
          <xsl:call-template name="as-number">
            <xsl:with-param name="address" select="$rest"/>
          </xsl:call-template>
        </xsl:variable>
        <xsl:choose>
          <xsl:when test="number($last) >= number($first)"><xsl:value-of select="$text"/></xsl:when>
          <xsl:otherwise>!</xsl:otherwise>
        </xsl:choose>
      </xsl:when>
      <xsl:when test="contains($text, ':') and translate($text, concat($hex, '.:-/'), '') = '' and not(contains(concat('-', translate($text, '/', '-'), '-'), '--'))"><xsl:value-of select="$text"/></xsl:when>
      <xsl:otherwise>!</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- Four numbers as one, to be compared; NaN if they are none that an address has. -->
  <xsl:template name="as-number">
    <xsl:param name="address"/>
    <xsl:variable name="a" select="substring-before($address, '.')"/>
    <xsl:variable name="b" select="substring-before(substring-after($address, '.'), '.')"/>
    <xsl:variable name="c" select="substring-before(substring-after(substring-after($address, '.'), '.'), '.')"/>
    <xsl:variable name="d" select="substring-after(substring-after(substring-after($address, '.'), '.'), '.')"/>
    <xsl:choose>
      <xsl:when test="$a &lt;= 255 and $b &lt;= 255 and $c &lt;= 255 and $d &lt;= 255"><xsl:value-of select="format-number((($a * 256 + $b) * 256 + $c) * 256 + $d, '0')"/></xsl:when>
      <xsl:otherwise>NaN</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- Scanners -->

  <!-- The words that stand for a choice of scanners, as the parameter that makes it; else nothing. -->
  <xsl:template name="scanner-choice">
    <xsl:param name="text"/>
    <xsl:variable name="words" select="translate(normalize-space($text), $upper, $lower)"/>
    <xsl:choose>
      <xsl:when test="$words = 'all in ag' or $words = 'all scanners in ag'">scanners_in_ag</xsl:when>
      <xsl:when test="starts-with($words, 'all in asset group') and contains('|||s|(s)|', concat('|', substring($words, 19), '|'))">scanners_in_ag</xsl:when>
      <xsl:when test="starts-with($words, 'all scanners in asset group') and contains('|||s|(s)|', concat('|', substring($words, 28), '|'))">scanners_in_ag</xsl:when>
      <xsl:when test="$words = 'all scanners in tagset'">scanners_in_tagset</xsl:when>
      <xsl:when test="$words = 'all scanners in network'">scanners_in_network</xsl:when>
      <xsl:when test="$words = 'default scanner'">default_scanner</xsl:when>
    </xsl:choose>
  </xsl:template>

  <!-- A text without the blanks before and behind it: beside a comma, these belong to the list. Those inside are the name's own. -->
  <xsl:template name="bare">
    <xsl:param name="text"/>
    <xsl:variable name="first" select="substring(normalize-space($text), 1, 1)"/>
    <xsl:if test="$first != ''">
      <xsl:call-template name="unframed-behind">
        <xsl:with-param name="text" select="concat($first, substring-after($text, $first), '&#10;')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- Names of scanners as one comma list; "!" is one that stands for a choice, which no list can hold. -->
  <xsl:template name="scanner-names">
    <xsl:param name="text"/>
    <xsl:variable name="first">
      <xsl:call-template name="bare">
        <xsl:with-param name="text" select="substring-before(concat($text, ','), ',')"/>
      </xsl:call-template>
    </xsl:variable>
    <xsl:variable name="rest" select="substring-after($text, ',')"/>
    <xsl:variable name="words" select="translate(normalize-space($first), $upper, $lower)"/>
    <xsl:variable name="choice">
      <xsl:call-template name="scanner-choice">
        <xsl:with-param name="text" select="$first"/>
      </xsl:call-template>
    </xsl:variable>
    <xsl:choose>
      <xsl:when test="string($first) = ''"/>
      <xsl:when test="$choice != '' or starts-with($words, 'all scanners in ') or starts-with($words, 'all in ')">!</xsl:when>
      <xsl:when test="$words = 'external' or $words = 'external scanner' or $words = 'external scanners'">External</xsl:when>
      <xsl:otherwise><xsl:value-of select="$first"/></xsl:otherwise>
    </xsl:choose>
    <xsl:if test="normalize-space(translate($rest, ',', ' ')) != ''">
      <xsl:if test="string($first) != ''">,</xsl:if>
      <xsl:call-template name="scanner-names">
        <xsl:with-param name="text" select="$rest"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template name="scanner">
    <xsl:for-each select="ISCANNER_NAME[normalize-space() != '']">
      <xsl:variable name="choice">
        <xsl:call-template name="scanner-choice">
          <xsl:with-param name="text" select="."/>
        </xsl:call-template>
      </xsl:variable>
      <xsl:variable name="text"><xsl:call-template name="translated"/></xsl:variable>
      <xsl:choose>
        <xsl:when test="$choice != ''"><param name="{$choice}">1</param></xsl:when>
        <xsl:otherwise>
          <param name="iscanner_name">
            <xsl:call-template name="scanner-names">
              <xsl:with-param name="text" select="string($text)"/>
            </xsl:call-template>
          </param>
        </xsl:otherwise>
      </xsl:choose>
    </xsl:for-each>
  </xsl:template>

  <!-- The endpoint of an EC2 scan: a region or one VPC, by names that every subscription knows. Nothing if there is none as narrow as the record. -->
  <xsl:template name="ec2-endpoint">
    <xsl:variable name="target" select="CLOUD_DETAILS/CLOUD_TARGET"/>
    <xsl:variable name="vpcs" select="$target/VPC_LIST/VPC[normalize-space() != '']"/>
    <xsl:variable name="region" select="normalize-space($target/REGION/CODE)"/>
    <xsl:variable name="endpoint" select="normalize-space(EC2_INSTANCE/EC2_ENDPOINT)"/>
    <xsl:variable name="scope" select="translate(normalize-space($target/VPC_SCOPE), $upper, $lower)"/>
    <xsl:variable name="whole" select="$scope = 'all' or $scope = 'none' or $scope = '' and not($vpcs)"/>
    <xsl:choose>
      <xsl:when test="$whole and $region != ''"><xsl:value-of select="$region"/></xsl:when>
      <xsl:when test="not($whole) and $vpcs">
        <xsl:if test="count($vpcs) = 1"><xsl:value-of select="normalize-space($vpcs)"/></xsl:if>
      </xsl:when>
      <xsl:when test="translate($endpoint, $hex, '0000000000000000000000') = $uuid"/>
      <xsl:when test="$whole or starts-with(translate($endpoint, $upper, $lower), 'vpc-')"><xsl:value-of select="$endpoint"/></xsl:when>
    </xsl:choose>
  </xsl:template>

  <!-- Time -->

  <xsl:template match="SCHEDULE" mode="param">
    <xsl:param name="perimeter" select="false()"/>
    <xsl:variable name="date"><xsl:call-template name="start-date"/></xsl:variable>
    <xsl:variable name="dst"><xsl:apply-templates select="DST_SELECTED" mode="yes-no"/></xsl:variable>
    <xsl:apply-templates select="DAILY | WEEKLY | MONTHLY" mode="param"/>
    <xsl:if test="$date != ''">
      <param name="start_date">
        <xsl:value-of select="concat(substring($date, 5, 2), '/', substring($date, 7, 2), '/', substring($date, 1, 4))"/>
      </param>
    </xsl:if>
    <param name="start_hour"><xsl:value-of select="number(START_HOUR)"/></param>
    <param name="start_minute"><xsl:value-of select="number(START_MINUTE)"/></param>
    <param name="time_zone_code"><xsl:value-of select="normalize-space(TIME_ZONE/TIME_ZONE_CODE)"/></param>
    <!-- The perimeter call is not known to take it: said only where the time depends on it. -->
    <xsl:if test="not($perimeter) or $dst = 'yes'">
      <xsl:call-template name="param">
        <xsl:with-param name="name" select="'observe_dst'"/>
        <xsl:with-param name="value" select="string($dst)"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="DAILY" mode="param">
    <param name="occurrence">daily</param>
    <param name="frequency_days"><xsl:value-of select="number(@frequency_days)"/></param>
  </xsl:template>

  <xsl:template match="WEEKLY" mode="param">
    <param name="occurrence">weekly</param>
    <param name="frequency_weeks"><xsl:value-of select="number(@frequency_weeks)"/></param>
    <param name="weekdays">
      <xsl:call-template name="weekdays">
        <xsl:with-param name="text" select="@weekdays"/>
      </xsl:call-template>
    </param>
  </xsl:template>

  <xsl:template match="MONTHLY" mode="param">
    <param name="occurrence">monthly</param>
    <param name="frequency_months"><xsl:value-of select="number(@frequency_months)"/></param>
    <xsl:choose>
      <xsl:when test="normalize-space(@day_of_month) != ''">
        <param name="day_of_month"><xsl:value-of select="number(@day_of_month)"/></param>
      </xsl:when>
      <xsl:otherwise>
        <param name="day_of_week"><xsl:value-of select="number(@day_of_week)"/></param>
        <param name="week_of_month"><xsl:apply-templates select="@week_of_month" mode="word"/></param>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="@week_of_month" mode="word">
    <xsl:variable name="week" select="translate(normalize-space(), $upper, $lower)"/>
    <xsl:choose>
      <xsl:when test="$week = '1' or $week = 'first'">first</xsl:when>
      <xsl:when test="$week = '2' or $week = 'second'">second</xsl:when>
      <xsl:when test="$week = '3' or $week = 'third'">third</xsl:when>
      <xsl:when test="$week = '4' or $week = 'fourth'">fourth</xsl:when>
      <xsl:when test="$week = '5' or $week = 'last'">last</xsl:when>
    </xsl:choose>
  </xsl:template>

  <!-- Numbers and names of weekdays as a comma list of names; "!" is one not understood. 0 is Sunday. -->
  <xsl:template name="weekdays">
    <xsl:param name="text"/>
    <xsl:variable name="first" select="translate(normalize-space(substring-before(concat($text, ','), ',')), $upper, $lower)"/>
    <xsl:choose>
      <xsl:when test="$first = '0' or $first = 'sunday'">sunday</xsl:when>
      <xsl:when test="$first = '1' or $first = 'monday'">monday</xsl:when>
      <xsl:when test="$first = '2' or $first = 'tuesday'">tuesday</xsl:when>
      <xsl:when test="$first = '3' or $first = 'wednesday'">wednesday</xsl:when>
      <xsl:when test="$first = '4' or $first = 'thursday'">thursday</xsl:when>
      <xsl:when test="$first = '5' or $first = 'friday'">friday</xsl:when>
      <xsl:when test="$first = '6' or $first = 'saturday'">saturday</xsl:when>
      <xsl:otherwise>!</xsl:otherwise>
    </xsl:choose>
    <xsl:if test="contains($text, ',')">
      <xsl:text>,</xsl:text>
      <xsl:call-template name="weekdays">
        <xsl:with-param name="text" select="substring-after($text, ',')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="DST_SELECTED" mode="yes-no">
    <xsl:variable name="value" select="translate(normalize-space(), $upper, $lower)"/>
    <xsl:choose>
      <xsl:when test="$value = '1' or $value = 'yes'">yes</xsl:when>
      <xsl:when test="$value = '0' or $value = 'no'">no</xsl:when>
    </xsl:choose>
  </xsl:template>

  <!-- The local start date as YYYYMMDD, if it is known and the caller wants it. -->
  <xsl:template name="start-date">
    <xsl:variable name="date"><xsl:call-template name="local-date"/></xsl:variable>
    <xsl:if test="$start-after = '' or number($date) >= number(translate($start-after, '-', ''))">
      <xsl:value-of select="$date"/>
    </xsl:if>
  </xsl:template>

  <!--
    The local date as YYYYMMDD. The list has the date in UTC and the time in the schedule's zone: the zone is -12:00 to +14:00 from UTC, so
    of the day before, the same day and the day after, one fits, or two that the standard offset in TIME_ZONE_DETAILS tells apart.
  -->
  <xsl:template name="local-date">
    <xsl:variable name="utc" select="normalize-space(START_DATE_UTC)"/>
    <xsl:variable name="year" select="number(substring($utc, 1, 4))"/>
    <xsl:variable name="month" select="number(substring($utc, 6, 2))"/>
    <xsl:variable name="day" select="number(substring($utc, 9, 2))"/>
    <xsl:variable name="length">
      <xsl:call-template name="month-length">
        <xsl:with-param name="year" select="$year"/>
        <xsl:with-param name="month" select="$month"/>
      </xsl:call-template>
    </xsl:variable>
    <xsl:variable name="difference" select="number(START_HOUR) * 60 + number(START_MINUTE) - number(substring($utc, 12, 2)) * 60 - number(substring($utc, 15, 2))"/>
    <xsl:variable name="standard"><xsl:call-template name="standard-offset"/></xsl:variable>
    <xsl:variable name="before" select="$difference - 1440 >= -720 and $difference - 1440 &lt;= 840"/>
    <xsl:variable name="same" select="$difference >= -720 and $difference &lt;= 840"/>
    <xsl:variable name="after" select="$difference + 1440 >= -720 and $difference + 1440 &lt;= 840"/>
    <xsl:variable name="fits" select="number($before) + number($same) + number($after)"/>
    <xsl:variable name="step">
      <xsl:choose>
        <xsl:when test="translate(substring($utc, 1, 16), '123456789 ', '000000000T') != '0000-00-00T00:00'"/>
        <xsl:when test="not(contains('||Z|:00|:00Z|:00+00:00|', concat('|', substring($utc, 17), '|')))"/>
        <xsl:when test="not($day >= 1 and $day &lt;= $length and number(substring($utc, 12, 2)) &lt;= 23 and number(substring($utc, 15, 2)) &lt;= 59)"/>
        <xsl:when test="$before and ($fits = 1 or $difference - 1440 >= $standard and $difference - 1440 &lt;= $standard + 60)">-1</xsl:when>
        <xsl:when test="$same and ($fits = 1 or $difference >= $standard and $difference &lt;= $standard + 60)">0</xsl:when>
        <xsl:when test="$after and ($fits = 1 or $difference + 1440 >= $standard and $difference + 1440 &lt;= $standard + 60)">1</xsl:when>
      </xsl:choose>
    </xsl:variable>
    <xsl:if test="$step != ''">
      <xsl:variable name="local" select="$day + $step"/>
      <xsl:choose>
        <xsl:when test="$local > $length and $month = 12"><xsl:value-of select="format-number($year + 1, '0000')"/>0101</xsl:when>
        <xsl:when test="$local > $length"><xsl:value-of select="concat(format-number($year, '0000'), format-number($month + 1, '00'), '01')"/></xsl:when>
        <xsl:when test="$local = 0 and $month = 1"><xsl:value-of select="format-number($year - 1, '0000')"/>1231</xsl:when>
        <xsl:when test="$local = 0">
          <xsl:value-of select="concat(format-number($year, '0000'), format-number($month - 1, '00'))"/>
          <xsl:call-template name="month-length">
            <xsl:with-param name="year" select="$year"/>
            <xsl:with-param name="month" select="$month - 1"/>
          </xsl:call-template>
        </xsl:when>
        <xsl:otherwise><xsl:value-of select="concat(format-number($year, '0000'), format-number($month, '00'), format-number($local, '00'))"/></xsl:otherwise>
      </xsl:choose>
    </xsl:if>
  </xsl:template>

  <!-- The minutes from UTC that TIME_ZONE_DETAILS begins with; it never shows summer time. -->
  <xsl:template name="standard-offset">
    <xsl:variable name="gmt" select="translate(substring-before(substring-after(TIME_ZONE/TIME_ZONE_DETAILS, '(GMT'), ')'), ': ', '')"/>
    <xsl:choose>
      <xsl:when test="$gmt = '' and contains(TIME_ZONE/TIME_ZONE_DETAILS, '(GMT)')">0</xsl:when>
      <xsl:when test="starts-with($gmt, '-')"><xsl:value-of select="0 - number(substring($gmt, 2, 2)) * 60 - number(substring($gmt, 4, 2))"/></xsl:when>
      <xsl:when test="starts-with($gmt, '+')"><xsl:value-of select="number(substring($gmt, 2, 2)) * 60 + number(substring($gmt, 4, 2))"/></xsl:when>
      <xsl:otherwise>NaN</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="month-length">
    <xsl:param name="year"/>
    <xsl:param name="month"/>
    <xsl:choose>
      <xsl:when test="$month = 2 and ($year mod 4 = 0 and $year mod 100 != 0 or $year mod 400 = 0)">29</xsl:when>
      <xsl:when test="$month = 2">28</xsl:when>
      <xsl:when test="$month = 4 or $month = 6 or $month = 9 or $month = 11">30</xsl:when>
      <xsl:when test="$month >= 1 and $month &lt;= 12">31</xsl:when>
    </xsl:choose>
  </xsl:template>

  <!-- How often, how long, and when on: of schedules only. -->
  <xsl:template match="SCHEDULE" mode="limits">
    <xsl:variable name="pause" select="(PAUSE_AFTER_HOURS | PAUSE_AFTER_MINUTES | PAUSE_AFTER_MINS)[number(concat('0', normalize-space())) != 0]"/>
    <xsl:if test="MAX_OCCURRENCE >= 1">
      <param name="recurrence"><xsl:value-of select="number(MAX_OCCURRENCE)"/></param>
    </xsl:if>
    <xsl:call-template name="hours-and-minutes">
      <xsl:with-param name="name" select="'end_after'"/>
      <xsl:with-param name="hours" select="(END_AFTER | END_AFTER_HOURS)[normalize-space() != '']"/>
      <xsl:with-param name="minutes-name">end_after_mins</xsl:with-param>
      <xsl:with-param name="minutes" select="(END_AFTER_MINUTES | END_AFTER_MINS)[normalize-space() != '']"/>
    </xsl:call-template>
    <xsl:call-template name="hours-and-minutes">
      <xsl:with-param name="name" select="'pause_after_hours'"/>
      <xsl:with-param name="hours" select="PAUSE_AFTER_HOURS"/>
      <xsl:with-param name="minutes-name">pause_after_mins</xsl:with-param>
      <xsl:with-param name="minutes" select="(PAUSE_AFTER_MINUTES | PAUSE_AFTER_MINS)[normalize-space() != '']"/>
    </xsl:call-template>
    <xsl:if test="$pause">
      <xsl:for-each select="RESUME_IN_DAYS | RESUME_IN_HOURS">
        <xsl:call-template name="param">
          <xsl:with-param name="name" select="translate(name(), $upper, $lower)"/>
          <xsl:with-param name="value">
            <xsl:choose>
              <xsl:when test="translate(normalize-space(), $upper, $lower) = 'manually'">Manually</xsl:when>
              <xsl:otherwise><xsl:value-of select="normalize-space()"/></xsl:otherwise>
            </xsl:choose>
          </xsl:with-param>
        </xsl:call-template>
      </xsl:for-each>
    </xsl:if>
  </xsl:template>

  <!-- The two are sent together or not at all; 0 h 0 min is no limit. -->
  <xsl:template name="hours-and-minutes">
    <xsl:param name="name"/>
    <xsl:param name="hours"/>
    <xsl:param name="minutes-name"/>
    <xsl:param name="minutes"/>
    <xsl:if test="number(concat('0', normalize-space($hours))) != 0 or number(concat('0', normalize-space($minutes))) != 0">
      <param name="{$name}"><xsl:value-of select="number(concat('0', normalize-space($hours)))"/></param>
      <param name="{$minutes-name}"><xsl:value-of select="number(concat('0', normalize-space($minutes)))"/></param>
    </xsl:if>
  </xsl:template>

  <!-- Notifications -->

  <xsl:template match="NOTIFICATIONS" mode="param">
    <xsl:variable name="recipients" select="DISTRIBUTION_GROUPS/DISTRIBUTION_GROUP/ID[@qtbx-target != '']"/>
    <xsl:apply-templates select="BEFORE_LAUNCH | AFTER_COMPLETE | LAUNCH_DELAY | LAUNCH_SKIP | DEACTIVATE_SCHEDULE" mode="param"/>
    <xsl:if test="$recipients and (BEFORE_LAUNCH[normalize-space(TIME) != '' and normalize-space(UNIT) != ''] | AFTER_COMPLETE)">
      <param name="recipient_group_ids">
        <xsl:call-template name="joined">
          <xsl:with-param name="items" select="$recipients/@qtbx-target"/>
        </xsl:call-template>
      </param>
    </xsl:if>
  </xsl:template>

  <xsl:template match="BEFORE_LAUNCH" mode="param">
    <xsl:if test="normalize-space(TIME) != '' and normalize-space(UNIT) != ''">
      <param name="before_notify">1</param>
      <param name="before_notify_time"><xsl:value-of select="normalize-space(TIME)"/></param>
      <param name="before_notify_unit"><xsl:value-of select="translate(normalize-space(UNIT), $upper, $lower)"/></param>
      <xsl:call-template name="param">
        <xsl:with-param name="name" select="'before_notify_message'"/>
        <xsl:with-param name="value" select="MESSAGE"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="AFTER_COMPLETE | LAUNCH_DELAY | LAUNCH_SKIP | DEACTIVATE_SCHEDULE" mode="param">
    <xsl:variable name="name">
      <xsl:choose>
        <xsl:when test="self::AFTER_COMPLETE">after_notify</xsl:when>
        <xsl:when test="self::LAUNCH_DELAY">delay_notify</xsl:when>
        <xsl:when test="self::LAUNCH_SKIP">skipped_notify</xsl:when>
        <xsl:otherwise>deactivate_notify</xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <param name="{$name}">1</param>
    <xsl:call-template name="param">
      <xsl:with-param name="name" select="concat($name, '_message')"/>
      <xsl:with-param name="value" select="MESSAGE"/>
    </xsl:call-template>
  </xsl:template>

  <!-- Refusals: each is a note, and together they stand instead of the request. -->

  <xsl:template name="refuse">
    <xsl:param name="element"><xsl:call-template name="path"/></xsl:param>
    <xsl:param name="reason"/>
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'refused'"/>
      <xsl:with-param name="element" select="$element"/>
      <xsl:with-param name="reason" select="$reason"/>
    </xsl:call-template>
  </xsl:template>

  <!-- Ids that no map has translated, and kinds of scans that contradict each other. -->
  <xsl:template name="refuse-record">
    <xsl:param name="perimeter"/>
    <xsl:if test="$perimeter">
      <xsl:for-each select="(SCAN_TYPE | CLOUD_DETAILS/SCAN_TYPE)[normalize-space() != ''][translate(normalize-space(), $upper, $lower) != 'cloud perimeter']">
        <xsl:call-template name="refuse">
          <xsl:with-param name="reason" select="concat('the record is a perimeter job in one place, and &quot;', normalize-space(), '&quot; here')"/>
        </xsl:call-template>
      </xsl:for-each>
    </xsl:if>
    <xsl:for-each select="(ASSET_TAGS/TAG_INCLUDE_SELECTOR | ASSET_TAGS/TAG_EXCLUDE_SELECTOR)[normalize-space() != ''][not(contains('|any|all|', concat('|', translate(normalize-space(), $upper, $lower), '|')))]">
      <xsl:call-template name="refuse">
        <xsl:with-param name="reason" select="concat('it is any or all, not &quot;', normalize-space(), '&quot;')"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="NETWORK_ID[normalize-space() != '' and normalize-space() != '0'][not(@qtbx-target)]">
      <xsl:call-template name="refuse">
        <xsl:with-param name="reason" select="concat('network ', normalize-space(), ' has another id in the target: say --network-map FILE')"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="NOTIFICATIONS/DISTRIBUTION_GROUPS/DISTRIBUTION_GROUP/ID[normalize-space() != ''][not(@qtbx-target)]">
      <xsl:call-template name="refuse">
        <xsl:with-param name="reason" select="concat('distribution group ', normalize-space(), ' has another id in the target: say --distribution-group-map FILE')"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:if test="not($perimeter)"><xsl:apply-templates select="NOTIFICATIONS/BEFORE_LAUNCH" mode="refuse"/></xsl:if>
  </xsl:template>

  <xsl:template match="BEFORE_LAUNCH" mode="refuse">
    <xsl:variable name="unit" select="translate(normalize-space(UNIT), $upper, $lower)"/>
    <xsl:choose>
      <xsl:when test="normalize-space(TIME) = '' or $unit = ''"/>
      <xsl:when test="$unit != 'days' and $unit != 'hours' and $unit != 'minutes'">
        <xsl:call-template name="refuse">
          <xsl:with-param name="element" select="'NOTIFICATIONS/BEFORE_LAUNCH/UNIT'"/>
          <xsl:with-param name="reason" select="concat('it is days, hours or minutes, not &quot;', normalize-space(UNIT), '&quot;')"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="refuse-number">
          <xsl:with-param name="value" select="TIME"/>
          <xsl:with-param name="element" select="'NOTIFICATIONS/BEFORE_LAUNCH/TIME'"/>
          <xsl:with-param name="from" select="1 + 4 * ($unit = 'minutes')"/>
          <xsl:with-param name="to" select="31 * ($unit = 'days') + 24 * ($unit = 'hours') + 120 * ($unit = 'minutes')"/>
        </xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="refuse-targets">
    <xsl:param name="ips"/>
    <xsl:if test="$ips != '' and NETWORK_ID/@qtbx-target = ''">
      <xsl:call-template name="refuse">
        <xsl:with-param name="element" select="'NETWORK_ID'"/>
        <xsl:with-param name="reason" select="concat('without network ', normalize-space(NETWORK_ID), ' its addresses would be those of the Global Default Network')"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:variable name="exclusions"><xsl:call-template name="exclusions"/></xsl:variable>
    <xsl:variable name="groups" select="ASSET_GROUP_TITLE_LIST/ASSET_GROUP_TITLE[normalize-space() != '']"/>
    <xsl:variable name="names" select="(FQDN | FQDN_LIST/FQDN)[normalize-space() != '']"/>
    <xsl:variable name="tags" select="ASSET_TAGS[normalize-space() != '']"/>
    <xsl:apply-templates select="(USER_ENTERED_IPS | EXCLUDE_IP_PER_SCAN)/RANGE" mode="refuse"/>
    <xsl:if test="contains($exclusions, '!') and not(EXCLUDE_IP_PER_SCAN/RANGE)">
      <xsl:call-template name="refuse">
        <xsl:with-param name="element" select="'EXCLUDE_IP_PER_SCAN'"/>
        <xsl:with-param name="reason" select="concat('not all of the excluded addresses are understood: ', normalize-space(EXCLUDE_IP_PER_SCAN))"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:choose>
      <xsl:when test="$tags">
        <xsl:if test="normalize-space($tags/TAG_SET_INCLUDE) = ''">
          <xsl:call-template name="refuse">
            <xsl:with-param name="element" select="'ASSET_TAGS/TAG_SET_INCLUDE'"/>
            <xsl:with-param name="reason" select="'no tag is included, so the schedule would have no target'"/>
          </xsl:call-template>
        </xsl:if>
        <xsl:if test="$ips != '' or $groups or $names">
          <xsl:call-template name="refuse">
            <xsl:with-param name="element" select="'ASSET_TAGS'"/>
            <xsl:with-param name="reason" select="'the call takes either tags or addresses, groups and names: the schedule has both'"/>
          </xsl:call-template>
        </xsl:if>
        <xsl:if test="$exclusions != ''">
          <xsl:call-template name="refuse">
            <xsl:with-param name="element" select="'EXCLUDE_IP_PER_SCAN'"/>
            <xsl:with-param name="reason" select="concat('the call takes no excluded addresses together with tags, so ', translate($exclusions, '!', '?'), ' would be scanned')"/>
          </xsl:call-template>
        </xsl:if>
      </xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="refuse-assets">
          <xsl:with-param name="ips" select="$ips"/>
          <xsl:with-param name="groups" select="$groups"/>
          <xsl:with-param name="names" select="$names"/>
        </xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- A range that is none: either of its ends may be the wrong one. -->
  <xsl:template match="RANGE" mode="refuse">
    <xsl:variable name="range">
      <xsl:call-template name="ranges">
        <xsl:with-param name="ranges" select="."/>
      </xsl:call-template>
    </xsl:variable>
    <xsl:if test="contains($range, '!')">
      <xsl:for-each select="START | END">
        <xsl:call-template name="refuse">
          <xsl:with-param name="reason" select="concat('&quot;', normalize-space(../START), '&quot; to &quot;', normalize-space(../END), '&quot; is not a range of addresses')"/>
        </xsl:call-template>
      </xsl:for-each>
    </xsl:if>
  </xsl:template>

  <xsl:template name="refuse-assets">
    <xsl:param name="ips"/>
    <xsl:param name="groups"/>
    <xsl:param name="names"/>
    <xsl:if test="contains($ips, '!')">
      <xsl:choose>
        <xsl:when test="USER_ENTERED_IPS/RANGE"/>
        <xsl:when test="USER_ENTERED_IPS[normalize-space() != '' or *]">
          <xsl:call-template name="refuse">
            <xsl:with-param name="element" select="'USER_ENTERED_IPS'"/>
            <xsl:with-param name="reason" select="concat('not all of the addresses are understood: ', normalize-space(USER_ENTERED_IPS))"/>
          </xsl:call-template>
        </xsl:when>
        <xsl:otherwise>
          <xsl:call-template name="refuse">
            <xsl:with-param name="element" select="'TARGET'"/>
            <xsl:with-param name="reason" select="concat('the record has no other target, and these are not addresses: ', normalize-space(TARGET))"/>
          </xsl:call-template>
        </xsl:otherwise>
      </xsl:choose>
    </xsl:if>
    <xsl:for-each select="$groups[not(@qtbx-target)][contains(., ',')]">
      <xsl:call-template name="refuse">
        <xsl:with-param name="reason" select="concat('the title &quot;', normalize-space(), '&quot; has a comma, so by its title it would be two groups: say --asset-group-map FILE')"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:if test="$groups[@qtbx-target != ''] and $groups[not(@qtbx-target)]">
      <xsl:call-template name="refuse">
        <xsl:with-param name="element" select="'ASSET_GROUP_TITLE_LIST'"/>
        <xsl:with-param name="reason" select="'some of the groups have a target id and some do not, and the call takes either ids or titles'"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="$names and $of = 'pc'">
      <xsl:call-template name="refuse">
        <xsl:with-param name="element" select="name($names[1]/ancestor-or-self::*[parent::SCAN])"/>
        <xsl:with-param name="reason" select="'the call for compliance schedules takes no FQDN, so these targets would be lost'"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="$ips = '' and not($names) and not($groups[not(@qtbx-target = '')])">
      <xsl:choose>
        <xsl:when test="$groups">
          <xsl:call-template name="refuse">
            <xsl:with-param name="element" select="'ASSET_GROUP_TITLE_LIST'"/>
            <xsl:with-param name="reason" select="'without the groups that the map leaves out the schedule has no target'"/>
          </xsl:call-template>
        </xsl:when>
        <xsl:otherwise>
          <xsl:call-template name="refuse">
            <xsl:with-param name="element" select="'TARGET'"/>
            <xsl:with-param name="reason" select="'the schedule has no target: no addresses, groups, tags or names'"/>
          </xsl:call-template>
        </xsl:otherwise>
      </xsl:choose>
    </xsl:if>
  </xsl:template>

  <!-- Scans of a cloud's instances: only AWS is known to go through the call for schedules. -->
  <xsl:template name="refuse-cloud">
    <xsl:variable name="type" select="translate(normalize-space(SCAN_TYPE), $upper, $lower)"/>
    <xsl:variable name="provider" select="translate(normalize-space(CLOUD_DETAILS/PROVIDER), $upper, $lower)"/>
    <xsl:if test="contains($type, 'certview') and ($type != 'certview' or $of = 'pc')">
      <xsl:call-template name="refuse">
        <xsl:with-param name="element" select="'SCAN_TYPE'"/>
        <xsl:with-param name="reason" select="concat('the call has no value for a schedule of the type ', normalize-space(SCAN_TYPE))"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="ELB_DNS[normalize-space() != '']">
      <xsl:call-template name="refuse">
        <xsl:with-param name="element" select="'ELB_DNS'"/>
        <xsl:with-param name="reason" select="'only the call for perimeter jobs takes load balancers, so these targets would be lost'"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="EC2_INSTANCE[normalize-space() != ''] | CLOUD_DETAILS[normalize-space() != '']">
      <xsl:variable name="endpoint"><xsl:call-template name="ec2-endpoint"/></xsl:variable>
      <xsl:if test="$provider != '' and $provider != 'aws'">
        <xsl:call-template name="refuse">
          <xsl:with-param name="element" select="'CLOUD_DETAILS/PROVIDER'"/>
          <xsl:with-param name="reason" select="concat('the call has no parameters for a scan of instances at ', normalize-space(CLOUD_DETAILS/PROVIDER))"/>
        </xsl:call-template>
      </xsl:if>
      <xsl:call-template name="refuse-connector"/>
      <xsl:call-template name="refuse-scope"/>
      <xsl:if test="normalize-space(ASSET_TAGS) = ''">
        <xsl:call-template name="refuse">
          <xsl:with-param name="element" select="'ASSET_TAGS'"/>
          <xsl:with-param name="reason" select="'the call takes a scan of EC2 instances by their tags only, and the record has none'"/>
        </xsl:call-template>
      </xsl:if>
      <xsl:if test="$endpoint = '' and contains('||none|all|selected|', concat('|', translate(normalize-space(CLOUD_DETAILS/CLOUD_TARGET/VPC_SCOPE), $upper, $lower), '|'))">
        <xsl:call-template name="refuse">
          <xsl:with-param name="element">
            <xsl:choose>
              <xsl:when test="CLOUD_DETAILS/CLOUD_TARGET/VPC_LIST">CLOUD_DETAILS/CLOUD_TARGET/VPC_LIST</xsl:when>
              <xsl:when test="CLOUD_DETAILS/CLOUD_TARGET">CLOUD_DETAILS/CLOUD_TARGET</xsl:when>
              <xsl:otherwise>EC2_INSTANCE/EC2_ENDPOINT</xsl:otherwise>
            </xsl:choose>
          </xsl:with-param>
          <xsl:with-param name="reason" select="'the call takes one region code or one VPC, and the record does not name just one: a UUID of the source means nothing in the target'"/>
        </xsl:call-template>
      </xsl:if>
    </xsl:if>
  </xsl:template>

  <!-- A scope that nobody knows may be narrower than a region. -->
  <xsl:template name="refuse-scope">
    <xsl:for-each select="CLOUD_DETAILS/CLOUD_TARGET/VPC_SCOPE[normalize-space() != ''][not(contains('|none|all|selected|', concat('|', translate(normalize-space(), $upper, $lower), '|')))]">
      <xsl:call-template name="refuse">
        <xsl:with-param name="reason" select="concat('the scope is None, All or Selected, not &quot;', normalize-space(), '&quot;')"/>
      </xsl:call-template>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="refuse-connector">
    <xsl:if test="normalize-space(CLOUD_DETAILS/CONNECTOR/NAME) = ''">
      <xsl:call-template name="refuse">
        <xsl:with-param name="element" select="'CLOUD_DETAILS/CONNECTOR/NAME'"/>
        <xsl:with-param name="reason" select="'the connector has no name here, and another UUID in the target: was the list fetched without show_cloud_details=1?'"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- A perimeter job scans what connector, region, tags and load balancers say: everything else has no parameter. -->
  <xsl:template name="refuse-perimeter">
    <xsl:variable name="provider" select="translate(normalize-space(CLOUD_DETAILS/PROVIDER), $upper, $lower)"/>
    <xsl:variable name="target" select="CLOUD_DETAILS/CLOUD_TARGET"/>
    <xsl:variable name="scope" select="translate(normalize-space($target/VPC_SCOPE), $upper, $lower)"/>
    <xsl:for-each select="(EXCLUDE_IP_PER_SCAN | USER_ENTERED_IPS | ASSET_GROUP_TITLE_LIST | FQDN | FQDN_LIST)[normalize-space() != '']">
      <xsl:call-template name="refuse">
        <xsl:with-param name="reason" select="'the call for perimeter jobs has no parameter for it, so the job would scan something else'"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="(ASSET_TAGS/USE_IP_NT_RANGE_TAGS | ASSET_TAGS/USE_IP_NT_RANGE_TAGS_INCLUDE | ASSET_TAGS/USE_IP_NT_RANGE_TAGS_EXCLUDE)[normalize-space() != '' and normalize-space() != '0']">
      <xsl:call-template name="refuse">
        <xsl:with-param name="reason" select="'the call for perimeter jobs has no parameter for it, so the job would scan something else'"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:if test="not($provider = 'aws' or $provider = 'azure' or $provider = 'gcp')">
      <xsl:call-template name="refuse">
        <xsl:with-param name="element" select="'CLOUD_DETAILS/PROVIDER'"/>
        <xsl:with-param name="reason" select="concat('the call takes aws, azure and gcp, not &quot;', normalize-space(CLOUD_DETAILS/PROVIDER), '&quot;')"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:call-template name="refuse-connector"/>
    <xsl:choose>
      <xsl:when test="$scope = 'selected'">
        <xsl:if test="count($target/VPC_LIST/VPC[normalize-space() != '']) != 1">
          <xsl:call-template name="refuse">
            <xsl:with-param name="element" select="'CLOUD_DETAILS/CLOUD_TARGET/VPC_LIST'"/>
            <xsl:with-param name="reason" select="concat('the call takes one VPC, the record has ', count($target/VPC_LIST/VPC[normalize-space() != '']))"/>
          </xsl:call-template>
        </xsl:if>
      </xsl:when>
      <xsl:when test="$scope = 'all' or $scope = 'none' or $scope = '' and $provider != 'aws'">
        <xsl:if test="normalize-space($target/REGION/CODE) = '' and $provider = 'aws'">
          <xsl:call-template name="refuse">
            <xsl:with-param name="element" select="'CLOUD_DETAILS/CLOUD_TARGET/REGION/CODE'"/>
            <xsl:with-param name="reason" select="'the call takes a region by its code, and the record has none'"/>
          </xsl:call-template>
        </xsl:if>
      </xsl:when>
      <xsl:when test="$scope = ''">
        <xsl:call-template name="refuse">
          <xsl:with-param name="element" select="'CLOUD_DETAILS/CLOUD_TARGET/VPC_SCOPE'"/>
          <xsl:with-param name="reason" select="'the record does not say it: None, All or Selected'"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:otherwise><xsl:call-template name="refuse-scope"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="refuse-scanner">
    <xsl:param name="perimeter"/>
    <xsl:for-each select="ISCANNER_NAME[normalize-space() != '']">
      <xsl:variable name="text"><xsl:call-template name="translated"/></xsl:variable>
      <xsl:variable name="choice">
        <xsl:call-template name="scanner-choice">
          <xsl:with-param name="text" select="."/>
        </xsl:call-template>
      </xsl:variable>
      <xsl:variable name="names">
        <xsl:call-template name="scanner-names">
          <xsl:with-param name="text" select="string($text)"/>
        </xsl:call-template>
      </xsl:variable>
      <xsl:choose>
        <xsl:when test="$choice != '' and $perimeter">
          <xsl:call-template name="refuse">
            <xsl:with-param name="reason" select="concat('the call for perimeter jobs cannot choose &quot;', normalize-space(), '&quot;')"/>
          </xsl:call-template>
        </xsl:when>
        <xsl:when test="$choice != ''"/>
        <xsl:when test="$names = ''">
          <xsl:call-template name="refuse">
            <xsl:with-param name="reason" select="concat('without ', normalize-space(), ', which the map leaves out, other scanners would scan')"/>
          </xsl:call-template>
        </xsl:when>
        <xsl:when test="contains($names, '!')">
          <xsl:call-template name="refuse">
            <xsl:with-param name="reason" select="concat('the call has no choice of scanners like &quot;', normalize-space(), '&quot;')"/>
          </xsl:call-template>
        </xsl:when>
      </xsl:choose>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="refuse-time">
    <xsl:param name="perimeter"/>
    <xsl:variable name="frequencies" select="SCHEDULE/DAILY | SCHEDULE/WEEKLY | SCHEDULE/MONTHLY"/>
    <xsl:if test="not($frequencies)">
      <xsl:call-template name="refuse">
        <xsl:with-param name="element" select="'SCHEDULE'"/>
        <xsl:with-param name="reason" select="'the call knows daily, weekly and monthly schedules, and this is none: a continuous one cannot be created'"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:for-each select="$frequencies[position() != 1]">
      <xsl:call-template name="refuse">
        <xsl:with-param name="reason" select="concat('it stands beside ', name($frequencies[1]), ', and a schedule has one frequency')"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:if test="$perimeter">
      <xsl:for-each select="SCHEDULE/WEEKLY | SCHEDULE/MONTHLY">
        <xsl:call-template name="refuse">
          <xsl:with-param name="reason" select="'the call for perimeter jobs knows daily jobs only'"/>
        </xsl:call-template>
      </xsl:for-each>
    </xsl:if>
    <xsl:apply-templates select="SCHEDULE/DAILY | SCHEDULE/WEEKLY | SCHEDULE/MONTHLY" mode="refuse"/>
    <xsl:for-each select="SCHEDULE">
      <xsl:call-template name="refuse-number">
        <xsl:with-param name="value" select="START_HOUR"/>
        <xsl:with-param name="element" select="'SCHEDULE/START_HOUR'"/>
        <xsl:with-param name="from" select="0"/>
        <xsl:with-param name="to" select="23"/>
      </xsl:call-template>
      <xsl:call-template name="refuse-number">
        <xsl:with-param name="value" select="START_MINUTE"/>
        <xsl:with-param name="element" select="'SCHEDULE/START_MINUTE'"/>
        <xsl:with-param name="from" select="0"/>
        <xsl:with-param name="to" select="59"/>
      </xsl:call-template>
      <xsl:if test="normalize-space(TIME_ZONE/TIME_ZONE_CODE) = ''">
        <xsl:call-template name="refuse">
          <xsl:with-param name="element" select="'SCHEDULE/TIME_ZONE/TIME_ZONE_CODE'"/>
          <xsl:with-param name="reason" select="'without a time zone the start time means nothing'"/>
        </xsl:call-template>
      </xsl:if>
    </xsl:for-each>
    <xsl:for-each select="SCHEDULE/DST_SELECTED[normalize-space() != '']">
      <xsl:variable name="dst"><xsl:apply-templates select="." mode="yes-no"/></xsl:variable>
      <xsl:if test="$dst = ''">
        <xsl:call-template name="refuse">
          <xsl:with-param name="reason" select="concat('it says 1 or 0, not &quot;', normalize-space(), '&quot;')"/>
        </xsl:call-template>
      </xsl:if>
    </xsl:for-each>
    <xsl:if test="not($perimeter)"><xsl:apply-templates select="SCHEDULE" mode="refuse"/></xsl:if>
    <xsl:if test="$active = 'same'">
      <xsl:variable name="state"><xsl:apply-templates select="ACTIVE" mode="state"/></xsl:variable>
      <xsl:for-each select="SCHEDULE[normalize-space(START_DATE_UTC) != ''][$state = '1']">
        <xsl:variable name="date"><xsl:call-template name="local-date"/></xsl:variable>
        <xsl:if test="$date = ''">
          <xsl:call-template name="refuse">
            <xsl:with-param name="element" select="'SCHEDULE/START_DATE_UTC'"/>
            <xsl:with-param name="reason" select="concat('no one local date follows from ', normalize-space(START_DATE_UTC), ' and the start time, so the schedule, which would be active, would start on the day when it is created')"/>
          </xsl:call-template>
        </xsl:if>
      </xsl:for-each>
    </xsl:if>
  </xsl:template>

  <!-- Limits that the call would not take. -->
  <xsl:template match="SCHEDULE" mode="refuse">
    <xsl:variable name="end" select="(END_AFTER | END_AFTER_HOURS)[number(concat('0', normalize-space())) != 0]"/>
    <xsl:variable name="pause" select="PAUSE_AFTER_HOURS[number(concat('0', normalize-space())) != 0]"/>
    <xsl:for-each select="(END_AFTER_MINUTES | END_AFTER_MINS)[not($end)] | (PAUSE_AFTER_MINUTES | PAUSE_AFTER_MINS)[not($pause)]">
      <xsl:if test="number(concat('0', normalize-space())) &gt; 0 and number(concat('0', normalize-space())) &lt; 15">
        <xsl:call-template name="refuse">
          <xsl:with-param name="reason" select="concat('the call takes 15 minutes at least, not ', normalize-space())"/>
        </xsl:call-template>
      </xsl:if>
    </xsl:for-each>
    <xsl:for-each select="RESUME_IN_DAYS | RESUME_IN_HOURS">
      <xsl:if test="normalize-space() != '' and translate(normalize-space(), $upper, $lower) != 'manually'">
        <xsl:call-template name="refuse-number">
          <xsl:with-param name="value" select="."/>
          <xsl:with-param name="element" select="concat('SCHEDULE/', name())"/>
          <xsl:with-param name="from" select="0"/>
          <xsl:with-param name="to" select="9 + 14 * boolean(self::RESUME_IN_HOURS)"/>
        </xsl:call-template>
      </xsl:if>
    </xsl:for-each>
  </xsl:template>

  <!-- A number of the schedule that the call would not take, or would take for something else. -->
  <xsl:template name="refuse-number">
    <xsl:param name="value"/>
    <xsl:param name="element"/>
    <xsl:param name="from" select="1"/>
    <xsl:param name="to"/>
    <xsl:variable name="number" select="normalize-space($value)"/>
    <xsl:if test="not(translate($number, '0123456789', '') = '' and $number >= $from and $number &lt;= $to)">
      <xsl:call-template name="refuse">
        <xsl:with-param name="element" select="$element"/>
        <xsl:with-param name="reason" select="concat('it is a number from ', $from, ' to ', $to, ', not &quot;', $number, '&quot;')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="DAILY" mode="refuse">
    <xsl:call-template name="refuse-number">
      <xsl:with-param name="value" select="@frequency_days"/>
      <xsl:with-param name="element" select="'SCHEDULE/DAILY/@frequency_days'"/>
      <xsl:with-param name="to" select="365"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="WEEKLY" mode="refuse">
    <xsl:variable name="weekdays">
      <xsl:call-template name="weekdays">
        <xsl:with-param name="text" select="@weekdays"/>
      </xsl:call-template>
    </xsl:variable>
    <xsl:call-template name="refuse-number">
      <xsl:with-param name="value" select="@frequency_weeks"/>
      <xsl:with-param name="element" select="'SCHEDULE/WEEKLY/@frequency_weeks'"/>
      <xsl:with-param name="to" select="52"/>
    </xsl:call-template>
    <xsl:if test="contains($weekdays, '!')">
      <xsl:call-template name="refuse">
        <xsl:with-param name="element" select="'SCHEDULE/WEEKLY/@weekdays'"/>
        <xsl:with-param name="reason" select="concat('weekdays are 0 (Sunday) to 6, or names, not &quot;', @weekdays, '&quot;')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="MONTHLY" mode="refuse">
    <xsl:variable name="week"><xsl:apply-templates select="@week_of_month" mode="word"/></xsl:variable>
    <xsl:variable name="has-day" select="normalize-space(@day_of_month) != ''"/>
    <xsl:variable name="has-week" select="normalize-space(@day_of_week) != '' or normalize-space(@week_of_month) != ''"/>
    <xsl:call-template name="refuse-number">
      <xsl:with-param name="value" select="@frequency_months"/>
      <xsl:with-param name="element" select="'SCHEDULE/MONTHLY/@frequency_months'"/>
      <xsl:with-param name="to" select="12"/>
    </xsl:call-template>
    <xsl:if test="$has-day = $has-week">
      <xsl:call-template name="refuse">
        <xsl:with-param name="reason" select="'the day is either day_of_month, or day_of_week with week_of_month'"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="$has-day">
      <xsl:call-template name="refuse-number">
        <xsl:with-param name="value" select="@day_of_month"/>
        <xsl:with-param name="element" select="'SCHEDULE/MONTHLY/@day_of_month'"/>
        <xsl:with-param name="to" select="31"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="$has-week">
      <xsl:call-template name="refuse-number">
        <xsl:with-param name="value" select="@day_of_week"/>
        <xsl:with-param name="element" select="'SCHEDULE/MONTHLY/@day_of_week'"/>
        <xsl:with-param name="from" select="0"/>
        <xsl:with-param name="to" select="6"/>
      </xsl:call-template>
      <xsl:if test="$week = ''">
        <xsl:call-template name="refuse">
          <xsl:with-param name="element" select="'SCHEDULE/MONTHLY/@week_of_month'"/>
          <xsl:with-param name="reason" select="concat('the week is 1 (first) to 5 (last), not &quot;', @week_of_month, '&quot;')"/>
        </xsl:call-template>
      </xsl:if>
    </xsl:if>
  </xsl:template>

  <!-- Notes: what depends on values. What may stand where is accounted for by the grammar, schedule.grammar. -->

  <!-- What is to be said about the record as a whole, or about what it lacks. -->
  <xsl:template name="note-record">
    <xsl:param name="perimeter"/>
    <xsl:param name="ips"/>
    <xsl:if test="normalize-space(ISCANNER_NAME) = ''">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="element" select="'ISCANNER_NAME'"/>
        <xsl:with-param name="reason" select="'the record names no scanner, so external scanners scan'"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="normalize-space(OPTION_PROFILE/TITLE) = '' or OPTION_PROFILE/TITLE/@qtbx-target = ''">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="element" select="'OPTION_PROFILE/TITLE'"/>
        <xsl:with-param name="reason" select="'the request names no option profile, which the call asks for: add one before it is sent'"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="SCHEDULE and normalize-space(SCHEDULE/DST_SELECTED) = ''">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="element" select="'SCHEDULE/DST_SELECTED'"/>
        <xsl:with-param name="reason" select="'the record does not say whether daylight saving time is observed, so the target decides'"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="*" mode="notes"/>

  <xsl:template match="SCAN/TITLE" mode="notes">
    <xsl:choose>
      <xsl:when test="normalize-space() = ''">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'noted'"/>
          <xsl:with-param name="reason" select="'the schedule has no title, so the target makes one or refuses the request'"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="translate(normalize-space(), $ascii, '') != ''">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'noted'"/>
          <xsl:with-param name="reason" select="'the call is documented for titles in ASCII, and this one has other characters'"/>
        </xsl:call-template>
      </xsl:when>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="ACTIVE" mode="notes">
    <xsl:variable name="value" select="normalize-space()"/>
    <xsl:variable name="reason">
      <xsl:choose>
        <xsl:when test="$value = '' or $value = '0'"/>
        <xsl:when test="$value != '1' and $value != '2' and $value != '3'"><xsl:value-of select="concat('the state &quot;', $value, '&quot; is not known, so the schedule is created inactive')"/></xsl:when>
        <xsl:when test="$active != 'same' and $value = '3'">it was paused and is created inactive</xsl:when>
        <xsl:when test="$active != 'same'">it was active and is created inactive: say --active same, or activate it when the target is ready</xsl:when>
        <xsl:when test="$value = '2'">it was active and not paused, a state of continuous schedules, and is created active</xsl:when>
        <xsl:when test="$value = '3'">it was paused and is created inactive</xsl:when>
      </xsl:choose>
    </xsl:variable>
    <xsl:if test="$reason != ''">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'changed'"/>
        <xsl:with-param name="reason" select="string($reason)"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- What it shows is for people. Where it shows something else than what is sent, a person should know. -->
  <xsl:template match="TARGET" mode="notes">
    <xsl:param name="perimeter"/>
    <xsl:param name="ips"/>
    <xsl:variable name="tags" select="../ASSET_TAGS[normalize-space() != '']"/>
    <xsl:choose>
      <xsl:when test="$perimeter or $tags">
        <xsl:if test="normalize-space() != '' and translate(normalize-space(), $upper, $lower) != 'asset tags included'">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'noted'"/>
            <xsl:with-param name="reason" select="concat('it shows &quot;', normalize-space(), '&quot;, which is not sent: the tags and the cloud say what is scanned')"/>
          </xsl:call-template>
        </xsl:if>
      </xsl:when>
      <xsl:when test="translate(., ' &#9;&#10;&#13;', '') = $ips"/>
      <xsl:otherwise>
        <xsl:variable name="known">
          <xsl:value-of select="concat(' ', translate($ips, ',', ' '), ' ')"/>
          <xsl:for-each select="../FQDN | ../FQDN_LIST/FQDN"><xsl:value-of select="concat(translate(normalize-space(), ',', ' '), ' ')"/></xsl:for-each>
        </xsl:variable>
        <xsl:variable name="unsent">
          <xsl:call-template name="others">
            <xsl:with-param name="text" select="."/>
            <xsl:with-param name="than" select="string($known)"/>
          </xsl:call-template>
        </xsl:variable>
        <xsl:variable name="unshown">
          <xsl:call-template name="others">
            <xsl:with-param name="text" select="$ips"/>
            <xsl:with-param name="than" select="concat(' ', normalize-space(translate(., ',;', '  ')), ' ')"/>
          </xsl:call-template>
        </xsl:variable>
        <xsl:choose>
          <xsl:when test="$unsent != '' and ../ASSET_GROUP_TITLE_LIST[normalize-space() != '']">
            <xsl:call-template name="note">
              <xsl:with-param name="as" select="'noted'"/>
              <xsl:with-param name="reason" select="concat('it shows ', translate(normalize-space($unsent), ' ', ','), ', taken for the addresses of the asset groups, so not sent by themselves')"/>
            </xsl:call-template>
          </xsl:when>
          <xsl:when test="$unsent != ''">
            <xsl:call-template name="note">
              <xsl:with-param name="as" select="'noted'"/>
              <xsl:with-param name="reason" select="concat('it shows ', translate(normalize-space($unsent), ' ', ','), ', which the addresses and names of the schedule lack: it is not sent')"/>
            </xsl:call-template>
          </xsl:when>
        </xsl:choose>
        <xsl:if test="$unshown != ''">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'noted'"/>
            <xsl:with-param name="reason" select="concat('it does not show ', translate(normalize-space($unshown), ' ', ','), ', which is sent')"/>
          </xsl:call-template>
        </xsl:if>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="SCAN/SCAN_TYPE" mode="notes">
    <xsl:param name="perimeter"/>
    <xsl:variable name="type" select="translate(normalize-space(), $upper, $lower)"/>
    <xsl:if test="$type != '' and not($perimeter) and $type != 'certview' and not($type = 'ec2' and (../EC2_INSTANCE | ../CLOUD_DETAILS))">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason" select="concat('the call has no parameter for the type &quot;', normalize-space(), '&quot;')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="CLOUD_DETAILS/SCAN_TYPE" mode="notes">
    <xsl:param name="perimeter"/>
    <xsl:if test="normalize-space() != '' and not($perimeter)">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason" select="concat('the call has no parameter for the type &quot;', normalize-space(), '&quot;: connector and endpoint make it a scan of instances')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="SCAN/CLIENT" mode="notes">
    <xsl:param name="perimeter"/>
    <xsl:choose>
      <xsl:when test="$perimeter">
        <xsl:for-each select="(. | ID | NAME)[not(*)][normalize-space() != '']">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'dropped'"/>
            <xsl:with-param name="reason" select="'the call for perimeter jobs has no parameter for clients'"/>
          </xsl:call-template>
        </xsl:for-each>
      </xsl:when>
      <xsl:when test="normalize-space(ID) != '' and normalize-space(NAME) = ''">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'noted'"/>
          <xsl:with-param name="reason" select="concat('client ', normalize-space(ID), ' has no name here: check that it is the same client in the target')"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:otherwise>
        <xsl:for-each select="ID[normalize-space() != '']">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'dropped'"/>
            <xsl:with-param name="reason" select="'the client is sent by its name, since its id is another one in the target'"/>
          </xsl:call-template>
        </xsl:for-each>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="SCAN/NETWORK_ID" mode="notes">
    <xsl:param name="perimeter"/>
    <xsl:param name="ips"/>
    <xsl:choose>
      <xsl:when test="normalize-space() = '' or normalize-space() = '0'"/>
      <xsl:when test="$perimeter">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'dropped'"/>
          <xsl:with-param name="reason" select="'the call for perimeter jobs has no parameter for networks'"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$ips = ''">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'dropped'"/>
          <xsl:with-param name="reason" select="'the call takes a network for addresses only, and this schedule has none: groups and tags bring their own'"/>
        </xsl:call-template>
      </xsl:when>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="PROCESSING_PRIORITY" mode="notes">
    <xsl:variable name="digit"><xsl:apply-templates select="." mode="digit"/></xsl:variable>
    <xsl:choose>
      <xsl:when test="normalize-space() = ''"/>
      <xsl:when test="$digit = ''">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'dropped'"/>
          <xsl:with-param name="reason" select="concat('a priority begins with a digit, and &quot;', normalize-space(), '&quot; does not')"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$of = 'pc' and $digit != '0'">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'dropped'"/>
          <xsl:with-param name="reason" select="'the call for compliance schedules takes no priority'"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="normalize-space() != $digit and not(contains($priorities, concat('|', translate(normalize-space(), $upper, $lower), '|')))">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'noted'"/>
          <xsl:with-param name="reason" select="concat('&quot;', normalize-space(), '&quot; is sent as ', $digit, ', which has another name in the service')"/>
        </xsl:call-template>
      </xsl:when>
    </xsl:choose>
  </xsl:template>

  <!-- Cloud -->

  <xsl:template match="EC2_ENDPOINT" mode="notes">
    <xsl:param name="perimeter"/>
    <xsl:variable name="endpoint">
      <xsl:if test="not($perimeter)">
        <xsl:for-each select="ancestor::SCAN"><xsl:call-template name="ec2-endpoint"/></xsl:for-each>
      </xsl:if>
    </xsl:variable>
    <xsl:if test="normalize-space() != '' and normalize-space() != $endpoint">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason" select="'the region or the VPC is sent by the name that every subscription knows'"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="REGION/CODE" mode="notes">
    <xsl:variable name="target" select="ancestor::CLOUD_TARGET"/>
    <xsl:variable name="scope" select="translate(normalize-space($target/VPC_SCOPE), $upper, $lower)"/>
    <xsl:if test="normalize-space() != '' and ($scope = 'selected' or $scope = '' and $target/VPC_LIST/VPC[normalize-space() != ''])">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason" select="'the VPC is sent, and the call takes either of them'"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="VPC_SCOPE" mode="notes">
    <xsl:param name="perimeter"/>
    <xsl:variable name="scope" select="translate(normalize-space(), $upper, $lower)"/>
    <xsl:if test="not($perimeter) and ($scope = 'all' or $scope = 'none')">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="reason" select="concat('the scope ', normalize-space(), ' is sent as the region, since the call knows a region or one VPC only')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="VPC_LIST" mode="notes">
    <xsl:variable name="scope" select="translate(normalize-space(../VPC_SCOPE), $upper, $lower)"/>
    <xsl:if test="$scope = 'all' or $scope = 'none'">
      <xsl:for-each select="(VPC | VPC/UUID)[not(*)][normalize-space() != '']">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'dropped'"/>
          <xsl:with-param name="reason" select="concat('a VPC is sent for the scope Selected only, and the scope is ', normalize-space(ancestor::CLOUD_TARGET/VPC_SCOPE))"/>
        </xsl:call-template>
      </xsl:for-each>
    </xsl:if>
  </xsl:template>

  <!-- Tags -->

  <xsl:template match="TAG_INCLUDE_SELECTOR | TAG_EXCLUDE_SELECTOR" mode="notes">
    <xsl:if test="normalize-space() != '' and (self::TAG_INCLUDE_SELECTOR and normalize-space(../TAG_SET_INCLUDE) = '' or self::TAG_EXCLUDE_SELECTOR and normalize-space(../TAG_SET_EXCLUDE) = '')">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason" select="'there are no tags that it could choose from'"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- The guide allows 0 only for scans of EC2 instances. -->
  <xsl:template match="USE_IP_NT_RANGE_TAGS | USE_IP_NT_RANGE_TAGS_INCLUDE | USE_IP_NT_RANGE_TAGS_EXCLUDE" mode="notes">
    <xsl:param name="perimeter"/>
    <xsl:if test="not($perimeter) and normalize-space() = '1' and (../../EC2_INSTANCE | ../../CLOUD_DETAILS)[normalize-space() != '']">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="reason" select="'the call is documented to take 0 only for a scan of EC2 instances, and may refuse the request'"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- Time -->

  <xsl:template match="START_DATE_UTC" mode="notes">
    <xsl:variable name="date">
      <xsl:for-each select="parent::SCHEDULE"><xsl:call-template name="local-date"/></xsl:for-each>
    </xsl:variable>
    <xsl:variable name="wanted">
      <xsl:for-each select="parent::SCHEDULE"><xsl:call-template name="start-date"/></xsl:for-each>
    </xsl:variable>
    <xsl:variable name="offset">
      <xsl:for-each select="parent::SCHEDULE"><xsl:call-template name="standard-offset"/></xsl:for-each>
    </xsl:variable>
    <xsl:variable name="dst"><xsl:apply-templates select="../DST_SELECTED" mode="yes-no"/></xsl:variable>
    <!-- How far the start is from where the date and the zone put it; the same time of another day is 0. -->
    <xsl:variable name="away" select="((number(../START_HOUR) * 60 + number(../START_MINUTE) - number(substring(normalize-space(), 12, 2)) * 60 - number(substring(normalize-space(), 15, 2)) - number($offset)) mod 1440 + 1440) mod 1440"/>
    <xsl:choose>
      <xsl:when test="normalize-space() = ''"/>
      <xsl:when test="$date = ''">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'dropped'"/>
          <xsl:with-param name="reason" select="concat('no one local date follows from ', normalize-space(), ' and the start time, so the schedule starts on the day when it is created')"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$wanted = ''">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'dropped'"/>
          <xsl:with-param name="reason" select="concat('the date is before ', $start-after, ', so the schedule starts on the day when it is created')"/>
        </xsl:call-template>
      </xsl:when>
      <!-- Summer time is 60 minutes from it, and 30 in one zone, GMT+1030. -->
      <xsl:when test="$away > 0 and ($dst = 'no' or $away != 60 and not($away = 30 and $offset = 630))">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'noted'"/>
          <xsl:with-param name="reason" select="concat(normalize-space(), ' is not the start time in the time zone of the schedule: the start time is sent, and ', substring($date, 1, 4), '-', substring($date, 5, 2), '-', substring($date, 7, 2), ' as its day')"/>
        </xsl:call-template>
      </xsl:when>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="DST_SELECTED" mode="notes">
    <xsl:param name="perimeter"/>
    <xsl:variable name="dst"><xsl:apply-templates select="." mode="yes-no"/></xsl:variable>
    <xsl:if test="$perimeter and $dst = 'yes'">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="reason" select="'observe_dst is not documented for perimeter jobs: without it the job would start an hour off for part of the year'"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="MAX_OCCURRENCE | END_AFTER | END_AFTER_HOURS | END_AFTER_MINUTES | END_AFTER_MINS | PAUSE_AFTER_HOURS | PAUSE_AFTER_MINUTES | PAUSE_AFTER_MINS
      | RESUME_IN_DAYS | RESUME_IN_HOURS" mode="notes">
    <xsl:param name="perimeter"/>
    <xsl:variable name="pause" select="(../PAUSE_AFTER_HOURS | ../PAUSE_AFTER_MINUTES | ../PAUSE_AFTER_MINS)[number(concat('0', normalize-space())) != 0]"/>
    <xsl:choose>
      <xsl:when test="normalize-space() = '' or not(starts-with(name(), 'RESUME')) and number(normalize-space()) = 0"/>
      <xsl:when test="$perimeter">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'dropped'"/>
          <xsl:with-param name="reason" select="'the call for perimeter jobs has no parameter for it'"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="self::MAX_OCCURRENCE">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'changed'"/>
          <xsl:with-param name="reason" select="'the runs that the source has done are not known, so the count starts again'"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="starts-with(name(), 'RESUME') and not($pause) and normalize-space() != '0'">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'dropped'"/>
          <xsl:with-param name="reason" select="'the call takes it only where the scan is paused'"/>
        </xsl:call-template>
      </xsl:when>
    </xsl:choose>
  </xsl:template>

  <!-- Notifications -->

  <xsl:template match="NOTIFICATIONS" mode="notes">
    <xsl:param name="perimeter"/>
    <xsl:choose>
      <xsl:when test="$perimeter">
        <xsl:for-each select="*[normalize-space() = ''] | .//*[not(*)][normalize-space() != ''][not(parent::DISTRIBUTION_GROUP and self::TITLE)]">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'dropped'"/>
            <xsl:with-param name="reason" select="'the call for perimeter jobs has no parameters for notifications'"/>
          </xsl:call-template>
        </xsl:for-each>
      </xsl:when>
      <xsl:otherwise>
        <xsl:apply-templates select="BEFORE_LAUNCH | AFTER_COMPLETE/MESSAGE | LAUNCH_DELAY/MESSAGE | LAUNCH_SKIP/MESSAGE | DEACTIVATE_SCHEDULE/MESSAGE | DISTRIBUTION_GROUPS" mode="notes"/>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="BEFORE_LAUNCH" mode="notes">
    <xsl:choose>
      <xsl:when test="normalize-space(TIME) = '' or normalize-space(UNIT) = ''">
        <xsl:for-each select=". | *[normalize-space() != '']">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'dropped'"/>
            <xsl:with-param name="reason" select="'the call needs the time and its unit, and the record lacks one'"/>
          </xsl:call-template>
        </xsl:for-each>
      </xsl:when>
      <xsl:otherwise><xsl:apply-templates select="MESSAGE" mode="notes"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- A letter or a slash behind "<" makes a tag. -->
  <xsl:template match="MESSAGE" mode="notes">
    <xsl:if test="contains(translate(., concat($upper, $lower, '!?'), '////////////////////////////////////////////////////////'), '&lt;/') and contains(substring-after(., '&lt;'), '&gt;')">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="reason" select="'the call takes no HTML tags in a message, and this one seems to have some'"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="DISTRIBUTION_GROUPS" mode="notes">
    <xsl:variable name="goes" select="boolean(../BEFORE_LAUNCH[normalize-space(TIME) != '' and normalize-space(UNIT) != ''] | ../AFTER_COMPLETE)"/>
    <xsl:for-each select="DISTRIBUTION_GROUP/ID[normalize-space() != ''][not($goes)]">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason" select="'the call takes recipients only with a notice before or after the scan'"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="DISTRIBUTION_GROUP[normalize-space(ID) = '']/TITLE[normalize-space() != '']">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason" select="concat('the distribution group &quot;', normalize-space(), '&quot; has no id here, and the call takes ids only')"/>
      </xsl:call-template>
    </xsl:for-each>
  </xsl:template>

</xsl:stylesheet>
