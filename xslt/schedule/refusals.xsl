<?xml version="1.0" encoding="UTF-8"?>
<!-- What schedule-to-urls.xsl refuses to carry, since the new schedule would be another one. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

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
    <xsl:if test="not(EXCLUDE_IP_PER_SCAN/RANGE) and (contains($exclusions, '!') or $exclusions = '' and normalize-space(EXCLUDE_IP_PER_SCAN) != '')">
      <xsl:call-template name="refuse">
        <xsl:with-param name="element" select="'EXCLUDE_IP_PER_SCAN'"/>
        <xsl:with-param name="reason" select="concat('not all of the excluded addresses are understood: ', normalize-space(EXCLUDE_IP_PER_SCAN))"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:choose>
      <xsl:when test="$tags">
        <xsl:if test="translate(normalize-space($tags/TAG_SET_INCLUDE), ', ', '') = ''">
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
      <xsl:variable name="title">
        <xsl:call-template name="unframed">
          <xsl:with-param name="text" select="string()"/>
        </xsl:call-template>
      </xsl:variable>
      <xsl:call-template name="refuse">
        <xsl:with-param name="reason" select="concat('the title &quot;', $title, '&quot; has a comma, so by its title it would be two groups: say --asset-group-map FILE')"/>
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
      <!-- A VPC or a region beside another one, and not a region around the VPC that is sent, nor the UUID of either. -->
      <xsl:variable name="named" select="normalize-space(EC2_INSTANCE/EC2_ENDPOINT)"/>
      <xsl:if test="$named != '' and $endpoint != '' and $named != $endpoint and (starts-with($named, 'vpc-')
          or not(starts-with($endpoint, 'vpc-')) and contains($named, '-') and translate($named, concat($lower, '-0123456789'), '') = ''
            and contains('0123456789', substring($named, string-length($named))) and translate($named, $hex, '0000000000000000000000') != $uuid)">
        <xsl:call-template name="refuse">
          <xsl:with-param name="element" select="'EC2_INSTANCE/EC2_ENDPOINT'"/>
          <xsl:with-param name="reason" select="concat('it is ', $named, ', and CLOUD_TARGET says ', $endpoint, ': nobody knows which is scanned')"/>
        </xsl:call-template>
      </xsl:if>
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
              <xsl:when test="CLOUD_DETAILS/CLOUD_TARGET/VPC_LIST/VPC[2]">CLOUD_DETAILS/CLOUD_TARGET/VPC_LIST/VPC</xsl:when>
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
            <xsl:with-param name="element" select="concat('CLOUD_DETAILS/CLOUD_TARGET/VPC_LIST', substring('/VPC', 1, 4 * boolean($target/VPC_LIST/VPC[2])))"/>
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
        <xsl:when test="$names = '' and not(@qtbx-target)">
          <xsl:call-template name="refuse">
            <xsl:with-param name="reason" select="concat('&quot;', normalize-space(), '&quot; names no scanner')"/>
          </xsl:call-template>
        </xsl:when>
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
      <xsl:for-each select="SCHEDULE[$state = '1']">
        <xsl:variable name="date"><xsl:call-template name="local-date"/></xsl:variable>
        <xsl:if test="normalize-space(START_DATE_UTC) = ''">
          <xsl:call-template name="refuse">
            <xsl:with-param name="element" select="'SCHEDULE/START_DATE_UTC'"/>
            <xsl:with-param name="reason" select="'the record has no start date, so the schedule, which would be active, would start on the day when it is created'"/>
          </xsl:call-template>
        </xsl:if>
        <xsl:if test="normalize-space(START_DATE_UTC) != '' and $date = ''">
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
    <!-- Resumed by hand, and after so many days or hours: only one of them can be meant. -->
    <xsl:if test="translate(normalize-space(RESUME_IN_HOURS), $upper, $lower) = 'manually' and translate(normalize-space(RESUME_IN_DAYS), '0123456789', '') = '' and number(concat('0', normalize-space(RESUME_IN_DAYS))) != 0
        or translate(normalize-space(RESUME_IN_DAYS), $upper, $lower) = 'manually' and translate(normalize-space(RESUME_IN_HOURS), '0123456789', '') = '' and number(concat('0', normalize-space(RESUME_IN_HOURS))) != 0">
      <xsl:for-each select="RESUME_IN_DAYS | RESUME_IN_HOURS">
        <xsl:call-template name="refuse">
          <xsl:with-param name="reason" select="concat('it is ', normalize-space(), ' beside ', normalize-space((../RESUME_IN_DAYS | ../RESUME_IN_HOURS)[name() != name(current())]), ': a scan is resumed by hand or by itself')"/>
        </xsl:call-template>
      </xsl:for-each>
    </xsl:if>
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
        <xsl:with-param name="element">
          <xsl:text>SCHEDULE/MONTHLY</xsl:text>
          <xsl:if test="@day_of_month">/@day_of_month</xsl:if>
        </xsl:with-param>
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

</xsl:stylesheet>
