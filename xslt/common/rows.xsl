<?xml version="1.0" encoding="UTF-8"?>
<!--
  Records whose parameters are said by a table: one template for records of any type, and a row for each parameter.

  A row has these columns:

    param     the parameter. One that begins with @ is never sent: it is only there for conditions
    element   where its value stands in the record: A/B, A/@b; of several paths with | between them, those that the record has
    fixed     the value, where no element has it. With an element, that has to hold something
    bare      the value, where the element of the attribute stands without it
    default   what the service takes if the parameter is not sent: for conditions, and no word is lost about it
    values    the words that it may be, with | between them; a=b sends b for a. Capitals do not matter
    list      yes: all elements of the path, with commas between them
    without   characters that the call does not take
    blanks    no: the blanks in it are not sent
    number    yes: what is no number, or 0, is not sent
    secret    yes: its value is a secret, which the list has no room for. asked: only if the option says that the record has it.
              likely: unless "set" says that the record has none, with nothing behind its =
    when      the condition under which the call takes the parameter
    guess     yes: what the element is called is a guess
    need      the condition under which it needs it; true for always
    why       what is said if the call does not take it, instead of the condition

  A condition is one part, or several with ; between them, which all must hold:

    name              the parameter has a value
    !name             it has none
    name=a|b          it is one of these; a parameter that is not given is its default
    name!=a|b         it is none of these

  Beside rows stand rules. <one of="a b" need="…"/>: not more than one of these parameters, and one of them where $need holds.
  <any of="a b"/>: one of them at least. <refuse if="…" element="…">why</refuse>, <note if="…" element="…">what</note>.
  <limit of="a b" if="…"/>: what a guide says that the service takes as the value of these. Another value is sent, since guides are older than the
  service, and noted:

    max       so many characters
    ascii     yes: ASCII only
    within    LOW..HIGH: a number from one to the other, or several with commas between them
    unfit     none of these characters
    words     none of these words, with | between them
    form      url, ip, fqdn; folder: a slash at the end does not count; untagged: no tags

  A room declares $rows, the rows and rules for the record, and $slug, the first part of the names of its secrets.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:str="http://exslt.org/strings"
    xmlns:exsl="http://exslt.org/common" exclude-result-prefixes="str exsl">

  <!-- What no list says: SLUG/TITLE/PARAMETER=VALUE, one a line. -->
  <xsl:param name="set"/>
  <!-- Secrets that a record has, though no list says so: SLUG/TITLE/PARAMETER, one a line. -->
  <xsl:param name="secrets"/>

  <xsl:variable name="upper" select="'ABCDEFGHIJKLMNOPQRSTUVWXYZ'"/>
  <xsl:variable name="lower" select="'abcdefghijklmnopqrstuvwxyz'"/>
  <xsl:variable name="digits" select="'0123456789'"/>
  <xsl:variable name="ascii">
    <xsl:value-of select="concat($upper, $lower, $digits, ' &#9;&#10;&#13;!&quot;#$%&amp;()*+,-./:;&lt;=&gt;?@[\]^_`{|}~')"/>
    <xsl:text>'&#x7F;</xsl:text>
  </xsl:variable>
  <!-- In front of what is no value, but the reason why there is none. Unicode has given these three to no character: a text that has one is refused. -->
  <xsl:variable name="fault" select="'&#xFDD0;'"/>
  <!-- Between the texts of two paths, and of two elements; behind a fault in a list. -->
  <xsl:variable name="end" select="'&#xFDD1;'"/>
  <xsl:variable name="next" select="'&#xFDD2;'"/>
  <xsl:variable name="marks" select="concat($fault, $end, $next)"/>
  <xsl:variable name="marked">it has a code that Unicode gives to no character, U+FDD0, U+FDD1 or U+FDD2</xsl:variable>

  <!--
    The current record, a request to $url or what stands against it. $more is the body, if there is one, and notes; what it refuses counts, too.
  -->
  <xsl:template name="record">
    <xsl:param name="url"/>
    <xsl:param name="more" select="/.."/>
    <xsl:variable name="record" select="."/>
    <xsl:variable name="title">
      <xsl:call-template name="unframed">
        <xsl:with-param name="text" select="string(TITLE)"/>
      </xsl:call-template>
    </xsl:variable>
    <xsl:variable name="name" select="concat($slug, '/', $title, '/')"/>
    <xsl:variable name="said" select="str:tokenize($set, '&#10;')[starts-with(., $name) and not(contains(substring-before(substring-after(., $name), '='), '/'))]"/>
    <xsl:variable name="asked" select="str:tokenize($secrets, '&#10;')[starts-with(., $name) and not(contains(substring-after(., $name), '/'))]"/>

    <!-- What the record gives, whether the call takes it or not. -->
    <xsl:variable name="values">
      <xsl:for-each select="$rows[@param]">
        <xsl:variable name="row" select="."/>
        <xsl:variable name="text">
          <!-- Most records have a few of the elements only. -->
          <xsl:if test="contains(@element, '|') or $record/*[name() = substring-before(concat($row/@element, '/'), '/')]">
            <xsl:call-template name="text-of">
              <xsl:with-param name="record" select="$record"/>
            </xsl:call-template>
          </xsl:if>
        </xsl:variable>
        <xsl:choose>
          <xsl:when test="(@secret = 'asked' or @secret = 'likely') and $asked[. = concat($name, $row/@param)]">
            <given row="{generate-id()}"><xsl:copy-of select="@*"/><xsl:value-of select="concat($name, @param)"/></given>
          </xsl:when>
          <xsl:when test="@secret"/>
          <xsl:when test="$text != '' and @number and (translate(normalize-space($text), $digits, '') != '' or number($text) = 0)"><xsl:if test="$text != string(@default)"><void><xsl:copy-of select="@*"/></void></xsl:if></xsl:when>
          <xsl:when test="$text != '' and @fixed"><given row="{generate-id()}"><xsl:copy-of select="@*"/><xsl:value-of select="@fixed"/></given></xsl:when>
          <xsl:when test="$text != ''">
            <given row="{generate-id()}">
              <xsl:copy-of select="@*"/>
              <xsl:call-template name="value-of">
                <xsl:with-param name="text" select="string($text)"/>
              </xsl:call-template>
            </given>
          </xsl:when>
          <xsl:when test="@fixed and not(@element)"><given row="{generate-id()}" later="yes"><xsl:copy-of select="@*"/><xsl:value-of select="@fixed"/></given></xsl:when>
        </xsl:choose>
      </xsl:for-each>
      <!-- What was said of it. -->
      <xsl:for-each select="$said">
        <xsl:variable name="param" select="substring-before(substring-after(., $name), '=')"/>
        <xsl:variable name="text" select="substring-after(., concat($name, $param, '='))"/>
        <xsl:variable name="row" select="$rows[@param = $param][1]"/>
        <given param="{$param}" said="yes">
          <xsl:copy-of select="$row/@*[name() != 'element']"/>
          <xsl:choose>
            <xsl:when test="translate($text, $marks, '') != $text"><xsl:value-of select="concat($fault, $marked)"/></xsl:when>
            <xsl:when test="not($row)"><xsl:value-of select="$text"/></xsl:when>
            <xsl:otherwise>
              <xsl:for-each select="$row">
                <xsl:call-template name="value-of">
                  <xsl:with-param name="text" select="$text"/>
                </xsl:call-template>
              </xsl:for-each>
            </xsl:otherwise>
          </xsl:choose>
          <!-- For conditions; it is not sent. -->
          <xsl:if test="$row/@secret = 'likely' and $text = ''"><xsl:attribute name="none">yes</xsl:attribute>none</xsl:if>
        </given>
      </xsl:for-each>
    </xsl:variable>
    <xsl:variable name="all" select="exsl:node-set($values)/given[. != '' or @secret]"/>
    <!-- What conditions ask: each once, and nothing that hangs on conditions itself. -->
    <xsl:variable name="given" select="$all[not(@later)]"/>

    <!-- What is sent of it, and what stands against it, row by row. -->
    <xsl:variable name="found">
      <xsl:for-each select="$rows[@param]">
        <xsl:variable name="row" select="."/>
        <xsl:variable name="id" select="generate-id()"/>
        <xsl:variable name="of" select="$all[@row = $id or @said and @param = $row/@param][1]"/>
        <!-- Of a row that gives nothing and is not needed, nothing follows. -->
        <xsl:variable name="taken">
          <xsl:if test="$of or @secret = 'yes' or @secret = 'likely' or @need">
            <xsl:call-template name="holds"><xsl:with-param name="condition" select="@when"/><xsl:with-param name="given" select="$given"/></xsl:call-template>
          </xsl:if>
        </xsl:variable>
        <xsl:choose>
          <!-- What the condition asks about is the fault itself: nobody knows whether it holds. -->
          <xsl:when test="$taken != 'true' and $of and starts-with($of, $fault) and contains(concat(';', translate(@when, '!', ''), ';'), concat(';', @param, '='))">
            <fault><xsl:copy-of select="@*"/><xsl:value-of select="substring($of, 2)"/></fault>
          </xsl:when>
          <xsl:when test="$taken != 'true' and $of">
            <xsl:if test="$of/@secret = 'asked' or $of/@said or $of/@element and $of != string(@default)"><left><xsl:copy-of select="$row/@*"/><xsl:copy-of select="$of/@said"/></left></xsl:if>
          </xsl:when>
          <xsl:when test="$taken != 'true'"/>
          <xsl:when test="$of and starts-with($of, $fault)"><fault><xsl:copy-of select="@*"/><xsl:value-of select="substring($of, 2)"/></fault></xsl:when>
          <xsl:when test="$of/@none"/>
          <xsl:when test="$of and @secret"><param><xsl:copy-of select="@*"/><xsl:copy-of select="$of/@said"/><xsl:value-of select="$of"/></param></xsl:when>
          <xsl:when test="$of"><param><xsl:copy-of select="@*"/><xsl:copy-of select="$of/@said"/><xsl:value-of select="$of"/></param></xsl:when>
          <xsl:when test="@secret = 'yes' or @secret = 'likely'"><param><xsl:copy-of select="@*"/><xsl:value-of select="concat($name, @param)"/></param></xsl:when>
          <xsl:when test="@need">
            <xsl:variable name="needed"><xsl:call-template name="holds"><xsl:with-param name="condition" select="@need"/><xsl:with-param name="given" select="$given"/></xsl:call-template></xsl:variable>
            <xsl:if test="$needed = 'true'"><lack><xsl:copy-of select="@*"/></lack></xsl:if>
          </xsl:when>
        </xsl:choose>
      </xsl:for-each>
      <xsl:for-each select="exsl:node-set($values)/void"><left><xsl:copy-of select="@*"/></left></xsl:for-each>
      <xsl:for-each select="$all[@said][not(@param = $rows/@param)]"><param><xsl:copy-of select="@*"/><xsl:value-of select="."/></param></xsl:for-each>
    </xsl:variable>
    <xsl:variable name="result" select="exsl:node-set($found)/*"/>
    <!-- Of several rows for one parameter, the first that gives it. -->
    <xsl:variable name="sent" select="$result[self::param][not(@param = preceding-sibling::param/@param)]"/>

    <xsl:variable name="refusals">
      <xsl:if test="translate($title, '/', '') = '' and $title != '' and $sent[@secret]">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="element" select="'TITLE'"/>
          <xsl:with-param name="reason">its secrets cannot be called after it</xsl:with-param>
        </xsl:call-template>
      </xsl:if>
      <!-- Another row may give the parameter all the same, but no condition that asked for it has been answered. -->
      <xsl:variable name="faults" select="$result[self::fault][not(starts-with(@param, '@') and @element = $result[self::fault][not(starts-with(@param, '@'))]/@element)]"/>
      <xsl:for-each select="$faults">
        <xsl:variable name="at" select="position()"/>
        <!-- Of several rows for one element, the first says it. -->
        <xsl:if test="not(@element) or not($faults[position() &lt; $at][@element = current()/@element])">
          <xsl:call-template name="about">
            <xsl:with-param name="record" select="$record"/>
            <xsl:with-param name="as" select="'refused'"/>
            <xsl:with-param name="reason" select="string()"/>
          </xsl:call-template>
        </xsl:if>
      </xsl:for-each>
      <xsl:for-each select="$result[self::lack][not(@param = $sent/@param) and not(@param = $result[self::fault]/@param)][not(@param = preceding-sibling::lack/@param)]">
        <xsl:call-template name="about">
          <xsl:with-param name="record" select="$record"/>
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="reason">
            <xsl:value-of select="concat('the call needs ', @param)"/>
            <xsl:if test="@need != 'true'">
              <xsl:call-template name="behind"><xsl:with-param name="condition" select="@need"/></xsl:call-template>
            </xsl:if>
            <xsl:if test="not(@element) or @guess"><xsl:value-of select="concat(', which --set may say: ', $name, @param, '=')"/></xsl:if>
          </xsl:with-param>
        </xsl:call-template>
      </xsl:for-each>
      <xsl:for-each select="$rows[self::one]">
        <xsl:variable name="names" select="str:tokenize(@of, ' ')"/>
        <xsl:variable name="both" select="$sent[@param = $names]"/>
        <xsl:variable name="needed"><xsl:call-template name="holds"><xsl:with-param name="condition" select="@need"/><xsl:with-param name="given" select="$given"/></xsl:call-template></xsl:variable>
        <xsl:variable name="reason">
          <xsl:choose>
            <xsl:when test="count($both) &gt; 1">the call takes one of these only: <xsl:call-template name="joined"><xsl:with-param name="items" select="$both/@param"/></xsl:call-template></xsl:when>
            <xsl:when test="@need and $needed = 'true' and not($both)">
              <xsl:text>the call needs one of these: </xsl:text>
              <xsl:call-template name="joined"><xsl:with-param name="items" select="$names"/></xsl:call-template>
            </xsl:when>
          </xsl:choose>
        </xsl:variable>
        <xsl:if test="$reason != ''">
          <xsl:variable name="at" select="($both[@element] | $rows[@element and @param = $names])[1]"/>
          <xsl:for-each select="$at">
            <xsl:call-template name="about">
              <xsl:with-param name="record" select="$record"/>
              <xsl:with-param name="as" select="'refused'"/>
              <xsl:with-param name="reason" select="$reason"/>
            </xsl:call-template>
          </xsl:for-each>
        </xsl:if>
      </xsl:for-each>
      <xsl:for-each select="$rows[self::any]">
        <xsl:variable name="names" select="str:tokenize(@of, ' ')"/>
        <xsl:if test="not($sent[@param = $names])">
          <xsl:for-each select="$rows[@element and @param = $names][1]">
            <xsl:call-template name="about">
              <xsl:with-param name="record" select="$record"/>
              <xsl:with-param name="as" select="'refused'"/>
              <xsl:with-param name="reason">
                <xsl:text>the call needs at least one of these: </xsl:text>
                <xsl:call-template name="joined"><xsl:with-param name="items" select="$names"/></xsl:call-template>
              </xsl:with-param>
            </xsl:call-template>
          </xsl:for-each>
        </xsl:if>
      </xsl:for-each>
      <xsl:for-each select="$rows[self::refuse]">
        <xsl:variable name="refused"><xsl:call-template name="holds"><xsl:with-param name="condition" select="@if"/><xsl:with-param name="given" select="$given"/></xsl:call-template></xsl:variable>
        <xsl:if test="$refused = 'true'">
          <xsl:call-template name="about">
            <xsl:with-param name="record" select="$record"/>
            <xsl:with-param name="as" select="'refused'"/>
            <xsl:with-param name="reason" select="string()"/>
          </xsl:call-template>
        </xsl:if>
      </xsl:for-each>
      <!-- What was said of the record and cannot be sent. -->
      <xsl:for-each select="$all[@said]">
        <xsl:variable name="param" select="@param"/>
        <xsl:variable name="reason">
          <xsl:choose>
            <xsl:when test="@none and $all[not(@said) and @param = $param]">--set says that the record has none, and --secret that it has one</xsl:when>
            <xsl:when test="$all[not(@said) and not(@later) and @param = $param]">--set says it, and the list does, too</xsl:when>
            <xsl:when test="count($all[@said and @param = $param]) &gt; 1 and not(preceding-sibling::given[@said and @param = $param])">--set says it twice</xsl:when>
            <xsl:when test="not(@none) and $rows[@param = $param and @secret]">it is a secret: --secret says that the record has it</xsl:when>
            <xsl:when test="starts-with(., $fault) and not($rows[@param = $param])"><xsl:value-of select="substring(., 2)"/></xsl:when>
          </xsl:choose>
        </xsl:variable>
        <xsl:if test="$reason != ''">
          <xsl:call-template name="about">
            <xsl:with-param name="record" select="$record"/>
            <xsl:with-param name="as" select="'refused'"/>
            <xsl:with-param name="reason" select="$reason"/>
          </xsl:call-template>
        </xsl:if>
      </xsl:for-each>
      <xsl:for-each select="$result[self::left][@said][not(@param = $sent/@param)]">
        <xsl:call-template name="about">
          <xsl:with-param name="record" select="$record"/>
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="reason">--set says it, and the call does not take it from this record</xsl:with-param>
        </xsl:call-template>
      </xsl:for-each>
      <xsl:for-each select="$asked">
        <xsl:variable name="param" select="substring-after(., $name)"/>
        <xsl:if test="not($sent[@param = $param and @secret]) and not(exsl:node-set($more)/body//processing-instruction('qtbx-secret')[. = str:replace(current(), '%', '%25')])">
          <xsl:for-each select="$record">
            <xsl:call-template name="note">
              <xsl:with-param name="as" select="'refused'"/>
              <xsl:with-param name="element" select="$param"/>
              <xsl:with-param name="reason">--secret says it, and the call takes no secret of this name from this record</xsl:with-param>
            </xsl:call-template>
          </xsl:for-each>
        </xsl:if>
      </xsl:for-each>
      <xsl:copy-of select="exsl:node-set($more)/refused"/>
    </xsl:variable>

    <xsl:choose>
      <xsl:when test="string($refusals) != ''"><xsl:copy-of select="$refusals"/></xsl:when>
      <xsl:otherwise>
        <request kind="{$kind}" id="{normalize-space(ID)}" url="{$url}">
          <param name="action">create</param>
          <xsl:for-each select="$sent[not(starts-with(@param, '@'))]">
            <param name="{@param}">
              <xsl:choose>
                <xsl:when test="@secret"><secret><xsl:value-of select="."/></secret></xsl:when>
                <xsl:otherwise><xsl:value-of select="."/></xsl:otherwise>
              </xsl:choose>
            </param>
          </xsl:for-each>
          <xsl:copy-of select="exsl:node-set($more)/body"/>
        </request>
        <!-- An element that several rows have is only left out if none of them sends it. -->
        <xsl:for-each select="$result[self::left][@element][not(@element = $sent[not(starts-with(@param, '@'))]/@element)][not(@element = preceding-sibling::left/@element)]">
          <xsl:call-template name="about">
            <xsl:with-param name="record" select="$record"/>
            <xsl:with-param name="as" select="'dropped'"/>
            <xsl:with-param name="reason">
              <xsl:choose>
                <xsl:when test="@why"><xsl:value-of select="@why"/></xsl:when>
                <xsl:when test="count($result[self::left][@element = current()/@element]) &gt; 1">the call does not take it from this record</xsl:when>
                <xsl:otherwise>
                  <xsl:text>the call does not take it from this record</xsl:text>
                  <xsl:call-template name="behind"><xsl:with-param name="condition" select="@when"/><xsl:with-param name="word" select="': only with '"/></xsl:call-template>
                </xsl:otherwise>
              </xsl:choose>
            </xsl:with-param>
          </xsl:call-template>
        </xsl:for-each>
        <!-- Two elements for one parameter, of which one is sent. -->
        <xsl:for-each select="$result[self::param][@element][not(@fixed)][not(@element = $sent/@element)]">
          <xsl:variable name="other" select="$sent[@param = current()/@param]"/>
          <xsl:if test="string() != string($other)">
            <xsl:call-template name="about">
              <xsl:with-param name="record" select="$record"/>
              <xsl:with-param name="as" select="'dropped'"/>
              <xsl:with-param name="reason" select="concat('the call takes one ', @param, ', and another element says it')"/>
            </xsl:call-template>
          </xsl:if>
        </xsl:for-each>
        <xsl:for-each select="$rows[self::limit]">
          <xsl:variable name="limit" select="."/>
          <xsl:variable name="applies"><xsl:call-template name="holds"><xsl:with-param name="condition" select="@if"/><xsl:with-param name="given" select="$given"/></xsl:call-template></xsl:variable>
          <xsl:if test="$applies = 'true'">
            <xsl:for-each select="$sent[not(@secret)][@param = str:tokenize($limit/@of, ' ')]">
              <xsl:variable name="value" select="string()"/>
              <xsl:variable name="beyond">
                <xsl:for-each select="$limit"><xsl:call-template name="beyond"><xsl:with-param name="text" select="$value"/></xsl:call-template></xsl:for-each>
              </xsl:variable>
              <xsl:if test="$beyond != ''">
                <xsl:call-template name="about">
                  <xsl:with-param name="record" select="$record"/>
                  <xsl:with-param name="as" select="'noted'"/>
                  <xsl:with-param name="reason" select="string($beyond)"/>
                </xsl:call-template>
              </xsl:if>
            </xsl:for-each>
          </xsl:if>
        </xsl:for-each>
        <!-- A younger service may have more parameters than the table; a slip of the pen is one, too. -->
        <xsl:for-each select="$sent[@said][not(@param = $rows/@param)]">
          <xsl:call-template name="about">
            <xsl:with-param name="record" select="$record"/>
            <xsl:with-param name="as" select="'noted'"/>
            <xsl:with-param name="reason" select="concat('no guide has the parameter ', @param, ' of --set: it is sent as it is')"/>
          </xsl:call-template>
        </xsl:for-each>
        <xsl:for-each select="$rows[self::note]">
          <xsl:variable name="noted"><xsl:call-template name="holds"><xsl:with-param name="condition" select="@if"/><xsl:with-param name="given" select="$given"/></xsl:call-template></xsl:variable>
          <xsl:if test="$noted = 'true'">
            <xsl:call-template name="about">
              <xsl:with-param name="record" select="$record"/>
              <xsl:with-param name="as" select="'noted'"/>
              <xsl:with-param name="reason" select="string()"/>
            </xsl:call-template>
          </xsl:if>
        </xsl:for-each>
        <xsl:copy-of select="exsl:node-set($more)/*[not(self::body)]"/>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- Why a text is beyond the current limit, the first reason; nothing if it is not. -->
  <xsl:template name="beyond">
    <xsl:param name="text"/>
    <xsl:variable name="limit" select="."/>
    <xsl:variable name="word" select="translate($text, $upper, $lower)"/>
    <xsl:variable name="length" select="string-length($text)"/>
    <xsl:variable name="inner">
      <xsl:choose>
        <xsl:when test="@form = 'folder' and substring($text, $length) = '/'"><xsl:value-of select="substring($text, 1, $length - 1)"/></xsl:when>
        <xsl:otherwise><xsl:value-of select="$text"/></xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <xsl:variable name="numbers" select="str:tokenize($text, ', ')"/>
    <xsl:choose>
      <xsl:when test="@max and $length &gt; @max"><xsl:value-of select="concat('this is longer than the ', @max, ' characters that the service takes')"/></xsl:when>
      <xsl:when test="@ascii and translate($text, $ascii, '') != ''">the guides allow ASCII only: the service may refuse it</xsl:when>
      <xsl:when test="@within and (not($numbers) or $numbers[translate(., $digits, '') != '' or number(.) &lt; substring-before($limit/@within, '..') or number(.) &gt; substring-after($limit/@within, '..')])">
        <xsl:value-of select="concat('the guides want a number from ', substring-before(@within, '..'), ' to ', substring-after(@within, '..'), ': the service may refuse it')"/>
      </xsl:when>
      <xsl:when test="@unfit and translate($inner, @unfit, '') != $inner">
        <xsl:value-of select="concat('the service may refuse it: the guides allow none of these characters: ', translate(@unfit, '&#9;&#10;&#13;', ''))"/>
      </xsl:when>
      <xsl:when test="@words and str:tokenize($word, ' .-_,;')[. = str:tokenize(translate($limit/@words, $upper, $lower), '|')]">
        <xsl:value-of select="concat('the service may refuse it: the guides allow none of these words: ', str:replace(@words, '|', ', '))"/>
      </xsl:when>
      <xsl:when test="@form = 'url' and not(starts-with($word, 'http://') or starts-with($word, 'https://'))">the guides want an HTTP or HTTPS URL: the service may refuse it</xsl:when>
      <xsl:when test="@form = 'ip' and not(contains($text, ':')) and (translate($text, concat($digits, '.'), '') != '' or count(str:tokenize($text, '.')) != 4 or str:tokenize($text, '.')[. &gt; 255])">the guides want an IP address: the service may refuse it</xsl:when>
      <xsl:when test="@form = 'fqdn' and not(contains($text, '.'))">the guides want a fully qualified domain name: the service may refuse it</xsl:when>
      <xsl:when test="@form = 'untagged' and contains(translate($word, concat($lower, '/!?'), 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaa'), '&lt;a')">the guides allow no tags: the service may refuse it</xsl:when>
    </xsl:choose>
  </xsl:template>

  <!-- What stands beside the table, for records that need more. -->
  <xsl:template match="*" mode="more"/>

  <!-- A note about what a row says: by its element if it has one, else by its parameter. -->
  <xsl:template name="about">
    <xsl:param name="record"/>
    <xsl:param name="as"/>
    <xsl:param name="reason"/>
    <xsl:variable name="paths" select="str:tokenize(@element, '| ')"/>
    <xsl:variable name="param" select="@param"/>
    <xsl:variable name="there">
      <xsl:for-each select="$paths">
        <xsl:variable name="text">
          <xsl:call-template name="texts">
            <xsl:with-param name="at" select="$record"/>
            <xsl:with-param name="path" select="string()"/>
          </xsl:call-template>
        </xsl:variable>
        <xsl:if test="$text != ''"><xsl:value-of select="concat(., ' ')"/></xsl:if>
      </xsl:for-each>
    </xsl:variable>
    <xsl:for-each select="$record">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="$as"/>
        <xsl:with-param name="element">
          <xsl:choose>
            <xsl:when test="$there != ''"><xsl:value-of select="substring-before($there, ' ')"/></xsl:when>
            <xsl:when test="$paths"><xsl:value-of select="$paths[1]"/></xsl:when>
            <xsl:otherwise><xsl:value-of select="$param"/></xsl:otherwise>
          </xsl:choose>
        </xsl:with-param>
        <xsl:with-param name="reason" select="$reason"/>
      </xsl:call-template>
    </xsl:for-each>
  </xsl:template>

  <!-- ": only with login_type=vault and vault_type=CyberArk AIM or CyberArk PIM Suite" -->
  <xsl:template name="behind">
    <xsl:param name="condition"/>
    <xsl:param name="word" select="' with '"/>
    <xsl:for-each select="str:tokenize($condition, ';')">
      <xsl:choose>
        <xsl:when test="position() = 1"><xsl:value-of select="$word"/></xsl:when>
        <xsl:otherwise> and </xsl:otherwise>
      </xsl:choose>
      <xsl:variable name="part">
        <xsl:choose>
          <xsl:when test="starts-with(., '!')"><xsl:value-of select="concat('no ', substring(., 2))"/></xsl:when>
          <xsl:when test="contains(., '!=')"><xsl:value-of select="concat(substring-before(., '!='), ' not ', substring-after(., '!='))"/></xsl:when>
          <xsl:otherwise><xsl:value-of select="."/></xsl:otherwise>
        </xsl:choose>
      </xsl:variable>
      <xsl:for-each select="str:tokenize($part, '|')">
        <xsl:if test="position() != 1"> or </xsl:if>
        <xsl:value-of select="."/>
      </xsl:for-each>
    </xsl:for-each>
  </xsl:template>

  <!-- "true" if a condition holds. -->
  <xsl:template name="holds">
    <xsl:param name="condition"/>
    <xsl:param name="given"/>
    <xsl:choose>
      <xsl:when test="string($condition) = '' or $condition = 'true'">true</xsl:when>
      <xsl:otherwise>
        <xsl:variable name="failing">
          <xsl:for-each select="str:tokenize($condition, ';')[. != 'true']">
            <xsl:variable name="said" select="translate(., '!', '')"/>
            <xsl:variable name="param" select="substring-before(concat($said, '='), '=')"/>
            <xsl:variable name="own" select="$given[@param = $param][1]"/>
            <xsl:variable name="value">
              <xsl:choose>
                <xsl:when test="$own"><xsl:value-of select="$own"/></xsl:when>
                <xsl:when test="contains(., '=')"><xsl:value-of select="$rows[@param = $param]/@default"/></xsl:when>
              </xsl:choose>
            </xsl:variable>
            <xsl:variable name="is">
              <xsl:choose>
                <xsl:when test="contains(., '=')"><xsl:value-of select="contains(concat('|', substring-after(., '='), '|'), concat('|', $value, '|')) and $value != ''"/></xsl:when>
                <xsl:otherwise><xsl:value-of select="$value != ''"/></xsl:otherwise>
              </xsl:choose>
            </xsl:variable>
            <xsl:if test="($is = 'true') = contains(., '!')">x</xsl:if>
          </xsl:for-each>
        </xsl:variable>
        <xsl:value-of select="$failing = ''"/>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- What stands at the paths of a row: of several paths the first that has something, of a list all. -->
  <xsl:template name="text-of">
    <xsl:param name="record"/>
    <xsl:variable name="row" select="."/>
    <xsl:variable name="texts">
      <xsl:for-each select="str:tokenize(@element, '| ')">
        <xsl:call-template name="texts">
          <xsl:with-param name="at" select="$record"/>
          <xsl:with-param name="path" select="string()"/>
          <xsl:with-param name="list" select="$row/@list = 'yes'"/>
          <xsl:with-param name="bare" select="string($row/@bare)"/>
        </xsl:call-template>
        <!-- Between two paths. -->
        <xsl:if test="not($row/@list)"><xsl:value-of select="$end"/></xsl:if>
      </xsl:for-each>
    </xsl:variable>
    <xsl:choose>
      <xsl:when test="@list = 'yes'"><xsl:value-of select="substring($texts, 1, string-length($texts) - 1)"/></xsl:when>
      <xsl:otherwise>
        <xsl:variable name="first" select="str:tokenize($texts, $end)[1]"/>
        <xsl:choose>
          <xsl:when test="contains($first, $next)"><xsl:value-of select="concat($fault, 'the record has it more than once, and the call takes one')"/></xsl:when>
          <xsl:when test="str:tokenize($texts, $end)[2] != $first"><xsl:value-of select="concat($fault, 'the record has it in two ways, and they differ')"/></xsl:when>
          <xsl:otherwise><xsl:value-of select="$first"/></xsl:otherwise>
        </xsl:choose>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- What stands at one path: of a list, each with a comma behind it, else with a mark between them. -->
  <xsl:template name="texts">
    <xsl:param name="at"/>
    <xsl:param name="path"/>
    <xsl:param name="list" select="false()"/>
    <xsl:param name="bare"/>
    <xsl:variable name="step" select="substring-before(concat($path, '/'), '/')"/>
    <xsl:variable name="rest" select="substring-after($path, '/')"/>
    <xsl:if test="$bare != '' and starts-with($step, '@') and not($at/@*[concat('@', name()) = $step])"><xsl:value-of select="$bare"/></xsl:if>
    <xsl:for-each select="$at/*[name() = $step] | $at/@*[concat('@', name()) = $step] | $at/text()[$step = 'text()']">
      <xsl:choose>
        <xsl:when test="$rest != ''">
          <xsl:variable name="inner">
            <xsl:call-template name="texts">
              <xsl:with-param name="at" select="."/>
              <xsl:with-param name="path" select="$rest"/>
              <xsl:with-param name="list" select="$list"/>
              <xsl:with-param name="bare" select="$bare"/>
            </xsl:call-template>
          </xsl:variable>
          <xsl:if test="position() != 1 and not($list) and $inner != ''"><xsl:value-of select="$next"/></xsl:if>
          <xsl:value-of select="$inner"/>
        </xsl:when>
        <xsl:when test="normalize-space() = ''"/>
        <xsl:otherwise>
          <xsl:variable name="text">
            <xsl:call-template name="unframed">
              <xsl:with-param name="text" select="string()"/>
            </xsl:call-template>
          </xsl:variable>
          <xsl:if test="position() != 1 and not($list)"><xsl:value-of select="$next"/></xsl:if>
          <xsl:choose>
            <xsl:when test="translate($text, $marks, '') != $text">
              <xsl:value-of select="concat($fault, $marked)"/>
              <xsl:if test="$list"><xsl:value-of select="$end"/></xsl:if>
            </xsl:when>
            <xsl:when test="$list and contains($text, ',')"><xsl:value-of select="concat($fault, 'a name with a comma would be two: &quot;', $text, '&quot;', $end)"/></xsl:when>
            <xsl:otherwise><xsl:value-of select="$text"/></xsl:otherwise>
          </xsl:choose>
          <xsl:if test="$list">,</xsl:if>
        </xsl:otherwise>
      </xsl:choose>
    </xsl:for-each>
  </xsl:template>

  <!-- What a row sends for a text, or $fault and why there is nothing. -->
  <xsl:template name="value-of">
    <xsl:param name="text"/>
    <xsl:variable name="word" select="translate(normalize-space($text), $upper, $lower)"/>
    <xsl:choose>
      <xsl:when test="contains($text, $fault)"><xsl:value-of select="concat($fault, substring-before(concat(substring-after($text, $fault), $end), $end))"/></xsl:when>
      <xsl:when test="@values">
        <xsl:variable name="known" select="str:tokenize(@values, '|')[translate(substring-before(concat(., '='), '='), $upper, $lower) = $word][1]"/>
        <xsl:choose>
          <xsl:when test="not($known)">
            <xsl:value-of select="$fault"/>
            <xsl:choose>
              <xsl:when test="starts-with(@param, '@')">it is no word that is known here</xsl:when>
              <xsl:otherwise><xsl:value-of select="concat('it is no word that the call takes for ', @param)"/></xsl:otherwise>
            </xsl:choose>
            <xsl:value-of select="concat(': &quot;', normalize-space($text), '&quot;')"/>
          </xsl:when>
          <xsl:when test="contains($known, '=')"><xsl:value-of select="substring-after($known, '=')"/></xsl:when>
          <xsl:otherwise><xsl:value-of select="$known"/></xsl:otherwise>
        </xsl:choose>
      </xsl:when>
      <xsl:when test="@without and translate($text, @without, '') != $text">
        <xsl:value-of select="concat($fault, 'the call takes none of these characters: ', @without)"/>
      </xsl:when>
      <xsl:when test="@blanks = 'no'"><xsl:value-of select="translate($text, ' &#9;&#10;', '')"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="$text"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

</xsl:stylesheet>
