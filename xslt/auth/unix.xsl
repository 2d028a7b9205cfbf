<?xml version="1.0" encoding="UTF-8"?>
<!--
  The body of Unix and Network SSH records: root delegation tools, private keys, certificates. The order of its elements is that of the published
  grammar, unix_auth_params.dtd; that of the other body is not published, and is taken to be the same.

  Secrets are called root_tool_1_password, private_key_1, passphrase_1, certificate_1, by the place of the tool or the key in the record.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:str="http://exslt.org/strings"
    xmlns:exsl="http://exslt.org/common" exclude-result-prefixes="str exsl">

  <xsl:template match="AUTH_UNIX | AUTH_NETWORK_SSH" mode="more">
    <xsl:variable name="title">
      <xsl:call-template name="unframed">
        <xsl:with-param name="text" select="string(TITLE)"/>
      </xsl:call-template>
    </xsl:variable>
    <xsl:variable name="name" select="concat($slug, '/', $title, '/')"/>
    <!-- In a body, a name is read as percent-encoded: what would end the instruction is, and what looks so already. -->
    <xsl:variable name="written" select="str:replace(str:replace($name, '%', '%25'), '?&gt;', '%3F%3E')"/>
    <!-- The old form of one tool, without a password; None is none. -->
    <xsl:variable name="old" select="ROOT_TOOL[normalize-space() != '' and translate(normalize-space(), $upper, $lower) != 'none']"/>
    <xsl:variable name="tools" select="ROOT_TOOL_INFO_LIST/ROOT_TOOL_INFO"/>
    <xsl:variable name="keys" select="PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE"/>
    <xsl:variable name="said" select="str:tokenize($set, '&#10;')[starts-with(., concat($name, 'sub_type='))]"/>

    <xsl:for-each select="($old | $tools | $keys)[$said][1]">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'refused'"/>
        <xsl:with-param name="reason">only Unix hosts have it, and the record is said to be of others</xsl:with-param>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:if test="$old and $tools">
      <xsl:for-each select="$old[1]">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="reason">the record has its tools in two forms</xsl:with-param>
        </xsl:call-template>
      </xsl:for-each>
    </xsl:if>
    <xsl:for-each select="(RSA_PRIVATE_KEY | DSA_PRIVATE_KEY)[normalize-space() != '' or @*[. != '']]">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'refused'"/>
        <xsl:with-param name="reason">it is an older form of a key, of which nothing more is known: enter the key in the list of keys</xsl:with-param>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="$tools">
      <xsl:if test="normalize-space(ROOT_TOOL) = '' or translate(normalize-space(ROOT_TOOL), $upper, $lower) = 'none'">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="element">ROOT_TOOL_INFO_LIST/ROOT_TOOL_INFO/ROOT_TOOL</xsl:with-param>
          <xsl:with-param name="reason">the tool has no name</xsl:with-param>
        </xsl:call-template>
      </xsl:if>
      <xsl:for-each select="PASSWORD_INFO">
        <xsl:call-template name="source-of"><xsl:with-param name="inner" select="'a password'"/></xsl:call-template>
      </xsl:for-each>
    </xsl:for-each>
    <xsl:for-each select="$keys">
      <xsl:variable name="number" select="position()"/>
      <xsl:for-each select="PRIVATE_KEY_INFO">
        <xsl:call-template name="source-of"><xsl:with-param name="inner" select="'a key'"/></xsl:call-template>
        <xsl:for-each select="DIGITAL_VAULT/VAULT_USERNAME[normalize-space() != '']">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'dropped'"/>
            <xsl:with-param name="reason">the body has no user of the vault for a key</xsl:with-param>
          </xsl:call-template>
        </xsl:for-each>
        <xsl:variable name="form" select="translate(normalize-space(PRIVATE_KEY/@type), $upper, $lower)"/>
        <xsl:if test="translate(normalize-space(@type), $upper, $lower) = 'basic' and not(contains('|rsa|dsa|ecdsa|ed25519|', concat('|', $form, '|')) and $form != '')">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'refused'"/>
            <xsl:with-param name="element">PRIVATE_KEY_CERTIFICATE_LIST/PRIVATE_KEY_CERTIFICATE/PRIVATE_KEY_INFO/PRIVATE_KEY/@type</xsl:with-param>
            <xsl:with-param name="reason" select="concat('a key is rsa, dsa, ecdsa or ed25519, not &quot;', normalize-space(PRIVATE_KEY/@type), '&quot;')"/>
          </xsl:call-template>
        </xsl:if>
        <xsl:for-each select="PRIVATE_KEY/@type[translate(normalize-space(../../@type), $upper, $lower) = 'vault'][normalize-space() != '']">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'dropped'"/>
            <xsl:with-param name="reason">the vault has the key</xsl:with-param>
          </xsl:call-template>
        </xsl:for-each>
      </xsl:for-each>
      <xsl:if test="not(PRIVATE_KEY_INFO)">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="reason">the body takes no certificate without its key</xsl:with-param>
        </xsl:call-template>
      </xsl:if>
      <xsl:for-each select="PASSPHRASE_INFO">
        <xsl:call-template name="source-of"><xsl:with-param name="inner" select="'a passphrase'"/></xsl:call-template>
        <xsl:if test="translate(normalize-space(@type), $upper, $lower) = 'basic' and not(str:tokenize($secrets, '&#10;')[. = concat($name, 'passphrase_', $number)])">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'noted'"/>
            <xsl:with-param name="reason" select="concat('no list says whether the key has a passphrase: --secret ', $name, 'passphrase_', $number, ' says that it has')"/>
          </xsl:call-template>
        </xsl:if>
      </xsl:for-each>
      <xsl:for-each select="CERTIFICATE">
        <xsl:variable name="form" select="translate(normalize-space(@type), $upper, $lower)"/>
        <xsl:if test="$form != 'x.509' and $form != 'openssh'">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'refused'"/>
            <xsl:with-param name="reason" select="concat('a certificate is x.509 or openssh, not &quot;', normalize-space(@type), '&quot;')"/>
          </xsl:call-template>
        </xsl:if>
      </xsl:for-each>
    </xsl:for-each>

    <xsl:if test="$old | $tools | $keys">
      <body>
        <xsl:element name="{translate($slug, $lower, $upper)}_AUTH_PARAMS">
          <xsl:if test="$old | $tools">
            <ROOT_TOOLS>
              <xsl:for-each select="$old | $tools">
                <xsl:variable name="number" select="position()"/>
                <ROOT_TOOL>
                  <xsl:apply-templates select="self::ROOT_TOOL | ROOT_TOOL" mode="tool"/>
                  <xsl:choose>
                    <xsl:when test="translate(normalize-space(PASSWORD_INFO/@type), $upper, $lower) = 'vault'">
                      <PASSWORD_INFO type="vault">
                        <xsl:apply-templates select="PASSWORD_INFO/DIGITAL_VAULT" mode="body"/>
                      </PASSWORD_INFO>
                    </xsl:when>
                    <xsl:otherwise>
                      <PASSWORD_INFO type="basic">
                        <PASSWORD><xsl:processing-instruction name="qtbx-secret"><xsl:value-of select="concat($written, 'root_tool_', $number, '_password')"/></xsl:processing-instruction></PASSWORD>
                      </PASSWORD_INFO>
                    </xsl:otherwise>
                  </xsl:choose>
                </ROOT_TOOL>
              </xsl:for-each>
            </ROOT_TOOLS>
          </xsl:if>
          <xsl:if test="$keys">
            <PRIVATE_KEY_CERTIFICATES>
              <xsl:for-each select="$keys">
                <xsl:variable name="number" select="position()"/>
                <PRIVATE_KEY_CERTIFICATE>
                  <xsl:choose>
                    <xsl:when test="translate(normalize-space(PRIVATE_KEY_INFO/@type), $upper, $lower) = 'vault'">
                      <PRIVATE_KEY_INFO type="vault">
                        <xsl:apply-templates select="PRIVATE_KEY_INFO/DIGITAL_VAULT" mode="body"/>
                      </PRIVATE_KEY_INFO>
                    </xsl:when>
                    <xsl:otherwise>
                      <PRIVATE_KEY_INFO type="basic">
                        <PRIVATE_KEY type="{translate(normalize-space(PRIVATE_KEY_INFO/PRIVATE_KEY/@type), $upper, $lower)}"><xsl:processing-instruction name="qtbx-secret"><xsl:value-of select="concat($written, 'private_key_', $number)"/></xsl:processing-instruction></PRIVATE_KEY>
                      </PRIVATE_KEY_INFO>
                    </xsl:otherwise>
                  </xsl:choose>
                  <xsl:choose>
                    <xsl:when test="translate(normalize-space(PASSPHRASE_INFO/@type), $upper, $lower) = 'vault'">
                      <PASSPHRASE_INFO type="vault">
                        <xsl:apply-templates select="PASSPHRASE_INFO/DIGITAL_VAULT" mode="body"/>
                      </PASSPHRASE_INFO>
                    </xsl:when>
                    <xsl:when test="str:tokenize($secrets, '&#10;')[. = concat($name, 'passphrase_', $number)]">
                      <PASSPHRASE_INFO type="basic">
                        <PASSPHRASE><xsl:processing-instruction name="qtbx-secret"><xsl:value-of select="concat($written, 'passphrase_', $number)"/></xsl:processing-instruction></PASSPHRASE>
                      </PASSPHRASE_INFO>
                    </xsl:when>
                  </xsl:choose>
                  <xsl:for-each select="CERTIFICATE">
                    <CERTIFICATE type="{translate(normalize-space(@type), $upper, $lower)}"><xsl:processing-instruction name="qtbx-secret"><xsl:value-of select="concat($written, 'certificate_', $number)"/></xsl:processing-instruction></CERTIFICATE>
                  </xsl:for-each>
                </PRIVATE_KEY_CERTIFICATE>
              </xsl:for-each>
            </PRIVATE_KEY_CERTIFICATES>
          </xsl:if>
        </xsl:element>
      </body>
    </xsl:if>
  </xsl:template>

  <!-- Three tools have words of their own. -->
  <xsl:template match="ROOT_TOOL" mode="tool">
    <xsl:variable name="tool" select="translate(normalize-space(), concat($upper, ' '), $lower)"/>
    <xsl:choose>
      <xsl:when test="$tool = 'sudo' or $tool = 'pimsu' or $tool = 'powerbroker'"><STANDARD_TYPE type="{$tool}"/></xsl:when>
      <xsl:otherwise>
        <CUSTOM_TYPE>
          <xsl:call-template name="unframed">
            <xsl:with-param name="text" select="string()"/>
          </xsl:call-template>
        </CUSTOM_TYPE>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- Where a secret comes from: it is said, and so is the vault. -->
  <xsl:template name="source-of">
    <xsl:param name="inner"/>
    <xsl:variable name="source" select="translate(normalize-space(@type), $upper, $lower)"/>
    <xsl:choose>
      <xsl:when test="$source = 'vault' and not(DIGITAL_VAULT)">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="reason" select="concat('it is to have ', $inner, ' from a vault, and names none')"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$source != 'vault' and $source != 'basic'">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="reason" select="concat('its type is basic or vault, not &quot;', normalize-space(@type), '&quot;')"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$source = 'basic' and DIGITAL_VAULT">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="reason">its type is basic, and it names a vault</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$source = 'vault'"><xsl:apply-templates select="DIGITAL_VAULT" mode="against"/></xsl:when>
    </xsl:choose>
  </xsl:template>

  <!-- What the body says of a vault, with what it calls each element of the list. -->

  <xsl:variable name="vault-table">
    <row body="VAULT_USERNAME" element="VAULT_USERNAME"/>
    <row body="VAULT_TYPE" element="DIGITAL_VAULT_TYPE"/>
    <row body="VAULT_ID" element="DIGITAL_VAULT_ID"/>
    <row body="FOLDER" element="VAULT_FOLDER" of="|CyberArk AIM|CyberArk PIM Suite|" need="yes"/>
    <row body="FILE" element="VAULT_FILE" of="|CyberArk AIM|CyberArk PIM Suite|" need="yes"/>
    <row body="SECRET_NAME" element="VAULT_SECRET_NAME" of="|Thycotic Secret Server|" need="yes"/>
    <row body="SYSTEM_NAME" element="VAULT_SYSTEM_NAME" of="|Quest Vault|" need="yes"/>
    <row body="SYSTEM_NAME" element="VAULT_SYSTEM_NAME" of="|BeyondTrust PBPS|"/>
    <row body="END_POINT_NAME" element="VAULT_EP_NAME" of="|CA Access Control|" need="yes"/>
    <row body="END_POINT_TYPE" element="VAULT_EP_TYPE" of="|CA Access Control|" need="yes"/>
    <row body="END_POINT_CONTAINER" element="VAULT_EP_CONT" of="|CA Access Control|" need="yes"/>
    <row body="AUTO_DISCOVER_SYSTEM_NAME" of="|Lieberman ERPM|"/>
    <row body="SYSTEM_NAME_SINGLE_HOST" element="VAULT_SYSTEM_NAME" of="|Lieberman ERPM|"/>
    <row body="SYSTEM_TYPE" element="VAULT_NS_TYPE" of="|Lieberman ERPM|" need="yes"/>
    <row body="CUSTOM_SYSTEM_TYPE" element="VAULT_NS_NAME" of="|Lieberman ERPM|"/>
  </xsl:variable>
  <xsl:variable name="vault-rows" select="exsl:node-set($vault-table)/row"/>

  <!-- The type as the body takes it, or $fault. -->
  <xsl:template match="DIGITAL_VAULT" mode="type">
    <xsl:variable name="text" select="string(DIGITAL_VAULT_TYPE)"/>
    <xsl:for-each select="$types[@name = 'vault']/row[@param = 'vault_type']">
      <xsl:call-template name="value-of">
        <xsl:with-param name="text" select="$text"/>
      </xsl:call-template>
    </xsl:for-each>
  </xsl:template>

  <xsl:template match="DIGITAL_VAULT" mode="against">
    <xsl:variable name="vault" select="."/>
    <xsl:variable name="type"><xsl:apply-templates select="." mode="type"/></xsl:variable>
    <xsl:if test="starts-with($type, $fault)">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'refused'"/>
        <xsl:with-param name="reason" select="substring($type, 2)"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="normalize-space(DIGITAL_VAULT_ID) = ''">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'refused'"/>
        <xsl:with-param name="reason">the body needs the id of the vault</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="contains('|Wallix AdminBastion (WAB)|HashiCorp|Azure Key|ARCON PAM|CA PAM|', concat('|', $type, '|'))">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'refused'"/>
        <xsl:with-param name="reason" select="concat('no published body has what ', $type, ' needs')"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:for-each select="$vault-rows[@need][contains(@of, concat('|', $type, '|'))]">
      <xsl:variable name="row" select="."/>
      <xsl:for-each select="$vault[not(*[name() = $row/@element][normalize-space() != ''])]">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="reason" select="concat('the body needs ', $row/@body, ' for ', $type)"/>
        </xsl:call-template>
      </xsl:for-each>
    </xsl:for-each>
    <xsl:for-each select="*[starts-with(name(), 'VAULT_')][name() != 'VAULT_USERNAME'][normalize-space() != '']">
      <xsl:if test="not($vault-rows[@element = name(current())][contains(@of, concat('|', $type, '|'))]) or self::VAULT_NS_NAME[normalize-space(../VAULT_NS_TYPE) != 'custom']">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'dropped'"/>
          <xsl:with-param name="reason" select="concat('the body has no place for it, for ', $type)"/>
        </xsl:call-template>
      </xsl:if>
    </xsl:for-each>
  </xsl:template>

  <xsl:template match="DIGITAL_VAULT" mode="body">
    <xsl:variable name="vault" select="."/>
    <xsl:variable name="type"><xsl:apply-templates select="." mode="type"/></xsl:variable>
    <DIGITAL_VAULT>
      <xsl:for-each select="$vault-rows[not(@of) or contains(@of, concat('|', $type, '|'))]">
        <xsl:variable name="row" select="."/>
        <xsl:variable name="text">
          <xsl:for-each select="$vault/*[name() = $row/@element][1]">
            <xsl:call-template name="unframed">
              <xsl:with-param name="text" select="string()"/>
            </xsl:call-template>
          </xsl:for-each>
        </xsl:variable>
        <xsl:choose>
          <xsl:when test="@body = 'VAULT_USERNAME' and $vault/parent::PRIVATE_KEY_INFO"/>
          <xsl:when test="@body = 'CUSTOM_SYSTEM_TYPE' and normalize-space($vault/VAULT_NS_TYPE) != 'custom'"/>
          <xsl:when test="@body = 'VAULT_TYPE'"><VAULT_TYPE><xsl:value-of select="$type"/></VAULT_TYPE></xsl:when>
          <xsl:when test="@body = 'AUTO_DISCOVER_SYSTEM_NAME'">
            <AUTO_DISCOVER_SYSTEM_NAME><xsl:value-of select="number(normalize-space($vault/VAULT_SYSTEM_NAME) = '')"/></AUTO_DISCOVER_SYSTEM_NAME>
          </xsl:when>
          <xsl:when test="normalize-space($text) != ''"><xsl:element name="{@body}"><xsl:value-of select="$text"/></xsl:element></xsl:when>
        </xsl:choose>
      </xsl:for-each>
    </DIGITAL_VAULT>
  </xsl:template>

</xsl:stylesheet>
