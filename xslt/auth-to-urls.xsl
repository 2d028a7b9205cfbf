<?xml version="1.0" encoding="UTF-8"?>
<!--
  Authentication records as the requests that create them again: /api/2.0/fo/auth/TYPE/?action=create. A list has records of one type; which parameters
  create one, and from what, is said by a table. No list has a secret that is sent from here: the requests have their names.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:exsl="http://exslt.org/common"
    exclude-result-prefixes="exsl">

  <xsl:import href="common/vocabulary.xsl"/>
  <xsl:import href="common/rows.xsl"/>
  <xsl:import href="auth/table.xsl"/>
  <xsl:import href="auth/unix.xsl"/>

  <!-- A list of records, in RESPONSE or at the root. -->
  <xsl:variable name="list" select="(/* | /*/* | /*/*/*)[starts-with(name(), 'AUTH_') and concat(name(*[1]), '_LIST') = name()]"/>
  <xsl:variable name="record" select="name($list/*[1])"/>
  <!-- What a type is called in its path, and in the names of its secrets: ms_sql. -->
  <xsl:variable name="slug" select="translate(substring-after($record, 'AUTH_'), $upper, $lower)"/>
  <xsl:variable name="kind" select="concat('auth-', translate($slug, '_', '-'))"/>

  <xsl:variable name="types" select="exsl:node-set($table)/*"/>
  <xsl:variable name="expanded">
    <xsl:apply-templates select="$types[self::type][@name = $slug]/*" mode="rows"/>
  </xsl:variable>
  <xsl:variable name="rows" select="exsl:node-set($expanded)/*"/>

  <xsl:template match="*" mode="rows"><xsl:copy-of select="."/></xsl:template>
  <xsl:template match="use" mode="rows"><xsl:apply-templates select="../../block[@name = current()/@block]/*" mode="rows"/></xsl:template>

  <xsl:template match="/">
    <requests>
      <xsl:apply-templates select="$list/*"/>
    </requests>
  </xsl:template>

  <xsl:template match="*" mode="subject">
    <xsl:attribute name="id"><xsl:value-of select="normalize-space(ID)"/></xsl:attribute>
    <xsl:attribute name="name">
      <xsl:call-template name="unframed">
        <xsl:with-param name="text" select="string(TITLE)"/>
      </xsl:call-template>
    </xsl:attribute>
  </xsl:template>

  <!-- What the service makes of a template, and finds by itself, it will make and find again. -->
  <xsl:template match="*[translate(normalize-space(IS_SYSTEM_CREATED), 'TRUE', 'true') = 'true' or normalize-space(IS_SYSTEM_CREATED) = '1']" priority="2">
    <xsl:for-each select="IS_SYSTEM_CREATED">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'skipped'"/>
        <xsl:with-param name="reason">the service has created it, and will do so again</xsl:with-param>
      </xsl:call-template>
    </xsl:for-each>
  </xsl:template>

  <xsl:template match="*">
    <xsl:variable name="more"><xsl:apply-templates select="." mode="more"/></xsl:variable>
    <xsl:call-template name="record">
      <xsl:with-param name="url" select="concat('/api/2.0/fo/auth/', $slug, '/')"/>
      <xsl:with-param name="more" select="$more"/>
    </xsl:call-template>
  </xsl:template>

</xsl:stylesheet>
