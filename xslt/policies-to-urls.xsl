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
    <xsl:attribute name="name"><xsl:apply-templates select="TITLE" mode="text"/></xsl:attribute>
  </xsl:template>

  <!-- Without the layout around it: it is CDATA on a line of its own. -->
  <xsl:template match="TITLE" mode="text">
    <xsl:call-template name="unframed">
      <xsl:with-param name="text" select="string()"/>
    </xsl:call-template>
  </xsl:template>

  <!-- The id becomes the name of a file, and must not lead to another one. -->
  <xsl:template match="POLICY[normalize-space(ID) = '' or translate(normalize-space(ID), '0123456789', '') != '']" priority="1">
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'refused'"/>
      <xsl:with-param name="element" select="'ID'"/>
      <xsl:with-param name="reason">a policy needs an id, which is a number</xsl:with-param>
    </xsl:call-template>
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
          <xsl:call-template name="param">
            <xsl:with-param name="name" select="'title'"/>
            <xsl:with-param name="value" select="TITLE"/>
          </xsl:call-template>
          <param name="create_user_controls">1</param>
          <body file="{$folder}/{normalize-space(ID)}.xml"/>
        </request>
      </xsl:otherwise>
    </xsl:choose>
    <xsl:apply-templates select="ASSET_GROUP_IDS | TAG_SET_INCLUDE | TAG_SET_EXCLUDE | EVALUATE_NOW | STATUS | IS_LOCKED | CONTROL_LIST" mode="notes"/>
  </xsl:template>

  <!-- Scope -->

  <xsl:template match="POLICY" mode="scope">
    <xsl:variable name="groups"><xsl:apply-templates select="ASSET_GROUP_IDS" mode="target"/></xsl:variable>
    <xsl:variable name="tags" select="(TAG_SET_INCLUDE | TAG_SET_EXCLUDE)/TAG_ID[normalize-space() != ''][not(@qtbx-target = '')]"/>
    <xsl:variable name="refusals">
      <xsl:apply-templates select="ASSET_GROUP_IDS | TAG_SET_INCLUDE | TAG_SET_EXCLUDE | TAG_INCLUDE_SELECTOR | TAG_EXCLUDE_SELECTOR" mode="refusal"/>
      <!-- What excludes is no scope by itself. -->
      <xsl:if test="$groups = '' and not($tags[parent::TAG_SET_INCLUDE]) and ((ASSET_GROUP_IDS | TAG_SET_INCLUDE)[normalize-space() != '']
          or not($tags) and TAG_SET_EXCLUDE[normalize-space() != ''])">
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
    <xsl:apply-templates select="TAG_SET_INCLUDE | TAG_SET_EXCLUDE | EVALUATE_NOW | INCLUDE_AGENT_IPS" mode="notes"/>
  </xsl:template>

  <!-- What a map says, else the text itself. -->
  <xsl:template match="*" mode="target">
    <xsl:choose>
      <!-- Without the members of a list that are none. -->
      <xsl:when test="@qtbx-target"><xsl:value-of select="translate(normalize-space(translate(@qtbx-target, ',', ' ')), ' ', ',')"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="translate(normalize-space(translate(., ',', ' ')), ' ', ',')"/></xsl:otherwise>
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

  <!-- The fewer tags must all be there, and the fewer tags exclude, the more hosts are in the scope; without any that exclude, all are. -->
  <xsl:template match="TAG_SET_INCLUDE[TAG_ID/@qtbx-target = ''] | TAG_SET_EXCLUDE[TAG_ID/@qtbx-target = '']" mode="refusal">
    <xsl:variable name="selector" select="../TAG_INCLUDE_SELECTOR[current()/self::TAG_SET_INCLUDE] | ../TAG_EXCLUDE_SELECTOR[current()/self::TAG_SET_EXCLUDE]"/>
    <xsl:if test="boolean(self::TAG_SET_INCLUDE) = (translate(normalize-space($selector), $upper, $lower) = 'all')
        or self::TAG_SET_EXCLUDE[not(TAG_ID[normalize-space() != ''][not(@qtbx-target = '')])]">
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

  <!--
    Notes, in the order of the record: what depends on values. What stands where is accounted for by the grammar, policy.grammar. The import
    tells what becomes of a policy, the scope step what becomes of its scope.
  -->

  <xsl:template match="ASSET_GROUP_IDS | TAG_SET_INCLUDE | TAG_SET_EXCLUDE" mode="notes">
    <xsl:variable name="selector" select="../TAG_INCLUDE_SELECTOR[current()/self::TAG_SET_INCLUDE] | ../TAG_EXCLUDE_SELECTOR[current()/self::TAG_SET_EXCLUDE]"/>
    <xsl:choose>
      <xsl:when test="$step = 'import'">
        <xsl:if test="normalize-space() != ''">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'noted'"/>
            <xsl:with-param name="reason">an import has no scope: send the requests of --step scope afterwards</xsl:with-param>
          </xsl:call-template>
        </xsl:if>
      </xsl:when>
      <xsl:when test="count(TAG_ID[normalize-space() != '']) > 1 and normalize-space($selector) = ''">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'noted'"/>
          <xsl:with-param name="reason">the record does not say whether any or all of the tags are meant: the target takes any</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="EVALUATE_NOW" mode="notes">
    <xsl:variable name="flag"><xsl:apply-templates select="." mode="flag"/></xsl:variable>
    <xsl:variable name="has-scope" select="boolean((../ASSET_GROUP_IDS | ../TAG_SET_INCLUDE | ../TAG_SET_EXCLUDE)[normalize-space() != ''])"/>
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

  <xsl:template match="POLICY/STATUS" mode="notes">
    <xsl:if test="normalize-space() != '' and translate(normalize-space(), $upper, $lower) != 'active'">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="reason" select="concat('the export says &quot;', normalize-space(), '&quot;, too, but it is not confirmed that an import heeds it: look at the new policy')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- A list says 0 or 1; the guide says locked or unlocked. -->
  <xsl:template match="IS_LOCKED" mode="notes">
    <xsl:variable name="flag"><xsl:apply-templates select="." mode="flag"/></xsl:variable>
    <xsl:if test="$flag != '0' and translate(normalize-space(), $upper, $lower) != 'unlocked'">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason">the call cannot lock what it imports</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="INCLUDE_AGENT_IPS" mode="notes">
    <xsl:variable name="flag"><xsl:apply-templates select="." mode="flag"/></xsl:variable>
    <xsl:if test="$flag != '0'">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason">no call is known to set it: set it in the new policy by hand</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- One note for all, since the list may hold thousands. -->
  <xsl:template match="CONTROL_LIST" mode="notes">
    <xsl:variable name="inactive" select="CONTROL[normalize-space(STATUS) != '' and translate(normalize-space(STATUS), $upper, $lower) != 'active']"/>
    <xsl:if test="$inactive">
      <xsl:variable name="ids">
        <xsl:call-template name="joined">
          <xsl:with-param name="items" select="$inactive/ID"/>
        </xsl:call-template>
      </xsl:variable>
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="element" select="'CONTROL_LIST/CONTROL/STATUS'"/>
        <xsl:with-param name="reason" select="concat('not active here: ', $ids, '; an export says so by IS_CONTROL_DISABLE only: look at the new policy')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

</xsl:stylesheet>
