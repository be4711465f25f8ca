#include "lint/lint.h"

#include <string.h>

#include "lint/adopt.h"
#include "lint/checks.h"
#include "lint/model.h"

static const struct lint_check checks[] = {
	{ "CFG001", "truncated-export", SEVERITY_ERROR,
	  "an export is cut short: a page, or records that a zone is said to have, are missing",
	  NULL },
	{ "CFG002", "dangling-reference", SEVERITY_ERROR,
	  "an id names an object that no input holds", NULL },
	{ "CFG003", "records-of-unknown-zone", SEVERITY_ERROR,
	  "nothing tells which zone of an export a list of records belongs to", NULL },
	{ "CFG004", "unknown-until-apply", SEVERITY_NOTE,
	  "a plan or a template leaves a value open, and an object is left out, or judged "
	  "without it", NULL },
	{ "CFG005", "useless-suppression", SEVERITY_WARNING,
	  "a suppression or a line of the baseline matches nothing, has no reason, or is past "
	  "its date", NULL },
	{ "CFG006", "not-modelled", SEVERITY_NOTE,
	  "an input says something that may change answers and that this version does not know",
	  NULL },
	{ "CFG007", "sources-disagree", SEVERITY_WARNING,
	  "two inputs say different things of one object; the first counts", NULL },
	{ "DEL601", "private-delegation-ignored", SEVERITY_ERROR,
	  "a private zone delegates a name and no DELEGATE rule of a VPC leads to its "
	  "servers",
	  check_private_delegation },
	{ "DEL602", "parent-child-ns-differ", SEVERITY_ERROR,
	  "a delegation and the zone it leads to name other servers, or other addresses",
	  check_parent_child_ns },
	{ "DEL603", "lame", SEVERITY_ERROR,
	  "a zone is delegated to a server that the estate knows and that does not serve "
	  "it",
	  check_lame },
	{ "DEL604", "missing-glue", SEVERITY_ERROR,
	  "an NS record leads to a name of its own zone that has no address (a warning "
	  "where another delegation has the name)",
	  check_missing_glue },
	{ "DEL605", "cyclic-dependency", SEVERITY_ERROR,
	  "delegations whose servers are found by way of each other only",
	  check_cyclic_dependency },
	{ "DEL606", "occluded", SEVERITY_WARNING,
	  "a record at or below a delegation, which is never answered",
	  check_occluded },
	{ "DEL607", "delegate-rule-idle", SEVERITY_WARNING,
	  "a DELEGATE rule that no delegation of its networks' zones needs",
	  check_delegate_rule_idle },
	{ "DEL608", "child-not-delegated", SEVERITY_WARNING,
	  "a public zone that the public zone above it does not delegate to",
	  check_child_not_delegated },
	{ "FWD301", "self-loop", SEVERITY_ERROR,
	  "a rule's target is an inbound endpoint, or a server, of the network that asks",
	  check_self_loop },
	{ "FWD302", "loop", SEVERITY_ERROR,
	  "rules of several networks forward some names in a circle", check_loop },
	{ "FWD303", "forward-to-outbound", SEVERITY_ERROR,
	  "a rule's target is an address of an outbound endpoint, where nothing listens",
	  check_forward_to_outbound },
	{ "FWD304", "forward-to-plus-two", SEVERITY_ERROR,
	  "a rule's target is a VPC resolver's own address, which only that VPC can ask",
	  check_forward_to_plus_two },
	{ "FWD305", "target-unreachable", SEVERITY_ERROR,
	  "a rule's target lies in no network that the VPC of its outbound endpoint reaches",
	  check_target_unreachable },
	{ "FWD306", "targets-disagree", SEVERITY_ERROR,
	  "the targets of one rule lead to different answers, so chance decides",
	  check_targets_disagree },
	{ "FWD307", "long-path", SEVERITY_WARNING,
	  "names are forwarded more than three times before they are answered",
	  check_long_path },
	{ "FWD308", "forward-to-ignorant", SEVERITY_ERROR,
	  "the network behind a rule's target has neither zone nor rule for the domain (a "
	  "warning for a site)",
	  check_forward_to_ignorant },
	{ "FWD309", "rule-unused", SEVERITY_WARNING,
	  "a rule is associated with no network and in no Profile",
	  check_rule_unused },
	{ "FWD310", "endpoint-unused", SEVERITY_NOTE,
	  "an outbound endpoint without rules, or an inbound one that nothing forwards to",
	  check_endpoint_unused },
	{ "FWD311", "rule-endpoint-wrong", SEVERITY_ERROR,
	  "a rule leaves a VPC by no endpoint, or by one that is not OUTBOUND", NULL },
	{ "FWD312", "onprem-answers-stale", SEVERITY_WARNING,
	  "a site answers a zone from a copy of its own and forwards to a VPC that has the zone",
	  check_onprem_answers_stale },
	{ "PEE501", "views-diverge", SEVERITY_ERROR,
	  "a name gets different answers in connected networks, and no other rule says why",
	  check_views_diverge },
	{ "PEE502", "onprem-diverges", SEVERITY_ERROR,
	  "a name gets different answers in a VPC and in a site that is connected to it",
	  check_onprem_diverges },
	{ "PEE503", "peer-dns-off", SEVERITY_WARNING,
	  "a record points to a public EC2 name, and the peering with the VPC there keeps private "
	  "addresses to itself",
	  check_peer_dns_off },
	{ "PEE504", "dns-support-off", SEVERITY_ERROR,
	  "a VPC has zones or rules, and an attribute that it needs for them is off",
	  check_dns_support_off },
	{ "PEE505", "overlapping-peers", SEVERITY_ERROR,
	  "a VPC is peered with two whose addresses overlap (a warning where no record leads there)",
	  check_overlapping_peers },
	{ "PEE506", "expectation-broken", SEVERITY_ERROR,
	  "what lint.expect_same, expect_answer or expect_absent declares does not hold",
	  check_expectation_broken },
	{ "PEE507", "may-diverge", SEVERITY_WARNING,
	  "connected networks may get different answers: a server that is not declared decides",
	  check_may_diverge },
	{ "PEE508", "change-breaks-names", SEVERITY_ERROR,
	  "a name that was answered before the change (--base) is not answered after it",
	  check_change_breaks_names },
	{ "PEE509", "change-alters-names", SEVERITY_NOTE,
	  "a name gets another answer after the change (--base) than before it",
	  check_change_alters_names },
	{ "PRE201", "rule-overrides-zone", SEVERITY_ERROR,
	  "a FORWARD rule and a zone of one name in one network: the zone is never read there",
	  check_rule_overrides_zone },
	{ "PRE202", "rule-cuts-into-zone", SEVERITY_ERROR,
	  "a FORWARD rule below a zone's name takes records of the zone away",
	  check_rule_cuts_into_zone },
	{ "PRE203", "zone-cuts-into-rule", SEVERITY_WARNING,
	  "a zone below a FORWARD domain: names it lacks do not exist instead of being forwarded",
	  check_zone_cuts_into_rule },
	{ "PRE204", "system-rule-idle", SEVERITY_WARNING,
	  "a SYSTEM rule takes nothing back: no FORWARD rule of the network covers it",
	  check_system_rule_idle },
	{ "PRE205", "two-rules-one-domain", SEVERITY_ERROR,
	  "a network gets two FORWARD rules of one domain with different targets",
	  check_two_rules_one_domain },
	{ "PRE206", "dot-rule-without-carve-out", SEVERITY_WARNING,
	  "a FORWARD rule for the root or a top-level domain takes the names of AWS's "
	  "services along",
	  check_dot_rule_without_carve_out },
	{ "PRE207", "autodefined-overridden", SEVERITY_WARNING,
	  "a FORWARD rule takes over names that EC2 answers by itself",
	  check_autodefined_overridden },
	{ "PRE208", "reverse-forwarding-gap", SEVERITY_WARNING,
	  "a FORWARD rule of a reverse zone misses the addresses of the VPC and its peers",
	  check_reverse_forwarding_gap },
	{ "PRE209", "profile-shadowed", SEVERITY_NOTE,
	  "a rule of a Profile has no effect in a VPC that has a rule or zone of that name "
	  "itself",
	  check_profile_shadowed },
	{ "PRE210", "view-bypassed", SEVERITY_WARNING,
	  "hosts of a VPC ask other servers, which do not send its zones' names to it (a note "
	  "where nothing tells what they do)",
	  check_view_bypassed },
	{ "QTA801", "quota", SEVERITY_ERROR,
	  "a quota of the service is exceeded (a warning from 80 % on)",
	  check_quota },
	{ "QTA802", "endpoint-one-zone", SEVERITY_WARNING,
	  "an endpoint has one address, or all of them in one availability zone",
	  check_endpoint_one_zone },
	{ "QTA803", "single-target", SEVERITY_WARNING,
	  "FORWARD rules that ask one server only",
	  check_single_target },
	{ "QTA804", "mergeable-rules", SEVERITY_NOTE,
	  "rules for which one rule of a shorter name does as well",
	  check_mergeable_rules },
	{ "QTA805", "missing-region-copy", SEVERITY_WARNING,
	  "the VPCs of a group have a rule in one Region and lack it in another",
	  check_missing_region_copy },
	{ "QTA806", "capacity", SEVERITY_NOTE,
	  "an endpoint is to take over half of the queries that its addresses can",
	  check_capacity },
	{ "REA401", "address-nowhere", SEVERITY_WARNING,
	  "a record has a private address that no network declares",
	  check_address_nowhere },
	{ "REA402", "address-not-reachable-from-view", SEVERITY_ERROR,
	  "a network reads addresses of a network that it has no connection to",
	  check_address_not_reachable },
	{ "REA403", "address-ambiguous", SEVERITY_ERROR,
	  "a network reads addresses that two networks have, and is connected with both",
	  check_address_ambiguous },
	{ "REA404", "address-outside-subnets", SEVERITY_NOTE,
	  "a record has an address of a VPC that is in none of its subnets",
	  check_outside_subnets },
	{ "REA405", "reserved-address", SEVERITY_WARNING,
	  "a record has an address that AWS keeps for itself in a subnet",
	  check_reserved_address },
	{ "REA406", "public-address-in-private-zone", SEVERITY_NOTE,
	  "a record of a private zone has an address of the public Internet",
	  check_public_address },
	{ "REA407", "private-address-in-public-zone", SEVERITY_WARNING,
	  "a record of a public zone has an address that the Internet does not route",
	  check_private_address_in_public_zone },
	{ "REA408", "peering-inactive-or-routeless", SEVERITY_WARNING,
	  "a network reads addresses behind a peering that is not active, or has no routes",
	  check_peering_inactive },
	{ "REA409", "transitive-assumption", SEVERITY_ERROR,
	  "a network reads addresses that it could only reach through a third network",
	  check_transitive_assumption },
	{ "REA410", "special-address", SEVERITY_WARNING,
	  "a record has an address that no other host can use",
	  check_special_address },
	{ "REA411", "path-blocked", SEVERITY_ERROR,
	  "a route table, security group or network ACL keeps packets from an address that a "
	  "network reads, or a rule asks, or from coming back (a warning where route tables of "
	  "one side are not declared)",
	  check_path_blocked },
	{ "REA412", "answer-crosses-region", SEVERITY_NOTE,
	  "a VPC reads an address in another Region, though the name has one in its own",
	  check_answer_crosses_region },
	{ "REC701", "cname-dangling", SEVERITY_ERROR,
	  "a CNAME leads to a name of its own zone that does not exist",
	  check_cname_dangling },
	{ "REC702", "cname-dangling-in-view", SEVERITY_ERROR,
	  "the target of a CNAME is found in some networks that see it and not in others (a "
	  "warning where the internet may know it)", check_cname_dangling_in_view },
	{ "REC703", "cname-loop", SEVERITY_ERROR,
	  "CNAMEs or aliases lead in a circle",
	  check_cname_loop },
	{ "REC704", "long-chain", SEVERITY_WARNING,
	  "more than eight CNAMEs and aliases have to be followed",
	  check_long_chain },
	{ "REC705", "alias-dangling", SEVERITY_ERROR,
	  "an alias leads to a name, a type or a zone that is not there",
	  check_alias_dangling },
	{ "REC706", "cname-and-other-data", SEVERITY_ERROR,
	  "a CNAME beside other records or another CNAME, or at the top of its zone", NULL },
	{ "REC707", "dname-conflict", SEVERITY_ERROR,
	  "several DNAMEs at a name, NS beside a DNAME, or names below it",
	  check_dname_conflict },
	{ "REC708", "duplicate-record", SEVERITY_WARNING,
	  "one record is entered twice", NULL },
	{ "REC709", "out-of-zone", SEVERITY_ERROR,
	  "a record's name is not at or below its zone's", NULL },
	{ "REC710", "soa-count", SEVERITY_ERROR,
	  "a zone file with no SOA, or with more than one",
	  check_soa_count },
	{ "REC711", "mixed-routing", SEVERITY_ERROR,
	  "record sets of one name and type that do not go together (a warning where all "
	  "weights are 0)",
	  check_mixed_routing },
	{ "REC712", "wildcard-blocked", SEVERITY_WARNING,
	  "a name exists and so does not have what the wildcard beside it gives",
	  check_wildcard_blocked },
	{ "REC713", "ttl", SEVERITY_WARNING,
	  "a TTL is 0, more than a day for an address, or not the same in a set",
	  check_ttl },
	{ "REC714", "repeated-suffix", SEVERITY_WARNING,
	  "a target ends in the zone's name twice: a dot was forgotten",
	  check_repeated_suffix },
	{ "REC715", "ptr-mismatch", SEVERITY_WARNING,
	  "a PTR whose name lacks the address, or an address without PTR in a reverse "
	  "zone of the estate",
	  check_ptr_mismatch },
	{ "REC716", "bad-target-kind", SEVERITY_ERROR,
	  "an MX, NS or SRV record leads to a CNAME, an address, or a name that is "
	  "missing",
	  check_bad_target_kind },
	{ "REC717", "bad-name", SEVERITY_ERROR,
	  "a name breaks the limits (a note: an underscore in the name of a host)",
	  check_bad_name },
	{ "REC718", "bad-data", SEVERITY_ERROR,
	  "the data of a record cannot be read", NULL },
	{ "REC719", "same-after-normalising", SEVERITY_WARNING,
	  "one name is spelled in two ways, so its records are joined", NULL },
	{ "SEC901", "takeover-candidate", SEVERITY_WARNING,
	  "a record points to a name of a service where anybody can take a name",
	  check_takeover_candidate },
	{ "SEC902", "private-name-leaks", SEVERITY_WARNING,
	  "a network asks the Internet for a private zone's names, and networks connected with it "
	  "have the zone; or a rule's `on` lets names out",
	  check_private_name_leaks },
	{ "SEC903", "private-suffix-to-public-server", SEVERITY_ERROR,
	  "a rule asks a server of the public Internet for the names of a private zone",
	  check_private_suffix_to_public },
	{ "SEC904", "foreign-override", SEVERITY_WARNING,
	  "a zone or rule of another account takes names that the VPC's own account serves",
	  check_foreign_override },
	{ "SEC905", "borrowed-suffix", SEVERITY_NOTE,
	  "a private zone stands below a domain that others can register, or below .local",
	  check_borrowed_suffix },
	{ "SEC906", "resolver-security-group", SEVERITY_WARNING,
	  "the security groups of an endpoint let 53/udp through and not 53/tcp, or let "
	  "everybody in",
	  check_resolver_security_group },
	{ "SEC907", "signed-parent-unsigned-child", SEVERITY_ERROR,
	  "a VPC that validates DNSSEC forwards a name that a signed public zone does not "
	  "delegate",
	  check_unsigned_child },
	{ "SEC908", "firewall-blocks-own-name", SEVERITY_WARNING,
	  "DNS Firewall blocks names that a zone of the VPC has",
	  check_firewall_blocks },
	{ "SEC909", "apex-wildcard", SEVERITY_NOTE,
	  "a wildcard right below a private zone's name",
	  check_apex_wildcard },
	{ "ZON101", "same-name-zones-differ", SEVERITY_ERROR,
	  "connected networks see two zones of one name that give different answers",
	  check_same_name_zones_differ },
	{ "ZON102", "same-name-zones-identical", SEVERITY_NOTE,
	  "connected networks see two zones of one name with equal data: copies that will drift",
	  check_same_name_zones_identical },
	{ "ZON103", "record-hidden-by-child-zone", SEVERITY_ERROR,
	  "a zone of a longer name takes records of a zone away (a warning where some network "
	  "reads them)", check_record_hidden_by_child_zone },
	{ "ZON104", "child-zone-seen-by-one-peer", SEVERITY_ERROR,
	  "connected networks share a zone, and only one of them has its child zone",
	  check_child_zone_seen_by_one_peer },
	{ "ZON105", "zone-twice-in-view", SEVERITY_WARNING,
	  "a network gets two zones of one name, directly and by Profile, or by two Profiles",
	  check_zone_twice_in_view },
	{ "ZON106", "private-hides-public", SEVERITY_ERROR,
	  "a private zone covers names that a public zone of the estate has and lacks them",
	  check_private_hides_public },
	{ "ZON107", "zone-swallows-foreign-space", SEVERITY_WARNING,
	  "a private zone is named as a top-level domain, a public suffix or a domain of a "
	  "provider",
	  check_zone_swallows_foreign },
	{ "ZON108", "empty-zone", SEVERITY_WARNING,
	  "a zone has no records but SOA and NS: nothing exists at or below its name",
	  check_empty_zone },
	{ "ZON109", "dead-zone", SEVERITY_WARNING,
	  "rules or other zones of its name come before a zone in all of its networks",
	  check_dead_zone },
	{ "ZON110", "endpoint-zone-misnamed", SEVERITY_WARNING,
	  "a record that leads to an interface endpoint is named unlike its service",
	  check_endpoint_zone_misnamed },
	{ "ZON111", "endpoint-private-dns-clash", SEVERITY_ERROR,
	  "a VPC has an interface endpoint with private DNS and a zone of that name",
	  check_private_dns_clash },
	{ "ZON112", "odd-one-out", SEVERITY_WARNING,
	  "all networks of a group but one have a zone of some name",
	  check_odd_one_out },
	{ "ZON113", "orphan-zone", SEVERITY_WARNING,
	  "a private zone is associated with no network and in no Profile",
	  check_orphan_zone },
};

