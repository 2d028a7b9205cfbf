<?xml version="1.0" encoding="UTF-8"?>
<!-- What schedule-to-urls.xsl reads out of a schedule about its targets: addresses, scanners, the endpoint of a cloud. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

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
      <!-- Both ends of a range are of one kind. -->
      <xsl:when test="contains($text, '-') and not(contains(substring-before($text, '-'), ':') and contains(substring-after($text, '-'), ':'))">!</xsl:when>
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
      <!-- Some readers take a number that begins with 0 for an octal one: another address. -->
      <xsl:when test="concat(number($a), '.', number($b), '.', number($c), '.', number($d)) != $address">NaN</xsl:when>
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

</xsl:stylesheet>
