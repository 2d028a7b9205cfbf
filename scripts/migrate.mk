# A migration as a graph of files: fetch, map, rewrite, make request lists, push, fetch again, compare.
#
#   make -f scripts/migrate.mk source=SERVER target=SERVER [out=FOLDER] [-n] [-j2] [GOAL]
#
# Goals, each with all that it needs: fetch, lists (what is pushed first: asset groups and tags), push, verify (all of it).
# What is done is a file, so the same command goes on where the last one stopped; a request that was sent is in a journal, and not sent again.
# docs/migration.md tells the whole story.

# Server names, as for --server, and how to log in there, as options of qtbx-fetch and qtbx-push.
source ?=
target ?=
source_login ?=
target_login ?=
# Where everything goes.
out ?= migration
# networks=none where a subscription has no Network Support, compliance=none where it has no Policy Compliance.
networks ?=
compliance ?=
# A map of distribution groups, made by hand.
distribution_groups ?=
# More options of qtbx-tags-restructure and qtbx-schedule-to-urls.
tag_options ?= --orphans-under 'Imported tags'
schedule_options ?=
# More options of qtbx-push: push_options=--resolve asks the target what became of requests of which nobody knows.
push_options ?=
# refused=accept goes on although requests were refused, or nobody knows what became of them.
refused ?=
# changed=send sends records again that have been sent with other contents.
changed ?=

SHELL := bash
.SHELLFLAGS := -eo pipefail -c
.DELETE_ON_ERROR:
.SILENT:
.SECONDARY:
.PHONY: fetch lists push verify
kinds := asset-groups tags schedules $(if $(filter none,$(compliance)),,policies policy-scopes pc-schedules)
verify: $(addprefix $(out)/verify/,$(kinds) $(if $(filter none,$(compliance)),,policy-documents))
push: $(foreach kind,$(kinds),$(out)/sent/$(kind).tsv)
both := tags appliances $(if $(filter none,$(networks)),,networks)
fetch: $(foreach list,asset-groups $(both) schedules,$(out)/source/$(list).xml) $(foreach list,$(both),$(out)/before/$(list).xml) \
  $(if $(filter none,$(compliance)),,$(out)/source/pc-schedules.xml $(out)/source/policies/done)
lists: $(foreach kind,asset-groups tags $(filter policies,$(kinds)),$(out)/lists/$(kind).txt)

$(if $(word 2,$(out)),$(error out=$(out): make cannot have a blank in a name))
server = $(or $($(1)),$(error $(1)=SERVER is missing))
# A file appears when its recipe is done, not before: nobody takes half of one for all of it.
whole = mkdir -p $(@D) && $(1) > $@.part && mv $@.part $@
fetched = mkdir -p $(@D) && qtbx-fetch --server $(call server,$(1)) $($(1)_login) -o $@ $(basename $(@F))

# Both subscriptions as they are: what is to be moved, and what is there already.
$(out)/source/%.xml:
	$(call fetched,source)
$(out)/before/%.xml:
	$(call fetched,target)

# What the source's ids are called in the target: by name.
$(out)/maps/appliances.csv: $(out)/maps/%.csv: $(out)/source/%.xml $(out)/before/%.xml
	$(call whole,qtbx-map --partial --source $(word 1,$^) --target $(word 2,$^))
ifeq ($(networks),none)
$(out)/maps/networks.csv:
	$(call whole,printf 'source_id$(comma)target_id$(comma)name\n0$(comma)0$(comma)Global Default Network\n')
else
$(out)/maps/networks.csv: $(out)/maps/%.csv: $(out)/source/%.xml $(out)/before/%.xml
	$(call whole,qtbx-map --partial --source $(word 1,$^) --target $(word 2,$^))
endif
comma := ,
# Asset groups and tags are mapped when they have been made.
$(out)/maps/asset-groups.csv $(out)/maps/tags.csv: $(out)/maps/%.csv: $(out)/source/%.xml $(out)/after/%.xml
	$(call whole,qtbx-map --partial --source $(word 1,$^) --target $(word 2,$^))

# Asset groups: with the target's ids, then as requests.
$(out)/lists/asset-groups.xml: $(out)/source/asset-groups.xml $(out)/maps/appliances.csv $(out)/maps/networks.csv
	$(call whole,qtbx-ag-rewrite --appliance-map $(word 2,$^) --network-map $(word 3,$^) --report $(@D)/asset-groups-rewrite.tsv $<)
$(out)/lists/asset-groups.urls: $(out)/lists/asset-groups.xml
	$(call whole,qtbx-ag-to-urls --report $(@D)/asset-groups.tsv $<)