const struct lint_check *
lint_checks(size_t *count)
{
	*count = COUNT_OF(checks);
	return checks;
}

static bool
begins_so(const char *code, const char *beginning)
{
	return *beginning && strncmp(code, beginning, strlen(beginning)) == 0;
}

bool
lint_code_exists(const char *code)
{
	for (size_t i = 0; i < COUNT_OF(checks); i++)
		if (begins_so(checks[i].code, code))
			return true;
	return false;
}

bool
lint_chosen(const struct lint_choice *choice, const char *code)
{
	bool chosen = !choice->select;

	for (size_t i = 0; i < choice->select_count; i++)
		chosen |= begins_so(code, choice->select[i]);
	for (size_t i = 0; i < choice->ignore_count; i++)
		chosen &= !begins_so(code, choice->ignore[i]);
	return chosen;
}

enum status
lint_run(const struct estate *estate, const struct snapshot *snap, enum severity least,
	 struct diags *diags)
{
	return lint_run_chosen(estate, snap, &(struct lint_choice){ .least = least }, diags);
}

enum status
lint_run_chosen(const struct estate *estate, const struct snapshot *snap,
		const struct lint_choice *choice, struct diags *diags)
{
	struct lint lint;
	enum status status = lint_init(&lint, estate, snap, choice->least, diags);

	lint.work_left = choice->work ? choice->work : LINT_WORK;
	lint.base = choice->base;
	lint.base_snap = choice->base_snap;
	adopt_choose(diags, choice);
	for (size_t i = 0; status == OK && i < COUNT_OF(checks); i++) {
		const struct lint_check *check = &checks[i];

		if (check->run && check->severity >= choice->least &&
		    lint_chosen(choice, check->code))
			check->run(&lint, check);
		if (lint.nomem)
			status = ERR_NOMEM;
	}
	if (status == OK && lint.broken)
		status = ERR_MALFORMED;
	lint_fini(&lint);
	return status;
}
