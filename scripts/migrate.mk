# A migration as a graph of files: fetch, map, rewrite, make request lists, push, fetch again, compare.
#
#   make -f scripts/migrate.mk source=SERVER target=SERVER [VARIABLE=VALUE]... [-n] [-j2] [GOAL]
#
# qtbx-migrate(1) is the same for people: it keeps the variables in a file, and says what comes next.
# "help" as the goal prints goals and variables. What is done is a file, so the same command goes on where the last one stopped; a request that was
# sent is in a journal, and not sent again. docs/migration.md tells the whole story.

define help
goals, each with all that it needs; without one, it is lists:
  fetch    both subscriptions as they are
  lists    what would be sent first: what needs no new ids; and asset groups and what else is in networks, if the target has these; and
           checklist.md, what no call can do. Nothing is changed
  plan     fetches both, and says of each record whether it is to be created, is there, or differs: OUT/plan.txt. Nothing is changed
  push     sends these, and what needs the new ids: asset groups, the scopes of policies, the schedules
  verify   the same, then fetches the target back and compares
  undo     OUT/undo/undo.urls: what deletes what was created, and OUT/undo/checklist.md: what only a person takes back. Nothing is sent
  undone   sends that list, when a person has said yes on the terminal, or with undo=yes
  table    what is done so far
  help     this

variables:
  source, target                 the servers, as for --server
  source_login, target_login     how to log in there, as options of qtbx-fetch and qtbx-push
  out                            the folder of everything (migration)
  networks=none                  a subscription has no Network Support
  compliance=none                a subscription has no Policy Compliance
  certview=none                  a subscription has no CertView
  skip='LIST...'                 leaves these out: names of lists, as in the table
  send_email=yes|no              whether the service mails to each new user. Without it, no user is created
  distribution_groups            a map of distribution groups, in place of OUT/maps/distribution-groups.csv, which is made of the schedules of both
  network_options                of qtbx-networks-to-urls
  ip_options                     of qtbx-ips-to-urls
  appliance_options              of qtbx-appliances-to-urls
  domain_options                 of qtbx-domains-to-urls
  user_options                   of qtbx-users-to-urls (--sender LOGIN)
  subscription_options           of qtbx-subscription-to-urls
  ipv6_options                   of qtbx-ipv6-to-urls
  virtual_host_options           of qtbx-virtual-hosts-to-urls
  search_list_options            of qtbx-search-lists-to-urls
  preference_options             of qtbx-preferences-to-urls
  profile_options                of qtbx-option-profiles-to-urls
  secrets                        a file of qtbx-secrets. Without it, vaults and authentication records are not sent: OUT/lists/secrets.csv says which
                                 secrets they need
  secret_options                 of qtbx-push, for its passphrase (--passphrase-command COMMAND)
  vault_options, auth_options    of qtbx-vaults-to-urls, qtbx-auth-to-urls (--sub-type 'Switches=cisco')
  map_schedule_options           of qtbx-map-schedules-to-urls
  template_options               of qtbx-report-templates-to-urls
  excluded_options               of qtbx-excluded-hosts-to-urls (--distribution-groups 'Security')
  rewrite_options                of qtbx-ag-rewrite
  group_options                  of qtbx-ag-to-urls
  tag_options                    of qtbx-tags-restructure (--orphans-under 'Imported tags')
  tree_options                   of qtbx-tags-to-urls
  policy_options, scope_options  of qtbx-policies-to-urls
  schedule_options               of qtbx-schedule-to-urls
  fetch_options, push_options    of qtbx-fetch and qtbx-push
  there=accept                   sends although the target has objects of these names, by the lists or by now
  refused=accept                 goes on although requests were refused or are unknown, if each has been sent
  changed=send                   sends records again that have been sent with other contents
  excluded=accept                sends schedules although the target excludes fewer hosts
  appliances=accept              sends although the target lacks appliances that no call creates; what is set at these is left out
  plan_options                   of qtbx-plan
  undo=yes                       deletes, with the goal undone, without asking
  restricted=accept              sends subscription settings although they say from where one may log in
  unrestricted=accept            sends option profiles although the policies that they are restricted to are left out: these scan for all policies
endef

# ---- what was said on the command line

programs := network ip appliance domain user subscription ipv6 virtual_host search_list preference profile vault auth map_schedule template excluded \
  rewrite group tag tree policy scope schedule fetch push plan
known := source target source_login target_login out networks compliance certview skip send_email distribution_groups secrets secret_options \
  there refused changed excluded appliances restricted unrestricted undo $(programs:%=%_options)
# Plain assignments: a variable of the environment that happens to have such a name means nothing here.
$(foreach name,$(known),$(eval $(name) =))
out = migration
tag_options = --orphans-under 'Imported tags'
given := $(foreach name,$(.VARIABLES),$(if $(filter command,$(firstword $(origin $(name)))),$(name)))
unknown := $(filter-out $(known),$(given))
$(if $(unknown),$(error there is no variable $(unknown): the goal help names all))
only = $(if $(filter-out $(2),$(or $($(1)),$(2)))$(word 2,$($(1))),$(error $(1)=$($(1)): it takes $(2), or is left out))
$(foreach name,networks compliance certview,$(call only,$(name),none))
$(foreach name,there refused excluded appliances restricted unrestricted,$(call only,$(name),accept))
$(call only,changed,send)
$(call only,undo,yes)
$(if $(filter-out yes no,$(send_email))$(word 2,$(send_email)),$(error send_email=$(send_email): it takes yes or no, or is left out))
$(if $(word 2,$(out)),$(error out=$(out): make cannot have a blank in a name))
$(if $(out),,$(error out= names no folder))
server = $(or $($(1)),$(error $(1)=SERVER is missing))

SHELL := bash
.SHELLFLAGS := -eo pipefail -c
# Who asks which server, in one spelling for each: text has no blanks where two are compared.
account = $(or $(shell qtbx-migrate account --server '$(1)' $(2)),$(error nobody knows who asks which server))
same = $(filter $(subst $() ,/,$(1)),$(subst $() ,/,$(2)))
# A folder is of one subscription and of another one: lists with the ids of one target, sent to a third one, would name other objects there. Where no run has
# noted whose it is, its journals say the server.
works := $(if $(filter facts table help,$(MAKECMDGOALS)),,yes)
ifneq ($(and $(source),$(target)),)
whose := $(call account,$(source),$(source_login))
whose_target := $(call account,$(target),$(target_login) $(if $(works),--journals $(out)/sent))
$(if $(call same,$(whose),$(whose_target)),$(error source and target are the same: $(whose)))
known_ends := $(if $(works),$(shell cat $(out)/subscriptions 2> /dev/null))
$(if $(known_ends),$(if $(call same,$(known_ends),from $(whose) to $(whose_target)),,\
  $(error this folder is $(known_ends), and was to be used from $(whose) to $(whose_target): another subscription needs a folder of its own \
  (another user of the same one: remove $(out)/subscriptions))))
endif
# What was taken back is deleted, and lists and maps name it still.
$(if $(and $(filter push verify,$(patsubst made-%,%,$(MAKECMDGOALS))),$(wildcard $(out)/undo/undo.journal)),$(error this migration is being taken back: to migrate again, begin with a new folder))

.DEFAULT_GOAL := lists
.DELETE_ON_ERROR:
.SILENT:
.SECONDARY:
.PHONY: again fetch lists plan push verify undo undone table facts help made-fetch made-lists made-plan made-groups made-push made-verify made-undo made-undone by-hand unsent noted
# As a word of the shell: the folder of this file may have a blank in its name.
this := '$(subst ','\'',$(subst <>,,$(subst <> ,,<>$(MAKEFILE_LIST))))'
# What lets it go on all the same, as it is called in front of this file.
hint = $(if $(QTBX_FRONT),--$(subst _,-,$(1)) $(2),$(1)=$(2))
comma := ,

# ---- goals

