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
        <xsl:variable name="source"><xsl:apply-templates select="." mode="source"/></xsl:variable>
        <xsl:if test="$source = 'basic' and not(contains('|rsa|dsa|ecdsa|ed25519|', concat('|', $form, '|')) and $form != '')">
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
        <xsl:variable name="source"><xsl:apply-templates select="." mode="source"/></xsl:variable>
        <xsl:if test="$source = 'basic' and normalize-space(PASSPHRASE) = '' and not(str:tokenize($secrets, '&#10;')[. = concat($name, 'passphrase_', $number)])">
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
                    <!-- What is written has its name only. -->
                    <xsl:when test="normalize-space(PASSPHRASE_INFO/PASSPHRASE) != '' or str:tokenize($secrets, '&#10;')[. = concat($name, 'passphrase_', $number)]">
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

  <!-- basic or vault: without an attribute it is basic, by the published description. -->
  <xsl:template match="*" mode="source">
    <xsl:choose>
      <xsl:when test="@type"><xsl:value-of select="translate(normalize-space(@type), $upper, $lower)"/></xsl:when>
      <xsl:otherwise>basic</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- Where a secret comes from: it is said, and so is the vault. -->
  <xsl:template name="source-of">
    <xsl:param name="inner"/>
    <xsl:variable name="source"><xsl:apply-templates select="." mode="source"/></xsl:variable>
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

  <!--
    What the body says of a vault: in this order, and by the rows that say it as parameters. The two have the same names, but for capitals. Of a vault for a
    key, it has no user.
  -->
  <xsl:variable name="vault-elements">VAULT_TYPE VAULT_ID FOLDER FILE SECRET_NAME SYSTEM_NAME END_POINT_NAME END_POINT_TYPE END_POINT_CONTAINER AUTO_DISCOVER_SYSTEM_NAME SYSTEM_NAME_SINGLE_HOST SYSTEM_TYPE CUSTOM_SYSTEM_TYPE</xsl:variable>
  <xsl:variable name="vault-rows" select="$types[self::block][@name = 'vault']/row"/>

  <!-- A vault, weighed: what is sent of it, lacks, or is no value, by the name in the body. -->
  <xsl:template match="DIGITAL_VAULT" mode="weighed">
    <xsl:variable name="vault" select="."/>
    <xsl:variable name="values">
      <given param="login_type">vault</given>
      <xsl:for-each select="$vault-rows[@element]">
        <xsl:variable name="row" select="."/>
        <xsl:variable name="text">
          <xsl:call-template name="texts">
            <xsl:with-param name="at" select="$vault"/>
            <xsl:with-param name="path" select="substring-after($row/@element, 'DIGITAL_VAULT/')"/>
          </xsl:call-template>
        </xsl:variable>
        <xsl:if test="$text != ''">
          <given row="{generate-id()}" param="{@param}">
            <xsl:choose>
              <xsl:when test="@fixed"><xsl:value-of select="@fixed"/></xsl:when>
              <xsl:otherwise>
                <xsl:call-template name="value-of">
                  <xsl:with-param name="text" select="string($text)"/>
                </xsl:call-template>
              </xsl:otherwise>
            </xsl:choose>
          </given>
        </xsl:if>
      </xsl:for-each>
    </xsl:variable>
    <xsl:variable name="given" select="exsl:node-set($values)/given"/>
    <type><xsl:value-of select="$given[@param = 'vault_type']"/></type>
    <xsl:for-each select="str:tokenize($vault-elements, ' ')">
      <xsl:variable name="body" select="string()"/>
      <xsl:for-each select="$vault-rows[@param = translate($body, $upper, $lower)]">
        <xsl:variable name="id" select="generate-id()"/>
        <xsl:variable name="value" select="string($given[@row = $id] | @fixed[not(../@element)])"/>
        <xsl:variable name="element" select="substring-after(@element, 'DIGITAL_VAULT/')"/>
        <xsl:variable name="taken"><xsl:call-template name="holds"><xsl:with-param name="condition" select="@when"/><xsl:with-param name="given" select="$given"/></xsl:call-template></xsl:variable>
        <xsl:choose>
          <xsl:when test="$taken != 'true' and $value != ''">
            <!-- Of a vault of this type the body takes it, but for something else. -->
            <xsl:variable name="of" select="str:tokenize(@when, ';')[starts-with(., 'vault_type=')]"/>
            <xsl:variable name="is"><xsl:call-template name="holds"><xsl:with-param name="condition" select="$of"/><xsl:with-param name="given" select="$given"/></xsl:call-template></xsl:variable>
            <idle element="{$element}"><xsl:if test="$is = 'true'"><xsl:attribute name="when"><xsl:value-of select="substring-after(substring-after(@when, 'vault_type='), ';')"/></xsl:attribute></xsl:if></idle>
          </xsl:when>
          <xsl:when test="$taken != 'true'"/>
          <xsl:when test="starts-with($value, $fault)"><fault body="{$body}" element="{$element}"><xsl:value-of select="substring($value, 2)"/></fault></xsl:when>
          <xsl:when test="$value != ''"><sent body="{$body}" element="{$element}" param="{@param}"><xsl:value-of select="$value"/></sent></xsl:when>
          <xsl:when test="@need">
            <xsl:variable name="needed"><xsl:call-template name="holds"><xsl:with-param name="condition" select="@need"/><xsl:with-param name="given" select="$given"/></xsl:call-template></xsl:variable>
            <xsl:if test="$needed = 'true'"><lack body="{$body}" element="{$element}"/></xsl:if>
          </xsl:when>
        </xsl:choose>
      </xsl:for-each>
    </xsl:for-each>
  </xsl:template>

  <xsl:template match="DIGITAL_VAULT" mode="against">
    <xsl:variable name="vault" select="."/>
    <xsl:variable name="weighed"><xsl:apply-templates select="." mode="weighed"/></xsl:variable>
    <xsl:variable name="found" select="exsl:node-set($weighed)/*"/>
    <xsl:variable name="type" select="string($found[self::type])"/>
    <xsl:for-each select="$found[self::fault]">
      <xsl:variable name="of" select="."/>
      <xsl:for-each select="$vault/*[name() = $of/@element]">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="reason" select="string($of)"/>
        </xsl:call-template>
      </xsl:for-each>
    </xsl:for-each>
    <xsl:if test="contains('|Wallix AdminBastion (WAB)|HashiCorp|Azure Key|ARCON PAM|CA PAM|', concat('|', $type, '|')) and $type != ''">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'refused'"/>
        <xsl:with-param name="reason" select="concat('no published body has what ', $type, ' needs')"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:for-each select="$found[self::lack]">
      <xsl:variable name="reason">
        <xsl:choose>
          <xsl:when test="@body = 'VAULT_ID'">the body needs the id of the vault</xsl:when>
          <xsl:when test="@body = 'VAULT_TYPE'">the body needs the type of the vault</xsl:when>
          <xsl:otherwise><xsl:value-of select="concat('the body needs ', @body, ' for ', $type)"/></xsl:otherwise>
        </xsl:choose>
      </xsl:variable>
      <xsl:for-each select="$vault">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="reason" select="string($reason)"/>
        </xsl:call-template>
      </xsl:for-each>
    </xsl:for-each>
    <xsl:for-each select="$vault/*[starts-with(name(), 'VAULT_')][name() != 'VAULT_USERNAME'][normalize-space() != '']">
      <xsl:variable name="name" select="name()"/>
      <xsl:if test="not($found[self::sent or self::fault][@element = $name])">
        <xsl:variable name="otherwise" select="$found[self::idle][@element = $name]/@when[. != '']"/>
        <xsl:variable name="reason">
          <xsl:choose>
            <xsl:when test="$otherwise">
              <xsl:text>the body does not take it</xsl:text>
              <xsl:call-template name="behind"><xsl:with-param name="condition" select="$otherwise[1]"/><xsl:with-param name="word" select="': only with '"/></xsl:call-template>
            </xsl:when>
            <xsl:otherwise><xsl:value-of select="concat('the body has no place for it, for ', $type)"/></xsl:otherwise>
          </xsl:choose>
        </xsl:variable>
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'dropped'"/>
          <xsl:with-param name="reason" select="string($reason)"/>
        </xsl:call-template>
      </xsl:if>
    </xsl:for-each>
    <xsl:for-each select="$found[self::sent]">
      <xsl:variable name="sent" select="."/>
      <xsl:for-each select="$types[@name = 'vault-limits']/limit[str:tokenize(@of, ' ') = $sent/@param]">
        <xsl:variable name="beyond"><xsl:call-template name="beyond"><xsl:with-param name="text" select="string($sent)"/></xsl:call-template></xsl:variable>
        <xsl:for-each select="$vault/*[name() = $sent/@element][$beyond != '']">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'noted'"/>
            <xsl:with-param name="reason" select="string($beyond)"/>
          </xsl:call-template>
        </xsl:for-each>
      </xsl:for-each>
    </xsl:for-each>
  </xsl:template>

  <xsl:template match="DIGITAL_VAULT" mode="body">
    <xsl:variable name="weighed"><xsl:apply-templates select="." mode="weighed"/></xsl:variable>
    <DIGITAL_VAULT>
      <xsl:for-each select="VAULT_USERNAME[normalize-space() != ''][not(ancestor::PRIVATE_KEY_INFO)]">
        <VAULT_USERNAME>
          <xsl:call-template name="unframed">
            <xsl:with-param name="text" select="string()"/>
          </xsl:call-template>
        </VAULT_USERNAME>
      </xsl:for-each>
      <xsl:for-each select="exsl:node-set($weighed)/sent">
        <xsl:element name="{@body}"><xsl:value-of select="."/></xsl:element>
      </xsl:for-each>
    </DIGITAL_VAULT>
  </xsl:template>

</xsl:stylesheet>
