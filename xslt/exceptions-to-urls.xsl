<?xml version="1.0" encoding="UTF-8"?>
<!--
  Exceptions of compliance policies as the requests that make them again: /api/3.0/fo/compliance/exception/, in two steps.

    request   action=request: whoever asks for it, a new exception is pending
    update    action=update, with the number that the first step has brought: approved until its day, or rejected

  An exception for another host, control or policy lets something else pass. So whatever would make it another one is refused instead of being left
  out, and what the second step would refuse is refused by the first, too: before anything is requested.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

  <xsl:import href="common/vocabulary.xsl"/>

  <!-- request or update. -->
  <xsl:param name="step" select="'request'"/>
  <!-- Of which the map of hosts is; empty for the Global Default Network. -->
  <xsl:param name="network"/>
  <!-- What the history of each says, instead of what it said. -->
  <xsl:param name="comments"/>
  <!-- YYYYMMDD: an exception ends on a later day. -->
  <xsl:param name="today" select="'0'"/>

  <xsl:variable name="kind" select="'exception'"/>
  <xsl:variable name="record" select="'EXCEPTION'"/>
  <xsl:variable name="url" select="'/api/3.0/fo/compliance/exception/'"/>

  <xsl:variable name="upper" select="'ABCDEFGHIJKLMNOPQRSTUVWXYZ'"/>
  <xsl:variable name="lower" select="'abcdefghijklmnopqrstuvwxyz'"/>
  <xsl:variable name="digits" select="'0123456789'"/>

  <xsl:template match="/">
    <requests>
      <xsl:apply-templates select="/*/RESPONSE/EXCEPTION_LIST/EXCEPTION"/>
    </requests>
  </xsl:template>

  <!-- It has no name. -->
  <xsl:template match="EXCEPTION" mode="subject">
    <xsl:attribute name="id"><xsl:value-of select="normalize-space(EXCEPTION_NUMBER)"/></xsl:attribute>
    <xsl:attribute name="name"/>
  </xsl:template>

  <xsl:template match="EXCEPTION">
    <xsl:variable name="status" select="translate(normalize-space(STATUS), $upper, $lower)"/>
    <xsl:variable name="day"><xsl:apply-templates select="." mode="day"/></xsl:variable>
    <xsl:variable name="of"><xsl:call-template name="network"/></xsl:variable>
    <xsl:variable name="refusals">
      <xsl:call-template name="refuse-status">
        <xsl:with-param name="status" select="$status"/>
        <xsl:with-param name="day" select="$day"/>
      </xsl:call-template>
      <xsl:if test="$step = 'request'"><xsl:call-template name="refuse"/></xsl:if>
    </xsl:variable>
    <xsl:choose>
      <xsl:when test="normalize-space(ACTIVE) = '0'">
        <xsl:for-each select="ACTIVE">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'skipped'"/>
            <xsl:with-param name="reason">it is inactive, and no call makes an exception inactive</xsl:with-param>
          </xsl:call-template>
        </xsl:for-each>
      </xsl:when>
      <xsl:when test="$status = 'expired'">
        <xsl:for-each select="STATUS">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'skipped'"/>
            <xsl:with-param name="reason">it has expired, and no call makes one that has: the control fails without it, too</xsl:with-param>
          </xsl:call-template>
        </xsl:for-each>
      </xsl:when>
      <xsl:when test="$status = 'approved' and translate($day, $digits, '') = '' and $day != '' and $day &lt;= $today">
        <xsl:variable name="doubt"><xsl:apply-templates select="." mode="doubt"/></xsl:variable>
        <xsl:for-each select="EXPIRATION_DATE">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'skipped'"/>
            <xsl:with-param name="reason">
              <xsl:value-of select="concat('its last day was ', normalize-space(), ', and the call takes a day to come: the control fails without it, too')"/>
              <xsl:if test="$doubt != ''"><xsl:value-of select="concat('. It is read with ', $doubt)"/></xsl:if>
            </xsl:with-param>
          </xsl:call-template>
        </xsl:for-each>
      </xsl:when>
      <xsl:when test="$network != '' and string($of) != $network">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'skipped'"/>
          <xsl:with-param name="element" select="'HOST/NETWORK'"/>
          <xsl:with-param name="reason" select="concat('its host is not in the network of --network, but in ', $of)"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="string($refusals) != ''"><xsl:copy-of select="$refusals"/></xsl:when>
      <xsl:when test="$step = 'request'"><xsl:call-template name="request"/></xsl:when>
      <xsl:when test="$status = 'pending'">
        <xsl:for-each select="STATUS">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'skipped'"/>
            <xsl:with-param name="reason">it is pending, as the request has made it</xsl:with-param>
          </xsl:call-template>
        </xsl:for-each>
      </xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="update">
          <xsl:with-param name="status" select="$status"/>
          <xsl:with-param name="day" select="string($day)"/>
        </xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- The network of the host, without the layout around its name. -->
  <xsl:template name="network">
    <xsl:choose>
      <xsl:when test="normalize-space(HOST/NETWORK) = ''">Global Default Network</xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="unframed">
          <xsl:with-param name="text" select="string(HOST/NETWORK)"/>
        </xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- The day on which it ends -->

  <!-- YYYYMMDD; empty if it never does; or what the list says, if that is no day. No sample shows any but N/A. -->
  <xsl:template match="EXCEPTION" mode="day">
    <xsl:variable name="said" select="normalize-space(EXPIRATION_DATE)"/>
    <xsl:variable name="word" select="translate($said, $upper, $lower)"/>
    <xsl:variable name="form" select="translate($said, $digits, '9999999999')"/>
    <xsl:variable name="day">
      <xsl:choose>
        <xsl:when test="$form = '9999-99-99' or $form = '9999-99-99T99:99:99Z'">
          <xsl:value-of select="translate(substring($said, 1, 10), '-', '')"/>
        </xsl:when>
        <xsl:when test="$form = '99/99/9999'"><xsl:value-of select="concat(substring($said, 7), substring($said, 1, 2), substring($said, 4, 2))"/></xsl:when>
      </xsl:choose>
    </xsl:variable>
    <xsl:variable name="year" select="number(substring($day, 1, 4))"/>
    <xsl:variable name="month" select="number(substring($day, 5, 2))"/>
    <xsl:variable name="leap" select="($year mod 4 = 0 and $year mod 100 != 0) or $year mod 400 = 0"/>
    <xsl:variable name="last" select="number(substring('312831303130313130313031', 2 * $month - 1, 2)) + number($leap and $month = 2)"/>
    <xsl:choose>
      <xsl:when test="$said = '' or $word = 'n/a' or $word = 'never' or $word = '0'"/>
      <xsl:when test="$day != '' and $month &gt;= 1 and $month &lt;= 12 and substring($day, 7) &gt;= 1 and substring($day, 7) &lt;= $last">
        <xsl:value-of select="$day"/>
      </xsl:when>
      <xsl:otherwise><xsl:value-of select="concat('&quot;', $said, '&quot;')"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- What is to be said of a day that may be another one: the call has the month first, and no sample shows what the list has. -->
  <xsl:template match="EXCEPTION" mode="doubt">
    <xsl:variable name="said" select="normalize-space(EXPIRATION_DATE)"/>
    <xsl:variable name="first" select="substring($said, 1, 2)"/>
    <xsl:variable name="second" select="substring($said, 4, 2)"/>
    <xsl:if test="translate($said, $digits, '9999999999') = '99/99/9999' and $first &lt;= 12 and $second &lt;= 12 and $first != $second">the month first, as the call writes it: look at the exception, if the list may have the day first</xsl:if>
  </xsl:template>

  <!-- What cannot be carried -->

  <xsl:template name="refused">
    <xsl:param name="element"/>
    <xsl:param name="reason"/>
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'refused'"/>
      <xsl:with-param name="element" select="$element"/>
      <xsl:with-param name="reason" select="$reason"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template name="refuse-status">
    <xsl:param name="status"/>
    <xsl:param name="day"/>
    <xsl:variable name="of"><xsl:call-template name="network"/></xsl:variable>
    <xsl:choose>
      <xsl:when test="$status = ''">
        <xsl:call-template name="refused">
          <xsl:with-param name="element" select="'STATUS'"/>
          <xsl:with-param name="reason">the list does not say whether it is approved</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$status != 'pending' and $status != 'approved' and $status != 'rejected'">
        <xsl:call-template name="refused">
          <xsl:with-param name="element" select="'STATUS'"/>
          <xsl:with-param name="reason" select="concat('&quot;', normalize-space(STATUS), '&quot; is no status that is known here: Pending, Approved, Rejected or Expired')"/>
        </xsl:call-template>
      </xsl:when>
      <!-- The grammar of the list has it in every record. -->
      <xsl:when test="$status = 'approved' and not(EXPIRATION_DATE)">
        <xsl:call-template name="refused">
          <xsl:with-param name="element" select="'EXPIRATION_DATE'"/>
          <xsl:with-param name="reason">the list does not say when it ends, or that it never does: without it, the exception would hold for ever</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$status = 'approved' and translate($day, $digits, '') != ''">
        <xsl:call-template name="refused">
          <xsl:with-param name="element" select="'EXPIRATION_DATE'"/>
          <xsl:with-param name="reason" select="concat($day, ' is no day that is known here: without it, the exception would end on another')"/>
        </xsl:call-template>
      </xsl:when>
    </xsl:choose>
    <xsl:if test="normalize-space(ACTIVE) = ''">
      <xsl:call-template name="refused">
        <xsl:with-param name="element" select="'ACTIVE'"/>
        <xsl:with-param name="reason">the list does not say whether it is active</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="$network = '' and string($of) != 'Global Default Network'">
      <xsl:call-template name="refused">
        <xsl:with-param name="element" select="'HOST/NETWORK'"/>
        <xsl:with-param name="reason" select="concat('its host is in the network &quot;', $of, '&quot;, where its address may be that of another host: give the map of the hosts of that network, and its name by --network')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- What the call needs, and the record lacks. -->
  <xsl:template name="refuse">
    <xsl:if test="normalize-space(HOST/IP_ADDRESS) = ''">
      <xsl:call-template name="refused">
        <xsl:with-param name="element" select="'HOST/IP_ADDRESS'"/>
        <xsl:with-param name="reason">the list does not say for which host: it shows no tags of one that was requested for tags. Request it by hand</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="normalize-space(TECHNOLOGY/ID) = ''">
      <xsl:call-template name="refused">
        <xsl:with-param name="element" select="'TECHNOLOGY/ID'"/>
        <xsl:with-param name="reason">the call needs a technology</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="normalize-space(POLICY/ID) = ''">
      <xsl:call-template name="refused">
        <xsl:with-param name="element" select="'POLICY/ID'"/>
        <xsl:with-param name="reason">the call needs a policy</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="normalize-space(CONTROL/CID) = ''">
      <xsl:call-template name="refused">
        <xsl:with-param name="element" select="'CONTROL/CID'"/>
        <xsl:with-param name="reason">the call needs a control</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="normalize-space(ASSIGNEE) = ''">
      <xsl:call-template name="refused">
        <xsl:with-param name="element" select="'ASSIGNEE'"/>
        <xsl:with-param name="reason">the call needs an assignee</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
    <xsl:for-each select="HOST/IP_ADDRESS[normalize-space() != '' and not(@qtbx-target)]">
      <xsl:call-template name="refused">
        <xsl:with-param name="reason">the call takes the id that the host has in the target: --map host=FILE says it</xsl:with-param>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="ASSIGNEE[normalize-space() != '' and not(@qtbx-target)]">
      <xsl:call-template name="refused">
        <xsl:with-param name="reason">the call takes the id of a user, not a name: --map user=FILE says it, with --users, or with names</xsl:with-param>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:if test="normalize-space($comments) = '' and not(HISTORY_LIST/HISTORY/COMMENT[normalize-space() != ''])">
      <xsl:call-template name="refused">
        <xsl:with-param name="element" select="'HISTORY_LIST/HISTORY/COMMENT'"/>
        <xsl:with-param name="reason">the call needs a comment: fetch the list with details=All, or say --comments</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- Request -->

  <!-- The id that a map has for the current node, or its own. -->
  <xsl:template match="*" mode="id">
    <xsl:choose>
      <xsl:when test="@qtbx-target"><xsl:value-of select="@qtbx-target"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="normalize-space()"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="request">
    <request kind="{$kind}" id="{normalize-space(EXCEPTION_NUMBER)}" url="{$url}">
      <param name="action">request</param>
      <param name="control_id"><xsl:apply-templates select="CONTROL/CID" mode="id"/></param>
      <param name="host_id"><xsl:apply-templates select="HOST/IP_ADDRESS" mode="id"/></param>
      <param name="policy_id"><xsl:apply-templates select="POLICY/ID" mode="id"/></param>
      <param name="technology_id"><xsl:apply-templates select="TECHNOLOGY/ID" mode="id"/></param>
      <param name="assignee_id"><xsl:apply-templates select="ASSIGNEE" mode="id"/></param>
      <param name="comments">
        <xsl:choose>
          <xsl:when test="$comments != ''"><xsl:value-of select="$comments"/></xsl:when>
          <xsl:otherwise>
            <xsl:for-each select="HISTORY_LIST/HISTORY[normalize-space(COMMENT) != '']">
              <xsl:if test="position() != 1"><xsl:text>&#10;</xsl:text></xsl:if>
              <xsl:if test="normalize-space(concat(INSERTION_DATE, USER)) != ''">
                <xsl:value-of select="concat(normalize-space(concat(INSERTION_DATE, ' ', USER)), ': ')"/>
              </xsl:if>
              <xsl:call-template name="unframed">
                <xsl:with-param name="text" select="string(COMMENT)"/>
              </xsl:call-template>
            </xsl:for-each>
          </xsl:otherwise>
        </xsl:choose>
      </param>
      <xsl:call-template name="reopen"/>
    </request>
    <xsl:for-each select="HISTORY_LIST[HISTORY/*[normalize-space() != '']]">
      <xsl:choose>
        <xsl:when test="$comments != ''">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'dropped'"/>
            <xsl:with-param name="reason">the text of --comments stands for it</xsl:with-param>
          </xsl:call-template>
        </xsl:when>
        <xsl:otherwise>
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'changed'"/>
            <xsl:with-param name="reason">what users have said there becomes one comment of the user who sends the request, with their names and times</xsl:with-param>
          </xsl:call-template>
        </xsl:otherwise>
      </xsl:choose>
    </xsl:for-each>
    <xsl:variable name="day"><xsl:apply-templates select="." mode="day"/></xsl:variable>
    <xsl:if test="$day != '' and translate(normalize-space(STATUS), $upper, $lower) != 'approved'">
      <xsl:for-each select="EXPIRATION_DATE">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'dropped'"/>
          <xsl:with-param name="reason">only of an approved exception the call takes the last day</xsl:with-param>
        </xsl:call-template>
      </xsl:for-each>
    </xsl:if>
    <!-- The second step says it in its comment. -->
    <xsl:if test="translate(normalize-space(STATUS), $upper, $lower) = 'pending'">
      <xsl:for-each select="MODIFIED_DATE[normalize-space() != '']">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'dropped'"/>
          <xsl:with-param name="reason">the service sets it</xsl:with-param>
        </xsl:call-template>
      </xsl:for-each>
    </xsl:if>
  </xsl:template>

  <xsl:template name="reopen">
    <xsl:if test="normalize-space(REOPEN_ON_EVIDENCE_CHANGE) != ''">
      <param name="reopen_on_evidence_change"><xsl:value-of select="normalize-space(REOPEN_ON_EVIDENCE_CHANGE)"/></param>
    </xsl:if>
  </xsl:template>

  <!-- Update -->

  <xsl:template name="update">
    <xsl:param name="status"/>
    <xsl:param name="day"/>
    <xsl:variable name="word" select="concat(translate(substring($status, 1, 1), $lower, $upper), substring($status, 2))"/>
    <request kind="{$kind}" id="{normalize-space(EXCEPTION_NUMBER)}" url="{$url}">
      <param name="action">update</param>
      <param name="exception_numbers"><xsl:apply-templates select="EXCEPTION_NUMBER" mode="id"/></param>
      <param name="comments">
        <xsl:choose>
          <xsl:when test="$comments != ''"><xsl:value-of select="$comments"/></xsl:when>
          <xsl:otherwise>
            <xsl:value-of select="concat($word, ' in the subscription that this one was made of: exception ', normalize-space(EXCEPTION_NUMBER))"/>
            <xsl:if test="normalize-space(MODIFIED_DATE) != ''"><xsl:value-of select="concat(', last modified ', normalize-space(MODIFIED_DATE))"/></xsl:if>
          </xsl:otherwise>
        </xsl:choose>
      </param>
      <xsl:if test="$status = 'approved'"><xsl:call-template name="reopen"/></xsl:if>
      <param name="status"><xsl:value-of select="$word"/></param>
      <xsl:if test="$status = 'approved'">
        <param name="end_date">
          <xsl:choose>
            <xsl:when test="$day = ''">0</xsl:when>
            <xsl:otherwise><xsl:value-of select="concat(substring($day, 5, 2), '/', substring($day, 7), '/', substring($day, 1, 4))"/></xsl:otherwise>
          </xsl:choose>
        </param>
      </xsl:if>
    </request>
    <xsl:if test="$status = 'approved' and $day = ''">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="element" select="'EXPIRATION_DATE'"/>
        <xsl:with-param name="reason">the list has no day on which it ends, so it is taken to end never</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
    <xsl:variable name="doubt"><xsl:apply-templates select="." mode="doubt"/></xsl:variable>
    <xsl:if test="$status = 'approved' and $doubt != ''">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="element" select="'EXPIRATION_DATE'"/>
        <xsl:with-param name="reason" select="concat(normalize-space(EXPIRATION_DATE), ' is read with ', $doubt)"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:for-each select="EXPIRATION_DATE[$status = 'approved' and contains(., 'T') and not(contains(., 'T00:00:00Z'))]">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'changed'"/>
        <xsl:with-param name="reason">the call takes a day, without the time</xsl:with-param>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:if test="$comments != ''">
      <xsl:for-each select="MODIFIED_DATE[normalize-space() != '']">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'dropped'"/>
          <xsl:with-param name="reason">the service sets it</xsl:with-param>
        </xsl:call-template>
      </xsl:for-each>
    </xsl:if>
  </xsl:template>

</xsl:stylesheet>