# What there is to move, in its order, with the program of each, the maps that it needs, and what comes before: qtbx-fetch(1) says more.
$(foreach line,$(shell qtbx-fetch --list-resources --format make | tr ' ' '$(comma)'),$(eval $(subst $(comma), ,$(line))))
$(if $(order),,$(error there is no qtbx-fetch in PATH))
$(if $(filter-out $(order),$(skip)),$(error skip=$(skip): there is no $(filter-out $(order),$(skip)) to move; there are $(order)))
# Some need a second request, when the ids of others are known.
further.networks := network-appliances
further.appliances := appliance-settings
further.policies := policy-scopes
further.option-profiles := $(if $(compliance),,option-profile-completions)
left := $(if $(networks),networks) $(if $(send_email),,users) $(if $(compliance),policies pc-schedules) $(skip)
moved := $(filter-out $(left),$(order))
# Option profiles name policies. Where these are not moved, those count that the target has under their names.
lone_profiles := $(if $(filter policies,$(moved)),,$(filter option-profiles,$(moved)))
kinds := $(foreach kind,$(moved),$(kind) $(further.$(kind)))
# What the target has already is found before anything is sent; or else the program leaves it out, by the target's list.
lasting := $(filter networks asset-groups tags policies schedules pc-schedules,$(moved))
# What needs no rule of its own: a list, a program, and the maps that the catalog says.
plain := $(filter-out $(lasting) ips subscription user-preferences report-templates vaults auth,$(moved))
# What is sent with secrets, if there are any.
sealed := $(filter vaults auth,$(moved))
unsent := $(if $(secrets),,$(sealed))
early := $(foreach kind,$(plain),$(if $(maps.$(kind)),,$(kind)))
timetables := $(filter schedules pc-schedules,$(moved))
recipients := $(or $(distribution_groups),$(out)/maps/distribution-groups.csv)
# What only a person should send.
hand := restricted-ips
both := $(sort $(lasting) $(plain) $(filter subscription vaults,$(moved)) appliances)

# With -n nothing is done, and there is nothing to tell.
is_plan := $(findstring n,$(filter-out -%,$(firstword $(MAKEFLAGS))))
goals := $(if $(is_plan),,$(patsubst made-%,%,$(MAKECMDGOALS)))

