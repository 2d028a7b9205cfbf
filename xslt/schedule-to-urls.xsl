<?xml version="1.0" encoding="UTF-8"?>
<!--
  Scan schedules as the requests that create them again: /api/2.0/fo/schedule/scan/?action=create, …/scan/compliance/ for Policy
  Compliance, and /api/4.0/fo/scan/cloud/perimeter/job/ for cloud perimeter jobs.

  A schedule that comes out wrong scans what nobody allowed, or when nobody allowed it. So whatever would make the new one scan something
  else, or at another time, is refused instead of being left out.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

  <xsl:import href="common/vocabulary.xsl"/>
  <xsl:import href="schedule/targets.xsl"/>
  <xsl:import href="schedule/time.xsl"/>
  <xsl:import href="schedule/refusals.xsl"/>
  <xsl:import href="schedule/notes.xsl"/>

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
    <xsl:if test="$first != '' and contains('0123456789', $first) and not(contains('0123456789', substring(concat(normalize-space(), ' '), 2, 1)))">
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
    <xsl:if test="(TAG_SET_INCLUDE | TAG_SET_EXCLUDE)[translate(normalize-space(), ', ', '') != '']">
      <param name="tag_set_by">name</param>
    </xsl:if>
    <xsl:if test="translate(normalize-space(TAG_SET_INCLUDE), ', ', '') != ''">
      <xsl:call-template name="param">
        <xsl:with-param name="name" select="'tag_include_selector'"/>
        <xsl:with-param name="value" select="translate(normalize-space(TAG_INCLUDE_SELECTOR), $upper, $lower)"/>
      </xsl:call-template>
      <xsl:call-template name="param">
        <xsl:with-param name="name" select="'tag_set_include'"/>
        <xsl:with-param name="value"><xsl:apply-templates select="TAG_SET_INCLUDE" mode="names"/></xsl:with-param>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="translate(normalize-space(TAG_SET_EXCLUDE), ', ', '') != ''">
      <xsl:call-template name="param">
        <xsl:with-param name="name" select="'tag_exclude_selector'"/>
        <xsl:with-param name="value" select="translate(normalize-space(TAG_EXCLUDE_SELECTOR), $upper, $lower)"/>
      </xsl:call-template>
      <xsl:call-template name="param">
        <xsl:with-param name="name" select="'tag_set_exclude'"/>
        <xsl:with-param name="value"><xsl:apply-templates select="TAG_SET_EXCLUDE" mode="names"/></xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!--
    A list of names without members that are none: between two commas, before the first or behind the last. Blanks are the names' own, so
    others stand for them meanwhile, which no text has.
  -->
  <xsl:template match="TAG_SET_INCLUDE | TAG_SET_EXCLUDE" mode="names">
    <xsl:choose>
      <xsl:when test="contains(concat(',', ., ','), ',,')">
        <xsl:value-of select="translate(normalize-space(translate(., ', &#10;&#9;', ' &#xFDD0;&#xFDD1;&#xFDD2;')), ' &#xFDD0;&#xFDD1;&#xFDD2;', ', &#10;&#9;')"/>
      </xsl:when>
      <xsl:otherwise><xsl:value-of select="."/></xsl:otherwise>
    </xsl:choose>
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

</xsl:stylesheet>
