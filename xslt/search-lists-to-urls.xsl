<?xml version="1.0" encoding="UTF-8"?>
<!--
  Search lists as the requests that create them again: /api/2.0/fo/qid/search_list/static/?action=create, and …/dynamic/ for those that say by
  criteria what is in them.

  A dynamic list without one of its criteria holds more than it did, and whatever uses it scans or reports more. So a criterion that the call
  cannot express is refused instead of being left out.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:str="http://exslt.org/strings"
    exclude-result-prefixes="str">

  <xsl:import href="common/vocabulary.xsl"/>

  <xsl:variable name="kind" select="'search-list'"/>
  <!-- A list has records of one kind, in RESPONSE or at the root. -->
  <xsl:variable name="record" select="name((/*/*/*/* | /*/*/*)[self::STATIC_LIST or self::DYNAMIC_LIST])"/>

  <xsl:variable name="upper" select="'ABCDEFGHIJKLMNOPQRSTUVWXYZ'"/>
  <xsl:variable name="lower" select="'abcdefghijklmnopqrstuvwxyz'"/>
  <xsl:variable name="digits" select="'0123456789'"/>
  <xsl:variable name="ascii"> !"#$%&amp;'()*+,-./0123456789:;&lt;=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~&#9;&#10;</xsl:variable>
  <!-- In front of what is no value, but the reason why there is none: no text has it. -->
  <xsl:variable name="fault" select="'&#xFDD0;'"/>

  <!-- What the call says for a criterion, and of which it takes the opposite, too: by not_ and the parameter. -->
  <xsl:variable name="parameters">|VULNERABILITY_TITLE=vuln_title|DISCOVERY_METHOD=discovery_methods|AUTHENTICATION_TYPE=auth_types<!--
    -->|USER_CONFIGURATION=user_configuration|CATEGORY=categories|CONFIRMED_SEVERITY=confirmed_severities|POTENTIAL_SEVERITY=potential_severities<!--
    -->|INFORMATION_SEVERITY=ig_severities|VENDOR=vendor_ids|PRODUCT=products|CVSS_BASE_SCORE=cvss_base|CVSS_TEMPORAL_SCORE=cvss_temp<!--
    -->|CVSS3_BASE_SCORE=cvss3_base|CVSS3_TEMPORAL_SCORE=cvss3_temp|CVSS_ACCESS_VECTOR=cvss_access_vector|PATCH_AVAILABLE=patch_available<!--
    -->|VIRTUAL_PATCH_AVAILABLE=virtual_patch_available|CVE_ID=cve_ids|EXPLOITABILITY=exploitability|ASSOCIATED_MALWARE=malware_associated<!--
    -->|VENDOR_REFERENCE=vendor_refs|BUGTRAQ_ID=bugtraq_id|VULNERABILITY_DETAILS=vuln_details|SUPPORTED_MODULES=supported_modules<!--
    -->|COMPLIANCE_DETAILS=compliance_details|COMPLIANCE_TYPE=compliance_types|COMPLIANCE_TYPES=compliance_types|QUALYS_TOP_20=qualys_top_lists<!--
    -->|NETWORK_ACCESS=nac_nam|PROVIDER=vuln_provider|VULN_PROVIDER=vuln_provider|CVSS_BASE_SCORE_OPERAND=cvss_base_operand<!--
    -->|CVSS_TEMPORAL_SCORE_OPERAND=cvss_temp_operand|CVSS3_BASE_SCORE_OPERAND=cvss3_base_operand<!--
    -->|CVSS3_TEMPORAL_SCORE_OPERAND=cvss3_temp_operand|USER_MODIFIED=user_modified|PUBLISHED=published|SERVICE_MODIFIED=service_modified|CPE=cpe|</xsl:variable>
  <xsl:variable name="negatable">|VULNERABILITY_TITLE|CATEGORY|VENDOR|PRODUCT|CVE_ID|VENDOR_REFERENCE|BUGTRAQ_ID|USER_MODIFIED|PUBLISHED|SERVICE_MODIFIED|</xsl:variable>

  <xsl:template match="/">
    <requests>
      <xsl:apply-templates select="(/*/*/*/* | /*/*/*)[self::STATIC_LIST or self::DYNAMIC_LIST]"/>
    </requests>
  </xsl:template>

  <xsl:template match="STATIC_LIST | DYNAMIC_LIST" mode="subject">
    <xsl:attribute name="id"><xsl:value-of select="normalize-space(ID)"/></xsl:attribute>
    <xsl:attribute name="name">
      <xsl:call-template name="unframed">
        <xsl:with-param name="text" select="string(TITLE)"/>
      </xsl:call-template>
    </xsl:attribute>
  </xsl:template>

  <xsl:template match="STATIC_LIST | DYNAMIC_LIST">
    <xsl:variable name="owner" select="translate(normalize-space(OWNER), $upper, $lower)"/>
    <xsl:variable name="refusals">
      <xsl:apply-templates select="." mode="refusal"/>
      <xsl:apply-templates select="CRITERIA/*[normalize-space() != '']" mode="refusal"/>
    </xsl:variable>
    <xsl:choose>
      <!-- No list marks what the service provides but by its owner, and users have other logins. -->
      <xsl:when test="$owner = 'system' or $owner = 'qualys'">
        <xsl:for-each select="OWNER">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'skipped'"/>
            <xsl:with-param name="reason">the service provides it in every subscription</xsl:with-param>
          </xsl:call-template>
        </xsl:for-each>
      </xsl:when>
      <xsl:when test="string($refusals) != ''"><xsl:copy-of select="$refusals"/></xsl:when>
      <xsl:otherwise>
        <request kind="{$kind}" id="{normalize-space(ID)}">
          <xsl:attribute name="url">
            <xsl:text>/api/2.0/fo/qid/search_list/</xsl:text>
            <xsl:choose>
              <xsl:when test="self::STATIC_LIST">static/</xsl:when>
              <xsl:otherwise>dynamic/</xsl:otherwise>
            </xsl:choose>
          </xsl:attribute>
          <param name="action">create</param>
          <xsl:call-template name="param">
            <xsl:with-param name="name" select="'title'"/>
            <xsl:with-param name="value" select="TITLE"/>
          </xsl:call-template>
          <xsl:apply-templates select="self::STATIC_LIST/QIDS" mode="param"/>
          <param name="global">
            <xsl:choose>
              <xsl:when test="translate(normalize-space(GLOBAL), $upper, $lower) = 'yes'">1</xsl:when>
              <xsl:otherwise>0</xsl:otherwise>
            </xsl:choose>
          </param>
          <xsl:call-template name="param">
            <xsl:with-param name="name" select="'comments'"/>
            <xsl:with-param name="value" select="COMMENTS"/>
          </xsl:call-template>
          <xsl:apply-templates select="CRITERIA/*[normalize-space() != '']" mode="param"/>
        </request>
        <xsl:for-each select="OWNER[normalize-space() != '']">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'dropped'"/>
            <xsl:with-param name="reason">who sends the request becomes the owner</xsl:with-param>
          </xsl:call-template>
        </xsl:for-each>
        <xsl:for-each select="TITLE[translate(., $ascii, '') != '']">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'noted'"/>
            <xsl:with-param name="reason">the call is documented for ASCII titles only</xsl:with-param>
          </xsl:call-template>
        </xsl:for-each>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- Why a list cannot be created -->

  <xsl:template match="STATIC_LIST | DYNAMIC_LIST" mode="refusal">
    <xsl:for-each select="TITLE[normalize-space() = '']">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'refused'"/>
        <xsl:with-param name="reason">a search list needs a title</xsl:with-param>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="GLOBAL[translate(normalize-space(), $upper, $lower) != 'yes' and translate(normalize-space(), $upper, $lower) != 'no']">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'refused'"/>
        <xsl:with-param name="reason" select="concat('it is Yes or No, not &quot;', normalize-space(), '&quot;')"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:if test="self::STATIC_LIST and not(QIDS/QID)">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'refused'"/>
        <xsl:with-param name="element" select="'QIDS'"/>
        <xsl:with-param name="reason">the call creates no static list without QIDs</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
    <xsl:for-each select="self::STATIC_LIST/QIDS/QID[normalize-space() = ''][1]">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'refused'"/>
        <xsl:with-param name="reason">it has no number</xsl:with-param>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:if test="self::DYNAMIC_LIST and not(CRITERIA/*[normalize-space() != ''])">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'refused'"/>
        <xsl:with-param name="element" select="'CRITERIA'"/>
        <xsl:with-param name="reason">the call creates no dynamic list without a criterion</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="CRITERIA/*" mode="refusal">
    <xsl:variable name="value"><xsl:call-template name="value"/></xsl:variable>
    <xsl:if test="starts-with($value, $fault)">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'refused'"/>
        <xsl:with-param name="reason" select="substring($value, 2)"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- QIDs in their order; those that follow each other as a range. -->
  <xsl:template match="QIDS" mode="param">
    <param name="qids">
      <xsl:for-each select="QID">
        <xsl:variable name="before" select="number(preceding-sibling::QID[1]) + 1 = number()"/>
        <xsl:variable name="behind" select="number(following-sibling::QID[1]) - 1 = number()"/>
        <xsl:choose>
          <xsl:when test="$before and $behind"/>
          <xsl:when test="$before"><xsl:value-of select="concat('-', normalize-space())"/></xsl:when>
          <xsl:otherwise>
            <xsl:if test="position() != 1">,</xsl:if>
            <xsl:value-of select="normalize-space()"/>
          </xsl:otherwise>
        </xsl:choose>
      </xsl:for-each>
    </param>
  </xsl:template>

  <!-- Criteria -->

  <xsl:template match="CRITERIA/*" mode="param">
    <xsl:variable name="value"><xsl:call-template name="value"/></xsl:variable>
    <xsl:variable name="name"><xsl:call-template name="parameter"/></xsl:variable>
    <param name="{$name}"><xsl:value-of select="$value"/></param>
    <xsl:call-template name="negation">
      <xsl:with-param name="of" select="$name"/>
    </xsl:call-template>
  </xsl:template>

  <!-- One parameter for each of its words. -->
  <xsl:template match="CRITERIA/OTHER" mode="param">
    <xsl:variable name="value"><xsl:call-template name="value"/></xsl:variable>
    <xsl:for-each select="str:tokenize($value, ',')[not(. = preceding-sibling::*)]">
      <param name="{.}">1</param>
    </xsl:for-each>
  </xsl:template>

  <!-- Which of the four parameters stands before the value. -->
  <xsl:template match="CRITERIA/USER_MODIFIED | CRITERIA/PUBLISHED | CRITERIA/SERVICE_MODIFIED" mode="param">
    <xsl:variable name="value"><xsl:call-template name="value"/></xsl:variable>
    <xsl:variable name="name"><xsl:call-template name="parameter"/></xsl:variable>
    <param name="{$name}_date_{substring-before($value, '=')}"><xsl:value-of select="substring-after($value, '=')"/></param>
    <xsl:call-template name="negation">
      <xsl:with-param name="of" select="$name"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template name="parameter">
    <xsl:value-of select="substring-before(substring-after($parameters, concat('|', name(), '=')), '|')"/>
  </xsl:template>

  <xsl:template name="negation">
    <xsl:param name="of"/>
    <xsl:if test="starts-with(normalize-space(), 'NOT ')"><param name="not_{$of}">1</param></xsl:if>
  </xsl:template>

  <!-- The value of a criterion, or $fault and why there is none. -->
  <xsl:template name="value">
    <xsl:variable name="negated" select="starts-with(normalize-space(), 'NOT ')"/>
    <xsl:choose>
      <xsl:when test="$negated and not(contains($negatable, concat('|', name(), '|')))">
        <xsl:value-of select="concat($fault, 'the call cannot say NOT of it')"/>
      </xsl:when>
      <xsl:when test="$negated">
        <!-- A line may end behind the word. -->
        <xsl:variable name="rest" select="substring-after(., 'NOT')"/>
        <xsl:variable name="first" select="substring(normalize-space($rest), 1, 1)"/>
        <xsl:apply-templates select="." mode="value">
          <xsl:with-param name="text" select="concat($first, substring-after($rest, $first))"/>
        </xsl:apply-templates>
      </xsl:when>
      <xsl:otherwise>
        <xsl:apply-templates select="." mode="value">
          <xsl:with-param name="text" select="string()"/>
        </xsl:apply-templates>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="*" mode="value">
    <xsl:value-of select="concat($fault, 'no parameter of the call is known for it')"/>
  </xsl:template>

  <!-- Texts as they are. -->
  <xsl:template match="VULNERABILITY_TITLE | VULNERABILITY_DETAILS | COMPLIANCE_DETAILS" mode="value">
    <xsl:param name="text"/>
    <xsl:choose>
      <xsl:when test="normalize-space($text) = ''"><xsl:value-of select="concat($fault, 'it says NOT of nothing')"/></xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="unframed">
          <xsl:with-param name="text" select="$text"/>
        </xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- Lists of names. -->
  <xsl:template match="CATEGORY | PRODUCT | CVE_ID | EXPLOITABILITY | ASSOCIATED_MALWARE | VENDOR_REFERENCE" mode="value">
    <xsl:param name="text"/>
    <xsl:call-template name="names">
      <xsl:with-param name="text" select="$text"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template name="names">
    <xsl:param name="text"/>
    <xsl:variable name="names" select="str:tokenize($text, ',')[normalize-space() != '']"/>
    <xsl:if test="not($names)"><xsl:value-of select="concat($fault, 'it names nothing')"/></xsl:if>
    <xsl:call-template name="joined">
      <xsl:with-param name="items" select="$names"/>
    </xsl:call-template>
  </xsl:template>

  <!-- The map puts ids for the names. One that it lacks may be dropped there, but without it this would be another list. -->
  <xsl:template match="VENDOR" mode="value">
    <xsl:param name="text"/>
    <xsl:choose>
      <xsl:when test="not(@qtbx-target)"><xsl:value-of select="concat($fault, 'the call takes the ids of vendors, not their names: --vendors says them')"/></xsl:when>
      <xsl:when test="normalize-space(@qtbx-target) = '' or @qtbx-target-lacks">
        <xsl:value-of select="concat($fault, 'the list of --vendors has not each of them')"/>
      </xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="names">
          <xsl:with-param name="text" select="@qtbx-target"/>
        </xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="BUGTRAQ_ID" mode="value">
    <xsl:param name="text"/>
    <xsl:choose>
      <xsl:when test="normalize-space($text) = '' or translate(normalize-space($text), $digits, '') != ''">
        <xsl:value-of select="concat($fault, 'the call takes one number, not &quot;', normalize-space($text), '&quot;')"/>
      </xsl:when>
      <xsl:otherwise><xsl:value-of select="normalize-space($text)"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="CVSS_BASE_SCORE | CVSS_TEMPORAL_SCORE | CVSS3_BASE_SCORE | CVSS3_TEMPORAL_SCORE" mode="value">
    <xsl:param name="text"/>
    <xsl:choose>
      <xsl:when test="translate(normalize-space($text), concat($digits, '.'), '') = '' and number($text) &gt;= 0 and number($text) &lt;= 10
          and not(starts-with(normalize-space($text), '.')) and substring-after(concat(normalize-space($text), '.0'), '.') != '.0'">
        <xsl:value-of select="normalize-space($text)"/>
      </xsl:when>
      <xsl:otherwise><xsl:value-of select="concat($fault, 'a score is 0 to 10, not &quot;', normalize-space($text), '&quot;')"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- The guide says numbers, and clients have read the signs. -->
  <xsl:template match="CVSS_BASE_SCORE_OPERAND | CVSS_TEMPORAL_SCORE_OPERAND | CVSS3_BASE_SCORE_OPERAND | CVSS3_TEMPORAL_SCORE_OPERAND" mode="value">
    <xsl:variable name="score" select="substring-before(name(), '_OPERAND')"/>
    <xsl:variable name="operand" select="normalize-space()"/>
    <xsl:choose>
      <xsl:when test="not(../*[name() = $score][normalize-space() != ''])">
        <xsl:value-of select="concat($fault, 'the call takes no operand without ', $score)"/>
      </xsl:when>
      <xsl:when test="$operand = '1' or $operand = '&gt;='">1</xsl:when>
      <xsl:when test="$operand = '2' or $operand = '&lt;'">2</xsl:when>
      <xsl:otherwise><xsl:value-of select="concat($fault, 'an operand is 1 (&gt;=) or 2 (&lt;), not &quot;', $operand, '&quot;')"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- Any of a few words, each with what the call says for it. -->

  <xsl:template match="DISCOVERY_METHOD" mode="value">
    <xsl:call-template name="words">
      <xsl:with-param name="table">|remote only=Remote|remote=Remote|authenticated only=Authenticated|authenticated=Authenticated<!--
        -->|remote and authenticated=Remote_Authenticated|remote_authenticated=Remote_Authenticated|all=Remote,Authenticated,Remote_Authenticated|</xsl:with-param>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="AUTHENTICATION_TYPE" mode="value">
    <xsl:call-template name="words">
      <xsl:with-param name="table">|windows=Windows|unix=Unix|oracle=Oracle|snmp=SNMP|vmware=VMware|db2=DB2|http=HTTP|mysql=MySQL|panos=PANOS<!--
        -->|tomcat=TOMCAT|mariadb=MARIADB|mongodb=MongoDB|weblogic=WEBLOGIC|</xsl:with-param>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="USER_CONFIGURATION" mode="value">
    <xsl:call-template name="words">
      <xsl:with-param name="table">|disabled=disabled|edited=custom|custom=custom|</xsl:with-param>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="CONFIRMED_SEVERITY | POTENTIAL_SEVERITY | INFORMATION_SEVERITY" mode="value">
    <xsl:call-template name="words">
      <xsl:with-param name="table">|1=1|2=2|3=3|4=4|5=5|</xsl:with-param>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="PATCH_AVAILABLE | VIRTUAL_PATCH_AVAILABLE" mode="value">
    <xsl:call-template name="words">
      <xsl:with-param name="table">|yes=1|no=0|</xsl:with-param>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="SUPPORTED_MODULES" mode="value">
    <xsl:call-template name="words">
      <xsl:with-param name="table">|vm=VM|ca-windows agent=CA-Windows Agent|ca-linux agent=CA-Linux Agent|was=WAS|waf=WAF|md=MD|</xsl:with-param>
    </xsl:call-template>
  </xsl:template>

  <!-- The list writes CobIT. -->
  <xsl:template match="COMPLIANCE_TYPE | COMPLIANCE_TYPES" mode="value">
    <xsl:call-template name="words">
      <xsl:with-param name="table">|pci=PCI|cobit=CobiT|hipaa=HIPAA|glba=GLBA|sox=SOX|</xsl:with-param>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="QUALYS_TOP_20" mode="value">
    <xsl:call-template name="words">
      <xsl:with-param name="table">|top internal 10=Internal_10|top external 10=External_10|</xsl:with-param>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="OTHER" mode="value">
    <xsl:call-template name="words">
      <xsl:with-param name="table">|not exploitable due to configuration=qids_not_exploitable|non-running services=non_running_services|2008 sans 20=sans_20|</xsl:with-param>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="CPE" mode="value">
    <xsl:call-template name="words">
      <xsl:with-param name="table">|operating system=Operating System|application=Application|hardware=Hardware|none=None|</xsl:with-param>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="PROVIDER | VULN_PROVIDER" mode="value">
    <xsl:call-template name="words">
      <xsl:with-param name="table">|idefense=iDefense|</xsl:with-param>
      <xsl:with-param name="single" select="true()"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="NETWORK_ACCESS" mode="value">
    <xsl:call-template name="words">
      <xsl:with-param name="table">|nac / nam=1|nac/nam=1|</xsl:with-param>
      <xsl:with-param name="single" select="true()"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="CVSS_ACCESS_VECTOR" mode="value">
    <xsl:call-template name="words">
      <xsl:with-param name="table">|undefined=Undefined|local=Local|adjacent network=Adjacent_Network|adjacent_network=Adjacent_Network|network=Network|</xsl:with-param>
      <xsl:with-param name="single" select="true()"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template name="words">
    <xsl:param name="table"/>
    <xsl:param name="single" select="false()"/>
    <xsl:variable name="words" select="str:tokenize(., ',')[normalize-space() != '']"/>
    <xsl:variable name="found">
      <xsl:for-each select="$words">
        <xsl:variable name="word" select="translate(normalize-space(), $upper, $lower)"/>
        <xsl:if test="position() != 1">,</xsl:if>
        <xsl:choose>
          <xsl:when test="translate($word, '|=', '') = $word and contains($table, concat('|', $word, '='))">
            <xsl:value-of select="substring-before(substring-after($table, concat('|', $word, '=')), '|')"/>
          </xsl:when>
          <xsl:otherwise><xsl:value-of select="concat($fault, normalize-space())"/></xsl:otherwise>
        </xsl:choose>
      </xsl:for-each>
    </xsl:variable>
    <xsl:choose>
      <xsl:when test="not($words)"><xsl:value-of select="concat($fault, 'it names nothing')"/></xsl:when>
      <xsl:when test="contains($found, $fault)">
        <xsl:value-of select="concat($fault, 'the call has no word for &quot;', substring-before(concat(substring-after($found, $fault), ','), ','), '&quot;')"/>
      </xsl:when>
      <xsl:when test="$single and count($words) &gt; 1"><xsl:value-of select="concat($fault, 'the call takes one word only')"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="$found"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- Dates: a range, Today, Previous 1 week, Last 30 days. -->
  <xsl:template match="USER_MODIFIED | PUBLISHED | SERVICE_MODIFIED" mode="value">
    <xsl:param name="text"/>
    <xsl:variable name="said" select="translate(normalize-space($text), $upper, $lower)"/>
    <xsl:variable name="range" select="translate($said, ' ', '')"/>
    <xsl:variable name="period" select="concat('|', substring-after($said, 'previous '), '|')"/>
    <xsl:variable name="last" select="substring-after($said, 'last ')"/>
    <xsl:variable name="days" select="substring-before($last, ' ')"/>
    <xsl:choose>
      <xsl:when test="$said = 'today'">today=1</xsl:when>
      <xsl:when test="starts-with($said, 'previous ') and contains('|1 year|year|', $period)">in_previous=Year</xsl:when>
      <xsl:when test="starts-with($said, 'previous ') and contains('|1 month|month|', $period)">in_previous=Month</xsl:when>
      <xsl:when test="starts-with($said, 'previous ') and contains('|1 week|week|', $period)">in_previous=Week</xsl:when>
      <xsl:when test="starts-with($said, 'previous ') and contains('|1 quarter|quarter|', $period)">in_previous=Quarter</xsl:when>
      <xsl:when test="(starts-with($said, 'last ') or starts-with($said, 'within last ')) and translate($days, $digits, '') = ''
          and number($days) &gt;= 1 and number($days) &lt;= 9999 and (substring-after($last, ' ') = 'days' or $last = '1 day')">
        <xsl:value-of select="concat('within_last_days=', number($days))"/>
      </xsl:when>
      <xsl:when test="translate($range, $digits, '0000000000') = '00/00/0000-00/00/0000'">
        <xsl:variable name="first"><xsl:call-template name="day"><xsl:with-param name="date" select="substring-before($range, '-')"/></xsl:call-template></xsl:variable>
        <xsl:variable name="end"><xsl:call-template name="day"><xsl:with-param name="date" select="substring-after($range, '-')"/></xsl:call-template></xsl:variable>
        <xsl:choose>
          <xsl:when test="$first = '' or $end = '' or number($first) &gt; number($end)">
            <xsl:value-of select="concat($fault, 'it is no range of dates: &quot;', normalize-space($text), '&quot;')"/>
          </xsl:when>
          <xsl:otherwise><xsl:value-of select="concat('between=', $range)"/></xsl:otherwise>
        </xsl:choose>
      </xsl:when>
      <xsl:otherwise><xsl:value-of select="concat($fault, 'no form of a date that is known: &quot;', normalize-space($text), '&quot;')"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- mm/dd/yyyy as yyyymmdd; nothing if there is no such day. -->
  <xsl:template name="day">
    <xsl:param name="date"/>
    <xsl:variable name="month" select="number(substring($date, 1, 2))"/>
    <xsl:variable name="day" select="number(substring($date, 4, 2))"/>
    <xsl:variable name="year" select="number(substring($date, 7, 4))"/>
    <xsl:variable name="leap" select="number($year mod 4 = 0 and ($year mod 100 != 0 or $year mod 400 = 0))"/>
    <xsl:variable name="length" select="31 - number($month = 4 or $month = 6 or $month = 9 or $month = 11) - number($month = 2) * (3 - $leap)"/>
    <xsl:if test="$month &gt;= 1 and $month &lt;= 12 and $day &gt;= 1 and $day &lt;= $length">
      <xsl:value-of select="$year * 10000 + $month * 100 + $day"/>
    </xsl:if>
  </xsl:template>

</xsl:stylesheet>