# What was accepted as unknown is looked at once more with --resolve, and so is what was fetched behind it.
unsettled = for journal in $$(ls $(out)/sent/*.journal 2> /dev/null); do kind=$$(basename $$journal .journal); [ ! -e $(out)/sent/$$kind.tsv ] || \
  ! qtbx-push --status --journal $$journal | cut -f 1 | grep -qx unknown || rm -f $(out)/sent/$$kind.tsv $(out)/after/$$kind.xml; done
$(if $(and $(filter push,$(goals)),$(filter --resolve,$(push_options))),$(shell $(unsettled)))

# What somebody has removed is fetched once more, before anything is made of it: in the middle of a chain, make does without a file, and would take what was made of
# the old one for what is made of the new one. A makefile that is included is made first, and all is read again then. What was there before is asked for
# only as long as nothing of it is sent, and what is there now only when that is done.
derived = $(wildcard $(out)/lists/$(1).urls $(2) $(out)/maps/$(1).csv)
lost_source = $(if $(filter $(both),$(1)),$(call derived,$(1)))
lost_before = $(if $(and $(filter $(both),$(1)),$(if $(wildcard $(out)/sent/$(1).tsv),,1)),$(call derived,$(1),$(out)/before/$(1).urls))
lost_after = $(if $(wildcard $(out)/sent/$(1).tsv),$(wildcard $(out)/after/$(1).urls $(if $(filter asset-groups tags users vaults,$(1)),$(out)/maps/$(1).csv)))
lost := $(foreach kind,$(if $(filter fetch lists plan push verify,$(goals)),$(sort $(both) $(filter network-appliances appliance-settings option-profile-completions,$(kinds)))),$(foreach side,source before after,\
  $(if $(wildcard $(out)/$(side)/$(kind).xml),,$(if $(strip $(call lost_$(side),$(kind))),$(out)/$(side)/$(kind).xml))))
ifneq ($(strip $(lost)),)
include $(out)/fetched-again.mk
$(out)/fetched-again.mk: $(lost)
	: > $@
else
$(shell rm -f $(out)/fetched-again.mk)
endif

# However it ends, a table says what was done.
fetch lists plan push verify undo undone:
	status=0; $(MAKE) -f $(this) --no-print-directory made-$@ || status=$$?; $(if $(is_plan),,$(tell);) exit $$status
table:
	$(tell)
# Each run, with what was said on its command line. How to log in is nobody's business.
made-fetch made-lists made-plan made-push made-verify made-undo made-undone: | noted
define newline


endef
quoted = '$(subst ','\'',$(subst $(newline), ,$(1)))'
noted:
	qtbx-migrate note --out $(out) --goal '$(patsubst made-%,%,$(firstword $(MAKECMDGOALS)))' --accounts 'from $(whose) to $(whose_target)' \
	  $(foreach name,$(sort $(filter-out source_login target_login secret_options,$(given))),$(call quoted,$(name)=$($(name))))
help:
	$(info $(help))

# What the second requests are counted by, and where these records stand.
records.network-appliances := SCANNER_APPLIANCE
records.policy-scopes := POLICY
records.policy-documents := -
records.appliance-settings := APPLIANCE
records.subscription := FO
records.user-preferences := USER_PREFS
records.report-templates := SCANTEMPLATE|PCISCANTEMPLATE|PATCHTEMPLATE|MAPTEMPLATE
records.auth := TITLE
records.option-profile-completions := OPTION_PROFILE
list.appliance-settings := appliances
list.option-profile-completions := option-profiles
list.network-appliances := networks
list.policy-scopes := policies
# The table is that of qtbx-migrate, which counts what is in the folder. It has to know what is moved, and by which elements records are counted; and for
# what comes next, which files each goal makes.
words = $(foreach kind,$(kinds) $(documents),'row $(kind) $(or $(records.$(kind)),-) $(or $(list.$(kind)),$(kind))') \
  $(foreach kind,$(hand),'hand $(kind) $(or $(records.$(kind)),-) $(kind)')
tell = mkdir -p $(out); printf '%s\n' $(words) | qtbx-migrate table --out $(out) | tee $(out)/table
# For qtbx-migrate, which asks for it.
facts:
	printf '%s\n' $(words) $(unsent:%='unsent %') $(foreach goal,fetch lists push verify,$(patsubst %,'need $(goal) %',$(files.$(goal)))) 'need recipients $(recipients)'

# ---- what every rule does

# A file appears when its recipe is done, not before: nobody takes half of one for all of it.
whole = mkdir -p $(@D) && $(1) > $@.part && mv $@.part $@
# The same for a request list. An empty one says so: nothing at all is what a failed program leaves.
listed = mkdir -p $(@D) && $(1) > $@.part && { [ -s $@.part ] || echo '\# no requests' > $@.part; } && mv $@.part $@
# A list that is only there to be compared: without it, all of its requests are missing, and nothing else stops.
compared = { $(listed); } || echo '\# no list: the program has failed' > $@
# A page to tick off, on standard input: what a person has ticked off stays so, as long as its line says the same.
ticked = { [ ! -e $(1) ] || cat $(1); } > $(1).old && awk 'page == "old" { if (sub(/^- \[[xX]\] /, "- [ ] ")) ticked[$$0]; next } \
  $$0 in ticked { sub(/^- \[ \] /, "- [x] ") } 1' page=old $(1).old page=new - && rm -f $(1).old
# What it says is only of interest if it fails.
quietly = { $(1); } 2> $@.said || { cat $@.said >&2; exit 1; }
# The same for a comparison, which fails with rows if there is something to tell.
rows_of = { $(call whole,$(1)); } 2> $@.said || { [ -s $@.part ] && mv $@.part $@; } || { cat $@.said >&2; exit 1; }
fetch = qtbx-fetch --server $(call server,$(1)) $($(1)_login) $(fetch_options)
fetched = mkdir -p $(@D) && $(call fetch,$(1)) -o $@ $(basename $(@F)) \
  || { status=$$?; echo "migrate: without $(basename $(@F)): $(call hint,skip,'$(strip $(skip) $(patsubst %-report-templates,report-templates,$(basename $(@F))))')" >&2; exit $$status; }
# Every number in a list stands for itself: a map that leaves the target's own ids as they are.
own = grep -ohE '\b[1-9][0-9]{0,17}\b' $(2) | sort -u | sed 's/.*/&,&/; 1s/^/0,0\n/' > $@.$(1).csv

# ---- both subscriptions as they are: what is to be moved, and what is there already

$(out)/source/%.xml:
	$(call fetched,source)
$(out)/before/%.xml:
	$(call fetched,target)

# Host addresses: a list for each way of tracking, with Policy Compliance and without, since no list says what an address is.
ip_lists := $(foreach method,IP DNS NETBIOS,$(foreach pc,0 $(if $(compliance),,1),$(method)-$(pc))) $(if $(certview),,certview)
ip_files = $(if $(filter ips,$(moved)),$(foreach list,$(ip_lists),$(out)/$(1)/ips/$(list).xml))
ip_filter = $(if $(filter certview,$(1)),certview_enabled=1,tracking_method=$(word 1,$(subst -, ,$(1))) --param compliance_enabled=$(word 2,$(subst -, ,$(1))))
ips_fetched = mkdir -p $(@D) && $(call fetch,$(1)) -o $@ ips --param $(call ip_filter,$*)
$(out)/source/ips/%.xml:
	$(call ips_fetched,source)
$(out)/before/ips/%.xml:
	$(call ips_fetched,target)

# Settings are for the primary manager alone: where they cannot be had, that is told, and they are left out. A server that has not answered may do so
# another time.
softly = mkdir -p $(@D) && ( $(call fetched,$(1)) ) 2> $@.none && rm -f $@.none || { status=$$?; [ $$status -ne 9 ] || \
  { cat $@.none >&2; exit 9; }; : > $@; echo "migrate: no $(basename $(@F)) could be fetched ($(1)): see $@.none; they are left out" >&2; }
$(out)/source/subscription.xml:
	$(call softly,source)
$(out)/before/subscription.xml:
	$(call softly,target)
$(out)/after/subscription.xml: $(if $(filter subscription,$(moved)),$(out)/sent/subscription.tsv)
	$(call softly,target)

# Report templates: an export of each kind. A kind whose module a subscription does not have is refused to it, and has none.
template_files = $(if $(filter report-templates,$(moved)),$(foreach kind,scan pciscan patch map,$(out)/$(1)/report-templates/$(kind)-report-templates.xml))
$(out)/source/report-templates/%.xml:
	$(call softly,source)
$(out)/before/report-templates/%.xml:
	$(call softly,target)
$(out)/after/report-templates/%.xml: $(out)/sent/report-templates.tsv
	$(call softly,target)

# Vaults: the list has no settings, so each is asked for. Authentication records: a list of each type of which there are any.
vaults_viewed = mkdir -p $(@D) && tr -d ' \n\r\t' < $< | { grep -oE '<ID>[0-9]+</ID>' || true; } | tr -dc '0-9\n' > $(@D)/ids && \
  { [ "$$(wc -l < $(@D)/ids)" = "$$({ grep -oE '<AUTH_VAULT[ >]' $< || true; } | wc -l)" ] || { echo "migrate: the ids of some vaults in $< cannot be read" >&2; exit 1; }; } && { [ ! -s $(@D)/ids ] || \
  $(call fetch,$(1)) vault --each $(@D)/ids -o '$(@D)/{id}.xml'; } && touch $@
$(out)/source/vaults/done: $(out)/source/vaults.xml
	$(call vaults_viewed,source)
$(out)/before/vaults/done $(out)/after/vaults/done: $(out)/%/vaults/done: $(out)/%/vaults.xml
	$(call vaults_viewed,target)
auth_fetched = mkdir -p $(@D) && $(call fetch,$(1)) -o '$(@D)/{type}.xml' auth && touch $@
$(out)/source/auth/done:
	$(call auth_fetched,source)
$(out)/before/auth/done:
	$(call auth_fetched,target)
$(out)/after/auth/done: $(out)/sent/auth.tsv
	$(call auth_fetched,target)

# What is set by hand here: the programs that write these requests have pages. Not every subscription has it and not every user may see it, so a list that cannot be had is told and stops nothing.
# A login that is wrong was found out before: these come last.
by-hand: | $(out)/source/appliances.xml $(out)/before/appliances.xml
	$(foreach list,$(hand),$(foreach side,source before,$(call hand_list,$(side),$(list),$(list)))) \
	$(foreach list,$(told),$(call hand_list,source,$(list),$(or $(file.$(list)),$(list)))) :
hand_list = [ -e $(out)/$(1)/$(3).xml ] || [ -e $(out)/$(1)/$(3).none ] || $(call fetch,$(if $(filter source,$(1)),source,target)) -q -o $(out)/$(1)/$(3).xml $(2) 2> $(out)/$(1)/$(3).none \
  && rm -f $(out)/$(1)/$(3).none || echo "migrate: no $(2) could be fetched ($(1)): see $(out)/$(1)/$(3).none, and compare them by hand" >&2;
# What only the checklist asks about. The folder of the exports of report templates has their name.
told := portal-users report-templates $(if $(compliance),,exceptions)
file.report-templates := all-report-templates

# ---- what no call can do

# Of what is fetched anyway; users are looked at also where none is created. What a list would say that is not there, the page names.
checked_lists := $(sort $(filter users appliances asset-groups networks ipv6-mappings tags static-search-lists dynamic-search-lists option-profiles subscription schedules pc-schedules,$(moved)) users appliances)
$(out)/checklist.md: $(foreach list,$(checked_lists),$(out)/source/$(list).xml) $(if $(filter policies,$(moved)),$(out)/source/policies.xml) | by-hand
	$(call whole,qtbx-checklist --report $(@D)/checklist.tsv $$(find $^ -size +0) \
	  $$(find $(foreach list,$(hand) $(told),$(out)/source/$(or $(file.$(list)),$(list)).xml) 2> /dev/null || true) | { $(call ticked,$@); })

# ---- maps: what the source's ids are called in the target, by name

# Of the kinds of ids in a list, those that have a map here: the files, and the options that take them.
mapped := networks appliances asset-groups tags search-lists
# Lists of several kinds make one map.
list.search-list := search-lists
map_kinds = $(foreach kind,$(maps.$(1)),$(if $(filter $(list.$(kind)),$(mapped)),$(kind)))
map_files = $(foreach kind,$(call map_kinds,$(1)),$(out)/maps/$(list.$(kind)).csv)
map_options = $(foreach kind,$(call map_kinds,$(1)),--map $(kind)=$(out)/maps/$(list.$(kind)).csv)

known_target := $(out)/$(if $(filter made-groups,$(MAKECMDGOALS)),before,after)
by_name = $(call whole,qtbx-map --partial --source $(word 1,$^) --target $(word 2,$^))
# Networks are mapped when all have been made.
$(out)/maps/appliances.csv $(if $(networks),,$(out)/maps/networks.csv): $(out)/maps/%.csv: $(out)/source/%.xml $(known_target)/%.xml
	$(by_name)
ifeq ($(networks),none)
$(out)/maps/networks.csv:
	$(call whole,printf 'source_id$(comma)target_id$(comma)name\n0$(comma)0$(comma)Global Default Network\n')
endif
$(out)/maps/asset-groups.csv $(out)/maps/tags.csv $(out)/maps/users.csv: $(out)/maps/%.csv: $(out)/source/%.xml $(out)/after/%.xml
	$(by_name)
search_lists := static-search-lists dynamic-search-lists
# A report template takes what no row of the map has for the number of a vulnerability: what the target lacks has one.
$(out)/maps/search-lists.csv: $(foreach list,$(search_lists),$(out)/source/$(list).xml $(out)/after/$(list).xml)
	$(call whole,qtbx-map --mark-missing $(foreach list,$(search_lists),--source $(out)/source/$(list).xml --target $(out)/after/$(list).xml))
# Where nothing is sent, the target has those vaults that it had.
$(out)/maps/vaults.csv: $(out)/source/vaults.xml $(out)/$(if $(unsent),before,after)/vaults.xml
	$(by_name)
# Policies that are not moved are those that the target had. A subscription without Policy Compliance has none.
$(out)/maps/policies.csv: $(if $(compliance),,$(out)/source/policies.xml $(out)/before/policies.xml)
	$(if $(compliance),$(call whole,printf 'source_id$(comma)target_id$(comma)name\n0$(comma)0$(comma)\n'),$(by_name))
# What somebody has removed to have it fetched once more is asked for again: make does without a file in the middle of a chain.
ifeq ($(compliance)$(wildcard $(out)/before/policies.xml),)
$(out)/maps/policies.csv: again
endif
again:
# The tags that both have before anything is made. Those that only the source has are no news.
$(out)/maps/tags-before.csv: $(out)/source/tags.xml $(out)/before/tags.xml
	mkdir -p $(@D)
	$(call quietly,$(call whole,qtbx-map -q --partial --source $(word 1,$^) --target $(word 2,$^)))

# Distribution groups: no call lists them, but schedules say whom they tell. A person fills in what no schedule of the target names, and the file stays.
$(out)/maps/distribution-groups.csv: $(foreach side,source before,$(timetables:%=$(out)/$(side)/%.xml))
	$(call quietly,$(call whole,qtbx-map -q --skeleton $(foreach list,$(timetables),--source $(out)/source/$(list).xml --target $(out)/before/$(list).xml)))
	! grep -q '^[^$(comma)]*$(comma)$(comma)' $@ || echo "migrate: distribution groups whose id in the target nobody knows: fill in $@, or schedules are refused" >&2

ifneq ($(filter-out $(out)/maps/distribution-groups.csv,$(recipients)),)
$(recipients):
	echo "migrate: there is no $@ ($(call hint,distribution_groups,FILE)): a row source_id,target_id,name for each distribution group that a schedule names." \
	  "Without it, $(out)/maps/distribution-groups.csv is made of the schedules of both" >&2; exit 1
endif

# ---- lists

# Networks: those that the target lacks. Their appliances are assigned when both have their ids.
$(out)/lists/networks.urls: $(out)/source/networks.xml $(out)/before/networks.xml
	$(call listed,qtbx-networks-to-urls $(network_options) --target $(word 2,$^) --report $(@D)/networks.tsv $<)
assign = qtbx-networks-to-urls $(network_options) --step assign --map network=$(1) --map appliance=$(2)
$(out)/lists/network-appliances.urls: $(out)/source/networks.xml $(out)/maps/networks.csv $(out)/maps/appliances.csv
	$(call listed,$(call assign,$(word 2,$^),$(word 3,$^)) $(if $(appliances),--unmapped drop) --report $(@D)/network-appliances.tsv $<)

# Host addresses: those that the target lacks.
$(out)/lists/ips.urls: $(call ip_files,source) $(call ip_files,before)
	$(call listed,qtbx-ips-to-urls $(ip_options) $(patsubst %,--target %,$(call ip_files,before)) --report $(@D)/ips.tsv $(call ip_files,source))

# Settings of a subscription: one document, as it is. What the target had is kept beside it.
$(out)/lists/subscription.urls: $(out)/source/subscription.xml $(out)/source/excluded-hosts.xml | $(out)/before/subscription.xml
	$(call listed,{ [ ! -s $< ] || qtbx-subscription-to-urls $(if $(restricted),--restricted accept) $(subscription_options) --excluded-hosts $(word 2,$^) \
	  --report $(@D)/subscription.tsv $<; }) || { echo "migrate: without them: $(call hint,skip,'$(strip $(skip) subscription)')" >&2; exit 1; }

# What users have set for themselves: a document of each user that both subscriptions have.
user_ids = sed -n 's/^\([0-9]*\),\([0-9]*\)$(comma).*/\$(1)/p' $(out)/maps/users.csv
preferences_fetched = mkdir -p $(@D) && $(call user_ids,$(2)) > $(@D)/ids && { [ ! -s $(@D)/ids ] || $(call fetch,$(1)) \
  user-preferences --each $(@D)/ids -o '$(@D)/{id}.xml' 2> $(@D)/none || { status=$$?; \
  grep -qE ' fetched, [0-9]+ there already, [0-9]+ refused$$' $(@D)/none || { cat $(@D)/none >&2; exit $$status; }; \
  echo "migrate: some preferences could not be fetched ($(1)): see $(@D)/none; they are left out" >&2; }; } && touch $@
$(out)/source/user-preferences/done: $(out)/maps/users.csv
	$(call preferences_fetched,source,1)
$(out)/after/user-preferences/done: $(out)/maps/users.csv $(out)/sent/user-preferences.tsv
	$(call preferences_fetched,target,2)
$(out)/lists/user-preferences.urls: $(out)/maps/users.csv $(out)/source/user-preferences/done
	$(call listed,if ls $(word 2,$(^D))/*.xml > $@.files 2> /dev/null; then xargs -x -n 100000 -s 1900000 qtbx-preferences-to-urls $(preference_options) --map user=$< --report $(@D)/user-preferences.tsv < $@.files; fi)

# What appliances are set to, when they and the tags are there.
appliance_settings = qtbx-appliances-to-urls $(appliance_options) --step settings --map appliance=$(1)
$(out)/lists/appliance-settings.urls: $(out)/source/appliances.xml $(out)/maps/appliances.csv | $(if $(filter tags,$(moved)),$(out)/sent/tags.tsv)
	$(call listed,$(call appliance_settings,$(word 2,$^)) $(if $(appliances),--unmapped drop) --report $(@D)/appliance-settings.tsv $<)

# What needs no more than a list and maps.
options.excluded-hosts = $(excluded_options)
options.appliances = $(appliance_options)
options.domains = $(domain_options)
options.ipv6-mappings = $(ipv6_options)
options.virtual-hosts = $(virtual_host_options)
options.static-search-lists = $(search_list_options)
# Dynamic search lists name vendors, and the call takes the target's ids of them.
options.dynamic-search-lists = --vendors $(out)/before/vendors.xml $(search_list_options)
$(foreach place,lists before after,$(out)/$(place)/dynamic-search-lists.urls): | $(out)/before/vendors.xml
# A profile finds its search lists by title, and one that finds them not scans for everything.
options.option-profiles = $(search_lists:%=--search-lists $(out)/after/%.xml) $(profile_options)
$(foreach place,lists before after,$(out)/$(place)/option-profiles.urls): | $(search_lists:%=$(out)/after/%.xml)
# Maps are of domains, which have to be there.
options.map-schedules = --domains $(out)/after/domains.xml $(map_schedule_options)
by_title.map-schedules := appliance asset-group option-profile
$(foreach place,lists before after,$(out)/$(place)/map-schedules.urls): | $(out)/after/domains.xml
options.users = --send-email $(send_email) $(user_options)
.SECONDEXPANSION:
$(plain:%=$(out)/lists/%.urls): $(out)/lists/%.urls: $(out)/source/%.xml $(out)/before/%.xml $$(call map_files,$$*)
	$(call listed,$(program.$*) $(options.$*) $(call map_options,$*) --target $(word 2,$^) --report $(@D)/$*.tsv $<)

# Asset groups: with the target's ids, then as requests.
groups = qtbx-ag-to-urls $(group_options)
$(out)/lists/asset-groups.xml: $(out)/source/asset-groups.xml $(out)/maps/appliances.csv $(out)/maps/networks.csv
	$(call whole,qtbx-ag-rewrite $(rewrite_options) --appliance-map $(word 2,$^) --network-map $(word 3,$^) --report $(@D)/asset-groups-rewrite.tsv $<)
$(out)/lists/asset-groups.urls: $(out)/lists/asset-groups.xml
	$(call listed,$(groups) --report $(@D)/asset-groups.tsv $<)

# Tags: as trees, those below Cloud Agent under the target's own tag of that name, then a request for each tree.
cloud_agent = $$(sed -n 's/^[0-9]*$(comma)\([0-9]*\)$(comma)Cloud Agent\r*$$/--cloud-agent-parent \1/p' $(1))
$(out)/lists/tags.xml: $(out)/source/tags.xml $(out)/maps/tags-before.csv
	$(call whole,qtbx-tags-restructure $(tag_options) $(call cloud_agent,$(word 2,$^)) --report $(@D)/tags-restructure.tsv $<)
$(out)/lists/tags.urls: $(out)/lists/tags.xml
	$(call listed,qtbx-tags-to-urls $(tree_options) --report $(@D)/tags.tsv $<)

# Policies: the export of each is the body of its import. What it is for is assigned by the ids of then.
policies = qtbx-policies-to-urls $(policy_options)
policies_exported = mkdir -p $(@D) && qtbx-policies-to-urls -q --step export $< > $(@D)/exports && sed -n 's/.*\#policy=//p' $(@D)/exports > $(@D)/ids && { \
  [ ! -s $(@D)/ids ] || $(call fetch,$(1)) policy --each $(@D)/ids -o '$(@D)/{id}.xml'; } && touch $@
$(out)/source/policies/done: $(out)/source/policies.xml
	$(call policies_exported,source)
# The target's policies are compared by what they hold, in a plan.
$(out)/before/policies/done: $(out)/before/policies.xml
	$(call policies_exported,target)
$(out)/lists/policies.urls: $(out)/source/policies.xml $(out)/source/policies/done
	$(call listed,$(policies) --folder $(out)/source/policies --report $(@D)/policies.tsv $<)
scope = qtbx-policies-to-urls $(scope_options) --step scope --policy-map $(1) --asset-group-map $(2) --tag-map $(3)
$(out)/lists/policy-scopes.urls: $(out)/source/policies.xml $(out)/maps/asset-groups.csv $(out)/maps/tags.csv $(out)/sent/policies.tsv
	$(call listed,$(call scope,$(out)/sent/policies.csv,$(word 2,$^),$(word 3,$^)) --report $(@D)/policy-scopes.tsv $<)

# What an import of option profiles leaves empty, for those that were imported. A scan for compliance is for all policies until then.
completions = qtbx-option-profiles-to-urls --step complete $(profile_options) --map option-profile=$(1) --map policy=$(2)
$(out)/lists/option-profile-completions.urls: $(out)/source/option-profiles.xml $(out)/sent/option-profiles.tsv \
  $(if $(lone_profiles),$(out)/maps/policies.csv,$(out)/sent/policies.tsv)
	$(call listed,$(call completions,$(out)/sent/option-profiles.csv,$(if $(lone_profiles),$(out)/maps/policies.csv,$(out)/sent/policies.csv)) \
	  $(if $(lone_profiles),--unmapped drop --refused skip) --report $(@D)/option-profile-completions.tsv $<)

# Vaults and authentication records: with the names of their secrets.
vault_files = ls $(1)/*.xml 2> /dev/null || true
vaults = files="$$($(call vault_files,$(1)))"; [ -z "$$files" ] || qtbx-vaults-to-urls $(vault_options) $(2) $$files
$(out)/lists/vaults.urls: $(out)/source/vaults/done $(out)/before/vaults.xml
	$(call listed,{ $(call vaults,$(<D),--target $(word 2,$^) --report $(@D)/vaults.tsv); })
# Those of Unix and Windows first: others lean on them.
auth_files = { ls $(1)/unix.xml $(1)/windows.xml 2> /dev/null || true; ls $(1)/*.xml 2> /dev/null | grep -vE '/(unix|windows)\.xml$$' || true; }
auth_there = $$(for file in $$($(call vault_files,$(out)/before/auth)); do echo --target $$file; done)
auth = files="$$($(call auth_files,$(1)))"; [ -z "$$files" ] || qtbx-auth-to-urls $(auth_options) $(2) $$files
$(out)/lists/auth.urls: $(out)/source/auth/done $(out)/before/auth/done $(out)/maps/networks.csv $(out)/maps/vaults.csv | $(call ip_files,after)
	$(call listed,{ $(call auth,$(<D),--map network=$(word 3,$^) --map vault=$(word 4,$^) \
	  $(patsubst %,--target-ips %,$(call ip_files,after)) \
  $(auth_there) --report $(@D)/auth.tsv); })
# Which secrets there are to fill in, for what the target has not: names do not depend on ids. The report of the records is that of the list, until that is made.
$(out)/lists/secrets.csv: $(foreach side,source before,$(sealed:%=$(out)/$(side)/%/done))
	mkdir -p $(@D) && { cat $(foreach kind,$(sealed),$$($(call vault_files,$(out)/source/$(kind)))) /dev/null; echo 1; } > $@.all; $(call own,all,$@.all)
	$(if $(filter vaults,$(sealed)),{ $(call vaults,$(out)/source/vaults,-q --refused skip --target $(out)/before/vaults.xml); } > $@.vaults)
	$(if $(filter auth,$(sealed)),{ $(call auth,$(out)/source/auth,-q --refused skip --map network=$@.all.csv --map vault=$@.all.csv \
	  $(auth_there) --report $(@D)/auth.tsv); } > $@.auth)
	for list in $(sealed:%=$@.%); do [ -s $$list ] || echo '# no requests' > $$list; done
	$(call whole,qtbx-secrets template $(sealed:%=$@.%))

# Report templates: the exports that there are, by the ids of what they report on.
there_are = $$(find $(1) -size +0)
template_kinds := asset-group tag network search-list
template_maps := $(foreach kind,$(template_kinds),$(out)/maps/$(list.$(kind)).csv)
templates = files="$(call there_are,$(1))"; [ -z "$$files" ] || qtbx-report-templates-to-urls $(template_options) $(2) $$files
$(out)/lists/report-templates.urls: $(call template_files,source) $(call template_files,before) $(template_maps)
	$(call listed,{ $(call templates,$(call template_files,source),$(foreach kind,$(template_kinds),--map $(kind)=$(out)/maps/$(list.$(kind)).csv) \
	  $$(for file in $(call there_are,$(call template_files,before)); do echo --target $$file; done) --report $(@D)/report-templates.tsv); })

# Schedules name asset groups by the ids that the target gave them, and tags by name: so they come last.
schedules = qtbx-schedule-to-urls $(if $(filter pc-%,$*),--module pc) $(schedule_options)
# Those of the service are not exported otherwise.
profiles := $(if $(filter option-profiles,$(moved)),$(out)/after/all-option-profiles.xml)
$(out)/after/all-option-profiles.xml: $(out)/sent/option-profiles.tsv
	mkdir -p $(@D) && $(call fetch,target) -o $@ option-profiles --param include_system_option_profiles=1
maps = --network-map $(out)/maps/networks.csv --appliance-map $(out)/maps/appliances.csv --asset-group-map $(out)/maps/asset-groups.csv \
  --distribution-group-map $(recipients) $(profiles:%=--option-profiles %)
$(out)/lists/schedules.urls $(out)/lists/pc-schedules.urls: $(out)/lists/%.urls: $(out)/source/%.xml $(out)/maps/networks.csv \
  $(out)/maps/appliances.csv $(out)/maps/asset-groups.csv $(recipients) $(profiles) | $(out)/sent/tags.tsv
	$(call listed,$(schedules) $(maps) --report $(@D)/$*.tsv $<)

# A list, for reading.
$(out)/lists/%.txt: $(out)/lists/%.urls
	$(call whole,qtbx-requests -q --format table $<)

# ---- what the target has already

$(out)/before/networks.urls $(out)/after/networks.urls: %.urls: %.xml
	$(call compared,qtbx-networks-to-urls $(network_options) -q --refused skip $<)
own.network-appliances = $(call own,all,$<); $(call compared,$(call assign,$@.all.csv,$@.all.csv) -q --refused skip $<)
$(out)/before/asset-groups.urls: $(out)/before/asset-groups.xml
	$(call compared,$(groups) -q --refused skip $<)
$(out)/before/tags.urls: $(out)/before/tags.xml
	$(call compared,qtbx-tags-restructure -q $< | qtbx-tags-to-urls -q $(tree_options))
$(out)/before/policies.urls: $(out)/before/policies.xml
	$(call compared,$(policies) -q --refused skip $<)
$(out)/before/schedules.urls $(out)/before/pc-schedules.urls: $(out)/before/%.urls: $(out)/before/%.xml $(out)/before/asset-groups.xml
	mkdir -p $(@D)
	$(own_schedules)
# Scopes are compared for those policies only that were imported.
$(out)/before/policy-scopes.urls:
	$(call listed,:)

# What needs no rule of its own, by the ids that it has itself.
by_title.users := asset-group business-unit
# The domain none is one of them, and so are users who have not yet answered the service's mail.
own_options.domains = $(if $(findstring --none,$(domain_options)),,--none edit)
own_options.users = $(if $(findstring --include,$(user_options)),,--include pending)
own_plain = $(call own,all,$<); $(call compared,$(program.$*) $(options.$*) $(own_options.$*) $(foreach kind,$(filter-out $(by_title.$*),$(maps.$*)),--map $(kind)=$@.all.csv) -q --refused skip $<)
$(plain:%=$(out)/before/%.urls): $(out)/before/%.urls: $(out)/before/%.xml
	$(own_plain)
$(plain:%=$(out)/after/%.urls): $(out)/after/%.urls: $(out)/after/%.xml
	$(own_plain)

own.option-profile-completions = $(call own,all,$<); $(call compared,$(call completions,$@.all.csv,$@.all.csv) -q --refused skip $<)
own.appliance-settings = $(call own,all,$<); $(call compared,$(call appliance_settings,$@.all.csv) -q --refused skip $<)
# Second requests are made of the list of the first ones, which is fetched once more when they are done.
second := network-appliances appliance-settings option-profile-completions
$(second:%=$(out)/before/%.urls): $(out)/before/%.urls: $(out)/before/$$(list.$$*).xml
	$(own.$*)
$(second:%=$(out)/after/%.urls): $(out)/after/%.urls: $(out)/after/%.xml
	$(own.$*)
$(second:%=$(out)/after/%.xml): $(out)/after/%.xml: $(out)/sent/%.tsv
	mkdir -p $(@D) && $(call fetch,target) -o $@ $(list.$*)

$(out)/before/vaults.urls $(out)/after/vaults.urls: $(out)/%/vaults.urls: $(out)/%/vaults/done
	$(call compared,{ $(call vaults,$(<D),-q --refused skip); })
own_auth = { cat $$($(call vault_files,$(<D))) /dev/null; echo 1; } > $@.all; $(call own,all,$@.all); $(call compared,{ $(call auth,$(<D),--map network=$@.all.csv --map vault=$@.all.csv -q --refused skip); })
$(out)/before/auth.urls $(out)/after/auth.urls: $(out)/%/auth.urls: $(out)/%/auth/done
	$(own_auth)

own_templates = mkdir -p $(@D); $(call own,all,$^); $(call compared,$(call templates,$^,$(foreach kind,$(template_kinds),--map $(kind)=$@.all.csv) -q --refused skip))
$(out)/before/report-templates.urls: $(call template_files,before)
	$(own_templates)
$(out)/after/report-templates.urls: $(call template_files,after)
	$(own_templates)

# Asset groups and schedules by the source's own ids: their lists need ids that nobody has yet, and here the names are enough.
$(out)/there/asset-groups.urls: $(out)/source/asset-groups.xml
	$(call compared,$(groups) -q --refused skip $<)
$(out)/there/schedules.urls $(out)/there/pc-schedules.urls: $(out)/there/%.urls: $(out)/source/%.xml $(out)/source/asset-groups.xml
	mkdir -p $(@D)
	$(own_schedules)
$(out)/there/%.urls: $(out)/lists/%.urls
	mkdir -p $(@D) && cp $< $@
$(out)/there/%.tsv: $(out)/there/%.urls $(out)/before/%.urls
	$(call rows_of,qtbx-verify -q --absent $^)
	[ ! -s $@ ] || echo "migrate: $*: the target has $$(wc -l < $@) of these names already: see $@" >&2
# Appliances that a person has to activate in the target first: groups, schedules and networks name them.
$(out)/there/appliances.missing: $(out)/lists/appliances.urls
	mkdir -p $(@D) && awk -F '\t' '$$1 == "appliance" && $$2 != "" && $$5 == "by-hand" { print $$2 "\t" $$3 }' $(<D)/appliances.tsv > $@.part && mv $@.part $@
# Option profiles that are restricted to policies which are left out, and which the target has not: they would scan for all policies.
$(out)/there/unrestricted.tsv: $(out)/source/option-profiles.xml $(out)/maps/policies.csv
	mkdir -p $(@D) && $(call own,profiles,$<)
	qtbx-option-profiles-to-urls -q --step complete $(profile_options) --map option-profile=$@.profiles.csv --map policy=$(word 2,$^) --unmapped drop --refused skip \
	  --report $@.report $< > $@.urls
	awk -F '\t' '$$5 == "unmapped" && $$4 ~ /SCAN_BY_POLICY/ { print $$2 "\t" $$3 "\t" $$6 }' $@.report > $@.part && mv $@.part $@
# Nothing is sent before all of it is known. What this migration has sent itself is in a journal, and does not count. Secrets that are missing would
# be found when half of it was sent.
$(out)/there/checked: $(foreach kind,$(lasting),$(out)/there/$(kind).tsv) $(if $(filter appliances,$(moved)),$(out)/there/appliances.missing) \
  $(if $(lone_profiles),$(out)/there/unrestricted.tsv) | $(out)/checklist.md $(if $(unsent),,$(sealed:%=$(out)/lists/secrets.csv))
	lists="$$(grep -l '^[^#]' $(if $(unsent),,$(sealed:%=$(out)/lists/secrets.csv.%)) /dev/null || true)"; mkdir -p $(@D); [ -z "$$lists" ] || \
	  qtbx-secrets check -q $(secret_options) $(secrets) $$lists > $(@D)/secrets.tsv || { status=$$?; \
	  echo "migrate: nothing was sent, since secrets are missing or cannot be read$$([ $$status -ne 1 ] || echo ": see $(@D)/secrets.tsv")" >&2; exit 1; }
	lack="$(filter %.missing,$^)"; if [ -s "$$lack" ] && [ '$(appliances)' != accept ]; then echo "migrate: nothing was sent, since the target lacks $$(wc -l < $$lack)" \
	  "appliances that no call creates: activate those in $$lack there, under their names, and remove $(out)/before/appliances.xml; or go without" \
	  "($(call hint,appliances,accept); groups that have them need $(call hint,rewrite_options,'--unmapped drop'))" >&2; exit 1; fi
	free="$(filter %/unrestricted.tsv,$^)"; if [ -s "$$free" ] && [ '$(unrestricted)' != accept ]; then echo "migrate: nothing was sent, since policies are left out" \
	  "that option profiles are restricted to, and the target has none of their names: these would scan for all policies: see $$free ($(call hint,unrestricted,accept))" >&2; exit 1; fi
	taken=; for file in $(filter-out %.missing %/unrestricted.tsv,$^); do [ ! -s $$file ] || [ -e $(out)/sent/$$(basename $$file .tsv).journal ] || taken="$$taken $$file"; done; \
	if [ "$$taken" ] && [ '$(there)' != accept ]; then echo "migrate: nothing was sent, since these would stand there twice:$$taken ($(call hint,there,accept) sends them)" >&2; \
	  exit 1; fi; mkdir -p $(@D); touch $@

# ---- what is sent

# Each waits for what the catalog says that it needs, whether it names that or not.
$(foreach kind,$(moved),$(eval $(out)/sent/$(kind).tsv: | $(foreach other,$(filter $(moved),$(follows.$(kind))),$(out)/sent/$(other).tsv)))
# A group's appliances are in its network before the group is made.
$(out)/sent/asset-groups.tsv: | $(if $(filter networks,$(moved)),$(out)/sent/network-appliances.tsv)
# What a scan for compliance is restricted to is set before one is scheduled.
$(out)/sent/schedules.tsv $(out)/sent/pc-schedules.tsv: | $(if $(filter option-profiles,$(moved)),$(further.option-profiles:%=$(out)/sent/%.tsv))
# Excluded hosts come before schedules: a schedule that arrives where nothing is excluded scans what must not be scanned.
$(if $(excluded),,$(out)/sent/schedules.tsv $(out)/sent/pc-schedules.tsv: | $(out)/source/excluded-hosts.xml $(out)/maps/networks.csv)
# The target is asked again each time: somebody may have excluded by hand what was missing.
excluded_hosts = $(call fetch,target) -q -o $(out)/after/excluded-hosts.xml excluded-hosts || exit $$?; \
  qtbx-verify -q --addresses --network-map $(out)/maps/networks.csv $(out)/source/excluded-hosts.xml $(out)/after/excluded-hosts.xml \
  > $(@D)/excluded.missing || { echo "migrate: $*: the target does not exclude what the source excludes: see $(@D)/excluded.missing ($(call hint,excluded,accept))" >&2; exit 1; }
# make was asked to send: push need not ask again on a terminal. It asks the target, whose lists may be old by now, and the folder a copy that was sent from already.
# A refused request is status 4, one of which nobody knows 8: read the message, mend it, and say the same again. What has changed since it was sent is
# status 7, before anything is sent. Without an answer it is 9. Whatever is accepted, each request has had its turn: a login that is refused ends with 4,
# too. A policy may have several scopes, one after the other.
$(out)/sent/%.tsv: $(out)/lists/%.urls $(out)/lists/%.txt | $(out)/there/checked
	mkdir -p $(@D)
	$(if $(excluded),,case $* in (*schedules) mkdir -p $(out)/after; $(excluded_hosts) ;; esac)
	qtbx-push --server $(call server,target) $(target_login) $(push_options) $(if $(filter $*,$(sealed)),--secrets $(secrets) $(secret_options)) --yes --journal $(out)/sent/$*.journal --map-out $(out)/sent/$*.csv \
	  $(if $(or $(changed),$(filter policy-scopes,$*)),,--refuse-changed) $(if $(there),,--refuse-there) $< > $@.part \
	  || { status=$$?; [ $$status -ne 7 ] || echo "migrate: $*: nothing was sent ($$(grep -q '^there' $@.part && \
	  echo '$(call hint,there,accept) creates them once more' || echo '$(call hint,changed,send) sends what has changed'))" >&2; \
	  case '$(refused)'$$status in accept4|accept8) [ -z "$$({ qtbx-push --status --quiet --journal $(out)/sent/$*.journal $< || true; } | cut -f 1 | \
	  grep -x -e new -e unsent -e changed)" ] || exit $$status ;; *) exit $$status ;; esac; }
	mv $@.part $@

# ---- the target as it is now

# Some tags come with the asset groups.
$(out)/after/tags.xml: | $(if $(filter asset-groups,$(moved)),$(out)/sent/asset-groups.tsv)
$(out)/after/policies.xml: $(if $(filter policies,$(moved)),$(out)/sent/policy-scopes.tsv)
	$(call fetched,target)
# What is left out is there as it was, and others may name it.
$(patsubst %,$(out)/after/%.xml,$(filter-out policies subscription,$(sort $(skip) $(if $(send_email),,users)))): $(out)/after/%.xml:
	$(call fetched,target)
$(out)/after/ips/%.xml: $(out)/sent/ips.tsv
	$(call ips_fetched,target)
# What was imported, as pairs of the old and the new id. A result is a line, whatever a title holds.
pairs = awk -F '\t' '$$1 == "done" || $$1 == "already" || $$1 == "found" { print $$3, $$2 }' $(out)/sent/policies.tsv
$(out)/after/policies/done: $(out)/sent/policies.tsv
	mkdir -p $(@D) && $(pairs) | cut -d ' ' -f 2 > $(@D)/ids
	[ ! -s $(@D)/ids ] || $(call fetch,target) policy --each $(@D)/ids -o '$(@D)/{id}.xml'
	touch $@
$(out)/after/%.xml: $(out)/sent/%.tsv
	$(call fetched,target)

# The target's own request lists.
$(out)/after/asset-groups.urls: $(out)/after/asset-groups.xml
	$(call compared,$(groups) -q --refused skip $<)
$(out)/after/tags.urls: $(out)/after/tags.xml $(out)/maps/tags-before.csv
	sed -E 's/^[0-9]+,([0-9]+),/\1,\1,/' $(word 2,$^) > $@.own.csv
	$(call compared,qtbx-tags-restructure -q $(call cloud_agent,$@.own.csv) $< | qtbx-tags-to-urls -q $(tree_options))
$(out)/after/policies.urls: $(out)/after/policies.xml
	$(call compared,$(policies) -q --refused skip $<)
$(out)/after/policy-scopes.urls: $(out)/after/policies.xml $(out)/after/asset-groups.xml $(out)/after/tags.xml
	{ echo 0,0; $(pairs) | sed 's/.* //; s/.*/&,&/'; } > $@.policies.csv
	$(call own,all,$^)
	$(call compared,$(call scope,$@.policies.csv,$@.all.csv,$@.all.csv) -q --unmapped drop --refused skip $<)
own_schedules = $(call own,all,$<); $(call quietly,qtbx-map -q --partial --source $(word 2,$^) --target $(word 2,$^) > $@.groups.csv); \
  $(call compared,$(schedules) -q --refused skip --network-map $@.all.csv --asset-group-map $@.groups.csv \
  --distribution-group-map $@.all.csv $<)
$(out)/after/schedules.urls $(out)/after/pc-schedules.urls: $(out)/after/%.urls: $(out)/after/%.xml $(out)/after/asset-groups.xml
	mkdir -p $(@D)
	$(own_schedules)

# Every request that was made of the source must be one that the target's own list makes, and there must be no other, but for what was there before.
# A difference is told at the end: nothing waits for it.
$(out)/verify/%.tsv: $(out)/lists/%.urls $(out)/after/%.urls $(out)/before/%.urls
	mkdir -p $(@D)
	$(call rows_of,qtbx-verify -q --before $(word 3,$^) $(wordlist 1,2,$^))

# Addresses are compared as addresses: how they are cut into ranges says nothing. No call says the network of a host address.
differ = || { status=$$?; [ $$status -eq 1 ] && [ -s $@.row ]; }
$(out)/verify/ips.tsv: $(call ip_files,source) $(call ip_files,after)
	mkdir -p $(@D) && : > $@.part
	for list in $(ip_lists); do qtbx-verify -q --addresses --any-network $(out)/source/ips/$$list.xml $(out)/after/ips/$$list.xml > $@.row $(differ); \
	  sed "s/$$/	$$list/" $@.row >> $@.part; done
	mv $@.part $@
$(out)/verify/excluded-hosts.tsv: $(out)/source/excluded-hosts.xml $(out)/after/excluded-hosts.xml $(out)/maps/networks.csv
	mkdir -p $(@D) && qtbx-verify -q --addresses --network-map $(word 3,$^) $(wordlist 1,2,$^) > $@.row $(differ)
	mv $@.row $@
# The list is asked for again before schedules are sent.
$(out)/verify/excluded-hosts.tsv: | $(foreach kind,$(filter schedules pc-schedules,$(moved)),$(out)/sent/$(kind).tsv)
# A request has many mappings, and each is compared for itself.
$(out)/verify/ipv6-mappings.tsv: $(out)/source/ipv6-mappings.xml $(out)/after/ipv6-mappings.xml $(out)/before/ipv6-mappings.xml
	mkdir -p $(@D)
	for list in $^; do qtbx-ipv6-to-urls $(ipv6_options) -q --records 1 --refused skip $$list > $@.$$(basename $$(dirname $$list)); done
	$(call rows_of,qtbx-verify -q --before $@.before $@.source $@.after)

# A profile is sent as the source has it. The service says anew whose it is, and finds what it names by the titles.
$(out)/verify/option-profiles.tsv: $(out)/lists/option-profiles.urls $(out)/after/option-profiles.urls $(out)/before/option-profiles.urls \
  $(if $(lone_profiles),$(out)/there/unrestricted.tsv)
	mkdir -p $(@D)
	$(call rows_of,qtbx-verify -q $(foreach name,ID USER_ID UNIT_ID SUBSCRIPTION_ID UPDATE_DATE,--ignore $(name)) --before $(word 3,$^) $(wordlist 1,2,$^))
	$(if $(lone_profiles),awk -F '\t' '!said[$$1]++ { print "missing\t" $$0 }' $(out)/there/unrestricted.tsv >> $@)

# A document that was imported, and exported again, line by line: what an export says of itself differs. Dates, and the addresses of both servers.
documents_compared = qtbx-verify -q --documents $(1) $(2) > $(3) || [ -s $(3) ]
$(out)/verify/subscription.tsv: $(out)/source/subscription.xml $(out)/after/subscription.xml
	mkdir -p $(@D) && : > $(@D)/subscription.diff
	[ ! -s $< ] || $(call documents_compared,$<,$(word 2,$^),$(@D)/subscription.diff)
	$(call whole,{ [ ! -s $(@D)/subscription.diff ] || printf 'missing\t%s\n' $(@D)/subscription.diff; })
$(out)/verify/user-preferences.tsv: $(out)/source/user-preferences/done $(out)/after/user-preferences/done
	mkdir -p $(@D) && : > $@.part
	paste -d ' ' <($(call user_ids,1)) <($(call user_ids,2)) | while read -r old new; do \
	  [ ! -e $(out)/source/user-preferences/$$old.xml ] || { $(call pair_compared,user-preferences,user); }; done
	mv $@.part $@
$(out)/verify/policy-documents.tsv: $(out)/source/policies/done $(out)/after/policies/done
	mkdir -p $(@D) && : > $@.part
	$(pairs) | tee >(wc -l > $@.count) | while read -r old new; do $(call pair_compared,policies,policy); done
	mv $@.part $@
# What the source had under one id, and the target has under another.
pair_compared = { $(call documents_compared,$(out)/source/$(1)/$$old.xml,$(out)/after/$(1)/$$new.xml,$(@D)/$(2)-$$old.diff); } < /dev/null; \
  [ ! -s $(@D)/$(2)-$$old.diff ] || printf 'missing\t%s\t%s\t%s\n' $$old $$new $(@D)/$(2)-$$old.diff >> $@.part

# ---- what would be done

# The programs have the same options there as here.
planned = $(if $(strip $(2)),--options '$(1)=$(subst ','\'',$(2))')
plan_programs = $(call planned,users,$(if $(send_email),--send-email $(send_email)) $(user_options)) \
  $(call planned,qtbx-subscription-to-urls,$(if $(restricted),--restricted accept) $(subscription_options)) \
  $(foreach pair,networks-to-urls=network ips-to-urls=ip appliances-to-urls=appliance domains-to-urls=domain ipv6-to-urls=ipv6 \
  virtual-hosts-to-urls=virtual_host search-lists-to-urls=search_list preferences-to-urls=preference option-profiles-to-urls=profile vaults-to-urls=vault \
  auth-to-urls=auth map-schedules-to-urls=map_schedule report-templates-to-urls=template excluded-hosts-to-urls=excluded ag-rewrite=rewrite ag-to-urls=group \
  tags-restructure=tag tags-to-urls=tree policies-to-urls=policy schedule-to-urls=schedule,\
  $(call planned,qtbx-$(firstword $(subst =, ,$(pair))),$($(lastword $(subst =, ,$(pair)))_options)))
# There is something to do: status 5 is an answer. What journals say is not in the lists of before: what was created is there, and what was taken back is not.
made-plan: made-fetch $(if $(filter policies,$(moved)),$(out)/before/policies/done)
	qtbx-plan --server $(call server,target) --source $(out)/source --target $(out)/before $(all_journals:%=--journal %) $(foreach kind,$(sort $(left)),--skip $(kind)) \
	  $(plan_programs) $(plan_options) > $(out)/plan.txt.part || [ $$? -eq 5 ]
	mv $(out)/plan.txt.part $(out)/plan.txt && cat $(out)/plan.txt

# ---- taking it back

# Of all that was ever sent, also of what is left out now. What was deleted already is not asked for again.
sent_journals = $(wildcard $(kinds:%=$(out)/sent/%.journal))
all_journals = $(sent_journals) $(filter-out $(sent_journals),$(wildcard $(out)/sent/*.journal)) $(wildcard $(out)/undo/undo.journal)
made-undo:
	[ '$(strip $(sent_journals))' ] || { echo 'migrate: nothing was sent: there is no journal in $(out)/sent' >&2; exit 1; }
	mkdir -p $(out)/undo && qtbx-undo --server $(call server,target) --report $(out)/undo/undo.tsv $(all_journals) > $(out)/undo/undo.urls.part
	mv $(out)/undo/undo.urls.part $(out)/undo/undo.urls
	{ grep -E '^# (by hand|unknown)' $(out)/undo/undo.urls || true; } | sed 's/^# /- [ ] /' | { $(call ticked,$(out)/undo/checklist.md); } \
	  > $(out)/undo/checklist.md.part && mv $(out)/undo/checklist.md.part $(out)/undo/checklist.md
	qtbx-requests -q --format table $(out)/undo/undo.urls > $(out)/undo/undo.txt
# Nobody deletes by mistake: a person is asked, and where there is nobody to ask, nothing is sent.
made-undone: made-undo
	[ '$(undo)' ] || { [ -t 2 ] && { : < /dev/tty; } 2> /dev/null; } || \
	  { echo 'migrate: nothing was deleted: there is nobody here to ask ($(if $(QTBX_FRONT),--yes,undo=yes))' >&2; exit 1; }
	qtbx-push --server $(call server,target) $(target_login) $(push_options) $(if $(undo),--yes) --journal $(out)/undo/undo.journal $(out)/undo/undo.urls \
	  > $(out)/undo/results.tsv

# ---- what each goal waits for: the last rules, since all names are known here

files.fetch = $(foreach list,$(both),$(out)/source/$(list).xml $(out)/before/$(list).xml) $(foreach side,source before,$(call ip_files,$(side)) $(call template_files,$(side)) $(sealed:%=$(out)/$(side)/%/done)) \
  $(if $(filter policies,$(moved)),$(out)/source/policies/done) $(if $(filter dynamic-search-lists,$(moved)),$(out)/before/vendors.xml)
files.lists = $(foreach kind,$(filter subscription networks ips $(early) tags policies,$(moved)),$(out)/lists/$(kind).txt) \
  $(foreach kind,$(lasting),$(out)/there/$(kind).tsv) $(out)/checklist.md $(if $(timetables),$(recipients)) \
  $(if $(sealed),$(out)/lists/secrets.csv) $(if $(filter vaults,$(moved)),$(out)/lists/vaults.txt) $(if $(lone_profiles),$(out)/there/unrestricted.tsv)
files.push = $(foreach kind,$(filter-out $(unsent),$(kinds)),$(out)/sent/$(kind).tsv)
files.verify = $(foreach kind,$(filter-out $(unsent),$(kinds)) $(documents),$(out)/verify/$(kind).tsv)
made-fetch: $(files.fetch) by-hand
made-lists: $(files.lists) by-hand
	$(if $(send_email)$(filter users,$(skip)),,echo 'migrate: no users are created: $(call hint,send_email,yes) or $(call hint,send_email,no) says whether the service mails to each of them' >&2;) \
	if grep -q '^/' $(filter %/networks.urls %/appliances.urls,$(patsubst %.txt,%.urls,$^)) /dev/null; \
	then echo 'migrate: asset groups, and what else names a network or an appliance, need the ids of the new ones: their lists are made when these have been sent' >&2; \
	else $(MAKE) -f $(this) --no-print-directory made-groups; fi
# The target has all networks already: their ids are known before anything is sent.
made-groups: $(foreach kind,$(filter asset-groups $(filter-out $(early),$(plain)),$(moved)),$(if $(filter-out network appliance,$(maps.$(kind))),,$(out)/lists/$(kind).txt))
made-push: $(files.push) by-hand $(out)/checklist.md $(if $(unsent),unsent)
unsent: $(out)/lists/secrets.csv $(if $(filter vaults,$(moved)),$(out)/lists/vaults.txt)
	[ "$$(wc -l < $<)" -le 1 ] || echo 'migrate: vaults and authentication records are not sent: they need $(call hint,secrets,FILE), and $< says which secrets; what of them cannot be sent stands in $(foreach kind,$(sealed),$(<D)/$(kind).tsv)' >&2
documents := $(if $(filter policies,$(moved)),policy-documents)
made-verify: $(files.verify) | by-hand $(out)/checklist.md $(if $(unsent),unsent)
	status=0; for file in $^; do if [ -s $$file ]; then status=1; \
	  echo "migrate: $$(basename $$file .tsv): $$(grep -c '^missing' $$file || true) missing, $$(grep -c '^more' $$file || true) more: see $$file" >&2; fi; done; \
	exit $$status