# Tags: as trees, those below Cloud Agent under the target's own tag of that name, then a request for each tree.
cloud_agent = $$(qtbx-map -q --partial --source $(1) --target $(2) 2> /dev/null | sed -n 's/^[0-9]*$(comma)\([0-9]*\)$(comma)Cloud Agent$$/--cloud-agent-parent \1/p')
$(out)/lists/tags.xml: $(out)/source/tags.xml $(out)/before/tags.xml
	$(call whole,qtbx-tags-restructure $(tag_options) $(call cloud_agent,$(word 1,$^),$(word 2,$^)) --report $(@D)/tags-restructure.tsv $<)
$(out)/lists/tags.urls: $(out)/lists/tags.xml
	$(call whole,qtbx-tags-to-urls --report $(@D)/tags.tsv $<)

# Policies: the export of each is the body of its import. What it is for is assigned by the ids of then.
$(out)/source/policies.urls: $(out)/source/policies.xml
	$(call whole,qtbx-policies-to-urls -q --step export $<)
$(out)/source/policies/done: $(out)/source/policies.urls
	mkdir -p $(@D) && sed 's/.*\#policy=//' $< > $(@D)/ids
	qtbx-fetch --server $(call server,source) $(source_login) policy --each $(@D)/ids -o '$(@D)/{id}.xml' && touch $@
$(out)/lists/policies.urls: $(out)/source/policies.xml $(out)/source/policies/done
	$(call whole,qtbx-policies-to-urls --folder $(out)/source/policies --report $(@D)/policies.tsv $<)
scope = qtbx-policies-to-urls --step scope --policy-map $(1) --asset-group-map $(2) --tag-map $(3)
$(out)/lists/policy-scopes.urls: $(out)/source/policies.xml $(out)/maps/asset-groups.csv $(out)/maps/tags.csv $(out)/sent/policies.tsv
	$(call whole,$(call scope,$(out)/sent/policies.csv,$(word 2,$^),$(word 3,$^)) --report $(@D)/policy-scopes.tsv $<)

# Schedules name asset groups by the ids that the target gave them, and tags by name: so they come last.
maps = --network-map $(out)/maps/networks.csv --appliance-map $(out)/maps/appliances.csv --asset-group-map $(out)/maps/asset-groups.csv \
  $(if $(distribution_groups),--distribution-group-map $(distribution_groups))
$(out)/lists/schedules.urls $(out)/lists/pc-schedules.urls: $(out)/lists/%.urls: $(out)/source/%.xml $(out)/maps/networks.csv \
  $(out)/maps/appliances.csv $(out)/maps/asset-groups.csv $(distribution_groups) | $(out)/sent/tags.tsv
	$(call whole,qtbx-schedule-to-urls $(if $(filter pc-%,$*),--module pc) $(schedule_options) $(maps) --report $(@D)/$*.tsv $<)

# A list, for reading.
$(out)/lists/%.txt: $(out)/lists/%.urls
	$(call whole,qtbx-requests -q --format table $<)

# What is sent. A refused request or one of which nobody knows is status 4: read the message, mend it, and say the same again.
# A record that has been sent and is another one now would be created beside the first one: nothing keeps schedules or policies of one name apart.
$(out)/sent/%.tsv: $(out)/lists/%.urls $(out)/lists/%.txt
	mkdir -p $(@D)
	if [ -e $(@D)/$*.urls ] && [ -e $(@D)/$*.journal ]; then \
	  awk -F '\t' '$$1 == "intent" { id[$$3] = $$5 } { now[$$3] = $$1 } END { for (d in id) if (now[d] != "refused" && now[d] != "unsent") print id[d] }' \
	    $(@D)/$*.journal > $(@D)/$*.ids; \
	  grep -vxFf $(@D)/$*.urls $< | sed -n 's/^[^\#]*\#[a-z-]*=\([^	]*\).*/\1/p' | grep -xFf $(@D)/$*.ids > $(@D)/$*.changed || true; \
	  if [ -s $(@D)/$*.changed ] && [ $* != policy-scopes ] && [ '$(changed)' != send ]; then \
	    echo "migrate: $*: $$(paste -sd ' ' $(@D)/$*.changed): sent before with other contents; they would be created once more (changed=send)" >&2; \
	    exit 1; fi; fi
	cp $< $(@D)/$*.urls
	qtbx-push --server $(call server,target) $(target_login) $(push_options) --journal $(out)/sent/$*.journal --map-out $(out)/sent/$*.csv $< > $@.part \
	  || { [ $$? -eq 4 ] && [ '$(refused)' = accept ]; }
	mv $@.part $@

# The target as it is now.
# Some tags come with the asset groups.
$(out)/after/tags.xml: | $(out)/sent/asset-groups.tsv
$(out)/after/policies.xml: $(out)/sent/policy-scopes.tsv
	$(call fetched,target)
