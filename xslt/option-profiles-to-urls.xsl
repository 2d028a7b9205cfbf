<?xml version="1.0" encoding="UTF-8"?>
<!--
  Option profiles as the requests that create them again, one at a time:

    import    /api/2.0/fo/subscription/option_profile/?action=import, with the profile as the body: the default
    create    …/option_profile/vm/, …/pc/ or …/pci/ with action=create, field by field, for a target that refuses an import
    complete  the same with action=update: what an import never takes, once the profile and what it names are there

  A profile that cannot find its search lists scans for everything. So what would make it scan for something else is refused instead of being left
  out, and a list that the target lacks above all: an import would take the profile, and say nothing.

  Passwords stand in clear in an export. What is not in the table below is never written, so neither are they.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:str="http://exslt.org/strings"
    exclude-result-prefixes="str">

  <xsl:import href="common/vocabulary.xsl"/>

  <!-- As the service writes them: where it has sections, the body has. -->
  <xsl:output method="xml" encoding="UTF-8" indent="yes"
      cdata-section-elements="GROUP_NAME USER_ID TITLE COMPLETE AUTHENTICATION CUSTOM CUSTOM_PORT CUSTOM_PORT_LIST CUSTOM_IP_LIST"/>

  <!-- import or complete. -->
  <xsl:param name="step" select="'import'"/>
  <!-- import or create, for the step import. -->
  <xsl:param name="way" select="'import'"/>
  <!-- The target's own number; empty leaves that of the source. -->
  <xsl:param name="subscription-id"/>

  <xsl:variable name="kind" select="'option-profile'"/>
  <xsl:variable name="record" select="'OPTION_PROFILE'"/>
  <xsl:variable name="url" select="'/api/2.0/fo/subscription/option_profile/'"/>

  <xsl:variable name="upper" select="'ABCDEFGHIJKLMNOPQRSTUVWXYZ'"/>
  <xsl:variable name="lower" select="'abcdefghijklmnopqrstuvwxyz'"/>
  <xsl:variable name="digits" select="'0123456789'"/>
  <!-- In front of what is no value, but the reason why there is none: no text has it. -->
  <xsl:variable name="fault" select="'&#xFDD0;'"/>

  <!--
    What the body of an import holds, and the parameters that say it to the calls that create a profile, for each type of profile. Without a
    parameter there is none. A star: a template says what becomes of it, of the type behind it alone, if there is one.
  -->
  <xsl:variable name="rows">
    |BASIC_INFO/ID: * 
    |BASIC_INFO/GROUP_NAME: vm=title pc=title pci=title 
    |BASIC_INFO/GROUP_TYPE: * 
    |BASIC_INFO/USER_ID: * 
    |BASIC_INFO/UNIT_ID: * 
    |BASIC_INFO/SUBSCRIPTION_ID: * 
    |BASIC_INFO/IS_DEFAULT: vm=default 
    |BASIC_INFO/IS_GLOBAL: vm=global pc=global pci=global 
    |BASIC_INFO/IS_OFFLINE_SYNCABLE: vm=offline_scanner pci=offline_scanner 
    |BASIC_INFO/UPDATE_DATE: * 
    |SCAN: * 
    |SCAN/PORTS/TCP_PORTS/TCP_PORTS_TYPE: vm=scan_tcp_ports 
    |SCAN/PORTS/TCP_PORTS/TCP_PORTS_STANDARD_SCAN: 
    |SCAN/PORTS/TCP_PORTS/TCP_PORTS_ADDITIONAL/HAS_ADDITIONAL: *vm 
    |SCAN/PORTS/TCP_PORTS/TCP_PORTS_ADDITIONAL/ADDITIONAL_PORTS: vm=scan_tcp_ports_additional 
    |SCAN/PORTS/TCP_PORTS/THREE_WAY_HANDSHAKE: vm=3_way_handshake 
    |SCAN/PORTS/UDP_PORTS/UDP_PORTS_TYPE: vm=scan_udp_ports 
    |SCAN/PORTS/UDP_PORTS/UDP_PORTS_STANDARD_SCAN: 
    |SCAN/PORTS/UDP_PORTS/UDP_PORTS_ADDITIONAL/HAS_ADDITIONAL: *vm 
    |SCAN/PORTS/UDP_PORTS/UDP_PORTS_ADDITIONAL/ADDITIONAL_PORTS: vm=scan_udp_ports_additional 
    |SCAN/PORTS/AUTHORITATIVE_OPTION: vm=authoritative_option 
    |SCAN/PORTS/STANDARD_SCAN: pc=scan_ports 
    |SCAN/PORTS/TARGETED_SCAN: pc=scan_ports 
    |SCAN/SCAN_DEAD_HOSTS: vm=scan_dead_hosts pci=scan_dead_hosts 
    |SCAN/CLOSE_VULNERABILITIES/HAS_CLOSE_VULNERABILITIES: vm=close_vuln_on_dead_hosts pci=close_vuln_on_dead_hosts 
    |SCAN/CLOSE_VULNERABILITIES/HOST_NOT_FOUND_ALIVE: vm=not_found_alive_times pci=not_found_alive_times 
    |SCAN/PURGE_OLD_HOST_OS_CHANGED: vm=purge_host_data pci=purge_host_data 
    |SCAN/PERFORMANCE/PARALLEL_SCALING: vm=scan_parallel_scaling pc=scan_parallel_scaling pci=scan_parallel_scaling 
    |SCAN/PERFORMANCE/OVERALL_PERFORMANCE: vm=scan_overall_performance pc=scan_overall_performance pci=scan_overall_performance 
    |SCAN/PERFORMANCE/HOSTS_TO_SCAN/EXTERNAL_SCANNERS: vm=scan_external_scanners pc=scan_external_scanners pci=scan_external_scanners 
    |SCAN/PERFORMANCE/HOSTS_TO_SCAN/SCANNER_APPLIANCES: vm=scan_scanner_appliances pc=scan_scanner_appliances pci=scan_scanner_appliances 
    |SCAN/PERFORMANCE/PROCESSES_TO_RUN/TOTAL_PROCESSES: vm=scan_total_process pc=scan_total_process pci=scan_total_process 
    |SCAN/PERFORMANCE/PROCESSES_TO_RUN/HTTP_PROCESSES: vm=scan_http_process pc=scan_http_process pci=scan_http_process 
    |SCAN/PERFORMANCE/PACKET_DELAY: vm=scan_packet_delay pc=scan_packet_delay pci=scan_packet_delay 
    |SCAN/PERFORMANCE/PORT_SCANNING_AND_HOST_DISCOVERY: vm=scan_intensity pc=scan_intensity pci=scan_intensity 
    |SCAN/PERFORMANCE/EXTERNAL_SCANNERS_TO_USE: vm=external_scanners_use pci=external_scanners_use 
    |SCAN/PERFORMANCE/HOST_CGI_CHECKS: 
    |SCAN/PERFORMANCE/MAX_CGI_CHECKS: 
    |SCAN/PERFORMANCE/MAX_TARGETS_PER_SLICE: 
    |SCAN/PERFORMANCE/MAX_NUMBER_OF_TARGETS: 
    |SCAN/PERFORMANCE/CONF_SCAN_LIMITED_CONNECTIVITY: 
    |SCAN/PERFORMANCE/SKIP_PRE_SCANNING: 
    |SCAN/PERFORMANCE/SCAN_MULTIPLE_SLICES_PER_SCANNER: 
    |SCAN/LOAD_BALANCER_DETECTION: vm=load_balancer 
    |SCAN/PASSWORD_BRUTE_FORCING/SYSTEM/HAS_SYSTEM: *vm 
    |SCAN/PASSWORD_BRUTE_FORCING/SYSTEM/SYSTEM_LEVEL: vm=password_brute_forcing_system 
    |SCAN/VULNERABILITY_DETECTION/COMPLETE: vm=vulnerability_detection 
    |SCAN/VULNERABILITY_DETECTION/RUNTIME: vm=vulnerability_detection 
    |SCAN/VULNERABILITY_DETECTION/CUSTOM_LIST/CUSTOM/ID: * 
    |SCAN/VULNERABILITY_DETECTION/CUSTOM_LIST/CUSTOM/TITLE: *vm 
    |SCAN/VULNERABILITY_DETECTION/DETECTION_INCLUDE/BASIC_HOST_INFO_CHECKS: vm=basic_host_information_checks 
    |SCAN/VULNERABILITY_DETECTION/DETECTION_INCLUDE/OVAL_CHECKS: vm=oval_checks 
    |SCAN/VULNERABILITY_DETECTION/DETECTION_INCLUDE/QRDI_CHECKS: vm=all_qrdi_checks 
    |SCAN/VULNERABILITY_DETECTION/DETECTION_EXCLUDE/CUSTOM_LIST/CUSTOM/ID: * 
    |SCAN/VULNERABILITY_DETECTION/DETECTION_EXCLUDE/CUSTOM_LIST/CUSTOM/TITLE: *vm 
    |SCAN/AUTHENTICATION: vm=authentication 
    |SCAN/AUTHENTICATION_LEAST_PRIVILEGE: 
    |SCAN/ADDL_CERT_DETECTION: vm=enable_additional_certificate_detection 
    |SCAN/DISSOLVABLE_AGENT/DISSOLVABLE_AGENT_ENABLE: vm=enable_dissolvable_agent pc=enable_dissolvable_agent 
    |SCAN/DISSOLVABLE_AGENT/PASSWORD_AUDITING_ENABLE/HAS_PASSWORD_AUDITING_ENABLE: pc=enable_password_auditing 
    |SCAN/DISSOLVABLE_AGENT/WINDOWS_SHARE_ENUMERATION_ENABLE: vm=enable_windows_share_enumeration pc=enable_windows_share_enumeration 
    |SCAN/DISSOLVABLE_AGENT/WINDOWS_DIRECTORY_SEARCH_ENABLE: pc=enable_windows_directory_search 
    |SCAN/DATABASE_PREFERENCE_KEY/MSSQL/DB_UDC_RESTRICTION: 
    |SCAN/DATABASE_PREFERENCE_KEY/MSSQL/DB_UDC_LIMIT: 
    |SCAN/DATABASE_PREFERENCE_KEY/ORACLE/DB_UDC_RESTRICTION: 
    |SCAN/DATABASE_PREFERENCE_KEY/ORACLE/DB_UDC_LIMIT: 
    |SCAN/DATABASE_PREFERENCE_KEY/SYBASE/DB_UDC_RESTRICTION: 
    |SCAN/DATABASE_PREFERENCE_KEY/SYBASE/DB_UDC_LIMIT: 
    |SCAN/DATABASE_PREFERENCE_KEY/POSTGRESQL/DB_UDC_RESTRICTION: 
    |SCAN/DATABASE_PREFERENCE_KEY/POSTGRESQL/DB_UDC_LIMIT: 
    |SCAN/DATABASE_PREFERENCE_KEY/SAPIQ/DB_UDC_RESTRICTION: 
    |SCAN/DATABASE_PREFERENCE_KEY/SAPIQ/DB_UDC_LIMIT: 
    |SCAN/DATABASE_PREFERENCE_KEY/DB2/DB_UDC_RESTRICTION: 
    |SCAN/DATABASE_PREFERENCE_KEY/DB2/DB_UDC_LIMIT: 
    |SCAN/SYSTEM_AUTH_RECORD/ALLOW_AUTH_CREATION/AUTHENTICATION_TYPE_LIST/AUTHENTICATION_TYPE: 
    |SCAN/SYSTEM_AUTH_RECORD/ALLOW_AUTH_CREATION/IBM_WAS_DISCOVERY_MODE: 
    |SCAN/SYSTEM_AUTH_RECORD/INCLUDE_SYSTEM_AUTH/ON_DUPLICATE_USE_USER_AUTH: 
    |SCAN/SYSTEM_AUTH_RECORD/INCLUDE_SYSTEM_AUTH/ON_DUPLICATE_USE_SYSTEM_AUTH: 
    |SCAN/LITE_OS_SCAN: vm=enable_lite_os_scan 
    |SCAN/CUSTOM_HTTP_HEADER/VALUE: vm=custom_http_header 
    |SCAN/CUSTOM_HTTP_HEADER/DEFINITION_KEY: vm=custom_http_definition_key 
    |SCAN/CUSTOM_HTTP_HEADER/DEFINITION_VALUE: vm=custom_http_definition_header 
    |SCAN/HOST_ALIVE_TESTING: vm=host_alive_testing 
    |SCAN/ETHERNET_IP_PROBING: 
    |SCAN/FILE_INTEGRITY_MONITORING/AUTO_UPDATE_EXPECTED_VALUE: pc=auto_update_expected_value 
    |SCAN/CONTROL_TYPES/FIM_CONTROLS_ENABLED: pc=fim_controls_enabled 
    |SCAN/CONTROL_TYPES/CUSTOM_WMI_QUERY_CHECKS: pc=custom_wmi_query_checks 
    |SCAN/CONTROL_TYPES/DO_NOT_OVERWRITE_OS: vm=not_overwrite_os 
    |SCAN/DO_NOT_OVERWRITE_OS: vm=not_overwrite_os 
    |SCAN/TEST_AUTHENTICATION: vm=test_authentication 
    |SCAN/MAX_SCAN_DURATION_PER_ASSET: 
    |MAP/BASIC_INFO_GATHERING_ON: vm=basic_information_gathering 
    |MAP/TCP_PORTS/TCP_PORTS_STANDARD_SCAN: vm=map_tcp_ports_standard_scan 
    |MAP/TCP_PORTS/TCP_PORTS_ADDITIONAL/HAS_ADDITIONAL: *vm 
    |MAP/TCP_PORTS/TCP_PORTS_ADDITIONAL/ADDITIONAL_PORTS: vm=map_tcp_ports_additional 
    |MAP/UDP_PORTS/UDP_PORTS_STANDARD_SCAN: vm=map_udp_ports_standard_scan 
    |MAP/UDP_PORTS/UDP_PORTS_ADDITIONAL/HAS_ADDITIONAL: *vm 
    |MAP/UDP_PORTS/UDP_PORTS_ADDITIONAL/ADDITIONAL_PORTS: vm=map_udp_ports_additional 
    |MAP/MAP_OPTIONS/PERFORM_LIVE_HOST_SWEEP: vm=perform_live_host_sweep 
    |MAP/MAP_OPTIONS/DISABLE_DNS_TRAFFIC: vm=disable_dns_traffic 
    |MAP/MAP_PERFORMANCE/OVERALL_PERFORMANCE: vm=map_overall_performance 
    |MAP/MAP_PERFORMANCE/MAP_PARALLEL/EXTERNAL_SCANNERS: vm=map_external_scanners 
    |MAP/MAP_PERFORMANCE/MAP_PARALLEL/SCANNER_APPLIANCES: vm=map_scanner_appliances 
    |MAP/MAP_PERFORMANCE/MAP_PARALLEL/NETBLOCK_SIZE: vm=map_netblock_size 
    |MAP/MAP_PERFORMANCE/PACKET_DELAY: vm=map_packet_delay 
    |MAP/MAP_AUTHENTICATION: vm=map_authentication 
    |ADDITIONAL: * 
    |ADDITIONAL/HOST_DISCOVERY: * 
    |ADDITIONAL/HOST_DISCOVERY/TCP_PORTS: * 
    |ADDITIONAL/HOST_DISCOVERY/TCP_PORTS/STANDARD_SCAN: vm=additional_tcp_ports_standard_scan pc=additional_tcp_ports_standard_scan 
    |ADDITIONAL/HOST_DISCOVERY/TCP_PORTS/TCP_ADDITIONAL/HAS_ADDITIONAL: * 
    |ADDITIONAL/HOST_DISCOVERY/TCP_PORTS/TCP_ADDITIONAL/ADDITIONAL_PORTS: vm=additional_tcp_ports_additional pc=additional_tcp_ports_additional pci=additional_tcp_ports_additional 
    |ADDITIONAL/HOST_DISCOVERY/UDP_PORTS: * 
    |ADDITIONAL/HOST_DISCOVERY/UDP_PORTS/STANDARD_SCAN: vm=additional_udp_ports_type pc=additional_udp_ports_type 
    |ADDITIONAL/HOST_DISCOVERY/UDP_PORTS/CUSTOM_PORT: vm=additional_udp_ports_custom pc=additional_udp_ports_custom 
    |ADDITIONAL/HOST_DISCOVERY/UDP_PORTS/CUSTOM: vm=additional_udp_ports_custom pc=additional_udp_ports_custom 
    |ADDITIONAL/HOST_DISCOVERY/ICMP: vm=icmp pc=icmp 
    |ADDITIONAL/BLOCK_RESOURCES: * 
    |ADDITIONAL/BLOCK_RESOURCES/WATCHGUARD_DEFAULT_BLOCKED_PORTS: vm=protected_ports pc=protected_ports 
    |ADDITIONAL/BLOCK_RESOURCES/CUSTOM_PORT_LIST: vm=protected_ports_custom pc=protected_ports_custom 
    |ADDITIONAL/BLOCK_RESOURCES/ALL_REGISTERED_IPS: vm=protected_ips pc=protected_ips 
    |ADDITIONAL/BLOCK_RESOURCES/CUSTOM_IP_LIST: vm=protected_ips_custom pc=protected_ips_custom 
    |ADDITIONAL/PACKET_OPTIONS: * 
    |ADDITIONAL/PACKET_OPTIONS/IGNORE_FIREWALL_GENERATED_TCP_RST: vm=ignore_firewall_generated_tcp_rst_packets pc=ignore_rst_packets 
    |ADDITIONAL/PACKET_OPTIONS/IGNORE_ALL_TCP_RST: vm=ignore_all_tcp_rst_packets 
    |ADDITIONAL/PACKET_OPTIONS/IGNORE_FIREWALL_GENERATED_TCP_SYN_ACK: vm=ignore_firewall_generated_tcp_syn_ack_packets pc=ignore_firewall_generated_syn_ack_packets 
    |ADDITIONAL/PACKET_OPTIONS/NOT_SEND_TCP_ACK_OR_SYN_ACK_DURING_HOST_DISCOVERY: vm=not_send_tcp_ack_or_syn_ack_packets_during_host_discovery pc=not_send_ack_or_syn_ack_packets_during_host_discovery 
    |INSTANCE_DATA_COLLECTION/DATABASES/AUTHENTICATION_TYPES_LIST/AUTHENTICATION_TYPE: 
    |OS_BASED_INSTANCE_DISC_COLLECTION/TECHNOLOGIES/TECHNOLOGY: 
    |</xsl:variable>
  <xsl:variable name="table" select="normalize-space($rows)"/>

  <!-- The words of a parameter, and a word of a profile that is another one of the call. -->
  <xsl:variable name="words">|scan_tcp_ports,none,full,standard,light,|scan_udp_ports,none,full,standard,light,<!--
    -->|scan_overall_performance,high,normal,low,custom,|map_overall_performance,high,normal,low,custom,<!--
    -->|scan_packet_delay,minimum,short,medium,long,maximum,|map_packet_delay,minimum,short,medium,long,maximum,<!--
    -->|scan_intensity,normal,medium,low,minimum,|password_brute_forcing_system,minimal,limited,standard,exhaustive,1=minimal,2=limited,3=standard,4=exhaustive,<!--
    -->|basic_information_gathering,all,register,netblockonly,none,registered=register,netblock=netblockonly,|</xsl:variable>

  <!-- What a scan can log in to. -->
  <xsl:variable name="technologies">,windows,unix,oracle,oracle listener,snmp,vmware,db2,http,mysql,mongodb,tomcat server,palo alto networks firewall,</xsl:variable>

  <!-- The ports of a standard scan, which count. -->
  <xsl:variable name="standard-tcp" select="'21,22,23,25,53,80,88,110,111,135,139,443,445'"/>
  <xsl:variable name="standard-udp" select="'53,111,135,137,161,500'"/>

  <!-- What a level of performance sets: as samples print it. -->
  <xsl:variable name="levels">|high 20 40 15 15 short normal|normal 10 30 10 10 medium normal|low 5 10 4 2 long minimum|</xsl:variable>
  <xsl:variable name="map-levels">|normal 6 8 16384 ips minimum|</xsl:variable>

  <xsl:template match="/">
    <requests>
      <xsl:apply-templates select="/OPTION_PROFILES/OPTION_PROFILE"/>
    </requests>
  </xsl:template>

  <xsl:template match="OPTION_PROFILE" mode="subject">
    <xsl:attribute name="id"><xsl:value-of select="normalize-space(BASIC_INFO/ID)"/></xsl:attribute>
    <xsl:attribute name="name">
      <xsl:call-template name="unframed">
        <xsl:with-param name="text" select="string(BASIC_INFO/GROUP_NAME)"/>
      </xsl:call-template>
    </xsl:attribute>
  </xsl:template>

  <!-- vm, pc or pci; nothing for any other one. -->
  <xsl:template match="OPTION_PROFILE" mode="type">
    <xsl:variable name="type" select="normalize-space(BASIC_INFO/GROUP_TYPE)"/>
    <xsl:choose>
      <xsl:when test="$type = 'user'">vm</xsl:when>
      <xsl:when test="$type = 'compliance'">pc</xsl:when>
      <xsl:when test="$type = 'pci'">pci</xsl:when>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="OPTION_PROFILE">
    <xsl:variable name="type"><xsl:apply-templates select="." mode="type"/></xsl:variable>
    <xsl:variable name="said" select="normalize-space(BASIC_INFO/GROUP_TYPE)"/>
    <xsl:choose>
      <xsl:when test="$said = 'rv10' or $said = 'sans20'">
        <xsl:for-each select="BASIC_INFO/GROUP_TYPE">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'skipped'"/>
            <xsl:with-param name="reason">the service provides it in every subscription</xsl:with-param>
          </xsl:call-template>
        </xsl:for-each>
      </xsl:when>
      <xsl:when test="string($type) = ''">
        <xsl:for-each select="BASIC_INFO/GROUP_TYPE">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'refused'"/>
            <xsl:with-param name="reason" select="concat('a profile is of the type user, compliance or pci, and &quot;', normalize-space(), '&quot; is none of them')"/>
          </xsl:call-template>
        </xsl:for-each>
      </xsl:when>
      <xsl:when test="$step = 'complete'">
        <xsl:apply-templates select="." mode="complete">
          <xsl:with-param name="type" select="string($type)"/>
        </xsl:apply-templates>
      </xsl:when>
      <xsl:otherwise>
        <xsl:apply-templates select="." mode="begin">
          <xsl:with-param name="type" select="string($type)"/>
        </xsl:apply-templates>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- Import, and creation -->

  <xsl:template match="OPTION_PROFILE" mode="begin">
    <xsl:param name="type"/>
    <xsl:variable name="refusals">
      <xsl:apply-templates select="." mode="refusal"/>
      <xsl:if test="$way = 'create'">
        <xsl:apply-templates select="." mode="lacking">
          <xsl:with-param name="type" select="$type"/>
        </xsl:apply-templates>
        <xsl:for-each select="descendant::*[not(*)]">
          <xsl:variable name="value">
            <xsl:call-template name="value">
              <xsl:with-param name="type" select="$type"/>
            </xsl:call-template>
          </xsl:variable>
          <xsl:if test="starts-with($value, $fault)">
            <xsl:call-template name="note">
              <xsl:with-param name="as" select="'refused'"/>
              <xsl:with-param name="reason" select="substring($value, 2)"/>
            </xsl:call-template>
          </xsl:if>
        </xsl:for-each>
      </xsl:if>
    </xsl:variable>
    <xsl:choose>
      <xsl:when test="string($refusals) != ''"><xsl:copy-of select="$refusals"/></xsl:when>
      <xsl:when test="$way = 'create'">
        <request kind="{$kind}" id="{normalize-space(BASIC_INFO/ID)}" url="{$url}{$type}/">
          <param name="action">create</param>
          <xsl:apply-templates select="*" mode="create">
            <xsl:with-param name="type" select="$type"/>
          </xsl:apply-templates>
          <xsl:if test="$type != 'pci'">
            <!-- What an export leaves out is off, and the call would turn it on. -->
            <xsl:if test="not(ADDITIONAL/HOST_DISCOVERY/TCP_PORTS)"><param name="additional_tcp_ports">0</param></xsl:if>
            <xsl:if test="not(ADDITIONAL/HOST_DISCOVERY/UDP_PORTS)"><param name="additional_udp_ports">0</param></xsl:if>
            <xsl:if test="normalize-space(ADDITIONAL/HOST_DISCOVERY/ICMP) = ''"><param name="icmp">0</param></xsl:if>
          </xsl:if>
          <xsl:if test="$type = 'vm'">
            <xsl:if test="normalize-space(MAP/MAP_OPTIONS/PERFORM_LIVE_HOST_SWEEP) = ''"><param name="perform_live_host_sweep">0</param></xsl:if>
            <!-- A complete scan has these checks anyway. -->
            <xsl:if test="SCAN/VULNERABILITY_DETECTION/CUSTOM_LIST/CUSTOM and normalize-space(SCAN/VULNERABILITY_DETECTION/DETECTION_INCLUDE/BASIC_HOST_INFO_CHECKS) = ''">
              <param name="basic_host_information_checks">0</param>
            </xsl:if>
          </xsl:if>
        </request>
      </xsl:when>
      <xsl:otherwise>
        <request kind="{$kind}" id="{normalize-space(BASIC_INFO/ID)}" url="{$url}">
          <param name="action">import</param>
          <body>
            <OPTION_PROFILES><xsl:apply-templates select="." mode="body"/></OPTION_PROFILES>
          </body>
        </request>
      </xsl:otherwise>
    </xsl:choose>
    <xsl:if test="string($refusals) = ''">
      <xsl:apply-templates select="descendant::*" mode="said">
        <xsl:with-param name="type" select="$type"/>
      </xsl:apply-templates>
    </xsl:if>
  </xsl:template>

  <!-- Why a profile cannot be created, whichever way. -->
  <xsl:template match="OPTION_PROFILE" mode="refusal">
    <xsl:for-each select="BASIC_INFO/GROUP_NAME[normalize-space() = '']">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'refused'"/>
        <xsl:with-param name="reason">an option profile needs a title</xsl:with-param>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="SCAN/VULNERABILITY_DETECTION/CUSTOM_LIST/CUSTOM/TITLE | SCAN/VULNERABILITY_DETECTION/DETECTION_EXCLUDE/CUSTOM_LIST/CUSTOM/TITLE">
      <xsl:choose>
        <xsl:when test="normalize-space() = ''">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'refused'"/>
            <xsl:with-param name="reason">this search list has no title, by which the target knows it</xsl:with-param>
          </xsl:call-template>
        </xsl:when>
        <xsl:when test="not(@qtbx-target)">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'refused'"/>
            <xsl:with-param name="reason">
              <xsl:text>without the search list "</xsl:text>
              <xsl:call-template name="unframed"><xsl:with-param name="text" select="string()"/></xsl:call-template>
              <xsl:text>", </xsl:text>
              <xsl:call-template name="consequence"/>
              <xsl:text>: --search-lists says which the target has</xsl:text>
            </xsl:with-param>
          </xsl:call-template>
        </xsl:when>
        <xsl:when test="@qtbx-target = ''">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'refused'"/>
            <xsl:with-param name="reason">
              <xsl:text>the target has no search list "</xsl:text>
              <xsl:call-template name="unframed"><xsl:with-param name="text" select="string()"/></xsl:call-template>
              <xsl:text>": without it, </xsl:text>
              <xsl:call-template name="consequence"/>
            </xsl:with-param>
          </xsl:call-template>
        </xsl:when>
      </xsl:choose>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="consequence">
    <xsl:choose>
      <xsl:when test="ancestor::DETECTION_EXCLUDE">a scan would not exclude what is in it</xsl:when>
      <xsl:otherwise>the scan would be for everything</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- What the calls ask for. -->
  <xsl:template match="OPTION_PROFILE" mode="lacking">
    <xsl:param name="type"/>
    <xsl:variable name="lacks">
      <xsl:if test="$type = 'vm' and normalize-space(SCAN/PORTS/TCP_PORTS/TCP_PORTS_TYPE) = ''">|SCAN/PORTS/TCP_PORTS/TCP_PORTS_TYPE</xsl:if>
      <xsl:if test="$type = 'vm' and normalize-space(SCAN/PORTS/UDP_PORTS/UDP_PORTS_TYPE) = ''">|SCAN/PORTS/UDP_PORTS/UDP_PORTS_TYPE</xsl:if>
      <xsl:if test="$type = 'vm' and normalize-space(MAP/BASIC_INFO_GATHERING_ON) = ''">|MAP/BASIC_INFO_GATHERING_ON</xsl:if>
      <xsl:if test="$type = 'pc' and normalize-space(SCAN/PERFORMANCE/OVERALL_PERFORMANCE) = ''">|SCAN/PERFORMANCE/OVERALL_PERFORMANCE</xsl:if>
      <xsl:if test="$type = 'pc' and (normalize-space(SCAN/PORTS/STANDARD_SCAN) = '1') = (normalize-space(SCAN/PORTS/TARGETED_SCAN) = '1')">|SCAN/PORTS</xsl:if>
    </xsl:variable>
    <xsl:variable name="profile" select="."/>
    <xsl:for-each select="str:tokenize($lacks, '|')">
      <xsl:variable name="path" select="string()"/>
      <xsl:for-each select="$profile">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="element" select="$path"/>
          <xsl:with-param name="reason">
            <xsl:choose>
              <xsl:when test="$path = 'SCAN/PORTS'">the ports are either standard or targeted, and the call asks which</xsl:when>
              <xsl:otherwise>the call that creates a profile asks for it</xsl:otherwise>
            </xsl:choose>
          </xsl:with-param>
        </xsl:call-template>
      </xsl:for-each>
    </xsl:for-each>
    <xsl:if test="$type = 'vm' and SCAN/VULNERABILITY_DETECTION">
      <xsl:variable name="modes" select="(SCAN/VULNERABILITY_DETECTION/COMPLETE | SCAN/VULNERABILITY_DETECTION/RUNTIME)[normalize-space() != '' and normalize-space() != '0']
          | SCAN/VULNERABILITY_DETECTION/CUSTOM_LIST[CUSTOM]"/>
      <xsl:if test="count($modes) != 1">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="element" select="'SCAN/VULNERABILITY_DETECTION'"/>
          <xsl:with-param name="reason">a scan is for everything, for search lists or chosen at run time: one of the three</xsl:with-param>
        </xsl:call-template>
      </xsl:if>
    </xsl:if>
    <xsl:if test="$type != 'pci'">
      <xsl:for-each select="ADDITIONAL/BLOCK_RESOURCES">
        <!-- What is not said of one half is all of it to the call. -->
        <xsl:if test="(normalize-space(WATCHGUARD_DEFAULT_BLOCKED_PORTS) = '1') = (normalize-space(CUSTOM_PORT_LIST) != '')">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'refused'"/>
            <xsl:with-param name="reason">the blocked ports are either the default ones or a list: the call takes one of the two, and the default ones if it is told neither</xsl:with-param>
          </xsl:call-template>
        </xsl:if>
        <xsl:if test="(normalize-space(ALL_REGISTERED_IPS) = '1') = (normalize-space(CUSTOM_IP_LIST) != '')">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'refused'"/>
            <xsl:with-param name="reason">the blocked addresses are either all registered ones or a list: the call takes one of the two, and all if it is told neither</xsl:with-param>
          </xsl:call-template>
        </xsl:if>
      </xsl:for-each>
      <xsl:for-each select="ADDITIONAL/HOST_DISCOVERY/UDP_PORTS[normalize-space(STANDARD_SCAN) = '1' and normalize-space(CUSTOM_PORT | CUSTOM) != '']">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="reason">the ports are either those of the standard scan or a list: the call takes one of the two</xsl:with-param>
        </xsl:call-template>
      </xsl:for-each>
    </xsl:if>
  </xsl:template>

  <!-- The body of an import -->

  <!-- What is in the table; an element that nothing is left of goes, too. -->
  <xsl:template match="*" mode="body">
    <xsl:variable name="kept"><xsl:apply-templates select="descendant-or-self::*[not(*)]" mode="kept"/></xsl:variable>
    <xsl:choose>
      <xsl:when test="$kept = ''"/>
      <xsl:when test="*">
        <xsl:element name="{name()}"><xsl:apply-templates select="*" mode="body"/></xsl:element>
      </xsl:when>
      <xsl:otherwise>
        <xsl:element name="{name()}">
          <xsl:choose>
            <xsl:when test="self::SUBSCRIPTION_ID and $subscription-id != ''"><xsl:value-of select="$subscription-id"/></xsl:when>
            <xsl:otherwise><xsl:value-of select="."/></xsl:otherwise>
          </xsl:choose>
        </xsl:element>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- The number of the target stands where that of the source would, also where the profile has none. -->
  <xsl:template match="BASIC_INFO" mode="body">
    <xsl:variable name="last" select="(ID | GROUP_NAME | GROUP_TYPE | USER_ID | UNIT_ID)[last()]"/>
    <BASIC_INFO>
      <xsl:for-each select="*">
        <xsl:apply-templates select="." mode="body"/>
        <xsl:if test="$subscription-id != '' and not(../SUBSCRIPTION_ID) and count(. | $last) = 1">
          <SUBSCRIPTION_ID><xsl:value-of select="$subscription-id"/></SUBSCRIPTION_ID>
        </xsl:if>
      </xsl:for-each>
    </BASIC_INFO>
  </xsl:template>

  <xsl:template match="*" mode="kept">
    <xsl:variable name="path"><xsl:call-template name="path"/></xsl:variable>
    <xsl:if test="contains($table, concat('|', $path, ':'))">+</xsl:if>
  </xsl:template>

  <!-- Creation -->

  <!-- The parameter of the current element, nothing if the call has none. -->
  <xsl:template name="parameter">
    <xsl:param name="type"/>
    <xsl:variable name="path"><xsl:call-template name="path"/></xsl:variable>
    <xsl:variable name="entry" select="concat(substring-before(substring-after($table, concat('|', $path, ':')), '|'), ' ')"/>
    <xsl:value-of select="substring-before(substring-after($entry, concat(' ', $type, '=')), ' ')"/>
  </xsl:template>

  <!-- What turns it off stands beside it. -->
  <xsl:template name="off">
    <xsl:if test="../*[starts-with(name(), 'HAS_')][normalize-space() = '0' or normalize-space() = ''] and not(starts-with(name(), 'HAS_'))">1</xsl:if>
  </xsl:template>

  <!-- What the call says for an element without children: nothing, or a fault, if it cannot. -->
  <xsl:template name="value">
    <xsl:param name="type"/>
    <xsl:variable name="name">
      <xsl:call-template name="parameter">
        <xsl:with-param name="type" select="$type"/>
      </xsl:call-template>
    </xsl:variable>
    <xsl:variable name="off"><xsl:call-template name="off"/></xsl:variable>
    <xsl:choose>
      <xsl:when test="$name = '' or normalize-space() = '' or $off != ''"/>
      <xsl:when test="(self::ADDITIONAL_PORTS or self::HOST_NOT_FOUND_ALIVE or self::SYSTEM_LEVEL) and not(../*[starts-with(name(), 'HAS_')])">
        <xsl:value-of select="concat($fault, 'the profile does not say whether it is on: no HAS_… stands beside it')"/>
      </xsl:when>
      <xsl:otherwise>
        <xsl:apply-templates select="." mode="value">
          <xsl:with-param name="name" select="string($name)"/>
        </xsl:apply-templates>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- Flags, numbers and texts as they are, words as the call has them. -->
  <xsl:template match="*" mode="value">
    <xsl:param name="name"/>
    <xsl:variable name="known" select="substring-before(substring-after($words, concat('|', $name)), '|')"/>
    <xsl:variable name="word" select="translate(normalize-space(), $upper, $lower)"/>
    <xsl:choose>
      <xsl:when test="$known = ''"><xsl:value-of select="."/></xsl:when>
      <xsl:when test="translate($word, ',=|', '') = $word and contains($known, concat(',', $word, ','))"><xsl:value-of select="$word"/></xsl:when>
      <xsl:when test="translate($word, ',=|', '') = $word and contains($known, concat(',', $word, '='))">
        <xsl:value-of select="substring-before(substring-after($known, concat(',', $word, '=')), ',')"/>
      </xsl:when>
      <!-- Passwords are near. -->
      <xsl:when test="self::SYSTEM_LEVEL"><xsl:value-of select="concat($fault, 'the call has no word for it')"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="concat($fault, 'the call has no word for &quot;', normalize-space(), '&quot;')"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="COMPLETE" mode="value"><xsl:if test="normalize-space() != '0'">complete</xsl:if></xsl:template>
  <xsl:template match="RUNTIME" mode="value"><xsl:if test="normalize-space() != '0'">runtime</xsl:if></xsl:template>
  <xsl:template match="PORTS/STANDARD_SCAN" mode="value"><xsl:if test="normalize-space() = '1'">standard</xsl:if></xsl:template>
  <xsl:template match="TARGETED_SCAN" mode="value"><xsl:if test="normalize-space() = '1'">targeted</xsl:if></xsl:template>
  <xsl:template match="HOST_DISCOVERY/UDP_PORTS/STANDARD_SCAN" mode="value"><xsl:if test="normalize-space() = '1'">standard</xsl:if></xsl:template>
  <xsl:template match="WATCHGUARD_DEFAULT_BLOCKED_PORTS" mode="value"><xsl:if test="normalize-space() = '1'">default</xsl:if></xsl:template>
  <xsl:template match="ALL_REGISTERED_IPS" mode="value"><xsl:if test="normalize-space() = '1'">all</xsl:if></xsl:template>

  <!-- What a level sets is sent for none: only Custom has numbers of its own. -->
  <xsl:template match="HOSTS_TO_SCAN/* | PROCESSES_TO_RUN/* | PORT_SCANNING_AND_HOST_DISCOVERY | PERFORMANCE/PACKET_DELAY" mode="value">
    <xsl:param name="name"/>
    <xsl:if test="translate(normalize-space(ancestor::PERFORMANCE/OVERALL_PERFORMANCE), $upper, $lower) = 'custom'">
      <xsl:call-template name="of-level"><xsl:with-param name="name" select="$name"/></xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="MAP_PARALLEL/* | MAP_PERFORMANCE/PACKET_DELAY" mode="value">
    <xsl:param name="name"/>
    <xsl:if test="translate(normalize-space(ancestor::MAP_PERFORMANCE/OVERALL_PERFORMANCE), $upper, $lower) = 'custom'">
      <xsl:call-template name="of-level"><xsl:with-param name="name" select="$name"/></xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template name="of-level">
    <xsl:param name="name"/>
    <xsl:choose>
      <!-- Samples print 64, which is none of the sizes. -->
      <xsl:when test="self::NETBLOCK_SIZE and not(contains('|1024 IPs|4096 IPs|8192 IPs|16384 IPs|32768 IPs|65536 IPs|', concat('|', normalize-space(), '|')))"/>
      <xsl:when test="self::NETBLOCK_SIZE"><xsl:value-of select="normalize-space()"/></xsl:when>
      <xsl:when test="self::PACKET_DELAY or self::PORT_SCANNING_AND_HOST_DISCOVERY">
        <xsl:variable name="word" select="translate(normalize-space(), $upper, $lower)"/>
        <xsl:choose>
          <xsl:when test="contains(substring-before(substring-after($words, concat('|', $name)), '|'), concat(',', $word, ','))"><xsl:value-of select="$word"/></xsl:when>
          <xsl:otherwise><xsl:value-of select="concat($fault, 'the call has no word for &quot;', normalize-space(), '&quot;')"/></xsl:otherwise>
        </xsl:choose>
      </xsl:when>
      <xsl:otherwise><xsl:value-of select="normalize-space()"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="AUTHENTICATION" mode="value">
    <xsl:variable name="said" select="str:tokenize(., ',')[normalize-space() != '']"/>
    <xsl:variable name="odd" select="$said[not(contains($technologies, concat(',', translate(normalize-space(), $upper, $lower), ',')))]"/>
    <xsl:choose>
      <xsl:when test="$odd"><xsl:value-of select="concat($fault, 'the call has no word for &quot;', normalize-space($odd), '&quot;')"/></xsl:when>
      <xsl:otherwise>
        <xsl:for-each select="$said">
          <xsl:if test="position() != 1">,</xsl:if>
          <xsl:value-of select="normalize-space()"/>
        </xsl:for-each>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="MAP_AUTHENTICATION" mode="value">
    <xsl:choose>
      <xsl:when test="normalize-space() = 'VMware' or normalize-space() = '1'">VMware</xsl:when>
      <xsl:when test="normalize-space() = '0'"/>
      <xsl:otherwise><xsl:value-of select="concat($fault, 'the call has no word for &quot;', normalize-space(), '&quot;')"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="HAS_PASSWORD_AUDITING_ENABLE[normalize-space() = '1'][normalize-space(../../DISSOLVABLE_AGENT_ENABLE) != '1']" mode="value">
    <xsl:value-of select="concat($fault, 'the call takes it only with the dissolvable agent, which is off')"/>
  </xsl:template>

  <!-- Ports -->

  <xsl:template match="ADDITIONAL_PORTS | CUSTOM_PORT | UDP_PORTS/CUSTOM | CUSTOM_PORT_LIST" mode="value">
    <xsl:variable name="why"><xsl:call-template name="ports"/></xsl:variable>
    <xsl:choose>
      <xsl:when test="$why != ''"><xsl:value-of select="concat($fault, $why)"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="translate(normalize-space(), ' ', '')"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- Why these are no ports, or too many; nothing if the call takes them. -->
  <xsl:template name="ports">
    <xsl:variable name="limit">
      <xsl:choose>
        <xsl:when test="ancestor::SCAN and ancestor::TCP_PORTS">12500</xsl:when>
        <xsl:when test="ancestor::SCAN">20500</xsl:when>
        <xsl:when test="self::CUSTOM_PORT_LIST">65536</xsl:when>
        <xsl:when test="ancestor::UDP_PORTS">10</xsl:when>
        <xsl:otherwise>20</xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <xsl:variable name="standard">
      <xsl:choose>
        <xsl:when test="ancestor::SCAN or self::CUSTOM_PORT or self::CUSTOM or self::CUSTOM_PORT_LIST"/>
        <xsl:when test="ancestor::UDP_PORTS and normalize-space(../../UDP_PORTS_STANDARD_SCAN) = '1'"><xsl:value-of select="$standard-udp"/></xsl:when>
        <xsl:when test="ancestor::UDP_PORTS"/>
        <!-- The standard scan of a PCI profile is always on. -->
        <xsl:when test="normalize-space(../../TCP_PORTS_STANDARD_SCAN | ../../STANDARD_SCAN) = '1'
            or ancestor::HOST_DISCOVERY and normalize-space(ancestor::OPTION_PROFILE/BASIC_INFO/GROUP_TYPE) = 'pci'"><xsl:value-of select="$standard-tcp"/></xsl:when>
      </xsl:choose>
    </xsl:variable>
    <xsl:variable name="ports" select="str:tokenize(translate(., ' &#9;&#10;&#13;', ''), ',')"/>
    <!-- A port is a range from it to itself. -->
    <xsl:variable name="odd" select="$ports[translate(., $digits, '') != '' and translate(., $digits, '') != '-' or starts-with(., '-') or substring-after(concat(., '-', .), '-') = concat('-', .)
        or number(substring-before(concat(., '-'), '-')) &gt; number(substring-before(concat(substring-after(concat(., '-', .), '-'), '-'), '-'))
        or number(substring-before(concat(substring-after(concat(., '-', .), '-'), '-'), '-')) &gt; 65535]"/>
    <xsl:choose>
      <xsl:when test="not($ports)">it names no port</xsl:when>
      <xsl:when test="$odd"><xsl:value-of select="concat('&quot;', $odd, '&quot; is no port, and no range of ports')"/></xsl:when>
      <xsl:otherwise>
        <xsl:variable name="own">
          <xsl:call-template name="count">
            <xsl:with-param name="ports" select="$ports"/>
          </xsl:call-template>
        </xsl:variable>
        <!-- Those of the standard scan that are not among them. -->
        <xsl:variable name="besides">
          <xsl:for-each select="str:tokenize($standard, ',')">
            <xsl:variable name="port" select="number()"/>
            <xsl:if test="not($ports[number(substring-before(concat(., '-'), '-')) &lt;= $port
                and number(substring-before(concat(substring-after(concat(., '-', .), '-'), '-'), '-')) &gt;= $port])">+</xsl:if>
          </xsl:for-each>
        </xsl:variable>
        <xsl:variable name="all" select="$own + string-length($besides)"/>
        <xsl:if test="$all &gt; $limit">
          <xsl:value-of select="concat('these are ', $all, ' ports')"/>
          <xsl:if test="$standard != ''"> with those of the standard scan</xsl:if>
          <xsl:value-of select="concat(', and the call takes ', $limit)"/>
        </xsl:if>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- How many ports there are in ranges: by halves, since there may be thousands. -->
  <xsl:template name="count">
    <xsl:param name="ports"/>
    <xsl:variable name="half" select="floor(count($ports) div 2)"/>
    <xsl:choose>
      <xsl:when test="$half = 0">
        <xsl:value-of select="1 + number(substring-before(concat(substring-after(concat($ports, '-', $ports), '-'), '-'), '-')) - number(substring-before(concat($ports, '-'), '-'))"/>
      </xsl:when>
      <xsl:otherwise>
        <xsl:variable name="first">
          <xsl:call-template name="count">
            <xsl:with-param name="ports" select="$ports[position() &lt;= $half]"/>
          </xsl:call-template>
        </xsl:variable>
        <xsl:variable name="second">
          <xsl:call-template name="count">
            <xsl:with-param name="ports" select="$ports[position() &gt; $half]"/>
          </xsl:call-template>
        </xsl:variable>
        <xsl:value-of select="$first + $second"/>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- The parameters, in the order of the profile. -->
  <xsl:template match="*" mode="create">
    <xsl:param name="type"/>
    <xsl:choose>
      <xsl:when test="*">
        <xsl:apply-templates select="*" mode="create">
          <xsl:with-param name="type" select="$type"/>
        </xsl:apply-templates>
      </xsl:when>
      <xsl:otherwise>
        <xsl:variable name="name">
          <xsl:call-template name="parameter">
            <xsl:with-param name="type" select="$type"/>
          </xsl:call-template>
        </xsl:variable>
        <xsl:if test="$name != ''">
          <xsl:call-template name="param">
            <xsl:with-param name="name" select="string($name)"/>
            <xsl:with-param name="value">
              <xsl:call-template name="value">
                <xsl:with-param name="type" select="$type"/>
              </xsl:call-template>
            </xsl:with-param>
          </xsl:call-template>
        </xsl:if>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="HOST_DISCOVERY/TCP_PORTS | HOST_DISCOVERY/UDP_PORTS | BLOCK_RESOURCES" mode="create" priority="1">
    <xsl:param name="type"/>
    <xsl:if test="$type != 'pci'">
      <param>
        <xsl:attribute name="name">
          <xsl:choose>
            <xsl:when test="self::TCP_PORTS">additional_tcp_ports</xsl:when>
            <xsl:when test="self::UDP_PORTS">additional_udp_ports</xsl:when>
            <xsl:otherwise>blocked_resources</xsl:otherwise>
          </xsl:choose>
        </xsl:attribute>
        <xsl:choose>
          <!-- Without a type, the call would take the standard scan. -->
          <xsl:when test="self::UDP_PORTS and normalize-space(STANDARD_SCAN) != '1' and normalize-space(CUSTOM_PORT | CUSTOM) = ''">0</xsl:when>
          <xsl:otherwise>1</xsl:otherwise>
        </xsl:choose>
      </param>
      <xsl:if test="self::TCP_PORTS and normalize-space(STANDARD_SCAN) = ''"><param name="additional_tcp_ports_standard_scan">0</param></xsl:if>
    </xsl:if>
    <xsl:apply-templates select="*" mode="create">
      <xsl:with-param name="type" select="$type"/>
    </xsl:apply-templates>
  </xsl:template>

  <xsl:template match="CUSTOM_PORT | UDP_PORTS/CUSTOM | CUSTOM_PORT_LIST | CUSTOM_IP_LIST" mode="create" priority="1">
    <xsl:param name="type"/>
    <xsl:if test="normalize-space() != '' and $type != 'pci'">
      <xsl:choose>
        <xsl:when test="self::CUSTOM_PORT_LIST"><param name="protected_ports">custom</param></xsl:when>
        <xsl:when test="self::CUSTOM_IP_LIST"><param name="protected_ips">custom</param></xsl:when>
        <xsl:otherwise><param name="additional_udp_ports_type">custom</param></xsl:otherwise>
      </xsl:choose>
      <xsl:variable name="name">
        <xsl:call-template name="parameter">
          <xsl:with-param name="type" select="$type"/>
        </xsl:call-template>
      </xsl:variable>
      <param name="{$name}"><xsl:value-of select="translate(normalize-space(), ' ', '')"/></param>
    </xsl:if>
  </xsl:template>

  <!-- Search lists, by the ids that those of the titles have in the target. -->
  <xsl:template match="VULNERABILITY_DETECTION/CUSTOM_LIST" mode="create" priority="1">
    <xsl:param name="type"/>
    <xsl:if test="$type = 'vm' and CUSTOM">
      <param name="vulnerability_detection">custom</param>
      <param name="custom_search_list_ids"><xsl:call-template name="targets"/></param>
    </xsl:if>
  </xsl:template>

  <xsl:template match="DETECTION_EXCLUDE" mode="create" priority="1">
    <xsl:param name="type"/>
    <xsl:if test="$type = 'vm' and CUSTOM_LIST/CUSTOM">
      <param name="exclude_search_list_ids"><xsl:call-template name="targets"/></param>
    </xsl:if>
  </xsl:template>

  <xsl:template name="targets">
    <xsl:for-each select="descendant::CUSTOM/TITLE">
      <xsl:if test="position() != 1">,</xsl:if>
      <xsl:value-of select="@qtbx-target"/>
    </xsl:for-each>
  </xsl:template>

  <!-- What an import takes none of, whatever the document says, comes with the step complete. -->

  <xsl:template match="OPTION_PROFILE" mode="complete">
    <xsl:param name="type"/>
    <xsl:variable name="policies" select="SCAN/SCAN_RESTRICTION/SCAN_BY_POLICY/POLICY"/>
    <!-- A policy that is named twice is sent once. -->
    <xsl:variable name="ids">
      <xsl:for-each select="$policies/ID">
        <xsl:variable name="id" select="normalize-space()"/>
        <xsl:if test="not(../preceding-sibling::POLICY[normalize-space(ID) = $id])">
          <xsl:if test="position() != 1">,</xsl:if>
          <xsl:choose>
            <xsl:when test="@qtbx-target"><xsl:value-of select="@qtbx-target"/></xsl:when>
            <xsl:otherwise><xsl:value-of select="$id"/></xsl:otherwise>
          </xsl:choose>
        </xsl:if>
      </xsl:for-each>
    </xsl:variable>
    <xsl:variable name="lists" select="SCAN/PASSWORD_BRUTE_FORCING/CUSTOM_LIST/CUSTOM"/>
    <xsl:variable name="refusals">
      <xsl:for-each select="$policies/ID[normalize-space() = '']">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="reason">this policy has no id: without it, the scan would be for other controls</xsl:with-param>
        </xsl:call-template>
      </xsl:for-each>
      <xsl:for-each select="$policies/ID[normalize-space() != '' and @qtbx-target = '']">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="reason">without a policy that no map has, the scan would be for other controls</xsl:with-param>
        </xsl:call-template>
      </xsl:for-each>
      <xsl:for-each select="$lists/TITLE[contains(., ',') or normalize-space() = '']">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="reason">
            <xsl:choose>
              <xsl:when test="normalize-space() = ''">this list has no title, by which the call knows it</xsl:when>
              <xsl:otherwise><xsl:value-of select="concat('the title &quot;', normalize-space(), '&quot; has a comma: to the call it would be two')"/></xsl:otherwise>
            </xsl:choose>
          </xsl:with-param>
        </xsl:call-template>
      </xsl:for-each>
      <xsl:variable name="different" select="string-length($ids) - string-length(translate($ids, ',', '')) + 1"/>
      <xsl:for-each select="SCAN/SCAN_RESTRICTION/SCAN_BY_POLICY[$different &gt; 20]">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="reason" select="concat('the call takes 20 policies, and these are ', $different)"/>
        </xsl:call-template>
      </xsl:for-each>
      <xsl:if test="$lists">
        <xsl:for-each select="SCAN/PASSWORD_BRUTE_FORCING/SYSTEM/SYSTEM_LEVEL">
          <xsl:variable name="level">
            <xsl:call-template name="value">
              <xsl:with-param name="type" select="$type"/>
            </xsl:call-template>
          </xsl:variable>
          <xsl:if test="starts-with($level, $fault)">
            <xsl:call-template name="note">
              <xsl:with-param name="as" select="'refused'"/>
              <xsl:with-param name="reason" select="substring($level, 2)"/>
            </xsl:call-template>
          </xsl:if>
        </xsl:for-each>
      </xsl:if>
      <xsl:if test="$type != 'pc' and $policies">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="element" select="'SCAN/SCAN_RESTRICTION'"/>
          <xsl:with-param name="reason">only a compliance profile is restricted to policies</xsl:with-param>
        </xsl:call-template>
      </xsl:if>
      <xsl:if test="$type != 'vm' and $lists">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="element" select="'SCAN/PASSWORD_BRUTE_FORCING'"/>
          <xsl:with-param name="reason">only a vulnerability profile tries passwords</xsl:with-param>
        </xsl:call-template>
      </xsl:if>
    </xsl:variable>
    <xsl:choose>
      <xsl:when test="not($policies | $lists)">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'skipped'"/>
          <xsl:with-param name="reason">an import takes all of it</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="string($refusals) != ''"><xsl:copy-of select="$refusals"/></xsl:when>
      <xsl:otherwise>
        <request kind="{$kind}" id="{normalize-space(BASIC_INFO/ID)}" url="{$url}{$type}/">
          <param name="action">update</param>
          <param name="id">
            <xsl:choose>
              <xsl:when test="BASIC_INFO/ID/@qtbx-target"><xsl:value-of select="BASIC_INFO/ID/@qtbx-target"/></xsl:when>
              <xsl:otherwise><xsl:value-of select="normalize-space(BASIC_INFO/ID)"/></xsl:otherwise>
            </xsl:choose>
          </param>
          <xsl:if test="$policies">
            <param name="scan_by_policy">1</param>
            <param name="policy_ids"><xsl:value-of select="$ids"/></param>
          </xsl:if>
          <xsl:if test="$lists">
            <!-- The level along with the lists: no guide says that a request without it leaves it as it is. -->
            <xsl:for-each select="SCAN/PASSWORD_BRUTE_FORCING/SYSTEM/SYSTEM_LEVEL">
              <xsl:variable name="level">
                <xsl:call-template name="value">
                  <xsl:with-param name="type" select="$type"/>
                </xsl:call-template>
              </xsl:variable>
              <xsl:if test="$level != ''"><param name="password_brute_forcing_system"><xsl:value-of select="$level"/></param></xsl:if>
            </xsl:for-each>
            <param name="password_brute_forcing_custom">
              <xsl:for-each select="$lists/TITLE">
                <xsl:if test="position() != 1">,</xsl:if>
                <xsl:call-template name="unframed"><xsl:with-param name="text" select="string()"/></xsl:call-template>
              </xsl:for-each>
            </param>
          </xsl:if>
        </request>
        <xsl:for-each select="SCAN/PASSWORD_BRUTE_FORCING/CUSTOM_LIST[CUSTOM]">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'noted'"/>
            <xsl:with-param name="reason">no call makes these lists: the target must have them, by these titles, before this is sent</xsl:with-param>
          </xsl:call-template>
        </xsl:for-each>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- Notes, in the order of the profile: what depends on values. What stands where is accounted for by the grammar, option-profile.grammar. -->

  <!-- What no parameter takes is named for each element alike; what else there is to say of one, only of what is not lost. -->
  <xsl:template match="*" mode="said">
    <xsl:param name="type"/>
    <xsl:choose>
      <xsl:when test="$way = 'create' and not(*)">
        <xsl:variable name="loss">
          <xsl:call-template name="loss">
            <xsl:with-param name="type" select="$type"/>
          </xsl:call-template>
        </xsl:variable>
        <xsl:copy-of select="$loss"/>
        <xsl:if test="string($loss) = ''"><xsl:apply-templates select="." mode="remark"/></xsl:if>
      </xsl:when>
      <xsl:otherwise><xsl:apply-templates select="." mode="remark"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="loss">
    <xsl:param name="type"/>
    <xsl:variable name="off"><xsl:if test="self::ADDITIONAL_PORTS"><xsl:call-template name="off"/></xsl:if></xsl:variable>
    <xsl:if test="normalize-space() != '' and normalize-space() != '0' and $off = ''">
      <xsl:variable name="path"><xsl:call-template name="path"/></xsl:variable>
      <xsl:variable name="entry" select="concat(substring-before(substring-after($table, concat('|', $path, ':')), '|'), ' ')"/>
      <!-- The standard scan of a PCI profile is always on. -->
      <xsl:if test="contains($table, concat('|', $path, ':')) and not(contains($entry, '* ')) and not(contains($entry, concat('*', $type, ' '))) and not($type = 'pci' and self::STANDARD_SCAN and parent::TCP_PORTS) and not(contains($entry, concat(' ', $type, '=')))">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'dropped'"/>
          <xsl:with-param name="reason">
            <xsl:text>the call that creates a profile of this type has no parameter for it</xsl:text>
            <!-- Passwords are near. -->
            <xsl:if test="not(self::SYSTEM_LEVEL)"><xsl:value-of select="concat(': &quot;', normalize-space(), '&quot;')"/></xsl:if>
          </xsl:with-param>
        </xsl:call-template>
      </xsl:if>
    </xsl:if>
  </xsl:template>

  <xsl:template match="*" mode="remark"/>

  <!-- What they turn on is not there. -->
  <xsl:template match="HAS_SYSTEM | HAS_ADDITIONAL" mode="remark">
    <xsl:if test="$way = 'create' and normalize-space() = '1' and not(../*[not(starts-with(name(), 'HAS_'))][normalize-space() != ''])">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason">it is on, and the profile does not say what for: the call has no parameter for that</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="UNIT_ID" mode="remark">
    <xsl:if test="normalize-space() != '' and normalize-space() != '0'">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="reason">it is one of a business unit of the source: who sends the request has the new one</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="IS_DEFAULT" mode="remark">
    <xsl:if test="normalize-space() = '1'">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="reason">a subscription has one default profile: look whether it is this one afterwards</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- The limits of the call hold for what it creates. An import has those of the user interface, which no guide prints. -->
  <xsl:template match="ADDITIONAL_PORTS | CUSTOM_PORT | UDP_PORTS/CUSTOM | CUSTOM_PORT_LIST" mode="remark">
    <xsl:variable name="off"><xsl:call-template name="off"/></xsl:variable>
    <xsl:if test="$way = 'import' and normalize-space() != '' and $off = ''">
      <xsl:variable name="why"><xsl:call-template name="ports"/></xsl:variable>
      <xsl:if test="$why != ''">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'noted'"/>
          <xsl:with-param name="reason" select="concat($why, ': the service may refuse it')"/>
        </xsl:call-template>
      </xsl:if>
    </xsl:if>
  </xsl:template>

  <xsl:template match="PASSWORD_BRUTE_FORCING/CUSTOM_LIST" mode="remark">
    <xsl:for-each select="CUSTOM/TITLE">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason">
          <xsl:text>no call makes a list for brute forcing, and it holds passwords: make "</xsl:text>
          <xsl:call-template name="unframed"><xsl:with-param name="text" select="string()"/></xsl:call-template>
          <xsl:text>" by hand, then --step complete chooses it</xsl:text>
        </xsl:with-param>
      </xsl:call-template>
    </xsl:for-each>
  </xsl:template>

  <xsl:template match="SCAN_BY_POLICY" mode="remark">
    <xsl:if test="POLICY">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="reason">
          <xsl:text>until --step complete restricts it again, the scan is for every policy, not for </xsl:text>
          <xsl:for-each select="POLICY">
            <xsl:if test="position() != 1">, </xsl:if>
            <xsl:value-of select="normalize-space(concat(TITLE, ' (', ID, ')'))"/>
          </xsl:for-each>
        </xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="PERFORMANCE" mode="remark">
    <xsl:variable name="set" select="translate(normalize-space(concat(OVERALL_PERFORMANCE, ' ', HOSTS_TO_SCAN/EXTERNAL_SCANNERS, ' ', HOSTS_TO_SCAN/SCANNER_APPLIANCES, ' ',
        PROCESSES_TO_RUN/TOTAL_PROCESSES, ' ', PROCESSES_TO_RUN/HTTP_PROCESSES, ' ', PACKET_DELAY, ' ', PORT_SCANNING_AND_HOST_DISCOVERY)), $upper, $lower)"/>
    <xsl:if test="$way = 'create' and $set != '' and not(starts-with($set, 'custom')) and translate($set, '|', '') = $set and not(contains($levels, concat('|', $set, '|')))
        and not(normalize-space(PORT_SCANNING_AND_HOST_DISCOVERY) = '' and contains($levels, concat('|', $set, ' ')))">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'changed'"/>
        <xsl:with-param name="reason" select="concat('the call takes the level, which sets other numbers than these, as far as is known: &quot;', $set, '&quot;')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="MAP_PERFORMANCE" mode="remark">
    <xsl:variable name="set" select="translate(normalize-space(concat(OVERALL_PERFORMANCE, ' ', MAP_PARALLEL/EXTERNAL_SCANNERS, ' ', MAP_PARALLEL/SCANNER_APPLIANCES, ' ',
        MAP_PARALLEL/NETBLOCK_SIZE, ' ', PACKET_DELAY)), $upper, $lower)"/>
    <xsl:if test="$way = 'create' and $set != '' and not(starts-with($set, 'custom')) and translate($set, '|', '') = $set and not(contains($map-levels, concat('|', $set, '|')))">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'changed'"/>
        <xsl:with-param name="reason" select="concat('the call takes the level, which sets other numbers than these, as far as is known: &quot;', $set, '&quot;')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="NETBLOCK_SIZE" mode="remark">
    <xsl:if test="$way = 'create' and translate(normalize-space(../../OVERALL_PERFORMANCE), $upper, $lower) = 'custom' and normalize-space() != ''
        and not(contains('|1024 IPs|4096 IPs|8192 IPs|16384 IPs|32768 IPs|65536 IPs|', concat('|', normalize-space(), '|')))">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason" select="concat('&quot;', normalize-space(), '&quot; is none of the sizes that the call takes')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="FIM_CONTROLS_ENABLED" mode="remark">
    <xsl:if test="$way = 'create' and normalize-space() = '1' and normalize-space(../../FILE_INTEGRITY_MONITORING/AUTO_UPDATE_EXPECTED_VALUE) != '1'">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="reason">the guide asks for auto_update_expected_value=1 along with it, which this profile has not</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

</xsl:stylesheet>
