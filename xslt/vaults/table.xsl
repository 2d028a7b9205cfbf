<?xml version="1.0" encoding="UTF-8"?>
<!--
  Which parameters create a vault, and from what: a row for each, as common/rows.xsl says. The first nine types: API (VM, PC) User Guide 8.16, p. 293-297,
  and the elements V2 User Guide 8.12, p. 753-756. HashiCorp, Azure Key, ARCON PAM and CA PAM are younger: some of their parameters are known, and what
  their elements are called is guessed.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

  <xsl:variable name="table">
    <row param="title" element="TITLE" need="true"/>
    <row param="type" element="VAULT_TYPE" need="true" values="BeyondTrust PBPS|CA Access Control|CyberArk AIM|Cyber-Ark AIM=CyberArk AIM|CyberArk PIM Suite|Cyber-Ark PIM Suite=CyberArk PIM Suite|Hitachi ID PAM|Hitatchi ID PAM=Hitachi ID PAM|Lieberman ERPM|LiebermanERPM=Lieberman ERPM|Quest Vault|Thycotic Secret Server|Wallix AdminBastion (WAB)|Wallix AdminBastion=Wallix AdminBastion (WAB)|HashiCorp|Azure Key|ARCON PAM|CA PAM"/>
    <row param="comments" element="COMMENTS"/>

    <row param="server_address" element="SERVER_ADDRESS" when="type=CyberArk PIM Suite|Quest Vault" need="true"/>
    <row param="port" element="PORT" when="type=CyberArk PIM Suite|Quest Vault"/>
    <row param="appid" element="APPID" when="type=CyberArk AIM" need="true"/>
    <row param="safe" element="SAFE" when="type=CyberArk AIM|CyberArk PIM Suite" need="true"/>
    <row param="ca_url" element="URL" when="type=CA Access Control" need="true"/>
    <row param="url" element="URL" when="type=BeyondTrust PBPS|CyberArk AIM|Hitachi ID PAM|Lieberman ERPM|Thycotic Secret Server|Wallix AdminBastion (WAB)|HashiCorp" need="true"/>
    <row param="url" element="URL" when="type=Azure Key|ARCON PAM|CA PAM"/>
    <row param="ca_ssl_verify" element="SSL_VERIFY" values="0|1" when="type=CA Access Control" need="true"/>
    <row param="ssl_verify" element="SSL_VERIFY" values="0|1" when="type=CyberArk AIM|Hitachi ID PAM|Lieberman ERPM" need="true"/>
    <row param="ssl_verify" element="SSL_VERIFY" values="0|1" when="type=BeyondTrust PBPS|Wallix AdminBastion (WAB)|HashiCorp|Azure Key|ARCON PAM|CA PAM" why="the call has no such parameter for this type of vault"/>
    <row param="domain" element="DOMAIN" when="type=Lieberman ERPM|Thycotic Secret Server"/>
    <row param="auth_type" element="AUTH_TYPE" guess="yes" values="userpass|cert|approle" when="type=HashiCorp" need="true"/>
    <row param="api_version" element="API_VERSION" guess="yes" when="type=HashiCorp"/>
    <row param="path" element="PATH" guess="yes" when="type=HashiCorp"/>
    <row param="role_name" element="ROLE_NAME" guess="yes" when="type=HashiCorp;auth_type=cert" need="true"/>
    <row param="role_id" element="ROLE_ID" guess="yes" when="type=HashiCorp;auth_type=approle" need="true"/>
    <row param="app_id" element="APP_ID" guess="yes" when="type=Azure Key" need="true"/>
    <row param="vault_service_type" element="VAULT_SERVICE_TYPE" guess="yes" when="type=ARCON PAM" need="true"/>
    <row param="ca_api_username" element="API_USERNAME" when="type=CA Access Control" need="true"/>
    <row param="ca_web_username" element="WEB_USERNAME" when="type=CA Access Control"/>
    <row param="username" element="USERNAME" when="type=BeyondTrust PBPS|CyberArk PIM Suite|Hitachi ID PAM|Lieberman ERPM|Quest Vault|Thycotic Secret Server|Wallix AdminBastion (WAB)" need="true"/>
    <row param="username" element="USERNAME" when="type=HashiCorp;auth_type=userpass" need="true"/>
    <row param="username" element="USERNAME" when="type=Azure Key|ARCON PAM|CA PAM"/>

    <!-- Secrets. Of the password and the key of WAB, a vault has one: a list that shows the key says which. -->
    <row param="@appkey" element="APPKEY" default="none" fixed="listed"/>
    <row param="appkey" secret="yes" when="type=BeyondTrust PBPS"/>
    <row param="appkey" secret="yes" when="type=Wallix AdminBastion (WAB);@appkey=listed"/>
    <row param="appkey" secret="asked" when="type=Wallix AdminBastion (WAB)"/>
    <row param="password" secret="yes" when="type=CyberArk PIM Suite|Hitachi ID PAM|Lieberman ERPM|Thycotic Secret Server"/>
    <row param="password" secret="yes" when="type=Wallix AdminBastion (WAB);@appkey=none;!appkey"/>
    <row param="password" secret="yes" when="type=HashiCorp;auth_type=userpass"/>
    <row param="password" secret="asked" when="type=BeyondTrust PBPS|Azure Key|ARCON PAM|CA PAM"/>
    <row param="access_key" secret="yes" when="type=Quest Vault"/>
    <row param="ca_web_password" secret="yes" when="type=CA Access Control;ca_web_username"/>
    <row param="cert" secret="asked" when="type=BeyondTrust PBPS|CyberArk AIM"/>
    <row param="cert" secret="asked" when="type=HashiCorp|Azure Key"/>
    <row param="private_key" secret="asked" when="type=BeyondTrust PBPS|CyberArk AIM"/>
    <row param="private_key" secret="yes" when="type=HashiCorp;auth_type=cert"/>
    <row param="private_key" secret="asked" when="type=Azure Key"/>
    <row param="private_key_pwd" secret="asked" when="type=BeyondTrust PBPS|CyberArk AIM;private_key"/>
    <row param="passphrase" secret="asked" when="type=HashiCorp;auth_type=cert"/>
    <row param="secret_id" secret="yes" when="type=HashiCorp;auth_type=approle"/>
    <row param="app_key" secret="asked" when="type=Azure Key"/>

    <refuse param="cert" if="type=BeyondTrust PBPS|CyberArk AIM;cert;!private_key">the call takes a certificate with its private key only</refuse>
    <refuse param="private_key" if="type=BeyondTrust PBPS|CyberArk AIM;private_key;!cert">the call takes a private key with its certificate only</refuse>

    <limit of="username" if="type=BeyondTrust PBPS" max="64" unfit="@"/>
    <limit of="url" if="type=Thycotic Secret Server" max="256" ascii="yes"/>
    <limit of="domain" if="type=Thycotic Secret Server" max="128" ascii="yes"/>
    <limit of="url ca_url" form="url"/>
    <limit of="port" if="type=CyberArk PIM Suite" within="1025..65535"/>
    <limit of="server_address" form="ip"/>
    <limit of="safe appid" if="type=CyberArk AIM" unfit="\/:*?&quot;&lt;&gt;|&#9;&#10;&#13;"/>
    <limit of="safe" if="type=CyberArk PIM Suite" unfit="\/:*?&quot;&lt;&gt;.|"/>
    <limit of="appid" if="type=CyberArk AIM" words="Users|Addresses|Areas|XUserRules|unknown|Locations|Safes|Schedule|VaultCategories|Builtin"/>

    <note element="VAULT_TYPE" if="type=BeyondTrust PBPS;!password;!private_key">no list says whether it has a password, or a certificate with a private key: --secret names what it has</note>
    <note element="VAULT_TYPE" if="type=CyberArk AIM;!private_key">no list says whether it has a certificate with a private key: --secret names what it has</note>
    <note element="VAULT_TYPE" if="type=Wallix AdminBastion (WAB);@appkey=none;!appkey">no list says whether it has a password or a key: it is taken to have a password unless --secret names an appkey</note>
    <note element="VAULT_TYPE" if="type=HashiCorp|Azure Key|ARCON PAM|CA PAM">the parameters of this type are known in part only: --set and --secret name others</note>
  </xsl:variable>

</xsl:stylesheet>
