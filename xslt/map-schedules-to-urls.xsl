<?xml version="1.0" encoding="UTF-8"?>
<!--
  Map schedules as the requests that create them again: /msp/scheduled_scans.php?add_task=yes&type=map. No younger call creates one.

  A map that comes out wrong looks at hosts that nobody allowed, or when nobody allowed it. So whatever would make the new one another is refused.
  When a schedule runs is read as in schedules of scans, by the same modules.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:str="http://exslt.org/strings"
    exclude-result-prefixes="str">

  <xsl:import href="common/vocabulary.xsl"/>
  <xsl:import href="schedule/targets.xsl"/>
  <xsl:import href="schedule/time.xsl"/>
  <xsl:import href="schedule/refusals.xsl"/>
  <xsl:import href="schedule/notes.xsl"/>

  <!-- same: as active as in the source; empty: every schedule is created inactive. -->
  <xsl:param name="active"/>
  <!-- YYYY-MM-DD: start dates before it are left out; empty: every date is carried. -->
  <xsl:param name="start-after"/>

  <xsl:variable name="kind" select="'map-schedule'"/>
  <!-- One of two names: what asks by it is told anew below. -->
  <xsl:variable name="record" select="'SCAN'"/>
  <xsl:variable name="of" select="'map'"/>

  <xsl:variable name="upper" select="'ABCDEFGHIJKLMNOPQRSTUVWXYZ'"/>
  <xsl:variable name="lower" select="'abcdefghijklmnopqrstuvwxyz'"/>
  <xsl:variable name="ascii"> !"#$%&amp;'()*+,-./0123456789:;&lt;=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~</xsl:variable>
  <xsl:variable name="hex" select="'0123456789ABCDEFabcdef'"/>
  <xsl:variable name="priorities"/>
  <xsl:variable name="uuid"/>

  <xsl:template match="/">
    <requests>
      <xsl:apply-templates select="/SCHEDULEDSCANS/*[self::SCAN or self::MAP]"/>
    </requests>
  </xsl:template>

  <xsl:template match="SCAN | MAP" mode="subject">
    <xsl:attribute name="id"><xsl:value-of select="normalize-space(@ref)"/></xsl:attribute>
    <xsl:attribute name="name">
      <xsl:call-template name="unframed">
        <xsl:with-param name="text" select="string(TITLE)"/>
      </xsl:call-template>
    </xsl:attribute>
  </xsl:template>

  <xsl:template match="SCAN | MAP">
    <xsl:variable name="type" select="translate(normalize-space(TYPE), $upper, $lower)"/>
    <xsl:variable name="refusals">
      <xsl:call-template name="refuse-map">
        <xsl:with-param name="type" select="$type"/>
      </xsl:call-template>
      <xsl:call-template name="refuse-time"/>
      <xsl:call-template name="refuse-start"/>
    </xsl:variable>
    <xsl:choose>
      <xsl:when test="self::SCAN and $type = 'scan'">
        <xsl:for-each select="TYPE">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'skipped'"/>
            <xsl:with-param name="element" select="'TYPE'"/>
            <xsl:with-param name="reason">it is no map: the list of scan schedules has it, and qtbx-schedule-to-urls reads that</xsl:with-param>
          </xsl:call-template>
        </xsl:for-each>
      </xsl:when>
      <xsl:when test="string($refusals) != ''"><xsl:copy-of select="$refusals"/></xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="map"/>
        <xsl:call-template name="note-map"/>
        <xsl:apply-templates mode="notes" select="TITLE | SCHEDULE/START_DATE_UTC | SCHEDULE/MAX_OCCURRENCE"/>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- The call -->

  <xsl:template name="map">
    <xsl:variable name="groups" select="ASSET_GROUPS/ASSET_GROUP/ASSET_GROUP_TITLE[normalize-space() != '']"/>
    <xsl:variable name="targets"><xsl:apply-templates select="TARGETS" mode="targets"/></xsl:variable>
    <xsl:variable name="choice"><xsl:call-template name="map-scanner"/></xsl:variable>
    <request kind="{$kind}" url="/msp/scheduled_scans.php">
      <xsl:if test="normalize-space(@ref) != ''"><xsl:attribute name="id"><xsl:value-of select="normalize-space(@ref)"/></xsl:attribute></xsl:if>
      <param name="add_task">yes</param>
      <param name="type">map</param>
      <xsl:call-template name="param">
        <xsl:with-param name="name" select="'scan_title'"/>
        <xsl:with-param name="value" select="TITLE"/>
      </xsl:call-template>
      <param name="active">
        <xsl:choose>
          <xsl:when test="$active = 'same' and translate(normalize-space(@active), $upper, $lower) = 'yes'">yes</xsl:when>
          <xsl:otherwise>no</xsl:otherwise>
        </xsl:choose>
      </param>
      <xsl:call-template name="param">
        <xsl:with-param name="name" select="'scan_target'"/>
        <xsl:with-param name="value" select="string($targets)"/>
      </xsl:call-template>
      <xsl:if test="$groups">
        <param name="asset_groups">
          <xsl:for-each select="$groups">
            <xsl:if test="position() != 1">,</xsl:if>
            <xsl:apply-templates select="." mode="name"/>
          </xsl:for-each>
        </param>
      </xsl:if>
      <xsl:choose>
        <xsl:when test="$choice = 'default'"><param name="default_scanner">1</param></xsl:when>
        <xsl:when test="$choice = 'named'">
          <param name="iscanner_name"><xsl:apply-templates select="ISCANNER_NAME" mode="name"/></param>
        </xsl:when>
      </xsl:choose>
      <xsl:for-each select="(OPTION | OPTION_PROFILE/OPTION_PROFILE_TITLE)[normalize-space() != ''][not(@qtbx-target = '')][1]">
        <param name="option"><xsl:apply-templates select="." mode="name"/></param>
      </xsl:for-each>
      <xsl:apply-templates select="SCHEDULE" mode="param"/>
      <xsl:if test="number(concat('0', normalize-space(SCHEDULE/END_AFTER_HOURS | SCHEDULE/END_AFTER))) != 0">
        <param name="end_after"><xsl:value-of select="number(SCHEDULE/END_AFTER_HOURS | SCHEDULE/END_AFTER)"/></param>
      </xsl:if>
      <xsl:if test="SCHEDULE/MAX_OCCURRENCE >= 1">
        <param name="recurrence"><xsl:value-of select="number(SCHEDULE/MAX_OCCURRENCE)"/></param>
      </xsl:if>
    </request>
  </xsl:template>

  <!-- What a map says, else the text itself, without the layout around it. -->
  <xsl:template match="*" mode="name">
    <xsl:variable name="text"><xsl:call-template name="translated"/></xsl:variable>
    <xsl:call-template name="unframed">
      <xsl:with-param name="text" select="string($text)"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template name="translated">
    <xsl:choose>
      <xsl:when test="@qtbx-target"><xsl:value-of select="@qtbx-target"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="."/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- Of the first API, weekdays are documented with a capital. -->
  <xsl:template match="WEEKLY" mode="param">
    <xsl:variable name="names">
      <xsl:call-template name="weekdays">
        <xsl:with-param name="text" select="@weekdays"/>
      </xsl:call-template>
    </xsl:variable>
    <param name="occurrence">weekly</param>
    <param name="frequency_weeks"><xsl:value-of select="number(@frequency_weeks)"/></param>
    <param name="weekdays">
      <xsl:for-each select="str:tokenize($names, ',')">
        <xsl:if test="position() != 1">,</xsl:if>
        <xsl:value-of select="concat(translate(substring(., 1, 1), $lower, $upper), substring(., 2))"/>
      </xsl:for-each>
    </param>
  </xsl:template>

  <!--
    Domains, each with its netblocks: example.com:[192.0.2.1, 192.0.2.9], none:[198.51.100.1-198.51.100.9]. A comma in brackets parts netblocks, one
    outside of them targets. Titles of the asset groups may stand among them, and are sent by their own parameter.
  -->
  <xsl:template match="TARGETS" mode="targets">
    <xsl:variable name="groups" select="../ASSET_GROUPS/ASSET_GROUP/ASSET_GROUP_TITLE"/>
    <xsl:variable name="list">
      <xsl:for-each select="str:tokenize(translate(., '&#10;&#9;', '  '), ']')">
        <xsl:variable name="blocks" select="str:tokenize(substring-after(., '['), ',')[normalize-space() != '']"/>
        <xsl:for-each select="str:tokenize(substring-before(concat(., '['), '['), ',')[normalize-space() != '']">
          <xsl:if test="not($groups[normalize-space() = normalize-space(current())])">
            <xsl:text>,</xsl:text>
            <xsl:value-of select="translate(., ' ', '')"/>
          </xsl:if>
        </xsl:for-each>
        <xsl:if test="count($blocks) &gt; 1">[</xsl:if>
        <xsl:for-each select="$blocks">
          <xsl:if test="position() != 1">,</xsl:if>
          <xsl:value-of select="translate(., ' ', '')"/>
        </xsl:for-each>
        <xsl:if test="count($blocks) &gt; 1">]</xsl:if>
      </xsl:for-each>
    </xsl:variable>
    <xsl:value-of select="substring($list, 2)"/>
  </xsl:template>

  <!-- external, default, named, or what the call cannot choose. -->
  <xsl:template name="map-scanner">
    <xsl:variable name="name" select="translate(normalize-space(ISCANNER_NAME), $upper, $lower)"/>
    <xsl:choose>
      <xsl:when test="ISCANNER_NAME/@qtbx-target = ''">none</xsl:when>
      <xsl:when test="ISCANNER_NAME/@qtbx-target">named</xsl:when>
      <xsl:when test="$name = 'default scanner' or $name = '' and normalize-space(DEFAULT_SCANNER) = '1'">default</xsl:when>
      <xsl:when test="$name = '' or $name = 'external' or $name = 'external scanner' or $name = 'external scanners'">external</xsl:when>
      <xsl:when test="starts-with($name, 'all in ') or starts-with($name, 'all scanners in ')">all</xsl:when>
      <xsl:otherwise>named</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- What the call would refuse, and what would make the map another. -->

  <xsl:template name="refuse-map">
    <xsl:param name="type"/>
    <xsl:variable name="groups" select="ASSET_GROUPS/ASSET_GROUP/ASSET_GROUP_TITLE[normalize-space() != '']"/>
    <xsl:variable name="targets"><xsl:apply-templates select="TARGETS" mode="targets"/></xsl:variable>
    <xsl:variable name="choice"><xsl:call-template name="map-scanner"/></xsl:variable>
    <xsl:variable name="profiles" select="(OPTION | OPTION_PROFILE/OPTION_PROFILE_TITLE)[normalize-space() != '']"/>
    <xsl:if test="not(self::MAP and $type = '' or $type = 'map')">
      <xsl:call-template name="refuse">
        <xsl:with-param name="element" select="'TYPE'"/>
        <xsl:with-param name="reason" select="concat('a schedule is a SCAN or a MAP, and &quot;', normalize-space(TYPE), '&quot; is neither')"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="normalize-space(TITLE) = ''">
      <xsl:call-template name="refuse">
        <xsl:with-param name="element" select="'TITLE'"/>
        <xsl:with-param name="reason" select="'the call needs a title'"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="$targets = '' and not($groups)">
      <xsl:call-template name="refuse">
        <xsl:with-param name="element" select="'TARGETS'"/>
        <xsl:with-param name="reason" select="'neither a domain nor an asset group: there is nothing to map'"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:for-each select="$groups">
      <xsl:variable name="title"><xsl:apply-templates select="." mode="name"/></xsl:variable>
      <xsl:choose>
        <xsl:when test="@qtbx-target = ''">
          <xsl:call-template name="refuse">
            <xsl:with-param name="reason" select="'without it, which no map has, fewer hosts would be mapped'"/>
          </xsl:call-template>
        </xsl:when>
        <xsl:when test="contains($title, ',')">
          <xsl:call-template name="refuse">
            <xsl:with-param name="reason" select="concat('the call takes titles with commas between them, and &quot;', $title, '&quot; has one of its own')"/>
          </xsl:call-template>
        </xsl:when>
      </xsl:choose>
    </xsl:for-each>
    <xsl:choose>
      <xsl:when test="$choice = 'none'">
        <xsl:call-template name="refuse">
          <xsl:with-param name="element" select="'ISCANNER_NAME'"/>
          <xsl:with-param name="reason" select="'without the scanner, which no map has, external scanners would map'"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$choice = 'all'">
        <xsl:call-template name="refuse">
          <xsl:with-param name="element" select="'ISCANNER_NAME'"/>
          <xsl:with-param name="reason" select="concat('the call has &quot;', normalize-space(ISCANNER_NAME), '&quot; for scans only')"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$choice = 'named' and contains(ISCANNER_NAME, ',') and not(ISCANNER_NAME/@qtbx-target)">
        <xsl:call-template name="refuse">
          <xsl:with-param name="element" select="'ISCANNER_NAME'"/>
          <xsl:with-param name="reason" select="'the call takes one scanner'"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$choice != 'default' and normalize-space(DEFAULT_SCANNER) = '1'">
        <xsl:call-template name="refuse">
          <xsl:with-param name="element" select="'DEFAULT_SCANNER'"/>
          <xsl:with-param name="reason" select="concat('the scanner is &quot;', normalize-space(ISCANNER_NAME), '&quot;, too, and only one of them can be meant')"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$choice = 'default' and ($targets != '' or not($groups))">
        <xsl:call-template name="refuse">
          <xsl:with-param name="element" select="concat(substring('ISCANNER_NAME', 1, 13 * (normalize-space(ISCANNER_NAME) != '')), substring('DEFAULT_SCANNER', 1, 15 * (normalize-space(ISCANNER_NAME) = '')))"/>
          <xsl:with-param name="reason" select="'the call takes the default scanner for a target of asset groups only'"/>
        </xsl:call-template>
      </xsl:when>
    </xsl:choose>
    <xsl:for-each select="$profiles">
      <xsl:variable name="title"><xsl:apply-templates select="." mode="name"/></xsl:variable>
      <xsl:if test="string-length($title) &gt; 64">
        <xsl:call-template name="refuse">
          <xsl:with-param name="reason" select="concat('it has ', string-length($title), ' characters, and the call takes 64')"/>
        </xsl:call-template>
      </xsl:if>
    </xsl:for-each>
    <xsl:if test="$profiles[2] and normalize-space($profiles[1]) != normalize-space($profiles[2])">
      <xsl:call-template name="refuse">
        <xsl:with-param name="element" select="'OPTION'"/>
        <xsl:with-param name="reason" select="'it is another one than OPTION_PROFILE/OPTION_PROFILE_TITLE'"/>
      </xsl:call-template>
      <xsl:call-template name="refuse">
        <xsl:with-param name="element" select="'OPTION_PROFILE/OPTION_PROFILE_TITLE'"/>
        <xsl:with-param name="reason" select="concat('it is another one than OPTION, &quot;', normalize-space($profiles[1]), '&quot;')"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="normalize-space(EXCLUDE_IP_PER_SCAN) != ''">
      <xsl:call-template name="refuse">
        <xsl:with-param name="element" select="'EXCLUDE_IP_PER_SCAN'"/>
        <xsl:with-param name="reason" select="'the call excludes addresses from scans only, so these would be mapped'"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="number(concat('0', normalize-space(NETWORK_ID))) != 0">
      <xsl:call-template name="refuse">
        <xsl:with-param name="element" select="'NETWORK_ID'"/>
        <xsl:with-param name="reason" select="'the call has no network: the map would be one of the Global Default Network'"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:for-each select="(SCHEDULE/END_AFTER_MINUTES | SCHEDULE/END_AFTER_MINS)[number(concat('0', normalize-space())) != 0]">
      <xsl:call-template name="refuse">
        <xsl:with-param name="reason" select="'the call takes hours only, so the map would end at another time'"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="SCHEDULE/PAUSE_AFTER_HOURS | SCHEDULE/PAUSE_AFTER_MINUTES | SCHEDULE/PAUSE_AFTER_MINS | SCHEDULE/RESUME_IN_DAYS | SCHEDULE/RESUME_IN_HOURS">
      <xsl:if test="normalize-space() != '' and translate(normalize-space(), '0', '') != ''">
        <xsl:call-template name="refuse">
          <xsl:with-param name="reason" select="'the call cannot pause a map'"/>
        </xsl:call-template>
      </xsl:if>
    </xsl:for-each>
  </xsl:template>

  <!-- Active, and nobody knows from when on. -->
  <xsl:template name="refuse-start">
    <xsl:if test="$active = 'same' and translate(normalize-space(@active), $upper, $lower) = 'yes'">
      <xsl:for-each select="SCHEDULE">
        <xsl:variable name="date"><xsl:call-template name="local-date"/></xsl:variable>
        <xsl:if test="$date = ''">
          <xsl:call-template name="refuse">
            <xsl:with-param name="element" select="'SCHEDULE/START_DATE_UTC'"/>
            <xsl:with-param name="reason" select="'no one local date follows from it, so the schedule, which would be active, would start on the day when it is created'"/>
          </xsl:call-template>
        </xsl:if>
      </xsl:for-each>
    </xsl:if>
  </xsl:template>

  <!-- Of either name: a list may have both. -->
  <xsl:template name="note">
    <xsl:param name="as"/>
    <xsl:param name="reason"/>
    <xsl:param name="element"/>
    <xsl:element name="{$as}">
      <xsl:attribute name="kind"><xsl:value-of select="$kind"/></xsl:attribute>
      <xsl:apply-templates select="ancestor-or-self::*[name(..) = 'SCHEDULEDSCANS']" mode="subject"/>
      <xsl:attribute name="element">
        <xsl:choose>
          <xsl:when test="$element"><xsl:value-of select="$element"/></xsl:when>
          <xsl:otherwise><xsl:call-template name="path"/></xsl:otherwise>
        </xsl:choose>
      </xsl:attribute>
      <xsl:value-of select="$reason"/>
    </xsl:element>
  </xsl:template>

  <xsl:template name="path">
    <xsl:for-each select="ancestor-or-self::*[ancestor::*[name(..) = 'SCHEDULEDSCANS']]">
      <xsl:if test="position() != 1">/</xsl:if>
      <xsl:value-of select="name()"/>
    </xsl:for-each>
  </xsl:template>

  <!-- Notes -->

  <xsl:template name="note-map">
    <xsl:variable name="state" select="translate(normalize-space(@active), $upper, $lower)"/>
    <xsl:variable name="choice"><xsl:call-template name="map-scanner"/></xsl:variable>
    <xsl:choose>
      <xsl:when test="$state = 'yes' and $active != 'same'">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'changed'"/>
          <xsl:with-param name="element" select="'@active'"/>
          <xsl:with-param name="reason" select="'it was active and is created inactive: say --active same, or activate it when the target is ready'"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$state != 'yes' and $state != 'no'">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'changed'"/>
          <xsl:with-param name="element" select="'@active'"/>
          <xsl:with-param name="reason" select="concat('the state &quot;', @active, '&quot; is not known, so the schedule is created inactive')"/>
        </xsl:call-template>
      </xsl:when>
    </xsl:choose>
    <xsl:for-each select="TARGETS">
      <xsl:variable name="groups" select="../ASSET_GROUPS/ASSET_GROUP/ASSET_GROUP_TITLE"/>
      <xsl:variable name="named">
        <xsl:for-each select="str:tokenize(translate(., '&#10;&#9;', '  '), ']')">
          <xsl:for-each select="str:tokenize(substring-before(concat(., '['), '['), ',')[normalize-space() != '']">
            <xsl:if test="$groups[normalize-space() = normalize-space(current())]">
              <xsl:value-of select="concat(',', normalize-space())"/>
            </xsl:if>
          </xsl:for-each>
        </xsl:for-each>
      </xsl:variable>
      <xsl:if test="$named != ''">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'noted'"/>
          <xsl:with-param name="reason" select="concat('it names ', substring($named, 2), ', too, taken for the asset groups, so not sent as domains')"/>
        </xsl:call-template>
      </xsl:if>
    </xsl:for-each>
    <xsl:if test="$choice = 'external' and normalize-space(ISCANNER_NAME) = ''">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="element" select="'ISCANNER_NAME'"/>
        <xsl:with-param name="reason" select="'the record names no scanner, so external scanners map'"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="not((OPTION | OPTION_PROFILE/OPTION_PROFILE_TITLE)[normalize-space() != ''][not(@qtbx-target = '')])">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="element" select="'OPTION'"/>
        <xsl:with-param name="reason" select="'the request names no option profile, so the one that is the default for who sends it counts'"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="normalize-space(SCHEDULE/START_DATE_UTC) = ''">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="element" select="'SCHEDULE/START_DATE_UTC'"/>
        <xsl:with-param name="reason" select="'the record has no start date, so the schedule starts on the day when it is created'"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="normalize-space(SCHEDULE/DST_SELECTED) = ''">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="element" select="'SCHEDULE/DST_SELECTED'"/>
        <xsl:with-param name="reason" select="'the record does not say whether daylight saving time is observed, so the target decides'"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:for-each select="(SCHEDULE/END_AFTER_HOURS | SCHEDULE/END_AFTER)[number(concat('0', normalize-space())) &gt; 48]">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="reason" select="'the call is said to take 48 hours at most, and may refuse the request'"/>
      </xsl:call-template>
    </xsl:for-each>
  </xsl:template>

</xsl:stylesheet>
