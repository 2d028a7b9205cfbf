<?xml version="1.0" encoding="UTF-8"?>
<!--
  What qtbx-merge-policy does, said once more, for a second opinion by stock xsltproc: the same document but for blanks, CDATA sections and
  the DOCTYPE, which no stylesheet can keep. It needs both policies in memory.

  xsltproc -nonet -novalid -stringparam old old.xml -stringparam cids ,1048,2020, merge-policy.xsl new.xml   (with two hyphens each)
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="xml" encoding="UTF-8"/>

  <!-- The old policy's file, and the chosen controls with a comma before and behind each; empty for all. -->
  <xsl:param name="old"/>
  <xsl:param name="cids"/>
  <xsl:variable name="old-policy" select="document($old)/POLICY_EXPORT_OUTPUT/RESPONSE/POLICY"/>
  <xsl:variable name="new-policy" select="/POLICY_EXPORT_OUTPUT/RESPONSE/POLICY"/>

  <xsl:key name="control" match="SECTIONS/SECTION/CONTROLS/CONTROL | SECTIONS/SECTION/CONTROLS/USER_DEFINED_CONTROL" use="string(number(ID))"/>
  <xsl:key name="section" match="SECTIONS/SECTION[CONTROLS]" use="normalize-space(HEADING)"/>

  <xsl:template match="@* | node()">
    <xsl:copy><xsl:apply-templates select="@* | node()"/></xsl:copy>
  </xsl:template>

  <xsl:template match="APPENDIX"/>

  <!-- A control that is chosen and in both is the old policy's: that of the same section, if there are several; of several there, its counterpart. -->
  <xsl:template match="SECTIONS/SECTION/CONTROLS/CONTROL | SECTIONS/SECTION/CONTROLS/USER_DEFINED_CONTROL">
    <xsl:variable name="own" select="."/>
    <xsl:variable name="id" select="string(number(ID))"/>
    <xsl:variable name="heading" select="normalize-space(../../HEADING)"/>
    <xsl:variable name="place">
      <xsl:for-each select="key('control', $id)[normalize-space(../../HEADING) = $heading]">
        <xsl:if test="generate-id() = generate-id($own)"><xsl:value-of select="position()"/></xsl:if>
      </xsl:for-each>
    </xsl:variable>
    <xsl:for-each select="$old-policy">
      <xsl:variable name="olds" select="key('control', $id)[$cids = '' or contains($cids, concat(',', $id, ','))]"/>
      <xsl:choose>
        <xsl:when test="$olds[normalize-space(../../HEADING) = $heading][number($place)]">
          <xsl:copy-of select="$olds[normalize-space(../../HEADING) = $heading][number($place)]"/>
        </xsl:when>
        <xsl:when test="$olds[normalize-space(../../HEADING) = $heading]">
          <xsl:copy-of select="$olds[normalize-space(../../HEADING) = $heading][1]"/>
        </xsl:when>
        <xsl:when test="$olds"><xsl:copy-of select="$olds[1]"/></xsl:when>
        <xsl:otherwise><xsl:copy-of select="$own"/></xsl:otherwise>
      </xsl:choose>
    </xsl:for-each>
  </xsl:template>

  <!-- One that only the old policy has goes into the first section of the same heading. -->
  <xsl:template match="SECTIONS/SECTION/CONTROLS">
    <xsl:variable name="heading" select="normalize-space(../HEADING)"/>
    <xsl:variable name="is-first" select="generate-id(..) = generate-id(key('section', $heading)[1])"/>
    <xsl:variable name="olds" select="$old-policy/SECTIONS/SECTION[$is-first and normalize-space(HEADING) = $heading]/CONTROLS/*[self::CONTROL or self::USER_DEFINED_CONTROL]"/>
    <xsl:variable name="ids"><xsl:apply-templates select="$olds" mode="lacking"/></xsl:variable>
    <xsl:variable name="added" select="$olds[contains($ids, concat(',', string(number(ID)), ','))]"/>
    <xsl:copy>
      <xsl:apply-templates select="@*"/>
      <xsl:if test="@total">
        <xsl:attribute name="total"><xsl:value-of select="count(CONTROL | USER_DEFINED_CONTROL) + count($added)"/></xsl:attribute>
      </xsl:if>
      <xsl:apply-templates select="node()[self::CONTROL or self::USER_DEFINED_CONTROL or following-sibling::CONTROL or following-sibling::USER_DEFINED_CONTROL]"/>
      <xsl:copy-of select="$added"/>
      <xsl:apply-templates select="node()[not(self::CONTROL or self::USER_DEFINED_CONTROL or following-sibling::CONTROL or following-sibling::USER_DEFINED_CONTROL)]"/>
    </xsl:copy>
  </xsl:template>

  <!-- The number of a control that is chosen and that the new policy does not have, between commas. -->
  <xsl:template match="*" mode="lacking">
    <xsl:variable name="id" select="string(number(ID))"/>
    <xsl:if test="$cids = '' or contains($cids, concat(',', $id, ','))">
      <xsl:for-each select="$new-policy">
        <xsl:if test="not(key('control', $id))"><xsl:value-of select="concat(',', $id, ',')"/></xsl:if>
      </xsl:for-each>
    </xsl:if>
  </xsl:template>

  <!-- Without such a section, it comes with its own, at the end. -->
  <xsl:template match="POLICY/SECTIONS">
    <xsl:variable name="new">
      <xsl:apply-templates select="$old-policy/SECTIONS/SECTION" mode="new"/>
    </xsl:variable>
    <xsl:copy>
      <xsl:apply-templates select="@*"/>
      <xsl:if test="@total">
        <xsl:attribute name="total"><xsl:value-of select="count(SECTION) + string-length($new)"/></xsl:attribute>
      </xsl:if>
      <xsl:apply-templates select="node()[self::SECTION or following-sibling::SECTION]"/>
      <!-- A section without a number of 32 bits counts by its place. -->
      <xsl:variable name="numbers" select="SECTION/NUMBER[floor(.) = . and . &lt; 2147483648]"/>
      <xsl:variable name="unnumbered" select="SECTION[not(NUMBER[floor(.) = . and . &lt; 2147483648])]"/>
      <xsl:variable name="place" select="count($unnumbered[last()]/preceding-sibling::SECTION | $unnumbered[last()])"/>
      <xsl:variable name="highest">
        <xsl:for-each select="$numbers">
          <xsl:sort select="." data-type="number" order="descending"/>
          <xsl:if test="position() = 1"><xsl:value-of select="number() * (number() >= $place) + $place * ($place > number())"/></xsl:if>
        </xsl:for-each>
        <xsl:if test="not($numbers)"><xsl:value-of select="$place"/></xsl:if>
      </xsl:variable>
      <xsl:for-each select="$old-policy/SECTIONS/SECTION">
        <xsl:variable name="is-new"><xsl:apply-templates select="." mode="new"/></xsl:variable>
        <xsl:if test="$is-new != ''">
          <xsl:variable name="before"><xsl:apply-templates select="preceding-sibling::SECTION" mode="new"/></xsl:variable>
          <xsl:variable name="ids"><xsl:apply-templates select="CONTROLS/CONTROL | CONTROLS/USER_DEFINED_CONTROL" mode="lacking"/></xsl:variable>
          <xsl:variable name="added" select="(CONTROLS/CONTROL | CONTROLS/USER_DEFINED_CONTROL)[contains($ids, concat(',', string(number(ID)), ','))]"/>
          <SECTION>
            <xsl:copy-of select="@*"/>
            <NUMBER><xsl:value-of select="$highest + string-length($before) + 1"/></NUMBER>
            <xsl:copy-of select="HEADING"/>
            <CONTROLS>
              <xsl:copy-of select="CONTROLS/@*"/>
              <xsl:if test="CONTROLS/@total">
                <xsl:attribute name="total"><xsl:value-of select="count($added)"/></xsl:attribute>
              </xsl:if>
              <xsl:copy-of select="$added"/>
            </CONTROLS>
          </SECTION>
        </xsl:if>
      </xsl:for-each>
      <xsl:apply-templates select="node()[not(self::SECTION or following-sibling::SECTION)]"/>
    </xsl:copy>
  </xsl:template>

  <!-- One letter for an old section that the new policy gets. -->
  <xsl:template match="SECTION" mode="new">
    <xsl:variable name="heading" select="normalize-space(HEADING)"/>
    <xsl:variable name="ids"><xsl:apply-templates select="CONTROLS/CONTROL | CONTROLS/USER_DEFINED_CONTROL" mode="lacking"/></xsl:variable>
    <xsl:if test="$ids != ''">
      <xsl:for-each select="$new-policy">
        <xsl:if test="not(key('section', $heading))">x</xsl:if>
      </xsl:for-each>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
