<?xml version="1.0" encoding="UTF-8"?>
<!--
  Users as the requests that create them again, and then those that give them their roles and their scope in the portal:

    add    /msp/user.php?action=add, of a list of users: unit managers first, since the first user of a business unit must be one
    tags   /qps/rest/2.0/update/am/user/ID, of a search result of the portal, which has ids of its own
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

  <xsl:import href="common/vocabulary.xsl"/>

  <!-- add or tags. -->
  <xsl:param name="step" select="'add'"/>
  <!-- Whether the service mails to each new user: yes or no. It does unless it is told not to. -->
  <xsl:param name="send-email" select="'no'"/>
  <!-- The login of the user who sends the requests, in the source. -->
  <xsl:param name="sender"/>
  <!-- Whom else to create, with commas between them: inactive, pending, primary-contact. -->
  <xsl:param name="include"/>
  <!-- What is sent for a title, a telephone number, an address or a city that is empty. -->
  <xsl:param name="fill"/>
  <!-- What is sent for the state of a user in the United States of America, if that is empty. The other countries have a word for that. -->
  <xsl:param name="fill-state"/>

  <xsl:variable name="kind" select="concat(substring('portal-', 1, 7 * ($step = 'tags')), 'user')"/>
  <xsl:variable name="record" select="concat(substring('User', 1, 4 * ($step = 'tags')), substring('USER', 1, 4 * ($step != 'tags')))"/>

  <xsl:variable name="upper" select="'ABCDEFGHIJKLMNOPQRSTUVWXYZ'"/>
  <xsl:variable name="lower" select="'abcdefghijklmnopqrstuvwxyz'"/>

  <!-- The countries and states of the documentation: API (VM, PC) User Guide 8.16, p. 533-534. Others are sent as they are, and noted. -->
  <xsl:variable name="countries" select='"|Afghanistan|Albania|Algeria|Andorra|Angola|Anguilla|Antartica|Antigua and Barbuda|Argentina|Armenia|Aruba|Australia|Austria|Azerbaijan|Bahamas|Bahrain|Bangladesh|Barbados|Belarus|Belgium|Belize|Benin|Bermuda|Bhutan|Bolivia|Bosnia-Herzegovina|Botswana|Bouvet Island|Brazil|British Indian Ocean Territory|Brunei Darussalam|Bulgaria|Burkina Faso|Burundi|Cambodia|Cameroon|Canada|Cape Verde|Cayman Islands|Central African Republic|Chad|Chile|China|Christmas Island|Cocos (Keeling) Islands|Colombia|Comoros|Congo|Cook Islands|Costa Rica|Cote D&apos;Ivoire|Croatia|Cuba|Cyprus|Czech Republic|Denmark|Djibouti|Dominica|Dominican Republic|East Timor|Ecuador|Egypt|El Salvador|Equatorial Guinea|Estonia|Ethiopia|Faeroe Islands|Falkland Islands (Malvinas)|Fiji|Finland|France|French Guiana|French Polynesia|French Southern Territories|Gabon|Gambia|Georgia|Germany|Ghana|Gibraltar|Greece|Greenland|Grenada|Guadeloupe|Guatemala|Guernsey, C.I.|Guinea|Guinea-Bissau|Guyana|Haiti|Heard and McDonald Islands|Honduras|Hong Kong|Hungary|Iceland|India|Indonesia|Iran (Islamic Republic of)|Iraq|Ireland|Isle of Man|Israel|Italy|Jamaica|Japan|Jersey, C.I.|Jordan|Kazakhstan|Kenya|Kiribati|Korea|Kuwait|Kyrgyzstan|Lao Peoples Democratic Republi|Latvia|Lebanon|Lesotho|Liberia|Libyan Arab Jamahiriya|Liechtenstein|Lithuania|Luxembourg|Macau|Macedonia|Madagascar|Malawi|Malaysia|Maldives|Mali|Malta|Marshall Islands|Martinique|Mauritania|Mauritius|Mexico|Micronesia, Fed. States of|Moldova, Republic of|Monaco|Mongolia|Montserrat|Morocco|Mozambique|Myanmar|Namibia|Nauru|Nepal|Netherland Antilles|Netherlands|Neutral Zone (Saudi/Iraq)|New Caledonia|New Zealand|Nicaragua|Niger|Nigeria|Niue|Norfolk Island|Northern Mariana Islands|Norway|Oman|Pakistan|Palau|Panama Canal Zone|Panama|Papua New Guinea|Paraguay|Peru|Philippines|Pitcairn|Poland|Portugal|Puerto Rico|Qatar|Reunion|Romania|Russia|Rwanda|Saint Kitts and Nevis|Saint Lucia|Samoa|San Marino|Sao Tome and Principe|Saudi Arabia|Senegal|Seychelles|Sierra Leone|Singapore|Slovak Republic|Slovenia|Solomon Islands|Somalia|South Africa|Spain|Sri Lanka|St. Helena|St. Pierre and Miquelon|St. Vincent and the Grenadines|Sudan|Suriname|Svalbard and Jan Mayen Islands|Swaziland|Sweden|Switzerland|Syrian Arab Republic|Taiwan|Tajikistan|Tanzania, United Republic of|Thailand|Togo|Tokelau|Tonga|Trinidad and Tobago|Tunisia|Turkey|Turkmenistan|Turks and Caicos Islands|Tuvalu|U.S.Minor Outlying Islands|Uganda|Ukraine|United Arab Emirates|United Kingdom|United States of America|Uruguay|Uzbekistan|Vanuatu|Vatican City State|Venezuela|Vietnam|Virgin Islands (British)|Wallis and Futuna Islands|Western Sahara|Yemen|Yugoslavia|Zaire|Zambia|Zimbabwe|"'/>
  <xsl:variable name="states-of-the-united-states" select="'|Alabama|Alaska|Arizona|Arkansas|Armed Forces Asia|Armed Forces Europe|Armed Forces Pacific|California|Colorado|Connecticut|Delaware|District of Columbia|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming|'"/>
  <xsl:variable name="states-of-australia" select="'|No State|New South Wales|Northern Territory|Queensland|Tasmania|Victoria|Western Australia|'"/>
  <xsl:variable name="states-of-canada" select="'|No State|Alberta|British Columbia|Manitoba|New Brunswick|Newfoundland|Northwest Territories|Nova Scotia|Nunavut|Ontario|Prince Edward Island|Quebec|Saskatchewan|Yukon|'"/>
  <xsl:variable name="states-of-india" select="'|No State|Andhra Pradesh|Andaman and Nicobar Islands|Arunachal Pradesh|Assam|Bihar|Chandigarh|Chattisgarh|Dadra and Nagar Haveli|Daman and Diu|Delhi|Goa|Gujarat|Haryana|Himachal Pradesh|Jammu and Kashmir|Jharkhand|Karnataka|Kerala|Lakshadadweep|Madhya Pradesh|Maharashtra|Manipur|Meghalaya|Mizoram|Nagaland|Orissa|Pondicherry|Punjab|Rajasthan|Sikkim|Tamil Nadu|Tripura|Uttar Pradesh|Uttaranchal|West Bengal|'"/>
  <xsl:variable name="styles" select="'|standard_blue|navy_blue|coral_red|olive_green|accessible_high_contrast|'"/>

  <xsl:template match="/">
    <requests>
      <xsl:choose>
        <xsl:when test="$step = 'tags'"><xsl:apply-templates select="/ServiceResponse/data/User"/></xsl:when>
        <xsl:otherwise>
          <xsl:variable name="users" select="/USER_LIST_OUTPUT/USER_LIST/USER"/>
          <xsl:apply-templates select="$users[translate(normalize-space(USER_ROLE), $upper, $lower) = 'unit manager']"/>
          <xsl:apply-templates select="$users[translate(normalize-space(USER_ROLE), $upper, $lower) != 'unit manager']"/>
        </xsl:otherwise>
      </xsl:choose>
    </requests>
  </xsl:template>

  <!-- Add -->

  <xsl:template match="USER" mode="subject">
    <xsl:attribute name="id"><xsl:value-of select="normalize-space((USER_ID | USER_LOGIN[not(../USER_ID)])[1])"/></xsl:attribute>
    <xsl:attribute name="name"><xsl:value-of select="normalize-space(CONTACT_INFO/EMAIL)"/></xsl:attribute>
  </xsl:template>

  <!-- Without the layout around it: it is CDATA, perhaps on a line of its own. -->
  <xsl:template match="*" mode="text">
    <xsl:choose>
      <xsl:when test="contains(., '&#10;')">
        <xsl:call-template name="unframed">
          <xsl:with-param name="text" select="string()"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="normalize-space() != ''"><xsl:value-of select="."/></xsl:when>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="USER">
    <xsl:variable name="status" select="normalize-space(USER_STATUS)"/>
    <xsl:variable name="role" select="translate(normalize-space(USER_ROLE), $upper, $lower)"/>
    <xsl:choose>
      <xsl:when test="$sender != '' and translate(normalize-space(USER_LOGIN), $upper, $lower) = translate($sender, $upper, $lower)">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'skipped'"/>
          <xsl:with-param name="element" select="'USER_LOGIN'"/>
          <xsl:with-param name="reason">the user who sends the requests has an account in the target</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="normalize-space(MANAGER_POC) = '1' and not(contains(concat(',', $include, ','), ',primary-contact,'))">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'skipped'"/>
          <xsl:with-param name="element" select="'MANAGER_POC'"/>
          <xsl:with-param name="reason">the primary contact, and the target has one of its own: --include primary-contact creates the account all the same</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$status = 'Inactive' and not(contains(concat(',', $include, ','), ',inactive,'))">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'skipped'"/>
          <xsl:with-param name="element" select="'USER_STATUS'"/>
          <xsl:with-param name="reason">inactive, and what is created is a live account: --include inactive creates it all the same</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$status = 'Pending Activation' and not(contains(concat(',', $include, ','), ',pending,'))">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'skipped'"/>
          <xsl:with-param name="element" select="'USER_STATUS'"/>
          <xsl:with-param name="reason">this user has never logged in: --include pending creates the account all the same</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$role != '' and not(contains('|manager|unit manager|scanner|reader|contact|administrator|', concat('|', $role, '|')))">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'by-hand'"/>
          <xsl:with-param name="element" select="'USER_ROLE'"/>
          <xsl:with-param name="reason" select="concat('the call creates no user with the role ', normalize-space(USER_ROLE), ': create this one by hand')"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:otherwise>
        <xsl:variable name="refusals">
          <xsl:apply-templates select="." mode="refusals">
            <xsl:with-param name="role" select="$role"/>
            <xsl:with-param name="status" select="$status"/>
          </xsl:apply-templates>
        </xsl:variable>
        <xsl:choose>
          <xsl:when test="string($refusals) != ''"><xsl:copy-of select="$refusals"/></xsl:when>
          <xsl:otherwise>
            <xsl:apply-templates select="." mode="request">
              <xsl:with-param name="role" select="$role"/>
            </xsl:apply-templates>
            <xsl:apply-templates select="." mode="notes">
              <xsl:with-param name="role" select="$role"/>
              <xsl:with-param name="status" select="$status"/>
            </xsl:apply-templates>
          </xsl:otherwise>
        </xsl:choose>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- Whatever the service would refuse, as far as the list shows it. -->
  <xsl:template match="USER" mode="refusals">
    <xsl:param name="role"/>
    <xsl:param name="status"/>
    <xsl:variable name="info" select="CONTACT_INFO"/>
    <xsl:variable name="email" select="normalize-space($info/EMAIL)"/>
    <xsl:variable name="country" select="normalize-space($info/COUNTRY)"/>
    <xsl:if test="normalize-space((USER_ID | USER_LOGIN[not(../USER_ID)])[1]) = ''">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'refused'"/>
        <xsl:with-param name="element" select="'USER_ID'"/>
        <xsl:with-param name="reason">neither an id nor a login: a manager sees those of all users</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="not(contains('|Active|Inactive|Pending Activation|', concat('|', $status, '|')))">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'refused'"/>
        <xsl:with-param name="element" select="'USER_STATUS'"/>
        <xsl:with-param name="reason" select="concat('the status is not one that is known: &quot;', $status, '&quot;')"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="$role = ''">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'refused'"/>
        <xsl:with-param name="element" select="'USER_ROLE'"/>
        <xsl:with-param name="reason">a user needs a role</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
    <!-- As the target calls it: a map may say that nobody is in a unit there. -->
    <xsl:variable name="unit">
      <xsl:apply-templates select="BUSINESS_UNIT" mode="target"/>
    </xsl:variable>
    <xsl:if test="$role = 'unit manager' and (normalize-space($unit) = '' or translate(normalize-space($unit), $upper, $lower) = 'unassigned')">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'refused'"/>
        <xsl:with-param name="element" select="'BUSINESS_UNIT'"/>
        <xsl:with-param name="reason">a unit manager needs a business unit</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="normalize-space($info/FIRSTNAME) = ''">
      <xsl:call-template name="lacking"><xsl:with-param name="element" select="'FIRSTNAME'"/></xsl:call-template>
    </xsl:if>
    <xsl:if test="normalize-space($info/LASTNAME) = ''">
      <xsl:call-template name="lacking"><xsl:with-param name="element" select="'LASTNAME'"/></xsl:call-template>
    </xsl:if>
    <xsl:if test="$fill = ''">
      <xsl:if test="normalize-space($info/TITLE) = ''">
        <xsl:call-template name="lacking">
          <xsl:with-param name="element" select="'TITLE'"/>
          <xsl:with-param name="advice">: --fill gives one</xsl:with-param>
        </xsl:call-template>
      </xsl:if>
      <xsl:if test="normalize-space($info/PHONE) = ''">
        <xsl:call-template name="lacking">
          <xsl:with-param name="element" select="'PHONE'"/>
          <xsl:with-param name="advice">: --fill gives one</xsl:with-param>
        </xsl:call-template>
      </xsl:if>
      <xsl:if test="normalize-space($info/ADDRESS1) = ''">
        <xsl:call-template name="lacking">
          <xsl:with-param name="element" select="'ADDRESS1'"/>
          <xsl:with-param name="advice">: --fill gives one</xsl:with-param>
        </xsl:call-template>
      </xsl:if>
      <xsl:if test="normalize-space($info/CITY) = ''">
        <xsl:call-template name="lacking">
          <xsl:with-param name="element" select="'CITY'"/>
          <xsl:with-param name="advice">: --fill gives one</xsl:with-param>
        </xsl:call-template>
      </xsl:if>
    </xsl:if>
    <xsl:choose>
      <xsl:when test="$email = ''">
        <xsl:call-template name="lacking"><xsl:with-param name="element" select="'EMAIL'"/></xsl:call-template>
      </xsl:when>
      <xsl:when test="contains($email, ' ') or substring-before($email, '@') = '' or substring-after($email, '@') = '' or contains(substring-after($email, '@'), '@')">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'refused'"/>
          <xsl:with-param name="element" select="'CONTACT_INFO/EMAIL'"/>
          <xsl:with-param name="reason" select="concat('this is no e-mail address: &quot;', $email, '&quot;')"/>
        </xsl:call-template>
      </xsl:when>
    </xsl:choose>
    <xsl:if test="$country = ''">
      <xsl:call-template name="lacking"><xsl:with-param name="element" select="'COUNTRY'"/></xsl:call-template>
    </xsl:if>
    <xsl:if test="$country = 'United States of America' and normalize-space($info/STATE) = '' and $fill-state = ''">
      <xsl:call-template name="lacking">
        <xsl:with-param name="element" select="'STATE'"/>
        <xsl:with-param name="advice"> in the United States of America: --fill-state gives one</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="$country = 'United States of America' and normalize-space($info/STATE) = '' and $fill-state != '' and not(contains($states-of-the-united-states, concat('|', $fill-state, '|')))">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'refused'"/>
        <xsl:with-param name="element" select="'CONTACT_INFO/STATE'"/>
        <xsl:with-param name="reason" select="concat('empty, and what --fill-state gives is no state of the United States of America: &quot;', $fill-state, '&quot;')"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="contains(EXTERNAL_ID, '&lt;')">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'refused'"/>
        <xsl:with-param name="element" select="'EXTERNAL_ID'"/>
        <xsl:with-param name="reason">the service takes no external id with a tag in it</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
    <!-- The titles are one comma list. -->
    <xsl:if test="$role = 'scanner' or $role = 'reader' or $role = 'contact'">
      <xsl:for-each select="ASSIGNED_ASSET_GROUPS/ASSET_GROUP_TITLE">
        <xsl:variable name="title">
          <xsl:apply-templates select="." mode="target"/>
        </xsl:variable>
        <xsl:if test="contains($title, ',')">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'refused'"/>
            <xsl:with-param name="element" select="'ASSIGNED_ASSET_GROUPS/ASSET_GROUP_TITLE'"/>
            <xsl:with-param name="reason" select="concat('the title &quot;', $title, '&quot; has a comma, which would make it two')"/>
          </xsl:call-template>
        </xsl:if>
      </xsl:for-each>
    </xsl:if>
  </xsl:template>

  <!-- A user needs this part of the contact information. -->
  <xsl:template name="lacking">
    <xsl:param name="element"/>
    <xsl:param name="advice"/>
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'refused'"/>
      <xsl:with-param name="element" select="concat('CONTACT_INFO/', $element)"/>
      <xsl:with-param name="reason" select="concat('empty, and the call needs it', $advice)"/>
    </xsl:call-template>
  </xsl:template>

  <!-- What a map says, else the text itself. -->
  <xsl:template match="*" mode="target">
    <xsl:choose>
      <xsl:when test="@qtbx-target"><xsl:value-of select="@qtbx-target"/></xsl:when>
      <xsl:otherwise><xsl:apply-templates select="." mode="text"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="USER" mode="request">
    <xsl:param name="role"/>
    <xsl:variable name="info" select="CONTACT_INFO"/>
    <request kind="user" id="{normalize-space((USER_ID | USER_LOGIN[not(../USER_ID)])[1])}" url="/msp/user.php">
      <param name="action">add</param>
      <param name="user_role"><xsl:value-of select="translate($role, ' ', '_')"/></param>
      <param name="business_unit">
        <xsl:choose>
          <xsl:when test="normalize-space(BUSINESS_UNIT) = ''">Unassigned</xsl:when>
          <xsl:otherwise><xsl:apply-templates select="BUSINESS_UNIT" mode="target"/></xsl:otherwise>
        </xsl:choose>
      </param>
      <xsl:if test="$role = 'scanner' or $role = 'reader' or $role = 'contact'">
        <!-- What is left when titles without a target are dropped. -->
        <xsl:variable name="groups" select="ASSIGNED_ASSET_GROUPS/ASSET_GROUP_TITLE[normalize-space() != '' and not(@qtbx-target = '')]"/>
        <xsl:if test="$groups">
          <param name="asset_groups">
            <xsl:for-each select="$groups">
              <xsl:if test="position() != 1">,</xsl:if>
              <xsl:apply-templates select="." mode="target"/>
            </xsl:for-each>
          </param>
        </xsl:if>
      </xsl:if>
      <xsl:if test="$role != 'contact' and contains($styles, concat('|', normalize-space(UI_INTERFACE_STYLE), '|'))">
        <param name="ui_interface_style"><xsl:value-of select="normalize-space(UI_INTERFACE_STYLE)"/></param>
      </xsl:if>
      <xsl:call-template name="param">
        <xsl:with-param name="name" select="'first_name'"/>
        <xsl:with-param name="value" select="$info/FIRSTNAME"/>
      </xsl:call-template>
      <xsl:call-template name="param">
        <xsl:with-param name="name" select="'last_name'"/>
        <xsl:with-param name="value" select="$info/LASTNAME"/>
      </xsl:call-template>
      <xsl:call-template name="filled">
        <xsl:with-param name="name" select="'title'"/>
        <xsl:with-param name="value" select="$info/TITLE"/>
      </xsl:call-template>
      <xsl:call-template name="filled">
        <xsl:with-param name="name" select="'phone'"/>
        <xsl:with-param name="value" select="$info/PHONE"/>
      </xsl:call-template>
      <xsl:call-template name="given">
        <xsl:with-param name="name" select="'fax'"/>
        <xsl:with-param name="value" select="$info/FAX"/>
      </xsl:call-template>
      <param name="email"><xsl:value-of select="normalize-space($info/EMAIL)"/></param>
      <xsl:call-template name="filled">
        <xsl:with-param name="name" select="'address1'"/>
        <xsl:with-param name="value" select="$info/ADDRESS1"/>
      </xsl:call-template>
      <xsl:call-template name="given">
        <xsl:with-param name="name" select="'address2'"/>
        <xsl:with-param name="value" select="$info/ADDRESS2"/>
      </xsl:call-template>
      <xsl:call-template name="filled">
        <xsl:with-param name="name" select="'city'"/>
        <xsl:with-param name="value" select="$info/CITY"/>
      </xsl:call-template>
      <xsl:variable name="country" select="normalize-space($info/COUNTRY)"/>
      <param name="country"><xsl:value-of select="$country"/></param>
      <xsl:if test="contains('|United States of America|Australia|Canada|India|', concat('|', $country, '|'))">
        <param name="state">
          <xsl:choose>
            <xsl:when test="normalize-space($info/STATE) != ''"><xsl:value-of select="normalize-space($info/STATE)"/></xsl:when>
            <xsl:when test="$country = 'United States of America'"><xsl:value-of select="$fill-state"/></xsl:when>
            <xsl:otherwise>No State</xsl:otherwise>
          </xsl:choose>
        </param>
      </xsl:if>
      <xsl:call-template name="given">
        <xsl:with-param name="name" select="'zip_code'"/>
        <xsl:with-param name="value" select="$info/ZIP_CODE"/>
      </xsl:call-template>
      <xsl:call-template name="given">
        <xsl:with-param name="name" select="'external_id'"/>
        <xsl:with-param name="value" select="EXTERNAL_ID"/>
      </xsl:call-template>
      <!-- An empty code is the time zone of the browser. -->
      <xsl:variable name="zone" select="normalize-space($info/TIME_ZONE_CODE)"/>
      <xsl:if test="$zone != ''">
        <param name="time_zone_code"><xsl:if test="$zone != 'Auto'"><xsl:value-of select="$zone"/></xsl:if></param>
      </xsl:if>
      <!-- A contact cannot log in, so that there is nothing to mail. -->
      <xsl:if test="$role != 'contact'">
        <param name="send_email"><xsl:value-of select="number($send-email = 'yes')"/></param>
      </xsl:if>
    </request>
  </xsl:template>

  <!-- A parameter that holds something. -->
  <xsl:template name="given">
    <xsl:param name="name"/>
    <xsl:param name="value"/>
    <xsl:if test="normalize-space($value) != ''">
      <xsl:call-template name="param">
        <xsl:with-param name="name" select="$name"/>
        <xsl:with-param name="value" select="$value"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- A parameter that may not be empty. -->
  <xsl:template name="filled">
    <xsl:param name="name"/>
    <xsl:param name="value"/>
    <xsl:choose>
      <xsl:when test="normalize-space($value) = ''"><param name="{$name}"><xsl:value-of select="$fill"/></param></xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="param">
          <xsl:with-param name="name" select="$name"/>
          <xsl:with-param name="value" select="$value"/>
        </xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- What depends on values; what no call can set is said by the grammar, user.grammar. -->
  <xsl:template match="USER" mode="notes">
    <xsl:param name="role"/>
    <xsl:param name="status"/>
    <xsl:variable name="info" select="CONTACT_INFO"/>
    <xsl:variable name="country" select="normalize-space($info/COUNTRY)"/>
    <xsl:variable name="state" select="normalize-space($info/STATE)"/>
    <xsl:if test="$status != 'Active'">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'changed'"/>
        <xsl:with-param name="element" select="'USER_STATUS'"/>
        <xsl:with-param name="reason" select="concat($status, ' in the source; what is created is a live account')"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="normalize-space(MANAGER_POC) = '1'">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'changed'"/>
        <xsl:with-param name="element" select="'MANAGER_POC'"/>
        <xsl:with-param name="reason">the primary contact in the source; the target keeps its own</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="normalize-space(UNIT_MANAGER_POC) = '1'">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="element" select="'UNIT_MANAGER_POC'"/>
        <xsl:with-param name="reason">the point of contact of the unit: in the target, the first unit manager of a unit becomes that</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="$role != 'scanner' and $role != 'reader' and $role != 'contact' and ASSIGNED_ASSET_GROUPS/ASSET_GROUP_TITLE[normalize-space() != '']">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'dropped'"/>
        <xsl:with-param name="element" select="'ASSIGNED_ASSET_GROUPS/ASSET_GROUP_TITLE'"/>
        <xsl:with-param name="reason" select="concat('the call takes asset groups of scanners, readers and contacts only, not of the role ', normalize-space(USER_ROLE))"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:variable name="style" select="normalize-space(UI_INTERFACE_STYLE)"/>
    <xsl:choose>
      <xsl:when test="$style = ''"/>
      <xsl:when test="$role = 'contact'">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'dropped'"/>
          <xsl:with-param name="element" select="'UI_INTERFACE_STYLE'"/>
          <xsl:with-param name="reason">a contact has no user interface</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="not(contains($styles, concat('|', $style, '|')))">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'dropped'"/>
          <xsl:with-param name="element" select="'UI_INTERFACE_STYLE'"/>
          <xsl:with-param name="reason" select="concat('the call knows no such style: &quot;', $style, '&quot;')"/>
        </xsl:call-template>
      </xsl:when>
    </xsl:choose>
    <xsl:if test="normalize-space($info/TITLE) = ''">
      <xsl:call-template name="fill"><xsl:with-param name="element" select="'TITLE'"/></xsl:call-template>
    </xsl:if>
    <xsl:if test="normalize-space($info/PHONE) = ''">
      <xsl:call-template name="fill"><xsl:with-param name="element" select="'PHONE'"/></xsl:call-template>
    </xsl:if>
    <xsl:if test="normalize-space($info/ADDRESS1) = ''">
      <xsl:call-template name="fill"><xsl:with-param name="element" select="'ADDRESS1'"/></xsl:call-template>
    </xsl:if>
    <xsl:if test="normalize-space($info/CITY) = ''">
      <xsl:call-template name="fill"><xsl:with-param name="element" select="'CITY'"/></xsl:call-template>
    </xsl:if>
    <xsl:if test="not(contains($countries, concat('|', $country, '|')))">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'noted'"/>
        <xsl:with-param name="element" select="'CONTACT_INFO/COUNTRY'"/>
        <xsl:with-param name="reason" select="concat('no country of the documentation: &quot;', $country, '&quot;')"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:choose>
      <xsl:when test="$country = 'United States of America'">
        <xsl:if test="$state = ''">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'changed'"/>
            <xsl:with-param name="element" select="'CONTACT_INFO/STATE'"/>
            <xsl:with-param name="reason" select="concat('empty, and the call needs it: filled with &quot;', $fill-state, '&quot;')"/>
          </xsl:call-template>
        </xsl:if>
        <xsl:call-template name="state">
          <xsl:with-param name="state" select="concat($state, substring($fill-state, 1, string-length($fill-state) * ($state = '')))"/>
          <xsl:with-param name="states" select="$states-of-the-united-states"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$country = 'Australia'">
        <xsl:call-template name="state">
          <xsl:with-param name="state" select="$state"/>
          <xsl:with-param name="states" select="$states-of-australia"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$country = 'Canada'">
        <xsl:call-template name="state">
          <xsl:with-param name="state" select="$state"/>
          <xsl:with-param name="states" select="$states-of-canada"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$country = 'India'">
        <xsl:call-template name="state">
          <xsl:with-param name="state" select="$state"/>
          <xsl:with-param name="states" select="$states-of-india"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$state != ''">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'dropped'"/>
          <xsl:with-param name="element" select="'CONTACT_INFO/STATE'"/>
          <xsl:with-param name="reason" select="concat('the call has no states of ', $country, ': &quot;', $state, '&quot;')"/>
        </xsl:call-template>
      </xsl:when>
    </xsl:choose>
    <xsl:if test="normalize-space($info/ZIP_CODE) = ''">
      <xsl:call-template name="note">
        <xsl:with-param name="as" select="'changed'"/>
        <xsl:with-param name="element" select="'CONTACT_INFO/ZIP_CODE'"/>
        <xsl:with-param name="reason">empty: the service puts in that of the user who sends</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- A part of the contact information is filled in. -->
  <xsl:template name="fill">
    <xsl:param name="element"/>
    <xsl:call-template name="note">
      <xsl:with-param name="as" select="'changed'"/>
      <xsl:with-param name="element" select="concat('CONTACT_INFO/', $element)"/>
      <xsl:with-param name="reason" select="concat('empty, and the call needs it: filled with &quot;', $fill, '&quot;')"/>
    </xsl:call-template>
  </xsl:template>

  <!-- Of a country whose users have one. -->
  <xsl:template name="state">
    <xsl:param name="state"/>
    <xsl:param name="states"/>
    <xsl:choose>
      <xsl:when test="$state = ''">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'changed'"/>
          <xsl:with-param name="element" select="'CONTACT_INFO/STATE'"/>
          <xsl:with-param name="reason">empty, and the call needs it: &quot;No State&quot; is what it calls that</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="not(contains($states, concat('|', $state, '|')))">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'noted'"/>
          <xsl:with-param name="element" select="'CONTACT_INFO/STATE'"/>
          <xsl:with-param name="reason" select="concat('no state of the documentation: &quot;', $state, '&quot;')"/>
        </xsl:call-template>
      </xsl:when>
    </xsl:choose>
  </xsl:template>

  <!-- Tags -->

  <xsl:template match="User" mode="subject">
    <xsl:attribute name="id"><xsl:value-of select="normalize-space(id)"/></xsl:attribute>
    <xsl:attribute name="name"><xsl:value-of select="normalize-space(emailAddress)"/></xsl:attribute>
  </xsl:template>

  <xsl:template match="User">
    <!-- What is left when ids without a target are dropped. -->
    <xsl:variable name="tags" select="scopeTags/list/TagData[not(id/@qtbx-target = '')]"/>
    <xsl:variable name="roles" select="roleList/list/RoleData"/>
    <xsl:choose>
      <xsl:when test="$tags[normalize-space(id) = ''] or $roles[normalize-space(name) = '']">
        <xsl:if test="$tags[normalize-space(id) = '']">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'refused'"/>
            <xsl:with-param name="element" select="'scopeTags/list/TagData/id'"/>
            <xsl:with-param name="reason">a tag is known by its id: a name is unique below a parent only</xsl:with-param>
          </xsl:call-template>
        </xsl:if>
        <xsl:if test="$roles[normalize-space(name) = '']">
          <xsl:call-template name="note">
            <xsl:with-param name="as" select="'refused'"/>
            <xsl:with-param name="element" select="'roleList/list/RoleData/name'"/>
            <xsl:with-param name="reason">a role is known by its name: the target has other ids</xsl:with-param>
          </xsl:call-template>
        </xsl:if>
      </xsl:when>
      <xsl:when test="not($tags) and not($roles)">
        <xsl:call-template name="note">
          <xsl:with-param name="as" select="'skipped'"/>
          <xsl:with-param name="reason">no tag and no role is left to give</xsl:with-param>
        </xsl:call-template>
      </xsl:when>
      <xsl:otherwise>
        <xsl:variable name="target"><xsl:apply-templates select="id" mode="target"/></xsl:variable>
        <request kind="portal-user" id="{normalize-space(id)}" url="/qps/rest/2.0/update/am/user/{normalize-space($target)}">
          <body>
            <ServiceRequest>
              <data>
                <User>
                  <xsl:if test="$tags">
                    <scopeTags>
                      <add>
                        <xsl:for-each select="$tags/id">
                          <TagData><id><xsl:apply-templates select="." mode="target"/></id></TagData>
                        </xsl:for-each>
                      </add>
                    </scopeTags>
                  </xsl:if>
                  <xsl:if test="$roles">
                    <roleList>
                      <add>
                        <xsl:for-each select="$roles/name">
                          <RoleData><name><xsl:apply-templates select="." mode="text"/></name></RoleData>
                        </xsl:for-each>
                      </add>
                    </roleList>
                  </xsl:if>
                </User>
              </data>
            </ServiceRequest>
          </body>
        </request>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

</xsl:stylesheet>
