<?xml version="1.0" encoding="UTF-8"?>
<!-- What schedule-to-urls.xsl says about values. What may stand where is accounted for by schedule.grammar. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

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
    <xsl:if test="not($perimeter)"><xsl:apply-templates select="ISCANNER_NAME" mode="notes"/></xsl:if>
    <xsl:if test="SCHEDULE and normalize-space(SCHEDULE/START_DATE_UTC) = ''">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="element" select="'SCHEDULE/START_DATE_UTC'"/>
        <xsl:with-param name="reason" select="'the record has no start date, so the schedule starts on the day when it is created'"/>
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

  <xsl:template match="SCAN/TITLE | MAP/TITLE" mode="notes">
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
      <xsl:when test="translate(., ' &#9;&#10;&#13;', '') = $ips and not(../FQDN | ../FQDN_LIST/FQDN)"/>
      <!-- What is not understood is refused. -->
      <xsl:when test="contains($ips, '!')"/>
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
            <xsl:with-param name="text" select="string($known)"/>
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
          <xsl:with-param name="reason" select="concat('a priority begins with one digit, and &quot;', normalize-space(), '&quot; does not')"/>
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

  <!-- Scanners -->

  <!-- The call documents each of these choices for one kind of target. -->
  <xsl:template match="ISCANNER_NAME" mode="notes">
    <xsl:variable name="choice">
      <xsl:call-template name="scanner-choice">
        <xsl:with-param name="text" select="."/>
      </xsl:call-template>
    </xsl:variable>
    <xsl:variable name="tags" select="boolean(../ASSET_TAGS[normalize-space() != ''])"/>
    <xsl:variable name="groups" select="not($tags) and ../ASSET_GROUP_TITLE_LIST/ASSET_GROUP_TITLE[normalize-space() != ''][not(@qtbx-target = '')]"/>
    <xsl:variable name="wanted">
      <xsl:if test="($choice = 'scanners_in_ag' or $choice = 'default_scanner') and not($groups)">asset groups</xsl:if>
      <xsl:if test="$choice = 'scanners_in_tagset' and not($tags)">tags</xsl:if>
    </xsl:variable>
    <xsl:if test="$wanted != ''">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="reason" select="concat('the call is documented to take ', $choice, ' for a target of ', $wanted, ' only, and may refuse the request')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- Tags -->

  <xsl:template match="TAG_INCLUDE_SELECTOR | TAG_EXCLUDE_SELECTOR" mode="notes">
    <xsl:if test="normalize-space() != '' and (self::TAG_INCLUDE_SELECTOR and translate(normalize-space(../TAG_SET_INCLUDE), ', ', '') = '' or self::TAG_EXCLUDE_SELECTOR and translate(normalize-space(../TAG_SET_EXCLUDE), ', ', '') = '')">
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
      <!-- Documented for pauses after 1 to 2 hours: after 1 hour 2 hours at least, up to 2 hours 3. -->
      <xsl:when test="self::RESUME_IN_HOURS or self::RESUME_IN_DAYS and not(../RESUME_IN_HOURS)">
        <xsl:variable name="minutes" select="(../PAUSE_AFTER_MINUTES | ../PAUSE_AFTER_MINS)[normalize-space() != '']"/>
        <xsl:variable name="after" select="number(concat('0', normalize-space(../PAUSE_AFTER_HOURS))) + number(concat('0', normalize-space($minutes))) div 60"/>
        <xsl:if test="number(concat('0', normalize-space(../RESUME_IN_DAYS))) * 24 + number(concat('0', normalize-space(../RESUME_IN_HOURS))) &lt; ceiling($after) + 1">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'noted'"/>
            <xsl:with-param name="reason" select="concat('a scan that is paused after so long resumes in ', ceiling($after) + 1, ' hours at least: the service may refuse it')"/>
          </xsl:call-template>
        </xsl:if>
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