$(out)/after/policies/done: $(out)/sent/policies.tsv
	mkdir -p $(@D) && sed -n '2,$$s/^[^,]*,\([^,]*\),.*/\1/p' $(out)/sent/policies.csv > $(@D)/ids
	qtbx-fetch --server $(call server,target) $(target_login) policy --each $(@D)/ids -o '$(@D)/{id}.xml' && touch $@
$(out)/after/%.xml: $(out)/sent/%.tsv
	$(call fetched,target)

# The target's own request lists: its ids stand for themselves.
own = sed -E '2,$$s/^[^,]*,([^,]*),/\1,\1,/' $(1) > $@.$(2).csv
$(out)/after/asset-groups.urls: $(out)/after/asset-groups.xml
	$(call whole,qtbx-ag-to-urls -q $<)
$(out)/after/tags.urls: $(out)/after/tags.xml $(out)/before/tags.xml
	$(call whole,qtbx-tags-restructure -q $(call cloud_agent,$(word 2,$^),$(word 2,$^)) $< | qtbx-tags-to-urls -q)
$(out)/after/policies.urls: $(out)/after/policies.xml
	$(call whole,qtbx-policies-to-urls -q $<)
$(out)/after/policy-scopes.urls: $(out)/after/policies.xml $(out)/maps/asset-groups.csv $(out)/maps/tags.csv
	$(call own,$(out)/sent/policies.csv,policies)
	$(call own,$(word 2,$^),groups)
	$(call own,$(word 3,$^),tags)
	$(call whole,$(call scope,$@.policies.csv,$@.groups.csv,$@.tags.csv) -q --unmapped drop $<)
$(out)/after/schedules.urls $(out)/after/pc-schedules.urls: $(out)/after/%.urls: $(out)/after/%.xml $(out)/maps/asset-groups.csv
	$(call own,$(out)/maps/networks.csv,networks)
	$(call own,$(out)/maps/asset-groups.csv,groups)
	$(if $(distribution_groups),$(call own,$(distribution_groups),distribution))
	$(call whole,qtbx-schedule-to-urls -q $(if $(filter pc-%,$*),--module pc) $(schedule_options) --network-map $@.networks.csv \
	  --asset-group-map $@.groups.csv $(if $(distribution_groups),--distribution-group-map $@.distribution.csv) $<)

# Every request that was made of the source must be one that the target's own list makes. Fragments and files say where an object comes from, and
# differ.
bare = awk -F '\t' -v OFS='\t' '{ sub(/\#.*/, "", $$(NF > 1 ? 2 : 1)); if ($$3 ~ /^@/) $$3 = "@"; print }' $(1) | LC_ALL=C sort
$(out)/verify/%: $(out)/lists/%.urls $(out)/after/%.urls
	mkdir -p $(@D)
	$(call bare,$<) > $@.wanted
	$(call bare,$(word 2,$^)) > $@.there
	LC_ALL=C comm -23 $@.wanted $@.there > $@.missing
	LC_ALL=C comm -13 $@.wanted $@.there > $@.more
	if [ -s $@.missing ]; then \
	  echo "verify: $*: $$(wc -l < $@.missing) of $$(wc -l < $@.wanted) requests are not what the target says: see $@.missing and $@.more" >&2; exit 1; fi
	echo "$$(wc -l < $@.wanted) of $$(wc -l < $@.wanted) are there$$([ ! -s $@.more ] || echo ", and $$(wc -l < $@.more) more")" > $@.part
	mv $@.part $@

# A policy that was imported, and exported again, line by line: dates and the addresses of the two servers differ, and comments.
said = sed -E '/<!DOCTYPE|<DATETIME>|<EXPORTED>|^ *<!--.*-->$$/d' $(1)
$(out)/verify/policy-documents: $(out)/source/policies/done $(out)/after/policies/done
	mkdir -p $(@D) && : > $@.diff
	sed -n '2,$$s/^\([^,]*\),\([^,]*\),.*/\1 \2/p' $(out)/sent/policies.csv | while read -r old new; do \
	  diff <($(call said,$(out)/source/policies/$$old.xml)) <($(call said,$(out)/after/policies/$$new.xml)) | sed "s/^/$$old $$new /" >> $@.diff || true; done
	if [ -s $@.diff ]; then echo "verify: policies $$(cut -d ' ' -f 1 $@.diff | uniq | tr '\n' ' ')are not as they were: see $@.diff" >&2; exit 1; fi
	echo "$$(tail -n +2 $(out)/sent/policies.csv | wc -l) of $$(wc -l < $(out)/lists/policies.urls) are there, word for word" > $@.part
	mv $@.part $@
