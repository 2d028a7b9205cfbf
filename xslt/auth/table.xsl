<?xml version="1.0" encoding="UTF-8"?>
<!--
  Which parameters create an authentication record, and from what: a type for each endpoint, a row for each parameter, as common/rows.xsl says.
  <use block="…"/> stands for the rows of a block, which several types have.

  Facts: the list elements API V2 User Guide 8.12, p. 560-752; the parameters API (VM, PC) User Guide 8.16, p. 185-286; what is younger follows the help
  pages of the service. guess="yes": no list shows the element, and its name follows that of the parameter; of a type, no list is published at all.
  A type with a template of its own, auth/TYPE.xsl, has a body.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

  <xsl:variable name="table">
    <!-- What several types have. -->
    <block name="head">
      <row param="title" element="TITLE" need="true"/>
      <row param="comments" element="COMMENTS"/>
      <limit of="title" ascii="yes"/>
      <limit of="port" within="1..65535"/>
    </block>

    <block name="ips">
      <row param="ips" element="IP_SET/IP | IP_SET/IP_RANGE" list="yes" need="true"/>
      <use block="network"/>
    </block>

    <block name="network">
      <row param="network_id" element="NETWORK_ID" number="yes" default="0"/>
    </block>

    <block name="vault">
      <row param="vault_type" element="DIGITAL_VAULT/DIGITAL_VAULT_TYPE" when="login_type=vault" need="true" values="BeyondTrust PBPS|CA Access Control|CyberArk AIM|Cyber-Ark AIM=CyberArk AIM|CyberArk PIM Suite|Cyber-Ark PIM Suite=CyberArk PIM Suite|Hitachi ID PAM|Hitatchi ID PAM=Hitachi ID PAM|Lieberman ERPM|LiebermanERPM=Lieberman ERPM|Quest Vault|Thycotic Secret Server|Wallix AdminBastion (WAB)|Wallix AdminBastion=Wallix AdminBastion (WAB)|HashiCorp|Azure Key|ARCON PAM|CA PAM"/>
      <row param="vault_id" element="DIGITAL_VAULT/DIGITAL_VAULT_ID" when="login_type=vault" need="true"/>
      <row param="folder" element="DIGITAL_VAULT/VAULT_FOLDER" when="login_type=vault;vault_type=CyberArk AIM|CyberArk PIM Suite" need="true"/>
      <row param="file" element="DIGITAL_VAULT/VAULT_FILE" when="login_type=vault;vault_type=CyberArk AIM|CyberArk PIM Suite" need="true"/>
      <row param="secret_name" element="DIGITAL_VAULT/VAULT_SECRET_NAME" when="login_type=vault;vault_type=Thycotic Secret Server" need="true"/>
      <row param="system_name" element="DIGITAL_VAULT/VAULT_SYSTEM_NAME" when="login_type=vault;vault_type=Quest Vault" need="true"/>
      <row param="system_name" element="DIGITAL_VAULT/VAULT_SYSTEM_NAME" when="login_type=vault;vault_type=BeyondTrust PBPS"/>
      <row param="account_name" element="DIGITAL_VAULT/VAULT_ACCOUNT_NAME" when="login_type=vault;vault_type=BeyondTrust PBPS"/>
      <row param="end_point_name" element="DIGITAL_VAULT/VAULT_EP_NAME" when="login_type=vault;vault_type=CA Access Control" need="true"/>
      <row param="end_point_type" element="DIGITAL_VAULT/VAULT_EP_TYPE" when="login_type=vault;vault_type=CA Access Control" need="true"/>
      <row param="end_point_container" element="DIGITAL_VAULT/VAULT_EP_CONT" when="login_type=vault;vault_type=CA Access Control" need="true"/>
      <!-- No list says whether the name of the system is found by itself: it is, if there is none. -->
      <row param="@system" element="DIGITAL_VAULT/VAULT_SYSTEM_NAME" fixed="named"/>
      <row param="auto_discover_system_name" fixed="0" when="login_type=vault;vault_type=Lieberman ERPM;@system"/>
      <row param="auto_discover_system_name" fixed="1" when="login_type=vault;vault_type=Lieberman ERPM;!@system"/>
      <row param="system_name_single_host" element="DIGITAL_VAULT/VAULT_SYSTEM_NAME" when="login_type=vault;vault_type=Lieberman ERPM"/>
      <row param="system_type" element="DIGITAL_VAULT/VAULT_NS_TYPE" when="login_type=vault;vault_type=Lieberman ERPM" need="true" values="auto|windows|unix|oracle|mssq|ldap|cisco|custom"/>
      <row param="custom_system_type" element="DIGITAL_VAULT/VAULT_NS_NAME" when="login_type=vault;vault_type=Lieberman ERPM;system_type=custom" need="true"/>
      <row param="authorization_name" element="DIGITAL_VAULT/VAULT_AUTHORIZATION_NAME" guess="yes" when="login_type=vault;vault_type=Wallix AdminBastion (WAB)" need="true"/>
      <row param="target_name" element="DIGITAL_VAULT/VAULT_TARGET_NAME" guess="yes" when="login_type=vault;vault_type=Wallix AdminBastion (WAB)" need="true"/>
      <row param="ak_secret_name" element="DIGITAL_VAULT/VAULT_AK_SECRET_NAME" guess="yes" when="login_type=vault;vault_type=Azure Key" need="true"/>
      <row param="vault_service_type" element="DIGITAL_VAULT/VAULT_SERVICE_TYPE" guess="yes" when="login_type=vault;vault_type=ARCON PAM" need="true"/>
      <use block="vault-limits"/>
    </block>

    <!-- API (VM, PC) User Guide 8.16, p. 284-286. -->
    <block name="vault-limits">
      <limit of="folder client_key_folder passphrase_folder" form="folder" unfit="/:*?&quot;&lt;&gt;|&#9;"/>
      <limit of="file client_key_file passphrase_file" unfit="\/:*?&quot;&lt;&gt;|&#9;"/>
      <limit of="secret_name client_key_secret_name passphrase_secret_name" ascii="yes"/>
    </block>

    <block name="login">
      <!-- A record that shows a vault uses it. -->
      <row param="login_type" element="LOGIN_TYPE" values="basic|vault" default="basic"/>
      <row param="login_type" element="DIGITAL_VAULT/DIGITAL_VAULT_ID" fixed="vault"/>
      <row param="username" element="USERNAME" need="true"/>
      <row param="username" element="DIGITAL_VAULT/VAULT_USERNAME" when="login_type=vault"/>
      <row param="password" secret="yes" when="login_type=basic"/>
      <use block="vault"/>
    </block>

    <!-- Logins of hosts. -->
    <type name="unix">
      <use block="head"/>
      <limit of="username" ascii="yes"/>
      <!-- No list tells a Cisco from a Unix host. -->
      <row param="sub_type" default="unix" values="cisco|checkpoint_firewall"/>
      <row param="target_type" element="TARGET_TYPE" guess="yes" values="A10|HP_COMWARE|CISCO_ASA_WITH_FIREPOWE|auto"/>
      <row param="skip_password" element="SKIP_PASSWORD" values="0|1" default="0" when="sub_type=unix"/>
      <row param="login_type" element="LOGIN_TYPE" values="basic|vault" default="basic"/>
      <row param="login_type" element="DIGITAL_VAULT/DIGITAL_VAULT_ID" fixed="vault"/>
      <row param="username" element="USERNAME" need="true"/>
      <row param="username" element="DIGITAL_VAULT/VAULT_USERNAME" when="login_type=vault"/>
      <row param="password" secret="yes" when="login_type=basic;skip_password=0"/>
      <use block="vault"/>
      <row param="cleartext_password" element="CLEARTEXT_PASSWORD" values="0|1" default="0" when="login_type=basic;skip_password=0"/>
      <row param="enable_password" secret="asked" when="sub_type=cisco"/>
      <row param="expert_password" secret="asked" when="sub_type=checkpoint_firewall"/>
      <row param="use_kerberos" element="USE_KERBEROS" guess="yes" values="0|1" when="sub_type=unix"/>
      <row param="realm_discovery" element="REALM_DISCOVERY" guess="yes" when="sub_type=unix"/>
      <row param="user_realm" element="USER_REALM" guess="yes" when="sub_type=unix"/>
      <row param="krb5_password" secret="asked" when="sub_type=unix"/>
      <row param="port" element="PORT" blanks="no"/>
      <row param="use_agentless_tracking" element="USE_AGENTLESS_TRACKING" values="0|1" default="0" when="sub_type=unix"/>
      <row param="agentless_tracking_path" element="AGENTLESS_TRACKING_PATH" when="sub_type=unix;use_agentless_tracking=1" need="true"/>
      <use block="ips"/>
      <refuse element="SKIP_PASSWORD" if="skip_password=1;login_type=vault">the call takes no vault for a login without a password</refuse>
    </type>

    <type name="windows">
      <use block="head"/>
      <limit of="windows_ad_domain" form="fqdn"/>
      <limit of="username" ascii="yes"/>
      <use block="login"/>
      <row param="windows_domain" element="WINDOWS_DOMAIN"/>
      <row param="windows_ad_domain" element="WINDOWS_AD_DOMAIN"/>
      <one of="windows_domain windows_ad_domain"/>
      <row param="ntlm" element="NTLM" values="0|1"/>
      <row param="ntlmv2" element="NTLM_V2 | NTLM_v2" values="0|1"/>
      <!-- Without a domain there is no Kerberos, whatever the list says. -->
      <row param="kerberos" element="KERBEROS" values="0|1" default="1" when="kerberos=0"/>
      <row param="kerberos" element="KERBEROS" values="0|1" default="1" when="kerberos=1;windows_domain"/>
      <row param="kerberos" element="KERBEROS" values="0|1" default="1" when="kerberos=1;windows_ad_domain"/>
      <row param="use_agentless_tracking" element="USE_AGENTLESS_TRACKING" values="0|1"/>
      <row param="minimum_smb_version" element="MINIMUM_SMB_VERSION" values="1|2.0.2|2.1|3.0|3.0.2|3.1.1"/>
      <row param="require_smb_signing" element="REQUIRE_SMB_SIGNING" values="0|1"/>
      <row param="ips" element="IP_SET/IP | IP_SET/IP_RANGE" list="yes" when="!windows_ad_domain" need="!windows_domain"/>
      <use block="network"/>
      <refuse element="IP_SET" if="windows_ad_domain;ips">the call takes no IPs with an Active Directory domain, and without them other hosts would be scanned</refuse>
    </type>

    <type name="network_ssh" guess="yes">
      <use block="head"/>
      <use block="login"/>
      <row param="password2" secret="asked"/>
      <row param="port" element="PORT" guess="yes" blanks="no"/>
      <row param="target_type" element="TARGET_TYPE" guess="yes" values="A10|HP_COMWARE|CISCO_ASA_WITH_FIREPOWE|Auto"/>
      <row param="cleartext_password" element="CLEARTEXT_PASSWORD" guess="yes" values="0|1" default="0" when="login_type=basic"/>
      <use block="ips"/>
    </type>

    <type name="snmp">
      <use block="head"/>
      <row param="version" element="VERSION" values="v1|v2=v2c|v2c|v3" default="v1"/>
      <!-- By the guide a list shows the community strings of a record that has some. What is written has their name only; and a record without them may be
           one whose list hides them. -->
      <row param="@community" element="COMMUNITY_STRINGS" fixed="listed" default="none"/>
      <row param="community_strings" secret="likely" when="version=v1|v2c"/>
      <note element="COMMUNITY_STRINGS" if="version=v1|v2c;@community=none;!community_strings">the list shows none, and may hide them: the request asks for them. If the record has none, --set snmp/TITLE/community_strings= says so</note>
      <refuse element="COMMUNITY_STRINGS" if="community_strings=none;@community=listed">--set says that the record has none, and the list shows some</refuse>
      <row param="username" element="USERNAME" when="version=v3"/>
      <row param="password" secret="yes" when="version=v3;username"/>
      <row param="auth_alg" element="AUTH_ALG" values="MD5|SHA1|SHA224|SHA256|SHA384|SHA512" when="version=v3"/>
      <row param="encrypt_password" secret="yes" when="version=v3;priv_alg"/>
      <row param="priv_alg" element="PRIV_ALG" values="DES|AES" when="version=v3"/>
      <row param="security_engine_id" element="SEC_ENG" when="version=v3"/>
      <row param="context_engine_id" element="CONTEXT_ENG" when="version=v3"/>
      <row param="context" element="CONTEXT" when="version=v3"/>
      <use block="ips"/>
      <refuse element="USERNAME" if="version=v3;username;!auth_alg">the call takes a user with the algorithm of the login only</refuse>
      <refuse element="AUTH_ALG" if="version=v3;auth_alg;!username">the call takes an algorithm with its user only</refuse>
    </type>

    <type name="vmware">
      <use block="head"/>
      <limit of="username" ascii="yes"/>
      <row param="login_type" element="LOGIN_TYPE" values="basic|vault|vcenter" default="basic"/>
      <row param="login_type" element="DIGITAL_VAULT/DIGITAL_VAULT_ID" fixed="vault"/>
      <row param="username" element="USERNAME" when="login_type=basic|vault" need="true"/>
      <row param="username" element="DIGITAL_VAULT/VAULT_USERNAME" when="login_type=vault"/>
      <row param="password" secret="yes" when="login_type=basic"/>
      <use block="vault"/>
      <row param="port" element="PORT"/>
      <row param="ssl_verify" element="SSL_VERIFY" values="all|skip|none"/>
      <row param="hosts" element="HOSTS/HOST" list="yes"/>
      <row param="hosts" element="HOSTS/text()"/>
      <row param="is_disconnect" element="IS_DISCONNECT" guess="yes" values="0|1" when="login_type=vcenter"/>
      <use block="ips"/>
    </type>

    <type name="vcenter" guess="yes">
      <use block="head"/>
      <use block="login"/>
      <use block="ips"/>
    </type>

    <type name="nsx" guess="yes">
      <use block="head"/>
      <use block="login"/>
      <row param="port" element="PORT" guess="yes"/>
      <row param="ssl_verify_with_host" element="SSL_VERIFY_WITH_HOST" guess="yes" values="0|1"/>
      <row param="hosts" element="HOSTS/HOST" guess="yes" list="yes" need="ssl_verify_with_host=1"/>
      <row param="hosts" element="HOSTS/text()" guess="yes"/>
      <row param="use_ad_hashicorp" element="USE_AD_HASHICORP" guess="yes" values="0|1" when="login_type=vault;vault_type=HashiCorp"/>
      <use block="ips"/>
    </type>

    <type name="palo_alto_firewall">
      <use block="head"/>
      <limit of="username" ascii="yes"/>
      <use block="login"/>
      <use block="ips"/>
    </type>

    <type name="infoblox" guess="yes">
      <use block="head"/>
      <use block="login"/>
      <row param="api_version" element="API_VERSION" guess="yes" need="true"/>
      <row param="ssl_verify" element="SSL_VERIFY" guess="yes" values="0|1" need="true"/>
      <use block="ips"/>
    </type>

    <type name="cisco_apic" guess="yes">
      <use block="head"/>
      <use block="login"/>
      <use block="ips"/>
    </type>

    <!-- Databases. -->
    <type name="oracle">
      <use block="head"/>
      <limit of="username" ascii="yes"/>
      <use block="login"/>
      <row param="sid" element="SID"/>
      <row param="servicename" element="SERVICENAME"/>
      <one of="sid servicename" need="true"/>
      <row param="port" element="PORT" number="yes" why="it is no number: the record is for all ports"/>
      <row param="pc_only" element="PC_ONLY" values="0|1"/>
      <row param="perform_windows_os_checks" element="WINDOWS_OS_CHECKS" values="0|1"/>
      <row param="win_ora_home_name" element="WINDOWS_OS_OPTIONS/WIN_ORA_HOME" when="perform_windows_os_checks=1" need="true"/>
      <row param="win_ora_home_path" element="WINDOWS_OS_OPTIONS/WIN_ORA_HOME_PATH" when="perform_windows_os_checks=1" need="true"/>
      <row param="win_init_ora_path" element="WINDOWS_OS_OPTIONS/WIN_INIT_ORA_PATH" when="perform_windows_os_checks=1" need="true"/>
      <row param="win_spfile_ora_path" element="WINDOWS_OS_OPTIONS/WIN_SPFILE_ORA_PATH" when="perform_windows_os_checks=1" need="true"/>
      <row param="win_listener_ora_path" element="WINDOWS_OS_OPTIONS/WIN_LISTENER_ORA_PATH" when="perform_windows_os_checks=1" need="true"/>
      <row param="win_sqlnet_ora_path" element="WINDOWS_OS_OPTIONS/WIN_SQLNET_ORA_PATH" when="perform_windows_os_checks=1" need="true"/>
      <row param="win_tnsnames_ora_path" element="WINDOWS_OS_OPTIONS/WIN_TNSNAMES_ORA_PATH" when="perform_windows_os_checks=1" need="true"/>
      <row param="perform_unix_os_checks" element="UNIX_OS_CHECKS" values="0|1"/>
      <row param="perform_unix_opatch_checks" element="UNIX_OPATCH_CHECKS" values="0|1"/>
      <row param="@unix" element="UNIX_OS_CHECKS" values="1=yes|0="/>
      <row param="@unix" element="UNIX_OPATCH_CHECKS" values="1=yes|0="/>
      <row param="unix_ora_home_path" element="UNIX_OS_OPTIONS/UNIX_ORA_HOME_PATH" when="@unix=yes" need="true" why="the call takes it only with perform_unix_os_checks=1 or perform_unix_opatch_checks=1"/>
      <row param="unix_init_ora_path" element="UNIX_OS_OPTIONS/UNIX_INIT_ORA_PATH" when="@unix=yes" need="true" why="the call takes it only with perform_unix_os_checks=1 or perform_unix_opatch_checks=1"/>
      <row param="unix_spfile_ora_path" element="UNIX_OS_OPTIONS/UNIX_SPFILE_ORA_PATH" when="@unix=yes" need="true" why="the call takes it only with perform_unix_os_checks=1 or perform_unix_opatch_checks=1"/>
      <row param="unix_listener_ora_path" element="UNIX_OS_OPTIONS/UNIX_LISTENER_ORA_PATH" when="@unix=yes" need="true" why="the call takes it only with perform_unix_os_checks=1 or perform_unix_opatch_checks=1"/>
      <row param="unix_sqlnet_ora_path" element="UNIX_OS_OPTIONS/UNIX_SQLNET_ORA_PATH" when="@unix=yes" need="true" why="the call takes it only with perform_unix_os_checks=1 or perform_unix_opatch_checks=1"/>
      <row param="unix_tnsnames_ora_path" element="UNIX_OS_OPTIONS/UNIX_TNSNAMES_ORA_PATH" when="@unix=yes" need="true" why="the call takes it only with perform_unix_os_checks=1 or perform_unix_opatch_checks=1"/>
      <row param="unix_invptrloc" element="UNIX_OS_OPTIONS/UNIX_INVPTRLOC_PATH" when="perform_unix_opatch_checks=1"/>
      <row param="is_cdb" element="IS_CDB" guess="yes" values="0|1"/>
      <row param="is_template" element="IS_TEMPLATE" guess="yes" values="0|1"/>
      <row param="cwallet" secret="asked"/>
      <row param="ewallet" secret="asked"/>
      <row param="passphrase" secret="asked"/>
      <use block="ips"/>
    </type>

    <type name="oracle_listener">
      <use block="head"/>
      <row param="password" secret="yes"/>
      <use block="ips"/>
    </type>

    <block name="ms_sql">
      <limit of="instance windows_domain" ascii="yes"/>
      <row param="ntlmv1" element="NTLM_V1 | NTLM_v1" values="0|1"/>
      <row param="ntlmv2" element="NTLM_V2 | NTLM_v2" values="0|1"/>
      <row param="kerberos" element="KERBEROS" values="0|1"/>
      <row param="instance" element="INSTANCE"/>
      <row param="auto_discover_instances" element="AUTO_DISCOVER_INSTANCES" values="0|1" default="0" when="auto_discover_instances=1"/>
      <one of="instance auto_discover_instances" need="true"/>
      <row param="database" element="DATABASE"/>
      <row param="auto_discover_databases" element="AUTO_DISCOVER_DATABASES" values="0|1" default="0" when="auto_discover_databases=1"/>
      <one of="database auto_discover_databases" need="true"/>
      <row param="port" element="PORT"/>
      <row param="auto_discover_ports" element="AUTO_DISCOVER_PORTS" values="0|1" default="0" when="auto_discover_ports=1"/>
      <one of="port auto_discover_ports" need="true"/>
      <row param="db_local" element="DB_LOCAL" values="0|1" default="1"/>
      <row param="windows_domain" element="WINDOWS_DOMAIN" when="db_local=0" need="true"/>
      <row param="member_domain" element="MEMBER_DOMAIN"/>
      <row param="auth_os_type" element="AUTH_OS_TYPE" guess="yes" values="unix|windows" when="db_local=1"/>
      <row param="mssql_unix_insta_path" element="MSSQL_UNIX_INSTA_PATH" guess="yes" when="db_local=1;auth_os_type=unix" need="true"/>
      <row param="mssql_unix_conf_path" element="MSSQL_UNIX_CONF_PATH" guess="yes" when="db_local=1;auth_os_type=unix" need="true"/>
      <row param="use_ad_hashicorp" element="USE_AD_HASHICORP" guess="yes" values="0|1" when="login_type=vault;vault_type=HashiCorp"/>
      <row param="ips" element="IP_SET/IP | IP_SET/IP_RANGE" list="yes"/>
      <use block="network"/>
      <one of="ips member_domain" need="true"/>
    </block>

    <type name="ms_sql">
      <use block="head"/>
      <use block="login"/>
      <row param="provider_name" element="PROVIDER_NAME" guess="yes"/>
      <use block="ms_sql"/>
    </type>

    <type name="azure_ms_sql" guess="yes">
      <use block="head"/>
      <use block="login"/>
      <row param="provider_name" element="PROVIDER_NAME" guess="yes"/>
      <use block="ms_sql"/>
    </type>

    <block name="mysql">
      <row param="database" element="DATABASE" need="true"/>
      <row param="port" element="PORT" need="true"/>
      <row param="hosts" element="HOSTS/HOST" list="yes"/>
      <row param="hosts" element="HOSTS/text()"/>
      <row param="ssl_verify" element="SSL_VERIFY" values="true=1|false=0|1|0"/>
      <row param="windows_config_file" element="WINDOWS_CONF_FILE"/>
      <row param="unix_config_file" element="UNIX_CONF_FILE"/>
      <any of="windows_config_file unix_config_file"/>
      <!-- The grammar has these two with their text: what is written has their name only. -->
      <row param="@cert" element="CLIENT_CERT" fixed="listed" default="none"/>
      <row param="client_cert" secret="yes" when="@cert=listed"/>
      <row param="client_cert" secret="asked"/>
      <row param="@key" element="CLIENT_KEY" fixed="listed" default="none"/>
      <row param="client_key" secret="yes" when="@key=listed"/>
      <row param="client_key" secret="asked"/>
    </block>

    <type name="mysql">
      <use block="head"/>
      <use block="login"/>
      <use block="mysql"/>
      <use block="ips"/>
    </type>

    <type name="mariadb">
      <use block="head"/>
      <use block="login"/>
      <use block="mysql"/>
      <use block="ips"/>
    </type>

    <type name="postgresql">
      <use block="head"/>
      <limit of="username" ascii="yes"/>
      <use block="login"/>
      <row param="pgsql_db_name" element="DATABASE" need="true"/>
      <row param="pgsql_unix_conf_path" element="UNIX_CONF_FILE"/>
      <row param="pgsql_win_conf_path" element="WINDOWS_CONF_FILE" guess="yes"/>
      <any of="pgsql_unix_conf_path pgsql_win_conf_path"/>
      <row param="port" element="PORT"/>
      <row param="ssl_verify" element="SSL_VERIFY" values="true=1|false=0|1|0"/>
      <row param="hosts" element="HOSTS/HOST" list="yes" need="ssl_verify=1"/>
      <row param="hosts" element="HOSTS/text()"/>
      <row param="resource_id" element="RESOURCE_ID" guess="yes"/>
      <!-- One key, though the list has room for several. -->
      <row param="client_key_type" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PRIVATE_KEY_INFO/@type" bare="basic" values="basic|vault" default="none"/>
      <row param="client_key" secret="yes" when="client_key_type=basic"/>
      <row param="client_key_vault_type" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PRIVATE_KEY_INFO/DIGITAL_VAULT/DIGITAL_VAULT_TYPE" values="BeyondTrust PBPS|CA Access Control|CyberArk AIM|Cyber-Ark AIM=CyberArk AIM|CyberArk PIM Suite|Cyber-Ark PIM Suite=CyberArk PIM Suite|Hitachi ID PAM|Hitatchi ID PAM=Hitachi ID PAM|Lieberman ERPM|LiebermanERPM=Lieberman ERPM|Quest Vault|Thycotic Secret Server|Wallix AdminBastion (WAB)|Wallix AdminBastion=Wallix AdminBastion (WAB)|HashiCorp|Azure Key|ARCON PAM|CA PAM" when="client_key_type=vault" need="true"/>
      <row param="client_key_vault_id" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PRIVATE_KEY_INFO/DIGITAL_VAULT/DIGITAL_VAULT_ID" when="client_key_type=vault" need="true"/>
      <row param="client_key_folder" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PRIVATE_KEY_INFO/DIGITAL_VAULT/VAULT_FOLDER" when="client_key_type=vault;client_key_vault_type=CyberArk AIM" need="true"/>
      <row param="client_key_file" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PRIVATE_KEY_INFO/DIGITAL_VAULT/VAULT_FILE" when="client_key_type=vault;client_key_vault_type=CyberArk AIM" need="true"/>
      <row param="client_key_secret_name" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PRIVATE_KEY_INFO/DIGITAL_VAULT/VAULT_SECRET_NAME" guess="yes" when="client_key_type=vault;client_key_vault_type=Thycotic Secret Server" need="true"/>
      <row param="@passphrase" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PASSPHRASE_INFO/@type" bare="basic" values="basic|vault" default="none"/>
      <row param="passphrase_type" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PASSPHRASE_INFO/DIGITAL_VAULT/DIGITAL_VAULT_ID" fixed="vault" default="basic"/>
      <refuse element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PASSPHRASE_INFO/@type" if="@passphrase=vault;!passphrase_vault_id">it is to have a passphrase from a vault, and names none</refuse>
      <refuse element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PASSPHRASE_INFO/@type" if="@passphrase=basic;passphrase_vault_id">its type is basic, and it names a vault</refuse>
      <note element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PASSPHRASE_INFO/@type" if="@passphrase=basic;@passphrase_text=none">no list says whether the key has a passphrase: --secret names it</note>
      <!-- A list that has a passphrase with its text says that there is one: what is written has its name only. -->
      <row param="@passphrase_text" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PASSPHRASE_INFO/PASSPHRASE" fixed="listed" default="none"/>
      <row param="passphrase" secret="yes" when="@passphrase!=vault;@passphrase_text=listed"/>
      <row param="passphrase" secret="asked" when="@passphrase!=vault"/>
      <row param="passphrase_vault_type" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PASSPHRASE_INFO/DIGITAL_VAULT/DIGITAL_VAULT_TYPE" values="BeyondTrust PBPS|CA Access Control|CyberArk AIM|Cyber-Ark AIM=CyberArk AIM|CyberArk PIM Suite|Cyber-Ark PIM Suite=CyberArk PIM Suite|Hitachi ID PAM|Hitatchi ID PAM=Hitachi ID PAM|Lieberman ERPM|LiebermanERPM=Lieberman ERPM|Quest Vault|Thycotic Secret Server|Wallix AdminBastion (WAB)|Wallix AdminBastion=Wallix AdminBastion (WAB)|HashiCorp|Azure Key|ARCON PAM|CA PAM" when="passphrase_type=vault" need="true"/>
      <row param="passphrase_vault_id" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PASSPHRASE_INFO/DIGITAL_VAULT/DIGITAL_VAULT_ID" when="passphrase_type=vault" need="true"/>
      <row param="passphrase_username" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PASSPHRASE_INFO/DIGITAL_VAULT/VAULT_USERNAME" guess="yes" when="passphrase_type=vault"/>
      <row param="passphrase_folder" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PASSPHRASE_INFO/DIGITAL_VAULT/VAULT_FOLDER" guess="yes" when="passphrase_type=vault"/>
      <row param="passphrase_file" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PASSPHRASE_INFO/DIGITAL_VAULT/VAULT_FILE" guess="yes" when="passphrase_type=vault"/>
      <row param="passphrase_secret_name" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PASSPHRASE_INFO/DIGITAL_VAULT/VAULT_SECRET_NAME" guess="yes" when="passphrase_type=vault"/>
      <row param="passphrase_system_name" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PASSPHRASE_INFO/DIGITAL_VAULT/VAULT_SYSTEM_NAME" guess="yes" when="passphrase_type=vault"/>
      <row param="passphrase_end_point_name" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PASSPHRASE_INFO/DIGITAL_VAULT/VAULT_EP_NAME" guess="yes" when="passphrase_type=vault"/>
      <row param="passphrase_end_point_type" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PASSPHRASE_INFO/DIGITAL_VAULT/VAULT_EP_TYPE" guess="yes" when="passphrase_type=vault"/>
      <row param="passphrase_end_point_container" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PASSPHRASE_INFO/DIGITAL_VAULT/VAULT_EP_CONT" guess="yes" when="passphrase_type=vault"/>
      <row param="@cert" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/CERTIFICATE/@type" fixed="listed" default="none"/>
      <row param="client_cert" secret="yes" when="@cert=listed"/>
      <row param="client_cert" secret="asked"/>
      <use block="ips"/>
    </type>

    <type name="greenplum" guess="yes">
      <use block="head"/>
      <use block="login"/>
      <row param="greenplum_db_name" element="DATABASE" guess="yes" need="true"/>
      <row param="greenplum_unix_conf_file" element="UNIX_CONF_FILE" guess="yes" need="true"/>
      <row param="port" element="PORT"/>
      <row param="ssl_verify" element="SSL_VERIFY" values="true=1|false=0|1|0"/>
      <row param="hosts" element="HOSTS/HOST" list="yes" need="ssl_verify=1"/>
      <row param="hosts" element="HOSTS/text()"/>
      <use block="ips"/>
    </type>

    <type name="mongodb">
      <use block="head"/>
      <limit of="username database_name unix_conf_path" ascii="yes"/>
      <row param="login_type" element="LOGIN_TYPE" values="basic|vault|pkcert" default="basic"/>
      <row param="login_type" element="DIGITAL_VAULT/DIGITAL_VAULT_ID" fixed="vault"/>
      <row param="username" element="USERNAME" when="login_type=basic|vault" need="true"/>
      <row param="username" element="DIGITAL_VAULT/VAULT_USERNAME" when="login_type=vault"/>
      <row param="password" secret="yes" when="login_type=basic"/>
      <use block="vault"/>
      <row param="database_name" element="DATABASE" need="true"/>
      <row param="port" element="PORT" need="true"/>
      <row param="unix_conf_path" element="UNIX_CONFIGURATION_FILE | UNIX_CONF_FILE" need="true"/>
      <row param="ssl_verify" element="SSL_VERIFY" values="true=1|false=0|1|0"/>
      <row param="hosts" element="HOSTS/HOST" list="yes" need="ssl_verify=1"/>
      <row param="hosts" element="HOSTS/text()"/>
      <row param="@key" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PRIVATE_KEY_INFO/@type" bare="basic" values="basic|vault" default="none" when="login_type=pkcert"/>
      <refuse element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PRIVATE_KEY_INFO/@type" if="login_type=pkcert;@key=vault;!private_key_vault_id">it is to have a key from a vault, and names none</refuse>
      <refuse element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PRIVATE_KEY_INFO/@type" if="login_type=pkcert;@key=basic;private_key_vault_id">its type is basic, and it names a vault</refuse>
      <row param="@passphrase" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PASSPHRASE_INFO/@type" bare="basic" values="basic|vault" default="none" when="login_type=pkcert"/>
      <refuse element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PASSPHRASE_INFO/@type" if="login_type=pkcert;@passphrase=vault;!passphrase_vault_id">it is to have a passphrase from a vault, and names none</refuse>
      <refuse element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PASSPHRASE_INFO/@type" if="login_type=pkcert;@passphrase=basic;passphrase_vault_id">its type is basic, and it names a vault</refuse>
      <note element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PASSPHRASE_INFO/@type" if="login_type=pkcert;@passphrase=basic;@passphrase_text=none">no list says whether the key has a passphrase: --secret names it</note>
      <!-- The call takes the id of the vault, and has no parameter for what most vaults need besides. -->
      <row param="@key_vault_type" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PRIVATE_KEY_INFO/DIGITAL_VAULT/DIGITAL_VAULT_TYPE" values="BeyondTrust PBPS|CA Access Control|CyberArk AIM|Cyber-Ark AIM=CyberArk AIM|CyberArk PIM Suite|Cyber-Ark PIM Suite=CyberArk PIM Suite|Hitachi ID PAM|Hitatchi ID PAM=Hitachi ID PAM|Lieberman ERPM|LiebermanERPM=Lieberman ERPM|Quest Vault|Thycotic Secret Server|Wallix AdminBastion (WAB)|Wallix AdminBastion=Wallix AdminBastion (WAB)|HashiCorp|Azure Key|ARCON PAM|CA PAM" when="login_type=pkcert"/>
      <refuse element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PRIVATE_KEY_INFO/DIGITAL_VAULT/DIGITAL_VAULT_TYPE" if="login_type=pkcert;@key_vault_type=CA Access Control|CyberArk AIM|CyberArk PIM Suite|Lieberman ERPM|Quest Vault|Thycotic Secret Server|Wallix AdminBastion (WAB)|Azure Key|ARCON PAM">the call has no parameter for where the key is in a vault of this type</refuse>
      <row param="@passphrase_vault_type" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PASSPHRASE_INFO/DIGITAL_VAULT/DIGITAL_VAULT_TYPE" values="BeyondTrust PBPS|CA Access Control|CyberArk AIM|Cyber-Ark AIM=CyberArk AIM|CyberArk PIM Suite|Cyber-Ark PIM Suite=CyberArk PIM Suite|Hitachi ID PAM|Hitatchi ID PAM=Hitachi ID PAM|Lieberman ERPM|LiebermanERPM=Lieberman ERPM|Quest Vault|Thycotic Secret Server|Wallix AdminBastion (WAB)|Wallix AdminBastion=Wallix AdminBastion (WAB)|HashiCorp|Azure Key|ARCON PAM|CA PAM" when="login_type=pkcert"/>
      <refuse element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PASSPHRASE_INFO/DIGITAL_VAULT/DIGITAL_VAULT_TYPE" if="login_type=pkcert;@passphrase_vault_type=CA Access Control|CyberArk AIM|CyberArk PIM Suite|Lieberman ERPM|Quest Vault|Thycotic Secret Server|Wallix AdminBastion (WAB)|Azure Key|ARCON PAM">the call has no parameter for where the passphrase is in a vault of this type</refuse>
      <row param="private_key_vault_id" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PRIVATE_KEY_INFO/DIGITAL_VAULT/DIGITAL_VAULT_ID" when="login_type=pkcert"/>
      <row param="private_key" secret="yes" when="login_type=pkcert;!private_key_vault_id"/>
      <row param="passphrase_vault_id" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PASSPHRASE_INFO/DIGITAL_VAULT/DIGITAL_VAULT_ID" when="login_type=pkcert"/>
      <row param="@passphrase_text" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PASSPHRASE_INFO/PASSPHRASE" fixed="listed" default="none" when="login_type=pkcert"/>
      <row param="passphrase" secret="yes" when="login_type=pkcert;!passphrase_vault_id;@passphrase_text=listed"/>
      <row param="passphrase" secret="asked" when="login_type=pkcert;!passphrase_vault_id"/>
      <row param="@cert" element="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/CERTIFICATE/@type" fixed="listed" default="none"/>
      <row param="certificate" secret="yes" when="login_type=pkcert;@cert=listed"/>
      <row param="certificate" secret="asked" when="login_type=pkcert"/>
      <row param="credential_type" element="CREDENTIAL_TYPE" guess="yes" values="local|external"/>
      <row param="cleartext" element="CLEARTEXT" guess="yes" values="0|1"/>
      <row param="is_template" element="IS_TEMPLATE" guess="yes" values="0|1"/>
      <use block="ips"/>
      <refuse element="CREDENTIAL_TYPE" if="credential_type=external;cleartext!=1">the call takes an external login with cleartext=1 only</refuse>
    </type>

    <type name="sybase">
      <use block="head"/>
      <limit of="username" ascii="yes"/>
      <use block="login"/>
      <row param="database" element="DATABASE"/>
      <row param="auto_discover_databases" element="AUTO_DISCOVER_DATABASES" guess="yes" values="0|1" default="0" when="auto_discover_databases=1"/>
      <one of="database auto_discover_databases" need="true"/>
      <row param="port" element="PORT" need="true"/>
      <row param="installation_dir" element="INSTALLATION_DIR"/>
      <row param="password_encryption" element="PASSWORD_ENCRYPTION" guess="yes" values="0|1"/>
      <use block="ips"/>
    </type>

    <type name="sapiq" guess="yes">
      <use block="head"/>
      <use block="login"/>
      <row param="database" element="DATABASE" guess="yes" need="true"/>
      <row param="port" element="PORT" guess="yes" need="true"/>
      <row param="installation_dir" element="INSTALLATION_DIR" guess="yes"/>
      <row param="password_encryption" element="PASSWORD_ENCRYPTION" guess="yes" values="0|1"/>
      <row param="resource_id" element="RESOURCE_ID" guess="yes"/>
      <use block="ips"/>
    </type>

    <type name="ibm_db2">
      <use block="head"/>
      <limit of="username database" ascii="yes"/>
      <use block="login"/>
      <row param="database" element="DATABASE" need="true"/>
      <row param="port" element="PORT" need="true"/>
      <row param="pc_only" element="PC_ONLY" values="0|1"/>
      <row param="win_db2dir" element="WIN_DB2DIR" guess="yes" without=";&amp;|#%?!*`()[]&quot;'&gt;&lt;=^/"/>
      <row param="win_prilogfile" element="WIN_PRILOGFILE" guess="yes" without=";&amp;|#%?!*`()[]&quot;'&gt;&lt;=^/"/>
      <row param="win_seclogfile" element="WIN_SECLOGFILE" guess="yes" without=";&amp;|#%?!*`()[]&quot;'&gt;&lt;=^/"/>
      <row param="win_terlogfile" element="WIN_TERLOGFILE" guess="yes" without=";&amp;|#%?!*`()[]&quot;'&gt;&lt;=^/"/>
      <row param="win_mirlogfile" element="WIN_MIRLOGFILE" guess="yes" without=";&amp;|#%?!*`()[]&quot;'&gt;&lt;=^/"/>
      <row param="unix_db2dir" element="UNIX_DB2DIR" guess="yes" without=";&amp;|#%?!*`()[]&quot;'&gt;&lt;=^\"/>
      <row param="unix_prilogfile" element="UNIX_PRILOGFILE" guess="yes" without=";&amp;|#%?!*`()[]&quot;'&gt;&lt;=^\"/>
      <row param="unix_seclogfile" element="UNIX_SECLOGFILE" guess="yes" without=";&amp;|#%?!*`()[]&quot;'&gt;&lt;=^\"/>
      <row param="unix_terlogfile" element="UNIX_TERLOGFILE" guess="yes" without=";&amp;|#%?!*`()[]&quot;'&gt;&lt;=^\"/>
      <row param="unix_mirlogfile" element="UNIX_MIRLOGFILE" guess="yes" without=";&amp;|#%?!*`()[]&quot;'&gt;&lt;=^\"/>
      <use block="ips"/>
    </type>

    <type name="informixdb" guess="yes">
      <use block="head"/>
      <use block="login"/>
      <row param="ssl_verify" element="SSL_VERIFY" guess="yes" values="0|1"/>
      <row param="hosts" element="HOSTS/HOST" guess="yes" list="yes"/>
      <row param="hosts" element="HOSTS/text()" guess="yes"/>
      <use block="ips"/>
    </type>

    <type name="neo4j" guess="yes">
      <use block="head"/>
      <use block="login"/>
      <row param="database" element="DATABASE" guess="yes"/>
      <row param="port" element="PORT" guess="yes" need="true"/>
      <use block="ips"/>
    </type>

    <type name="sap_hana" guess="yes">
      <use block="head"/>
      <use block="login"/>
      <row param="database" element="DATABASE" guess="yes" need="true"/>
      <row param="port" element="PORT" guess="yes" need="true"/>
      <row param="unix_conf_path" element="UNIX_CONF_PATH" guess="yes"/>
      <row param="ssl_verify" element="SSL_VERIFY" guess="yes" values="0|1"/>
      <row param="hosts" element="HOSTS/HOST" guess="yes" list="yes" need="ssl_verify=1"/>
      <row param="hosts" element="HOSTS/text()" guess="yes"/>
      <use block="ips"/>
    </type>

    <block name="cassandra">
      <row param="login_type" element="LOGIN_TYPE" values="basic|vault" default="basic" need="true"/>
      <row param="login_type" element="DIGITAL_VAULT/DIGITAL_VAULT_ID" fixed="vault"/>
      <row param="username" element="USERNAME"/>
      <row param="username" element="DIGITAL_VAULT/VAULT_USERNAME" when="login_type=vault"/>
      <row param="@user" element="USERNAME" fixed="listed" default="none"/>
      <row param="password" secret="yes" when="login_type=basic;@user=listed"/>
      <use block="vault"/>
      <row param="port" element="PORT" guess="yes"/>
      <row param="ssl_verify_with_host" element="SSL_VERIFY_WITH_HOST" guess="yes" values="0|1"/>
      <row param="hosts" element="HOSTS/HOST" guess="yes" list="yes" need="ssl_verify_with_host=1"/>
      <row param="hosts" element="HOSTS/text()" guess="yes"/>
      <row param="require_cert" element="REQUIRE_CERT" guess="yes" values="0|1" default="0"/>
      <row param="certificate" secret="yes" when="require_cert=1"/>
      <row param="private_key" secret="yes" when="require_cert=1"/>
      <row param="passphrase" secret="asked" when="require_cert=1"/>
      <row param="confpath" element="CONFPATH" guess="yes"/>
      <row param="basepath" element="BASEPATH" guess="yes"/>
      <row param="cleartext" element="CLEARTEXT" guess="yes" values="0|1"/>
    </block>

    <type name="cassandra" guess="yes">
      <use block="head"/>
      <use block="cassandra"/>
      <use block="ips"/>
    </type>

    <type name="datastax" guess="yes">
      <use block="head"/>
      <use block="cassandra"/>
      <use block="ips"/>
    </type>

    <type name="marklogic" guess="yes">
      <use block="head"/>
      <use block="login"/>
      <use block="ips"/>
    </type>

    <!-- Applications. -->
    <type name="http">
      <use block="head"/>
      <row param="username" element="USERNAME" need="true"/>
      <row param="password" secret="yes"/>
      <row param="realm" element="REALM"/>
      <row param="vhost" element="VHOST"/>
      <one of="realm vhost" need="true"/>
      <row param="ssl" element="SSL" values="0|1"/>
      <row param="ips" element="IP_SET/IP | IP_SET/IP_RANGE" list="yes"/>
      <use block="network"/>
    </type>

    <type name="docker">
      <use block="head"/>
      <row param="docker_deamon_conf_file" element="DAEMON_CONFIGURATION_FILE"/>
      <row param="docker_command" element="DOCKER_COMMAND"/>
      <use block="ips"/>
    </type>

    <type name="apache">
      <use block="head"/>
      <limit of="comments" form="untagged"/>
      <row param="unix_apache_config_file" element="UNIX_CONFIGURATION_FILE"/>
      <row param="unix_apache_control_command" element="UNIX_CONTROL_COMMAND"/>
      <row param="windows_apache_config_file" element="WINDOWS_CONFIGURATION_FILE" guess="yes"/>
      <row param="windows_apache_control_command" element="WINDOWS_CONTROL_COMMAND" guess="yes"/>
      <any of="unix_apache_config_file windows_apache_config_file"/>
      <refuse element="UNIX_CONFIGURATION_FILE" if="unix_apache_config_file;!unix_apache_control_command">the call takes it with unix_apache_control_command only</refuse>
      <refuse element="UNIX_CONTROL_COMMAND" if="unix_apache_control_command;!unix_apache_config_file">the call takes it with unix_apache_config_file only</refuse>
      <refuse element="WINDOWS_CONFIGURATION_FILE" if="windows_apache_config_file;!windows_apache_control_command">the call takes it with windows_apache_control_command only</refuse>
      <refuse element="WINDOWS_CONTROL_COMMAND" if="windows_apache_control_command;!windows_apache_config_file">the call takes it with windows_apache_config_file only</refuse>
      <row param="status" element="STATUS" guess="yes" values="0|1"/>
      <use block="ips"/>
    </type>

    <type name="ms_iis">
      <use block="head"/>
      <limit of="comments" form="untagged"/>
      <use block="ips"/>
    </type>

    <type name="ibm_websphere">
      <use block="head"/>
      <limit of="comments" form="untagged"/>
      <row param="unix_install_dir" element="UNIX_INSTLLATION_DIRECTORY | UNIX_INSTALLATION_DIRECTORY" need="true"/>
      <use block="ips"/>
    </type>

    <type name="tomcat">
      <use block="head"/>
      <limit of="comments" form="untagged"/>
      <row param="installation_path" element="INSTALLATION_PATH"/>
      <row param="installation_path_windows" element="INSTALLATION_PATH_WINDOWS" guess="yes"/>
      <any of="installation_path installation_path_windows"/>
      <row param="instance_path" element="INSTANCE_PATH"/>
      <row param="instance_path_windows" element="INSTANCE_PATH_WINDOWS" guess="yes"/>
      <row param="auto_discover_instances" element="AUTO_DISCOVER_INSTANCES" values="0|1"/>
      <row param="service_name" element="SERVICE_NAME" guess="yes"/>
      <row param="status" element="STATUS" guess="yes" values="0|1"/>
      <use block="ips"/>
    </type>

    <type name="oracle_weblogic">
      <use block="head"/>
      <row param="installation_path" element="INSTALLATION_PATH" need="true"/>
      <row param="auto_discover" element="AUTO_DISCOVER" values="0|1" default="1"/>
      <row param="domain" element="DOMAIN" when="auto_discover=0" need="true"/>
      <use block="ips"/>
    </type>

    <type name="jboss">
      <row param="title" element="TITLE" need="true"/>
      <limit of="title" ascii="yes"/>
      <row param="windows_working_mode" element="WINDOWS/DOMAIN_MODE" values="true=domain_controller_mode|false=standalone_mode|domain_controller_mode|standalone_mode"/>
      <row param="windows_home_path" element="WINDOWS/HOME_PATH" when="windows_working_mode" need="true"/>
      <row param="windows_base_path" element="WINDOWS/BASE_PATH" when="windows_working_mode" need="true"/>
      <row param="windows_conf_dir_path" element="WINDOWS/CONF_DIR_PATH" when="windows_working_mode" need="true"/>
      <row param="windows_conf_file_path" element="WINDOWS/CONF_FILE_PATH" when="windows_working_mode" need="true"/>
      <row param="windows_conf_host_file_path" element="WINDOWS/CONF_HOST_FILE_PATH" when="windows_working_mode" need="windows_working_mode=domain_controller_mode"/>
      <row param="unix_working_mode" element="UNIX/DOMAIN_MODE" values="true=domain_controller_mode|false=standalone_mode|domain_controller_mode|standalone_mode"/>
      <row param="unix_home_path" element="UNIX/HOME_PATH" when="unix_working_mode" need="true"/>
      <row param="unix_base_path" element="UNIX/BASE_PATH" when="unix_working_mode" need="true"/>
      <row param="unix_conf_dir_path" element="UNIX/CONF_DIR_PATH" when="unix_working_mode" need="true"/>
      <row param="unix_conf_file_path" element="UNIX/CONF_FILE_PATH" when="unix_working_mode" need="true"/>
      <row param="unix_conf_host_file_path" element="UNIX/CONF_HOST_FILE_PATH" when="unix_working_mode" need="unix_working_mode=domain_controller_mode"/>
      <any of="windows_working_mode unix_working_mode"/>
      <row param="comment" element="COMMENTS"/>
      <use block="ips"/>
    </type>

    <type name="nginx" guess="yes">
      <use block="head"/>
      <row param="unix_base_path" element="UNIX_BASE_PATH" guess="yes"/>
      <row param="unix_bin_path" element="UNIX_BIN_PATH" guess="yes"/>
      <row param="unix_conf_path" element="UNIX_CONF_PATH" guess="yes"/>
      <row param="unix_prefix_path" element="UNIX_PREFIX_PATH" guess="yes"/>
      <use block="ips"/>
    </type>

    <type name="ms_exchange" guess="yes">
      <use block="head"/>
      <use block="ips"/>
    </type>

    <type name="kubernetes" guess="yes">
      <use block="head"/>
      <row param="unix_bin_path" element="UNIX_BIN_PATH" guess="yes"/>
      <row param="unix_conf_path" element="UNIX_CONF_PATH" guess="yes"/>
      <use block="ips"/>
    </type>

    <type name="microsoft_sharepoint" guess="yes">
      <use block="head"/>
      <use block="login"/>
      <row param="db_local" element="DB_LOCAL" guess="yes" values="0|1" default="1"/>
      <row param="windows_domain" element="WINDOWS_DOMAIN" guess="yes" when="db_local=0" need="true"/>
      <row param="kerberos" element="KERBEROS" guess="yes" values="0|1"/>
      <row param="ntlmv2" element="NTLM_V2" guess="yes" values="0|1"/>
      <row param="ntlmv1" element="NTLM_V1" guess="yes" values="0|1"/>
      <use block="ips"/>
    </type>

    <type name="bind" guess="yes">
      <use block="head"/>
      <use block="ips"/>
    </type>

    <type name="oracle_http_server" guess="yes">
      <use block="head"/>
      <use block="ips"/>
    </type>
  </xsl:variable>

</xsl:stylesheet>
