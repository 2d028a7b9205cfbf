<?xml version="1.0" encoding="UTF-8"?>
<!--
  Compliance policies as the requests that create them again: /api/4.0/fo/compliance/policy/, in three steps.

    export   action=export, with the user-defined controls: the list itself has no control's values
    import   action=import, with the export as the body
    scope    action=set_asset_group_ids and set_asset_tags: an export has no scope, and neither has what was imported

  A policy that is assigned to other hosts than before reports on other hosts. So whatever would make its scope another one is refused
  instead of being left out.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

  <xsl:import href="common/vocabulary.xsl"/>

  <!-- export, import or scope. -->
  <xsl:param name="step" select="'import'"/>
  <!-- Where the exports are, as ID.xml. -->
  <xsl:param name="folder" select="'policies'"/>
  <xsl:param name="api-version" select="'4.0'"/>

  <xsl:variable name="kind" select="'policy'"/>
  <xsl:variable name="record" select="'POLICY'"/>
  <xsl:variable name="url" select="concat('/api/', $api-version, '/fo/compliance/policy/')"/>

  <xsl:variable name="upper" select="'ABCDEFGHIJKLMNOPQRSTUVWXYZ'"/>
  <xsl:variable name="lower" select="'abcdefghijklmnopqrstuvwxyz'"/>

  <xsl:template match="/">
    <requests>
      <xsl:apply-templates select="/*/*/POLICY_LIST/POLICY"/>
    </requests>
  </xsl:template>

  <xsl:template match="POLICY" mode="subject">
    <xsl:attribute name="id"><xsl:value-of select="normalize-space(ID)"/></xsl:attribute>
    <xsl:attribute name="name"><xsl:apply-templates select="TITLE" mode="trimmed"/></xsl:attribute>
  </xsl:template>

  <!-- The id becomes the name of a file, and must not lead to another one. -->
  <xsl:template match="POLICY[normalize-space(ID) = '' or translate(normalize-space(ID), '0123456789', '') != '']" priority="2">
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'refused'"/>
      <xsl:with-param name="element" select="'ID'"/>
      <xsl:with-param name="reason">a policy needs an id, which is a number</xsl:with-param>
    </xsl:call-template>
  </xsl:template>

  <!-- One of the two would be lost. -->
  <xsl:template match="POLICY[ID[2] | TITLE[2] | ASSET_GROUP_IDS[2] | TAG_SET_INCLUDE[2] | TAG_INCLUDE_SELECTOR[2] | TAG_SET_EXCLUDE[2] | TAG_EXCLUDE_SELECTOR[2] | EVALUATE_NOW[2]]" priority="1">
    <xsl:for-each select="ID[2] | TITLE[2] | ASSET_GROUP_IDS[2] | TAG_SET_INCLUDE[2] | TAG_INCLUDE_SELECTOR[2] | TAG_SET_EXCLUDE[2] | TAG_EXCLUDE_SELECTOR[2] | EVALUATE_NOW[2]">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'refused'"/>
        <xsl:with-param name="reason">it stands twice, and one of the two would be lost</xsl:with-param>
      </xsl:call-template>
    </xsl:for-each>
  </xsl:template>

  <xsl:template match="POLICY">
    <xsl:choose>
      <xsl:when test="$step = 'export'">
        <request kind="{$kind}" id="{normalize-space(ID)}" url="{$url}" method="GET">
          <param name="action">export</param>
          <param name="id"><xsl:value-of select="normalize-space(ID)"/></param>
          <!-- Without it they would be missing, and nothing would say so. -->
          <param name="show_user_controls">1</param>
        </request>
      </xsl:when>
      <xsl:when test="$step = 'import'"><xsl:apply-templates select="." mode="import"/></xsl:when>
      <xsl:otherwise><xsl:apply-templates select="." mode="scope"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- The title without the layout around it: it is CDATA on a line of its own. Blanks without a line feed are the title's. -->
  <xsl:template match="TITLE" mode="trimmed">
    <xsl:variable name="first" select="substring(normalize-space(), 1, 1)"/>
    <xsl:if test="$first != ''">
      <xsl:variable name="lead" select="substring-before(., $first)"/>
      <xsl:variable name="rest" select="substring(., string-length($lead) + 1)"/>
      <xsl:variable name="text">
        <xsl:call-template name="trimmed">
          <xsl:with-param name="text" select="$rest"/>
        </xsl:call-template>
      </xsl:variable>
      <xsl:variable name="trail" select="substring($rest, string-length($text) + 1)"/>
      <xsl:if test="not(contains($lead, '&#10;'))"><xsl:value-of select="$lead"/></xsl:if>
      <xsl:value-of select="$text"/>
      <xsl:if test="not(contains($trail, '&#10;'))"><xsl:value-of select="$trail"/></xsl:if>
    </xsl:if>
  </xsl:template>

  <!-- Without the white space at its end, sixty-four characters at a time, then one by one. -->
  <xsl:template name="trimmed">
    <xsl:param name="text"/>
    <xsl:variable name="length" select="string-length($text)"/>
    <xsl:choose>
      <xsl:when test="$length > 64 and normalize-space(substring($text, $length - 63)) = ''">
        <xsl:call-template name="trimmed">
          <xsl:with-param name="text" select="substring($text, 1, $length - 64)"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="normalize-space(substring($text, $length)) = ''">
        <xsl:call-template name="trimmed">
          <xsl:with-param name="text" select="substring($text, 1, $length - 1)"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:otherwise><xsl:value-of select="$text"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- Import -->

  <xsl:template match="POLICY" mode="import">
    <xsl:choose>
      <xsl:when test="normalize-space(TITLE) = ''">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="element" select="'TITLE'"/>
          <xsl:with-param name="reason">a policy needs a title</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:otherwise>
        <request kind="{$kind}" id="{normalize-space(ID)}" url="{$url}">
          <param name="action">import</param>
          <param name="title"><xsl:apply-templates select="TITLE" mode="trimmed"/></param>
          <param name="create_user_controls">1</param>
          <body file="{$folder}/{normalize-space(ID)}.xml"/>
        </request>
      </xsl:otherwise>
    </xsl:choose>
    <xsl:apply-templates select="@* | *" mode="account"/>
  </xsl:template>

  <!-- Scope -->

  <xsl:template match="POLICY" mode="scope">
    <xsl:variable name="groups"><xsl:apply-templates select="ASSET_GROUP_IDS" mode="target"/></xsl:variable>
    <xsl:variable name="tags" select="(TAG_SET_INCLUDE | TAG_SET_EXCLUDE)/TAG_ID[normalize-space() != ''][not(@qtbx-target = '')]"/>
    <xsl:variable name="refusals">
      <xsl:apply-templates select="ASSET_GROUP_IDS | TAG_SET_INCLUDE | TAG_SET_EXCLUDE | TAG_INCLUDE_SELECTOR | TAG_EXCLUDE_SELECTOR" mode="refusal"/>
      <xsl:if test="$groups = '' and not($tags) and (ASSET_GROUP_IDS | TAG_SET_INCLUDE | TAG_SET_EXCLUDE)[normalize-space() != '']">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="element" select="'ASSET_GROUP_IDS'"/>
          <xsl:with-param name="reason">nothing of its scope is left: no map has its asset groups and tags</xsl:with-param>
        </xsl:call-template>
      </xsl:if>
    </xsl:variable>
    <xsl:choose>
      <xsl:when test="string($refusals) != ''"><xsl:copy-of select="$refusals"/></xsl:when>
      <xsl:when test="$groups = '' and not($tags)">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'skipped'"/>
          <xsl:with-param name="reason">the policy has no asset groups and no tags, like every imported one</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:otherwise>
        <xsl:if test="$groups != ''">
          <request kind="{$kind}" id="{normalize-space(ID)}" url="{$url}">
            <param name="action">set_asset_group_ids</param>
            <xsl:apply-templates select="ID" mode="param"/>
            <param name="asset_group_ids"><xsl:value-of select="$groups"/></param>
            <!-- With the last request: before it, the scope is not whole. -->
            <xsl:if test="not($tags)"><xsl:apply-templates select="EVALUATE_NOW" mode="param"/></xsl:if>
          </request>
        </xsl:if>
        <xsl:if test="$tags">
          <request kind="{$kind}" id="{normalize-space(ID)}" url="{$url}">
            <param name="action">set_asset_tags</param>
            <xsl:apply-templates select="ID" mode="param"/>
            <param name="tag_set_by">id</param>
            <xsl:call-template name="tags">
              <xsl:with-param name="set" select="'include'"/>
              <xsl:with-param name="tags" select="$tags[parent::TAG_SET_INCLUDE]"/>
              <xsl:with-param name="selector" select="TAG_INCLUDE_SELECTOR"/>
            </xsl:call-template>
            <xsl:call-template name="tags">
              <xsl:with-param name="set" select="'exclude'"/>
              <xsl:with-param name="tags" select="$tags[parent::TAG_SET_EXCLUDE]"/>
              <xsl:with-param name="selector" select="TAG_EXCLUDE_SELECTOR"/>
            </xsl:call-template>
            <xsl:apply-templates select="EVALUATE_NOW" mode="param"/>
          </request>
        </xsl:if>
      </xsl:otherwise>
    </xsl:choose>
    <xsl:apply-templates select="@* | *" mode="account"/>
  </xsl:template>

  <!-- What a map says, else the text itself. -->
  <xsl:template match="*" mode="target">
    <xsl:choose>
      <xsl:when test="@qtbx-target"><xsl:value-of select="translate(@qtbx-target, ' ', '')"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="translate(normalize-space(), ' ', '')"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="POLICY/ID" mode="param">
    <param name="id"><xsl:apply-templates select="." mode="target"/></param>
  </xsl:template>

  <xsl:template name="tags">
    <xsl:param name="set"/>
    <xsl:param name="tags"/>
    <xsl:param name="selector"/>
    <xsl:if test="$tags">
      <xsl:call-template name="param">
        <xsl:with-param name="name" select="concat('tag_', $set, '_selector')"/>
        <xsl:with-param name="value" select="translate(normalize-space($selector), $upper, $lower)"/>
      </xsl:call-template>
      <param name="tag_set_{$set}">
        <xsl:for-each select="$tags">
          <xsl:if test="position() != 1">,</xsl:if>
          <xsl:apply-templates select="." mode="target"/>
        </xsl:for-each>
      </param>
    </xsl:if>
  </xsl:template>

  <xsl:template match="*" mode="flag">
    <xsl:variable name="value" select="concat('|', translate(normalize-space(), $upper, $lower), '|')"/>
    <xsl:choose>
      <xsl:when test="contains('|1|true|yes|', $value)">1</xsl:when>
      <xsl:when test="contains('||0|false|no|', $value)">0</xsl:when>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="EVALUATE_NOW" mode="param">
    <xsl:call-template name="param">
      <xsl:with-param name="name" select="'evaluate_now'"/>
      <xsl:with-param name="value"><xsl:apply-templates select="self::*[normalize-space() != '']" mode="flag"/></xsl:with-param>
    </xsl:call-template>
  </xsl:template>

  <!-- What would make the scope another one. -->

  <xsl:template match="*" mode="refusal"/>

  <xsl:template match="ASSET_GROUP_IDS[@has_hidden_data != '' and @has_hidden_data != '0']" mode="refusal">
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'refused'"/>
      <xsl:with-param name="element" select="'ASSET_GROUP_IDS/@has_hidden_data'"/>
      <xsl:with-param name="reason">the policy has asset groups that the user who fetched the list may not see: fetch it as a manager</xsl:with-param>
    </xsl:call-template>
  </xsl:template>

  <!-- The fewer tags must all be there, and the fewer tags exclude, the more hosts are in the scope. -->
  <xsl:template match="TAG_SET_INCLUDE[TAG_ID/@qtbx-target = ''] | TAG_SET_EXCLUDE[TAG_ID/@qtbx-target = '']" mode="refusal">
    <xsl:variable name="selector" select="../TAG_INCLUDE_SELECTOR[current()/self::TAG_SET_INCLUDE] | ../TAG_EXCLUDE_SELECTOR[current()/self::TAG_SET_EXCLUDE]"/>
    <xsl:if test="boolean(self::TAG_SET_INCLUDE) = (translate(normalize-space($selector), $upper, $lower) = 'all')">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'refused'"/>
        <xsl:with-param name="reason">without the tags that no map has, the policy would cover other hosts as well</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="TAG_INCLUDE_SELECTOR | TAG_EXCLUDE_SELECTOR" mode="refusal">
    <xsl:if test="normalize-space() != '' and (contains(., '|') or not(contains('|any|all|', concat('|', translate(normalize-space(), $upper, $lower), '|'))))">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'refused'"/>
        <xsl:with-param name="reason" select="concat('a selector is any or all, and &quot;', normalize-space(), '&quot; is neither')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- Accounting: the import tells what becomes of a policy, the scope step what becomes of its scope. Both name what is unknown. -->

  <xsl:template match="POLICY/ID | POLICY/TITLE | TAG_ID | TAG_INCLUDE_SELECTOR | TAG_EXCLUDE_SELECTOR" mode="account">
    <xsl:apply-templates select="@* | *" mode="account"/>
  </xsl:template>

  <xsl:template match="ASSET_GROUP_IDS/@has_hidden_data" mode="account"/>

  <xsl:template match="ASSET_GROUP_IDS | TAG_SET_INCLUDE | TAG_SET_EXCLUDE" mode="account">
    <xsl:variable name="selector" select="../TAG_INCLUDE_SELECTOR[current()/self::TAG_SET_INCLUDE] | ../TAG_EXCLUDE_SELECTOR[current()/self::TAG_SET_EXCLUDE]"/>
    <xsl:apply-templates select="@* | *" mode="account"/>
    <xsl:choose>
      <xsl:when test="$step = 'import' and normalize-space() != ''">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'noted'"/>
          <xsl:with-param name="reason">an import has no scope: send the requests of --step scope afterwards</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$step = 'scope' and count(TAG_ID[normalize-space() != '']) > 1 and normalize-space($selector) = ''">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'noted'"/>
          <xsl:with-param name="reason">the record does not say whether any or all of the tags are meant: the target takes any</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="EVALUATE_NOW" mode="account">
    <xsl:variable name="flag"><xsl:apply-templates select="." mode="flag"/></xsl:variable>
    <xsl:variable name="has-scope" select="boolean((../ASSET_GROUP_IDS | ../TAG_SET_INCLUDE | ../TAG_SET_EXCLUDE)[normalize-space() != ''])"/>
    <xsl:apply-templates select="@* | *" mode="account"/>
    <xsl:choose>
      <xsl:when test="$flag = ''">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'dropped'"/>
          <xsl:with-param name="reason" select="concat('evaluate_now is 0 or 1, and &quot;', normalize-space(), '&quot; is neither')"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$step = 'import' and $flag = '1' and not($has-scope)">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'dropped'"/>
          <xsl:with-param name="reason">only the calls that assign a scope take it, and this policy has none</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
    </xsl:choose>
  </xsl:template>

  <!-- What no call sets, said at the import. -->

  <xsl:template match="POLICY/STATUS" mode="account">
    <xsl:apply-templates select="@* | *" mode="account"/>
    <xsl:if test="$step = 'import' and normalize-space() != '' and translate(normalize-space(), $upper, $lower) != 'active'">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="reason" select="concat('the export says &quot;', normalize-space(), '&quot;, too, but it is not confirmed that an import heeds it: look at the new policy')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="IS_LOCKED" mode="account">
    <xsl:variable name="flag"><xsl:apply-templates select="." mode="flag"/></xsl:variable>
    <xsl:apply-templates select="@* | *" mode="account"/>
    <xsl:if test="$step = 'import' and $flag != '0'">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason">the call cannot lock what it imports</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="INCLUDE_AGENT_IPS" mode="account">
    <xsl:variable name="flag"><xsl:apply-templates select="." mode="flag"/></xsl:variable>
    <xsl:apply-templates select="@* | *" mode="account"/>
    <xsl:if test="$step = 'scope' and $flag != '0'">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason">no call is known to set it: set it in the new policy by hand</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="CREATED | LAST_MODIFIED | LAST_EVALUATED" mode="account">
    <xsl:apply-templates select="@* | *" mode="account"/>
    <xsl:if test="$step = 'import' and normalize-space() != ''">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason">the service sets it</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="CREATED/DATETIME | CREATED/BY | LAST_MODIFIED/DATETIME | LAST_MODIFIED/BY | LAST_EVALUATED/DATETIME" mode="account">
    <xsl:apply-templates select="@* | *" mode="account"/>
  </xsl:template>

  <!-- The export has the controls, and the list may hold thousands: they are not visited one by one. -->
  <xsl:template match="CONTROL_LIST" mode="account">
    <xsl:variable name="inactive" select="CONTROL[normalize-space(STATUS) != '' and translate(normalize-space(STATUS), $upper, $lower) != 'active']"/>
    <xsl:if test="$step = 'import' and $inactive">
      <xsl:variable name="ids">
        <xsl:call-template name="joined">
          <xsl:with-param name="items" select="$inactive/ID"/>
        </xsl:call-template>
      </xsl:variable>
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="reason" select="concat('not active here: ', $ids, '; an export says so by IS_CONTROL_DISABLE only: look at the new policy')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

</xsl:stylesheet>
