<?xml version="1.0" encoding="UTF-8"?>
<!--
  Report templates as the requests that create them again: /api/7.0/fo/report/template/scan/?action=create, and …/pciscan/, …/patch/, …/map/. The
  body is a document with the one template: what the service has exported, without what it sets by itself, and with the target's ids.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:str="http://exslt.org/strings"
    exclude-result-prefixes="str">

  <xsl:import href="common/vocabulary.xsl"/>

  <!-- Empty for what qtbx-fetch asks for. -->
  <xsl:param name="api-version"/>
  <!-- Not empty: there is a map of logins. -->
  <xsl:param name="logins"/>
  <!-- YYYYMMDD: no report goes back to a later day. -->
  <xsl:param name="today" select="'99991231'"/>

  <xsl:variable name="kind" select="'report-template'"/>
  <!-- An export has templates of one kind. -->
  <xsl:variable name="record" select="name(/REPORTTEMPLATE/*[self::SCANTEMPLATE or self::PCISCANTEMPLATE or self::PATCHTEMPLATE or self::MAPTEMPLATE])"/>

  <xsl:variable name="digits" select="'0123456789'"/>
  <xsl:variable name="upper" select="'ABCDEFGHIJKLMNOPQRSTUVWXYZ'"/>
  <xsl:variable name="lower" select="'abcdefghijklmnopqrstuvwxyz'"/>

  <!-- The keys that the calls take, with their sections. -->
  <xsl:variable name="scan-keys">|TITLE/title|TARGET/scan_selection|TARGET/include_trending|TARGET/limit_timeframe|TARGET/selection_type<!--
    -->|TARGET/selection_range|TARGET/asset_groups|TARGET/asset_group_ids|TARGET/network|TARGET/ips|TARGET/tag_set_by<!--
    -->|TARGET/tag_set_include|TARGET/tag_set_exclude|TARGET/tag_include_selector|TARGET/tag_exclude_selector<!--
    -->|TARGET/host_with_cloud_agents|DISPLAY/display_text_summary|DISPLAY/graph_business_risk|DISPLAY/graph_vuln_over_time<!--
    -->|DISPLAY/graph_status|DISPLAY/graph_potential_status|DISPLAY/graph_severity|DISPLAY/graph_potential_severity<!--
    -->|DISPLAY/graph_ig_severity|DISPLAY/graph_top_categories|DISPLAY/graph_top_vulns|DISPLAY/graph_os|DISPLAY/graph_services<!--
    -->|DISPLAY/graph_top_ports|DISPLAY/display_custom_footer|DISPLAY/display_custom_footer_text|DISPLAY/sort_by|DISPLAY/cvss<!--
    -->|DISPLAY/host_details|DISPLAY/host_ag_details|DISPLAY/qualys_system_ids|DISPLAY/metadata_ec2_instances<!--
    -->|DISPLAY/cloud_provider_metadata|DISPLAY/include_text_summary|DISPLAY/include_vuln_details<!--
    -->|DISPLAY/include_vuln_details_threat|DISPLAY/include_vuln_details_impact|DISPLAY/include_vuln_details_solution<!--
    -->|DISPLAY/include_vuln_details_vpatch|DISPLAY/include_vuln_details_compliance|DISPLAY/include_vuln_details_exploit<!--
    -->|DISPLAY/include_vuln_details_malware|DISPLAY/include_vuln_details_results|DISPLAY/include_vuln_details_reopened<!--
    -->|DISPLAY/include_vuln_details_appendix|DISPLAY/exclude_account_id|FILTER/selective_vulns|FILTER/search_list_ids<!--
    -->|FILTER/exclude_qid_option|FILTER/exclude_search_list_ids|FILTER/included_os|FILTER/status_new|FILTER/status_active<!--
    -->|FILTER/status_reopen|FILTER/status_fixed|FILTER/vuln_active|FILTER/vuln_disabled|FILTER/vuln_ignored<!--
    -->|FILTER/potential_active|FILTER/potential_disabled|FILTER/potential_ignored|FILTER/ig_active|FILTER/ig_disabled<!--
    -->|FILTER/ig_ignored|FILTER/display_non_running_kernels|FILTER/exclude_non_running_kernel<!--
    -->|FILTER/exclude_non_running_services|FILTER/exclude_qids_not_exploitable_due_to_configuration<!--
    -->|FILTER/exclude_superceded_patches|FILTER/categories_list|SERVICESPORTS/required_services<!--
    -->|SERVICESPORTS/unauthorized_services|SERVICESPORTS/required_ports|SERVICESPORTS/unauthorized_ports|USERACCESS/global<!--
    -->|USERACCESS/report_access_users|PCIRISKRANKING/custom_pci_ranking|PCIRISKRANKING/customized_ranking_medium_from<!--
    -->|PCIRISKRANKING/customized_ranking_high_from|PCIRISKRANKING/customized_ranking_comments<!--
    -->|PCIRISKRANKING/customized_ranking_qid_searchlist_comments|</xsl:variable>
  <xsl:variable name="patch-keys">|TITLE/title|TARGET/patch_evaluation|TARGET/asset_groups|TARGET/asset_group_ids|TARGET/network|TARGET/ips<!--
    -->|TARGET/tag_set_by|TARGET/tag_set_include|TARGET/tag_set_exclude|TARGET/tag_include_selector|TARGET/tag_exclude_selector<!--
    -->|DISPLAY/group_by|DISPLAY/include_table_of_qids_fixed|DISPLAY/include_patch_links<!--
    -->|DISPLAY/include_patches_from_unspecified_vendors|DISPLAY/patch_severity_by|DISPLAY/patch_cvss_score_by|DISPLAY/cvss<!--
    -->|DISPLAY/display_custom_footer|DISPLAY/display_custom_footer_text|DISPLAY/exclude_account_id|FILTER/selective_vulns<!--
    -->|FILTER/search_list_ids|FILTER/exclude_qid_option|FILTER/exclude_search_list_ids|FILTER/display_non_running_kernels<!--
    -->|FILTER/exclude_non_running_kernel|FILTER/exclude_non_running_services<!--
    -->|FILTER/exclude_qids_not_exploitable_due_to_configuration|FILTER/selective_patches|FILTER/patch_search_list_ids<!--
    -->|FILTER/exclude_patch_qid_option|FILTER/exclude_patch_search_list_ids|FILTER/found_since_days|USERACCESS/global<!--
    -->|USERACCESS/report_access_users|</xsl:variable>
  <xsl:variable name="map-keys">|TITLE/title|TITLE/global|DISPLAY/map_sort_by|DISPLAY/map_related_info_lastscandate|DISPLAY/map_related_info_assetgroups<!--
    -->|DISPLAY/map_related_info_authenticationrecords|DISPLAY/map_related_info_discoverymethod|DISPLAY/display_custom_footer<!--
    -->|DISPLAY/display_custom_footer_text|DISPLAY/map_exclude_account_id|FILTER/map_included_hosttypes_innetblock<!--
    -->|FILTER/map_included_hosttypes_scannable|FILTER/map_included_hosttypes_live|FILTER/map_included_hosttypes_approved<!--
    -->|FILTER/map_included_hosttypes_outofnetblock|FILTER/map_included_hosttypes_notscannable<!--
    -->|FILTER/map_included_hosttypes_notlive|FILTER/map_included_hosttypes_rogue|FILTER/map_idm_tcp|FILTER/map_idm_udp<!--
    -->|FILTER/map_idm_traceroute|FILTER/map_idm_other|FILTER/map_idm_dns|FILTER/map_idm_icmp|FILTER/map_idm_auth<!--
    -->|FILTER/map_included_statuses_added|FILTER/map_included_statuses_removed|FILTER/map_included_statuses_active<!--
    -->|FILTER/dns_exclusions|FILTER/included_os|OPERATINGSYSTEM/included_os|</xsl:variable>
  <xsl:variable name="keys">
    <xsl:choose>
      <xsl:when test="$record = 'PATCHTEMPLATE'"><xsl:value-of select="$patch-keys"/></xsl:when>
      <xsl:when test="$record = 'MAPTEMPLATE'"><xsl:value-of select="$map-keys"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="$scan-keys"/></xsl:otherwise>
    </xsl:choose>
  </xsl:variable>

  <!-- The values that the guides have for some of them, and exports. -->
  <xsl:variable name="words">|TARGET/scan_selection=HostBased,ScanBased|TARGET/selection_type=day,days,week,weeks,month,months,date,none,scans<!--
    -->|TARGET/tag_set_by=name,id|TARGET/tag_include_selector=ALL,ANY|TARGET/tag_exclude_selector=ALL,ANY<!--
    -->|TARGET/host_with_cloud_agents=all,scan,agent|TARGET/patch_evaluation=qidbased,classic<!--
    -->|DISPLAY/sort_by=host,vuln,os,group,service,port|DISPLAY/cvss=all,cvssv2,cvssv3|DISPLAY/group_by=HOST,PATCH,OS,AG<!--
    -->|DISPLAY/patch_severity_by=assigned,highest|DISPLAY/patch_cvss_score_by=assigned,highest,none<!--
    -->|DISPLAY/map_sort_by=ipaddress,dns,netbios,router,operatingsystem|FILTER/selective_vulns=complete,custom<!--
    -->|FILTER/selective_patches=complete,custom|FILTER/found_since_days=7,30,90,365,NoLimit<!--
    -->|FILTER/dns_exclusions=none,DNS,DNS-DNSZone|</xsl:variable>

  <xsl:template match="/">
    <requests>
      <xsl:apply-templates select="/REPORTTEMPLATE/*[self::SCANTEMPLATE or self::PCISCANTEMPLATE or self::PATCHTEMPLATE or self::MAPTEMPLATE]"/>
    </requests>
  </xsl:template>

  <!-- An export has no ids: its kind and its title say which template it is. -->
  <xsl:template match="SCANTEMPLATE | PCISCANTEMPLATE | PATCHTEMPLATE | MAPTEMPLATE" mode="subject">
    <xsl:attribute name="id">
      <xsl:value-of select="concat(name(), ':')"/>
      <xsl:call-template name="unframed">
        <xsl:with-param name="text" select="concat('&#10;', TITLE/INFO[@key = 'title'], '&#10;')"/>
      </xsl:call-template>
    </xsl:attribute>
  </xsl:template>

  <xsl:template match="SCANTEMPLATE | PCISCANTEMPLATE | PATCHTEMPLATE | MAPTEMPLATE">
    <xsl:variable name="refusals">
      <xsl:apply-templates select="*/INFO" mode="refusal"/>
      <!-- U16 p. 445: at least one. -->
      <xsl:if test="FILTER/INFO[starts-with(@key, 'map_idm_')] and not(FILTER/INFO[starts-with(@key, 'map_idm_')][normalize-space() = '1'])">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="element" select="'FILTER'"/>
          <xsl:with-param name="reason">none of the discovery methods map_idm_… is 1, and the call wants one at least</xsl:with-param>
        </xsl:call-template>
      </xsl:if>
    </xsl:variable>
    <xsl:choose>
      <xsl:when test="name() != $record">
        <refused kind="{$kind}">
          <xsl:apply-templates select="." mode="subject"/>
          <xsl:text>an export has templates of one kind, and the first of this one is another</xsl:text>
        </refused>
      </xsl:when>
      <xsl:when test="string($refusals) != ''"><xsl:copy-of select="$refusals"/></xsl:when>
      <xsl:otherwise>
        <request kind="{$kind}">
          <xsl:apply-templates select="." mode="subject"/>
          <xsl:attribute name="url">
            <xsl:text>/api/</xsl:text>
            <xsl:choose>
              <xsl:when test="$api-version != ''"><xsl:value-of select="$api-version"/></xsl:when>
              <xsl:when test="self::SCANTEMPLATE">7.0</xsl:when>
              <xsl:otherwise>2.0</xsl:otherwise>
            </xsl:choose>
            <xsl:text>/fo/report/template/</xsl:text>
            <xsl:choose>
              <xsl:when test="self::SCANTEMPLATE">scan/</xsl:when>
              <xsl:when test="self::PCISCANTEMPLATE">pciscan/</xsl:when>
              <xsl:when test="self::PATCHTEMPLATE">patch/</xsl:when>
              <xsl:otherwise>map/</xsl:otherwise>
            </xsl:choose>
          </xsl:attribute>
          <param name="action">create</param>
          <param name="report_format">xml</param>
          <body>
            <REPORTTEMPLATE>
              <xsl:element name="{name()}">
                <xsl:for-each select="*[INFO[not(contains(@key, '|')) and contains($keys, concat('|', name(..), '/', @key, '|'))]]">
                  <xsl:element name="{name()}">
                    <xsl:for-each select="INFO[not(contains(@key, '|')) and contains($keys, concat('|', name(..), '/', @key, '|'))]">
                      <INFO key="{@key}"><xsl:apply-templates select="." mode="value"/></INFO>
                    </xsl:for-each>
                  </xsl:element>
                </xsl:for-each>
              </xsl:element>
            </REPORTTEMPLATE>
          </body>
        </request>
        <xsl:apply-templates select="*/INFO" mode="notes"/>
        <xsl:for-each select="*[name() = 'PCIRISKRANKING'][name(..) = 'SCANTEMPLATE']">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'noted'"/>
            <xsl:with-param name="reason">only templates of PCI scans are known to have it: it is sent as it is</xsl:with-param>
          </xsl:call-template>
        </xsl:for-each>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- What a setting becomes. -->

  <xsl:template match="INFO" mode="value">
    <xsl:call-template name="unframed">
      <xsl:with-param name="text" select="string()"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="INFO[@qtbx-target]" mode="value"><xsl:value-of select="@qtbx-target"/></xsl:template>

  <!-- U16 p. 447, 454, 457: the calls want underscores for the blanks of names, and exports have blanks. -->
  <xsl:template match="INFO[@key = 'included_os' or @key = 'categories_list' or @key = 'required_services' or @key = 'unauthorized_services']" mode="value">
    <xsl:for-each select="str:tokenize(., ',')[normalize-space() != '']">
      <xsl:if test="position() != 1">,</xsl:if>
      <xsl:value-of select="translate(normalize-space(), ' ', '_')"/>
    </xsl:for-each>
  </xsl:template>

  <xsl:template match="INFO[@key = 'report_access_users']" mode="value">
    <xsl:choose>
      <xsl:when test="$logins = ''"/>
      <xsl:when test="@qtbx-target"><xsl:value-of select="@qtbx-target"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="normalize-space()"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- What the calls refuse, and what would report on other hosts. -->

  <xsl:template match="INFO" mode="refusal"/>

  <xsl:template match="INFO[@key = 'title']" mode="refusal">
    <xsl:call-template name="limit">
      <xsl:with-param name="most" select="64"/>
    </xsl:call-template>
    <xsl:if test="normalize-space() = ''">
      <xsl:call-template name="refuse">
        <xsl:with-param name="reason">a template needs a title</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="INFO[@key = 'display_custom_footer_text']" mode="refusal">
    <xsl:call-template name="limit">
      <xsl:with-param name="most" select="4000"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="INFO[@key = 'customized_ranking_comments']" mode="refusal">
    <xsl:call-template name="limit">
      <xsl:with-param name="most" select="400"/>
    </xsl:call-template>
  </xsl:template>

  <!-- U16 p. 438. What is not of this form would leave open where the next one begins, and which numbers are ids. -->
  <xsl:template match="INFO[@key = 'customized_ranking_qid_searchlist_comments']" mode="refusal">
    <xsl:variable name="bare">
      <xsl:call-template name="unquoted">
        <xsl:with-param name="text" select="string()"/>
      </xsl:call-template>
    </xsl:variable>
    <xsl:variable name="odd" select="str:tokenize($bare, ',')[contains(., '&quot;') or normalize-space(substring-before(., '|')) = '' or not(contains(substring-after(., '|'), '|'))
        or not(contains('|HIGH|MEDIUM|LOW|', concat('|', translate(normalize-space(substring-before(substring-after(., '|'), '|')), $lower, $upper), '|')))]"/>
    <xsl:if test="normalize-space($bare) != '' and ($odd or not(str:tokenize($bare, ',')))">
      <xsl:call-template name="refuse">
        <xsl:with-param name="reason" select="concat('each of these is ID|HIGH|comment (or MEDIUM, or LOW), and a comment with commas stands in quotes: not &quot;', normalize-space(), '&quot;')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- A text without what stands in quotes; a quote that is not closed stays. -->
  <xsl:template name="unquoted">
    <xsl:param name="text"/>
    <xsl:variable name="behind" select="substring-after($text, '&quot;')"/>
    <xsl:choose>
      <xsl:when test="not(contains($text, '&quot;')) or not(contains($behind, '&quot;'))"><xsl:value-of select="$text"/></xsl:when>
      <xsl:otherwise>
        <xsl:value-of select="substring-before($text, '&quot;')"/>
        <xsl:call-template name="unquoted">
          <xsl:with-param name="text" select="substring-after($behind, '&quot;')"/>
        </xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="INFO[@key = 'custom_pci_ranking']" mode="refusal">
    <xsl:if test="normalize-space() = '1' and normalize-space(../INFO[@key = 'customized_ranking_comments']) = ''">
      <xsl:call-template name="refuse">
        <xsl:with-param name="reason">a ranking of one's own needs customized_ranking_comments</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="INFO[@key = 'exclude_non_running_kernel']" mode="refusal">
    <xsl:if test="normalize-space() = '1' and normalize-space(../INFO[@key = 'display_non_running_kernels']) = '1'">
      <xsl:call-template name="refuse">
        <xsl:with-param name="reason">display_non_running_kernels is 1, too, and the call takes only one of them</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="INFO[@key = 'required_ports' or @key = 'unauthorized_ports']" mode="refusal">
    <xsl:variable name="said" select="translate(., ' &#9;&#10;&#13;', '')"/>
    <!-- A port is a range from it to itself. -->
    <xsl:variable name="odd" select="str:tokenize($said, ',')[translate(., $digits, '') != '' and translate(., $digits, '') != '-' or starts-with(., '-') or substring-after(concat(., '-', .), '-') = concat('-', .)
        or number(substring-before(concat(., '-'), '-')) &gt; number(substring-before(concat(substring-after(concat(., '-', .), '-'), '-'), '-'))
        or number(substring-before(concat(substring-after(concat(., '-', .), '-'), '-'), '-')) &gt; 65535]"/>
    <xsl:if test="$odd or contains(translate(normalize-space(), $digits, '0000000000'), '0 0') or $said != '' and contains(concat(',', $said, ','), ',,')">
      <xsl:call-template name="refuse">
        <xsl:with-param name="reason" select="concat('ports are numbers to 65535 and ranges that rise, separated by commas, not &quot;', normalize-space(), '&quot;')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="INFO[@key = 'selection_type']" mode="refusal">
    <xsl:if test="normalize-space() = 'date' and not(../INFO[@key = 'selection_range'][normalize-space() != ''])">
      <xsl:call-template name="refuse">
        <xsl:with-param name="reason">it is date, and selection_range says no day</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="INFO[@key = 'selection_range'][normalize-space() != '']" mode="refusal">
    <xsl:variable name="value" select="normalize-space()"/>
    <xsl:variable name="year" select="number(substring($value, 1, 4))"/>
    <xsl:variable name="month" select="number(substring($value, 6, 2))"/>
    <xsl:variable name="leap" select="($year mod 4 = 0 and $year mod 100 != 0) or $year mod 400 = 0"/>
    <xsl:variable name="last" select="number(substring('312831303130313130313031', 2 * $month - 1, 2)) + number($leap and $month = 2)"/>
    <xsl:variable name="is-day" select="translate($value, $digits, '0000000000') = '0000-00-00' and $month &gt;= 1 and $month &lt;= 12
        and substring($value, 9) &gt;= 1 and substring($value, 9) &lt;= $last"/>
    <xsl:choose>
      <xsl:when test="normalize-space(../INFO[@key = 'selection_type']) = 'date'">
        <xsl:if test="not($is-day)">
          <xsl:call-template name="refuse">
            <xsl:with-param name="reason" select="concat('selection_type is date, and &quot;', $value, '&quot; is no day as yyyy-mm-dd')"/>
          </xsl:call-template>
        </xsl:if>
      </xsl:when>
      <xsl:when test="translate($value, $digits, '') != '' and not($is-day)">
        <xsl:call-template name="refuse">
          <xsl:with-param name="reason" select="concat('a range is a number or a day as yyyy-mm-dd, not &quot;', $value, '&quot;')"/>
        </xsl:call-template>
      </xsl:when>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="INFO[@key = 'asset_group_ids'][normalize-space() != '']" mode="refusal">
    <xsl:if test="@qtbx-target = ''">
      <xsl:call-template name="refuse">
        <xsl:with-param name="reason">no map has any of them: the report would be of other hosts</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- A report that asks for lists and has none is another one. -->
  <xsl:template match="INFO[contains(@key, 'search_list_ids')][normalize-space() != '']" mode="refusal">
    <xsl:if test="@qtbx-target = ''">
      <xsl:call-template name="refuse">
        <xsl:with-param name="reason">no map has any of them: the report would be of other findings</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="INFO[@key = 'network'][normalize-space() != '']" mode="refusal">
    <xsl:if test="@qtbx-target = ''">
      <xsl:call-template name="refuse">
        <xsl:with-param name="reason">no map has it: the report would be of other hosts</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- Without one of several tags that must all be there, or of those that exclude, other hosts are in the report. -->
  <xsl:template match="INFO[@key = 'tag_set_include' or @key = 'tag_set_exclude'][normalize-space() != '']" mode="refusal">
    <xsl:variable name="by" select="normalize-space(../INFO[@key = 'tag_set_by'])"/>
    <xsl:variable name="all" select="translate(normalize-space(../INFO[@key = 'tag_include_selector']), $lower, $upper) = 'ALL'"/>
    <xsl:choose>
      <xsl:when test="$by != 'id' and $by != 'name'">
        <xsl:call-template name="refuse">
          <xsl:with-param name="reason">tag_set_by says neither name nor id, so nobody knows what these are</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$by = 'id' and translate(., concat($digits, ', &#9;&#10;'), '') != ''">
        <xsl:call-template name="refuse">
          <xsl:with-param name="reason" select="concat('tag_set_by is id, and &quot;', normalize-space(), '&quot; holds others')"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$by = 'id' and (translate(normalize-space(), ', ', '') = '' or contains(translate(normalize-space(), $digits, '0000000000'), '0 0'))">
        <xsl:call-template name="refuse">
          <xsl:with-param name="reason" select="concat('the call takes ids separated by commas, not &quot;', normalize-space(), '&quot;')"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="@qtbx-target = ''">
        <xsl:call-template name="refuse">
          <xsl:with-param name="reason">no map has any of them: the report would be of other hosts</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="@qtbx-target-lacks and (@key = 'tag_set_exclude' or $all)">
        <xsl:call-template name="refuse">
          <xsl:with-param name="reason">without the tags that no map has, the report would be of other hosts as well</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="limit">
    <xsl:param name="most"/>
    <xsl:variable name="text">
      <xsl:call-template name="unframed">
        <xsl:with-param name="text" select="string()"/>
      </xsl:call-template>
    </xsl:variable>
    <xsl:if test="string-length($text) &gt; $most">
      <xsl:call-template name="refuse">
        <xsl:with-param name="reason" select="concat('it has ', string-length($text), ' characters, and the call takes ', $most)"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template name="refuse">
    <xsl:param name="reason"/>
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'refused'"/>
      <xsl:with-param name="reason" select="$reason"/>
    </xsl:call-template>
  </xsl:template>

  <!-- Notes, in the order of the record: what depends on values. -->

  <xsl:template match="INFO" mode="notes">
    <xsl:variable name="value" select="normalize-space()"/>
    <xsl:variable name="some" select="substring-before(substring-after($words, concat('|', name(..), '/', @key, '=')), '|')"/>
    <xsl:if test="$some != '' and $value != '' and (contains($value, ',') or not(contains(concat(',', $some, ','), concat(',', $value, ','))))">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'unknown'"/>
        <xsl:with-param name="reason" select="concat('no value that is known of it: &quot;', $value, '&quot; is sent as it is')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="INFO[@key = 'selection_range']" mode="notes">
    <!-- U16 p. 426. -->
    <xsl:if test="translate(normalize-space(), $digits, '') = '--' and translate(normalize-space(), '-', '') &gt; $today">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="reason" select="concat('the call takes no day to come, and today ', normalize-space(), ' is one')"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="translate(., $digits, '') = '' and normalize-space() != '' and not(contains(',1,3,5,7,15,30,60,90,', concat(',', normalize-space(), ',')))">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'unknown'"/>
        <xsl:with-param name="reason" select="concat('no value that is known of it: &quot;', normalize-space(), '&quot; is sent as it is')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="INFO[@key = 'network']" mode="notes">
    <xsl:if test="normalize-space() = '-100'">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="reason">-100 is in exports, and no guide says what it means: it is sent as it is</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="INFO[@key = 'included_os' or @key = 'categories_list' or @key = 'required_services' or @key = 'unauthorized_services']" mode="notes">
    <xsl:variable name="value"><xsl:apply-templates select="." mode="value"/></xsl:variable>
    <xsl:if test="translate($value, '_', '') != translate(., '_', '')">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="reason" select="concat('the call wants underscores for blanks: ', $value)"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- U16 p. 432: ports, separated by commas. -->
  <xsl:template match="INFO[@key = 'required_ports' or @key = 'unauthorized_ports']" mode="notes">
    <xsl:if test="contains(., '-')">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="reason">the guide has single ports, and no ranges: the service may refuse it</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- A copy of what the other keys say. -->
  <xsl:template match="INFO[@key = 'services_info']" mode="notes">
    <xsl:if test="normalize-space() != '' and not(../INFO[@key = 'required_services' or @key = 'unauthorized_services'][normalize-space() = normalize-space(current())])">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason" select="concat('no call is known to take it: &quot;', normalize-space(), '&quot;')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="INFO[@key = 'report_access_users']" mode="notes">
    <xsl:if test="$logins = '' and normalize-space() != ''">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason" select="concat('the target has other logins, and there is no --login-map: share the reports again with ', normalize-space())"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- Search lists and QIDs stand side by side, and nothing tells them apart but the map. -->
  <xsl:template match="INFO[contains(@key, 'search_list_ids') or @key = 'customized_ranking_qid_searchlist_comments'][normalize-space() != '']" mode="notes">
    <xsl:choose>
      <xsl:when test="@qtbx-target">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'noted'"/>
          <xsl:with-param name="reason" select="concat('&quot;', normalize-space(), '&quot; is &quot;', normalize-space(@qtbx-target), '&quot; in the target: the map has the ids of search lists, and what it has not is taken for a QID')"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="normalize-space() != '0'">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'noted'"/>
          <xsl:with-param name="reason" select="concat('&quot;', normalize-space(), '&quot; is sent as it is: the map has none of these, so they are taken for QIDs, or names')"/>
        </xsl:call-template>
      </xsl:when>
    </xsl:choose>
  </xsl:template>

</xsl:stylesheet>
