<?xml version="1.0" encoding="UTF-8"?>
<!--
  The id and the name of every object of a list, whatever it lists:

    <item kind="network" id="5" name="R&amp;D"/>

  A name is given as it stands in the document. What is layout around it, the program knows; all other blanks are part of the name.
  Users have no name that is the same in two subscriptions: their e-mail address stands for it.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

  <xsl:import href="common/vocabulary.xsl"/>

  <xsl:variable name="kind" select="'object'"/>
  <xsl:variable name="record" select="''"/>

  <xsl:template match="/">
    <requests>
      <!-- Lists stand at the root or up to three elements deep: the service wraps each in its own way. -->
      <xsl:apply-templates select="/*/* | /*/*/* | /*/*/*/*" mode="item"/>
    </requests>
  </xsl:template>

  <xsl:template match="*" mode="item"/>

  <xsl:template name="item">
    <xsl:param name="kind"/>
    <xsl:param name="id" select="ID"/>
    <xsl:param name="name"/>
    <item kind="{$kind}" id="{normalize-space($id)}" name="{$name}"/>
  </xsl:template>

  <xsl:template match="ASSET_GROUP_LIST/ASSET_GROUP" mode="item">
    <xsl:call-template name="item">
      <xsl:with-param name="kind" select="'asset-group'"/>
      <xsl:with-param name="name" select="TITLE"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="NETWORK_LIST/NETWORK" mode="item">
    <xsl:call-template name="item">
      <xsl:with-param name="kind" select="'network'"/>
      <xsl:with-param name="name" select="NAME"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="APPLIANCE_LIST/APPLIANCE" mode="item">
    <xsl:call-template name="item">
      <xsl:with-param name="kind" select="'appliance'"/>
      <xsl:with-param name="name" select="NAME"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="data/Tag" mode="item">
    <xsl:call-template name="item">
      <xsl:with-param name="kind" select="'tag'"/>
      <xsl:with-param name="id" select="id"/>
      <xsl:with-param name="name" select="name"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="STATIC_LISTS/STATIC_LIST | DYNAMIC_LISTS/DYNAMIC_LIST" mode="item">
    <xsl:call-template name="item">
      <xsl:with-param name="kind" select="'search-list'"/>
      <xsl:with-param name="name" select="TITLE"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="OPTION_PROFILE[BASIC_INFO]" mode="item">
    <xsl:call-template name="item">
      <xsl:with-param name="kind" select="'option-profile'"/>
      <xsl:with-param name="id" select="BASIC_INFO/ID"/>
      <xsl:with-param name="name" select="BASIC_INFO/GROUP_NAME"/>
    </xsl:call-template>
  </xsl:template>

  <!-- A login names a user in every other list; a caller who may not see it gets none. -->
  <xsl:template match="USER_LIST/USER" mode="item">
    <xsl:call-template name="item">
      <xsl:with-param name="kind" select="'user'"/>
      <xsl:with-param name="id" select="(USER_ID | USER_LOGIN[not(../USER_ID)])[1]"/>
      <xsl:with-param name="name" select="normalize-space(CONTACT_INFO/EMAIL)"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="POLICY_LIST/POLICY" mode="item">
    <xsl:call-template name="item">
      <xsl:with-param name="kind" select="'policy'"/>
      <xsl:with-param name="name" select="TITLE"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="DISTRIBUTION_GROUP" mode="item">
    <xsl:call-template name="item">
      <xsl:with-param name="kind" select="'distribution-group'"/>
      <xsl:with-param name="name" select="(TITLE | NAME)[1]"/>
    </xsl:call-template>
  </xsl:template>

</xsl:stylesheet>
