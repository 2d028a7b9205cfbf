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
# networks=none where a subscription has no Network Support.
networks ?=
# A map of distribution groups, made by hand.
distribution_groups ?=
# More options of qtbx-tags-restructure and qtbx-schedule-to-urls.
tag_options ?= --orphans-under 'Imported tags'
schedule_options ?=
# More options of qtbx-push: push_options=--resolve asks the target what became of requests of which nobody knows.
push_options ?=
# refused=accept goes on although requests were refused, or nobody knows what became of them.
refused ?=

SHELL := /bin/sh
.DELETE_ON_ERROR:
.SILENT:
.SECONDARY:
.PHONY: fetch lists push verify
verify: $(addprefix $(out)/verify/,asset-groups tags schedules pc-schedules)

kinds := asset-groups tags schedules pc-schedules
both := tags appliances $(if $(filter none,$(networks)),,networks)
fetch: $(foreach list,$(both) asset-groups schedules pc-schedules,$(out)/source/$(list).xml) $(foreach list,$(both),$(out)/before/$(list).xml)
lists: $(out)/lists/asset-groups.txt $(out)/lists/tags.txt
push: $(foreach kind,$(kinds),$(out)/sent/$(kind).tsv)

# A file appears when its recipe is done, not before: nobody takes half of one for all of it.
whole = mkdir -p $(@D) && $(1) > $@.part && mv $@.part $@
fetched = mkdir -p $(@D) && qtbx-fetch --server $($(1)) $($(1)_login) -o $@ $(*F)

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
# Asset groups are mapped when they have been made.
$(out)/maps/asset-groups.csv: $(out)/source/asset-groups.xml $(out)/after/asset-groups.xml
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
$(out)/sent/%.tsv: $(out)/lists/%.urls $(out)/lists/%.txt
	mkdir -p $(@D)
	qtbx-push --server $(target) $(target_login) $(push_options) --journal $(out)/sent/$*.journal --map-out $(out)/sent/$*.csv $< > $@.part \
	  || { [ $$? -eq 4 ] && [ '$(refused)' = accept ]; }
	mv $@.part $@

# The target as it is now.
$(out)/after/%.xml: $(out)/sent/%.tsv
	$(call fetched,target)

# The target's own request lists: its ids stand for themselves.
own = sed -E '2,$$s/^[^,]*,([^,]*),/\1,\1,/' $(1) > $@.$(2).csv
$(out)/after/asset-groups.urls: $(out)/after/asset-groups.xml
	$(call whole,qtbx-ag-to-urls -q $<)
$(out)/after/tags.urls: $(out)/after/tags.xml $(out)/before/tags.xml
	$(call whole,qtbx-tags-restructure -q $(call cloud_agent,$(word 2,$^),$(word 2,$^)) $< | qtbx-tags-to-urls -q)
$(out)/after/schedules.urls $(out)/after/pc-schedules.urls: $(out)/after/%.urls: $(out)/after/%.xml $(out)/maps/asset-groups.csv
	$(call own,$(out)/maps/networks.csv,networks)
	$(call own,$(out)/maps/asset-groups.csv,groups)
	$(if $(distribution_groups),$(call own,$(distribution_groups),distribution))
	$(call whole,qtbx-schedule-to-urls -q $(if $(filter pc-%,$*),--module pc) $(schedule_options) --network-map $@.networks.csv \
	  --asset-group-map $@.groups.csv $(if $(distribution_groups),--distribution-group-map $@.distribution.csv) $<)

# Every request that was made of the source must be one that the target's own list makes. Fragments say where an object comes from, and differ.
bare = awk -F '\t' -v OFS='\t' '{ sub(/\#.*/, "", $$(NF > 1 ? 2 : 1)); print }' $(1) | LC_ALL=C sort
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
