<?xml version="1.0" encoding="UTF-8"?>
<!--
  Vaults as the requests that create them again: /api/2.0/fo/vault/?action=create. Which parameters a vault has depends on its type, and is said by a
  table. No view has a secret that is sent from here: the requests have their names.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:exsl="http://exslt.org/common"
    exclude-result-prefixes="exsl">

  <xsl:import href="common/vocabulary.xsl"/>
  <xsl:import href="common/rows.xsl"/>
  <xsl:import href="vaults/table.xsl"/>

  <xsl:variable name="kind" select="'vault'"/>
  <xsl:variable name="slug" select="'vault'"/>
  <!-- The element has this name for every type of vault. -->
  <xsl:variable name="record" select="'VAULT_QUEST'"/>
  <xsl:variable name="rows" select="exsl:node-set($table)/*"/>

  <xsl:template match="/">
    <requests>
      <xsl:apply-templates select="(/*/* | /*/*/*)[self::VAULT_QUEST]"/>
    </requests>
  </xsl:template>

  <xsl:template match="VAULT_QUEST" mode="subject">
    <xsl:attribute name="id"><xsl:value-of select="normalize-space(ID)"/></xsl:attribute>
    <xsl:attribute name="name">
      <xsl:call-template name="unframed">
        <xsl:with-param name="text" select="string(TITLE)"/>
      </xsl:call-template>
    </xsl:attribute>
  </xsl:template>

  <xsl:template match="VAULT_QUEST">
    <xsl:call-template name="record">
      <xsl:with-param name="url">/api/2.0/fo/vault/</xsl:with-param>
    </xsl:call-template>
  </xsl:template>

</xsl:stylesheet>
