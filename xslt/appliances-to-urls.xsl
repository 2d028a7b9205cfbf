<?xml version="1.0" encoding="UTF-8"?>
<!--
  Scanner appliances as requests, in two steps:

    create     /api/2.0/fo/appliance/?action=create for a virtual one, /api/2.0/fo/appliance/qcss/ for a containerized one. No call creates others
    settings   action=update, at the same places, and at /api/2.0/fo/appliance/physical/ for one that was activated by hand: it needs the new ids

  What the second step would refuse is refused by the first, too: before anything is created. A name is the first step's alone.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

  <xsl:import href="common/vocabulary.xsl"/>

  <!-- create or settings. -->
  <xsl:param name="step" select="'create'"/>
  <!-- What an appliance is whose record does not say it: virtual, physical, or refuse. -->
  <xsl:param name="untyped" select="'refuse'"/>

  <xsl:variable name="kind" select="'appliance'"/>
  <xsl:variable name="record" select="'APPLIANCE'"/>

  <xsl:variable name="upper" select="'ABCDEFGHIJKLMNOPQRSTUVWXYZ'"/>
  <xsl:variable name="lower" select="'abcdefghijklmnopqrstuvwxyz'"/>
  <!-- What a name of a VLAN or a route is made of: ASCII without what the call separates by, and without < > " & and =. -->
  <xsl:variable name="plain" select='concat(" !#$%()*+-./0123456789:;?@[\]^_`{}~", "&apos;", $upper, $lower)'/>

  <!-- Whatever looks like one. -->
  <xsl:variable name="blanks" select="' &#9;&#10;&#13;&#160;&#5760;&#8192;&#8193;&#8194;&#8195;&#8196;&#8197;&#8198;&#8199;&#8200;&#8201;&#8202;&#8239;&#8287;&#12288;&#133;&#8232;&#8233;'"/>

  <xsl:template match="/">
    <requests>
      <xsl:apply-templates select="/*/RESPONSE/APPLIANCE_LIST/APPLIANCE"/>
    </requests>
  </xsl:template>

  <xsl:template match="APPLIANCE" mode="subject">
    <xsl:attribute name="id"><xsl:value-of select="normalize-space(ID)"/></xsl:attribute>
    <xsl:attribute name="name"><xsl:apply-templates select="NAME" mode="text"/></xsl:attribute>
  </xsl:template>

  <!-- Without the layout around it. -->
  <xsl:template match="*" mode="text">
    <xsl:choose>
      <xsl:when test="contains(., '&#10;')">
        <xsl:call-template name="unframed">
          <xsl:with-param name="text" select="string()"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:otherwise><xsl:value-of select="."/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- What it is -->

  <xsl:template match="APPLIANCE">
    <xsl:variable name="said" select="translate(normalize-space(TYPE), $upper, $lower)"/>
    <xsl:choose>
      <xsl:when test="$said != ''">
        <xsl:call-template name="appliance">
          <xsl:with-param name="type" select="$said"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="appliance">
          <xsl:with-param name="type" select="$untyped"/>
        </xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="appliance">
    <xsl:param name="type"/>
    <xsl:choose>
      <xsl:when test="$type = 'refuse'">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="element" select="'TYPE'"/>
          <xsl:with-param name="reason">the list does not say whether it is virtual or physical: fetch it with output_mode=full, or say --untyped virtual or --untyped physical</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$step = 'create' and ($type = 'physical' or $type = 'offline')">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'by-hand'"/>
          <xsl:with-param name="reason">
            <xsl:text>no call creates </xsl:text>
            <xsl:choose>
              <xsl:when test="$type = 'offline'">an offline</xsl:when>
              <xsl:otherwise>a physical</xsl:otherwise>
            </xsl:choose>
            <xsl:text> appliance: ask support to release it from this subscription (serial number </xsl:text>
            <xsl:call-template name="said">
              <xsl:with-param name="value" select="SERIAL_NUMBER"/>
            </xsl:call-template>
            <xsl:text>, user </xsl:text>
            <xsl:call-template name="said">
              <xsl:with-param name="value" select="USER_LOGIN"/>
            </xsl:call-template>
            <xsl:text>), or for another one if the target is on another platform, and activate it in the target under this name</xsl:text>
          </xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$type = 'offline'">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'skipped'"/>
          <xsl:with-param name="reason">no call is known to change an offline appliance: set it by hand</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$type = 'virtual' or $type = 'containerized' or $type = 'physical'">
        <xsl:variable name="refusals">
          <xsl:if test="$step = 'create'"><xsl:call-template name="refuse-name"/></xsl:if>
          <xsl:apply-templates select="POLLING_INTERVAL[. != '']" mode="refuse"/>
          <xsl:apply-templates select="VLANS[VLAN] | STATIC_ROUTES/ROUTE | ASSET_TAGS_LIST/ASSET_TAG" mode="refuse">
            <xsl:with-param name="type" select="$type"/>
          </xsl:apply-templates>
        </xsl:variable>
        <xsl:choose>
          <xsl:when test="string($refusals) != ''"><xsl:copy-of select="$refusals"/></xsl:when>
          <xsl:when test="$step = 'create'">
            <xsl:call-template name="create">
              <xsl:with-param name="type" select="$type"/>
            </xsl:call-template>
          </xsl:when>
          <xsl:otherwise>
            <xsl:call-template name="settings">
              <xsl:with-param name="type" select="$type"/>
            </xsl:call-template>
          </xsl:otherwise>
        </xsl:choose>
      </xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="element" select="'TYPE'"/>
          <xsl:with-param name="reason" select="concat('&quot;', normalize-space(TYPE), '&quot; is no type of an appliance that is known here: virtual, containerized, physical or offline')"/>
        </xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- A value, or that there is none. -->
  <xsl:template name="said">
    <xsl:param name="value"/>
    <xsl:choose>
      <xsl:when test="normalize-space($value) != ''"><xsl:value-of select="normalize-space($value)"/></xsl:when>
      <xsl:otherwise>not in the list</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- What cannot be carried -->

  <xsl:template name="refuse">
    <xsl:param name="element"><xsl:call-template name="path"/></xsl:param>
    <xsl:param name="reason"/>
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'refused'"/>
      <xsl:with-param name="element" select="$element"/>
      <xsl:with-param name="reason" select="$reason"/>
    </xsl:call-template>
  </xsl:template>

  <!-- No name is cut, and no blank replaced: schedules find an appliance by its name. -->
  <xsl:template name="refuse-name">
    <xsl:variable name="name"><xsl:apply-templates select="NAME" mode="text"/></xsl:variable>
    <xsl:variable name="fault">
      <xsl:choose>
        <xsl:when test="normalize-space($name) = ''">an appliance needs a name</xsl:when>
        <xsl:when test="translate($name, $blanks, '') != $name">the call takes no name with a blank</xsl:when>
        <xsl:when test="string-length($name) &gt; 32">the call takes no name of more than 32 characters</xsl:when>
      </xsl:choose>
    </xsl:variable>
    <xsl:if test="string($fault) != ''">
      <xsl:call-template name="refuse">
        <xsl:with-param name="element" select="'NAME'"/>
        <xsl:with-param name="reason">
          <xsl:value-of select="$fault"/>
          <xsl:if test="normalize-space($name) != ''">: give it another one in the source, or create it by hand and write its row of the map</xsl:if>
        </xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- "180 seconds": the calls take 60 to 3600. -->
  <xsl:template match="POLLING_INTERVAL" mode="refuse">
    <xsl:variable name="number" select="substring-before(concat(normalize-space(), ' '), ' ')"/>
    <xsl:variable name="unit" select="translate(substring-after(normalize-space(), ' '), $upper, $lower)"/>
    <xsl:if test="$number != '' and (translate($number, '0123456789', '') != '' or $number &lt; 60 or $number &gt; 3600 or ($unit != '' and $unit != 'seconds'))">
      <xsl:call-template name="refuse">
        <xsl:with-param name="reason" select="concat('the calls take 60 to 3600 seconds, not &quot;', normalize-space(), '&quot;')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="VLANS" mode="refuse">
    <xsl:param name="type"/>
    <xsl:variable name="setting" select="translate(normalize-space(SETTING), $upper, $lower)"/>
    <xsl:choose>
      <xsl:when test="$setting = 'disabled'"/>
      <xsl:when test="$setting != 'enabled'">
        <xsl:call-template name="refuse">
          <xsl:with-param name="element" select="'VLANS/SETTING'"/>
          <xsl:with-param name="reason" select="concat('it is Enabled or Disabled, not &quot;', normalize-space(SETTING), '&quot;: is there to be a VLAN?')"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$type = 'containerized'">
        <xsl:call-template name="refuse">
          <xsl:with-param name="reason">the call for containerized appliances takes no VLANs</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:otherwise><xsl:apply-templates select="VLAN" mode="refuse"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="VLAN" mode="refuse">
    <xsl:if test="normalize-space(ID) = ''">
      <xsl:call-template name="refuse">
        <xsl:with-param name="element" select="'VLANS/VLAN/ID'"/>
        <xsl:with-param name="reason">a VLAN needs its id</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="normalize-space(IP_ADDRESS) = ''">
      <xsl:call-template name="refuse">
        <xsl:with-param name="element" select="'VLANS/VLAN/IP_ADDRESS'"/>
        <xsl:with-param name="reason" select="concat('VLAN ', normalize-space(ID), ' has no IPv4 address, and the list does not show the IPv6 settings that the call needs instead')"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="normalize-space(NETMASK) = ''">
      <xsl:call-template name="refuse">
        <xsl:with-param name="element" select="'VLANS/VLAN/NETMASK'"/>
        <xsl:with-param name="reason" select="concat('VLAN ', normalize-space(ID), ' has no netmask')"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:apply-templates select="NAME" mode="refuse-parts"/>
  </xsl:template>

  <xsl:template match="ROUTE" mode="refuse">
    <xsl:param name="type"/>
    <xsl:if test="$type = 'containerized'">
      <xsl:call-template name="refuse">
        <xsl:with-param name="reason">the call for containerized appliances takes no static routes</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="normalize-space(IP_ADDRESS) = ''">
      <xsl:call-template name="refuse">
        <xsl:with-param name="element" select="'STATIC_ROUTES/ROUTE/IP_ADDRESS'"/>
        <xsl:with-param name="reason" select="concat('a route &quot;', normalize-space(NAME), '&quot; has no IPv4 address, and the list does not show the IPv6 settings that the call needs instead')"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="normalize-space(GATEWAY) = ''">
      <xsl:call-template name="refuse">
        <xsl:with-param name="element" select="'STATIC_ROUTES/ROUTE/GATEWAY'"/>
        <xsl:with-param name="reason" select="concat('a route &quot;', normalize-space(NAME), '&quot; has no gateway')"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:apply-templates select="NAME" mode="refuse-parts"/>
  </xsl:template>

  <!-- The name of a VLAN or a route stands between the separators of the call. -->
  <xsl:template match="NAME" mode="refuse-parts">
    <!-- As it stands first: most names have no layout around them, and making each a fragment costs more than all else about it. -->
    <xsl:if test="translate(., $plain, '') != '' or string-length() &gt; 256">
      <xsl:variable name="name"><xsl:apply-templates select="." mode="text"/></xsl:variable>
      <xsl:if test="translate($name, $plain, '') != '' or string-length($name) &gt; 256">
        <xsl:call-template name="refuse">
          <xsl:with-param name="reason" select="concat('&quot;', $name, '&quot; is no name that the call takes: at most 256 ASCII characters, and none of , &lt; &gt; &quot; &amp; | =')"/>
        </xsl:call-template>
      </xsl:if>
    </xsl:if>
  </xsl:template>

  <xsl:template match="ASSET_TAG" mode="refuse">
    <xsl:choose>
      <xsl:when test="normalize-space(NAME) = ''">
        <xsl:call-template name="refuse">
          <xsl:with-param name="element" select="'ASSET_TAGS_LIST/ASSET_TAG/NAME'"/>
          <xsl:with-param name="reason">a tag without a name is known by its UUID, which the target does not have</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="contains(NAME, ',')">
        <xsl:call-template name="refuse">
          <xsl:with-param name="element" select="'ASSET_TAGS_LIST/ASSET_TAG/NAME'"/>
          <xsl:with-param name="reason" select="concat('&quot;', normalize-space(NAME), '&quot; has a comma, which would make it two tags')"/>
        </xsl:call-template>
      </xsl:when>
    </xsl:choose>
  </xsl:template>

  <!-- Create -->

  <xsl:template name="create">
    <xsl:param name="type"/>
    <request kind="{$kind}" id="{normalize-space(ID)}">
      <xsl:attribute name="url">
        <xsl:text>/api/2.0/fo/appliance/</xsl:text>
        <xsl:if test="$type = 'containerized'">qcss/</xsl:if>
      </xsl:attribute>
      <param name="action">create</param>
      <param name="name"><xsl:apply-templates select="NAME" mode="text"/></param>
      <xsl:call-template name="polling-interval"/>
    </request>
    <xsl:if test="$type = 'virtual'">
      <xsl:variable name="name"><xsl:apply-templates select="NAME" mode="text"/></xsl:variable>
      <xsl:if test="string-length($name) &gt; 15">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'noted'"/>
          <xsl:with-param name="element" select="'NAME'"/>
          <xsl:with-param name="reason">the guides allow 15 characters, and templates of the vendor use up to 32: the service may refuse it</xsl:with-param>
        </xsl:call-template>
      </xsl:if>
    </xsl:if>
    <xsl:for-each select="NETWORK_ID[normalize-space() != '' and normalize-space() != '0']">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="reason" select="concat('it belongs to network ', normalize-space(), ': qtbx-networks-to-urls --step assign assigns it afterwards')"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:if test="COMMENTS[normalize-space() != ''] or VLANS/VLAN or STATIC_ROUTES/ROUTE or ASSET_TAGS_LIST/ASSET_TAG">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="reason">the call creates it without comment, VLANs, static routes and tags: send the requests of --step settings afterwards</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
    <xsl:for-each select="SERIAL_NUMBER[normalize-space() != '' and normalize-space() != '0']">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason">the new appliance is another one</xsl:with-param>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="USER_LOGIN[normalize-space() != '']">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason">the new appliance is that of the user who sends the request</xsl:with-param>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="IS_CLOUD_DEPLOYED[normalize-space() != '' and normalize-space() != '0']">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason">the call starts no instance in a cloud: that is done with the new activation code</xsl:with-param>
      </xsl:call-template>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="polling-interval">
    <xsl:call-template name="param">
      <xsl:with-param name="name" select="'polling_interval'"/>
      <xsl:with-param name="value" select="substring-before(concat(normalize-space(POLLING_INTERVAL), ' '), ' ')"/>
    </xsl:call-template>
  </xsl:template>

  <!-- Settings -->

  <xsl:template name="settings">
    <xsl:param name="type"/>
    <xsl:variable name="vlans" select="VLANS[translate(normalize-space(SETTING), $upper, $lower) = 'enabled']/VLAN"/>
    <xsl:variable name="routes" select="STATIC_ROUTES/ROUTE"/>
    <xsl:variable name="tags" select="ASSET_TAGS_LIST/ASSET_TAG/NAME"/>
    <xsl:choose>
      <xsl:when test="$vlans or $routes or $tags or normalize-space(concat(POLLING_INTERVAL, COMMENTS)) != ''">
        <request kind="{$kind}" id="{normalize-space(ID)}">
          <xsl:attribute name="url">
            <xsl:text>/api/2.0/fo/appliance/</xsl:text>
            <xsl:choose>
              <xsl:when test="$type = 'physical'">physical/</xsl:when>
              <xsl:when test="$type = 'containerized'">qcss/</xsl:when>
            </xsl:choose>
          </xsl:attribute>
          <param name="action">update</param>
          <param name="id">
            <xsl:choose>
              <xsl:when test="ID/@qtbx-target"><xsl:value-of select="normalize-space(ID/@qtbx-target)"/></xsl:when>
              <xsl:otherwise><xsl:value-of select="normalize-space(ID)"/></xsl:otherwise>
            </xsl:choose>
          </param>
          <xsl:call-template name="polling-interval"/>
          <xsl:call-template name="param">
            <xsl:with-param name="name" select="'comment'"/>
            <xsl:with-param name="value" select="COMMENTS[normalize-space() != '']"/>
          </xsl:call-template>
          <xsl:if test="$vlans">
            <param name="set_vlans">
              <xsl:for-each select="$vlans">
                <xsl:if test="position() != 1">,</xsl:if>
                <xsl:value-of select="concat(normalize-space(ID), '|', normalize-space(IP_ADDRESS), '|', normalize-space(NETMASK), '|')"/>
                <xsl:apply-templates select="NAME" mode="text"/>
              </xsl:for-each>
            </param>
          </xsl:if>
          <xsl:if test="$routes">
            <param name="set_routes">
              <xsl:for-each select="$routes">
                <xsl:if test="position() != 1">,</xsl:if>
                <xsl:value-of select="concat(normalize-space(IP_ADDRESS), '|', normalize-space(NETMASK), '|', normalize-space(GATEWAY), '|')"/>
                <xsl:apply-templates select="NAME" mode="text"/>
              </xsl:for-each>
            </param>
          </xsl:if>
          <xsl:if test="$tags">
            <param name="set_tags">
              <xsl:for-each select="$tags">
                <xsl:if test="position() != 1">,</xsl:if>
                <xsl:apply-templates select="." mode="text"/>
              </xsl:for-each>
            </param>
            <param name="tag_set_by">name</param>
          </xsl:if>
        </request>
      </xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'skipped'"/>
          <xsl:with-param name="reason">there is nothing to set</xsl:with-param>
        </xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
    <xsl:for-each select="VLANS[VLAN][translate(normalize-space(SETTING), $upper, $lower) = 'disabled']">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="reason">they are disabled, and the call would enable them</xsl:with-param>
      </xsl:call-template>
    </xsl:for-each>
  </xsl:template>

</xsl:stylesheet>
