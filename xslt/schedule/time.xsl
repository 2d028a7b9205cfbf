<?xml version="1.0" encoding="UTF-8"?>
<!-- What schedule-to-urls.xsl reads out of a schedule about its time: how often, from when, for how long. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

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
      <!-- The call takes hours with days only, and Manually for days only. -->
      <xsl:choose>
        <xsl:when test="translate(normalize-space(RESUME_IN_DAYS), $upper, $lower) = 'manually' or translate(normalize-space(RESUME_IN_HOURS), $upper, $lower) = 'manually'">
          <param name="resume_in_days">Manually</param>
        </xsl:when>
        <xsl:when test="(RESUME_IN_DAYS | RESUME_IN_HOURS)[normalize-space() != '']">
          <param name="resume_in_days"><xsl:value-of select="number(concat('0', normalize-space(RESUME_IN_DAYS)))"/></param>
          <xsl:if test="normalize-space(RESUME_IN_HOURS) != ''">
            <param name="resume_in_hours"><xsl:value-of select="number(RESUME_IN_HOURS)"/></param>
          </xsl:if>
        </xsl:when>
      </xsl:choose>
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

</xsl:stylesheet>
