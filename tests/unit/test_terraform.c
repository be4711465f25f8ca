#include "load/terraform.h"

#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "base/text.h"
#include "dns/codes.h"
#include "dns/name.h"
#include "load/config.h"
#include "load/terraform_model.h"
#include "load/zonefile.h"
#include "unit/files.h"
#include "unit/unit.h"

#define FILES_MOST 3

/*
 * Up to three files in JSON, ' for ", what is found wrong, and the estate: only its parts of
 * the row's concern are compared (`estate` is looked for in all of it).
 */
struct row {
	int line;
	const char *files[FILES_MOST];
	const char *codes, *estate;
};

/* --- an estate in one line */

static void
put_refs(struct text *out, const struct ref *refs)
{
	for (; refs; refs = refs->next)
		text_printf(out, " %s", refs->id);
}

static void
put_networks(struct text *out, const struct estate *estate)
{
	char buf[ADDR_TEXT_MAX];

	for (const struct network *n = estate->networks; n; n = n->next) {
		text_printf(out, "vpc %s %s %s%s%s%s:", n->id, n->region,
			    n->owner_id ? n->owner_id : "-", n->enable_dns_support ? " s" : "",
			    n->enable_dns_hostnames ? " h" : "",
			    n->autodefined_reverse == AUTODEFINED_REVERSE_DISABLED ? " r" : "");
		for (const struct cidr *c = n->cidr_blocks; c; c = c->next)
			text_printf(out, " %s", prefix_print(&c->prefix, buf));
		text_append(out, "; ");
	}
	for (const struct peering *p = estate->peerings; p; p = p->next)
		text_printf(out, "peering %s %s: %s%s %s%s; ", p->id, p->status, p->requester.id,
			    p->requester_allows_remote_dns ? "+" : "", p->accepter.id,
			    p->accepter_allows_remote_dns ? "+" : "");
	for (const struct transit_gateway *g = estate->transit_gateways; g; g = g->next) {
		text_printf(out, "tgw %s%s:", g->id, g->dns_support ? "" : " off");
		put_refs(out, g->vpcs);
		text_append(out, "; ");
	}
}

static void
put_set(struct text *out, const struct record_set *set)
{
	const struct routing *r = set->routing;
	char name[NAME_TEXT_MAX], type[CODE_TEXT_MAX];

	text_printf(out, ", %s %u %s", name_print(set->owner, name), set->ttl_s,
		    type_print(set->type, type));
	for (unsigned i = 0; i < set->value_count; i++) {
		text_append(out, " ");
		assert_int_equal(rdata_print(set->type, set->values[i], out), OK);
	}
	if (set->alias)
		text_printf(out, " -> %s %s%s", name_print(set->alias->dns_name, name),
			    set->alias->hosted_zone,
			    set->alias->evaluate_target_health ? " healthy" : "");
	if (r)
		text_printf(out, " [%u %s %u %s %s%s%s %d%s%s]", r->policy,
			    r->set_identifier ? r->set_identifier : "-", r->weight,
			    r->region ? r->region : "-", r->continent ? r->continent : "",
			    r->country ? r->country : "", r->subdivision ? r->subdivision : "",
			    r->bias, r->has_coordinates ? " @" : "",
			    r->health_check ? r->health_check : "");
}

static void
put_zones(struct text *out, const struct estate *estate)
{
	char name[NAME_TEXT_MAX];

	for (const struct hosted_zone *z = estate->zones; z; z = z->next) {
		text_printf(out, "zone %s %s%s:", z->id, name_print(z->name, name),
			    z->public_zone ? " public" : "");
		put_refs(out, z->networks);
		for (const struct record_set *s = z->sets; s; s = s->next)
			put_set(out, s);
		text_append(out, "; ");
	}
	for (const struct health_check *h = estate->health_checks; h; h = h->next) {
		text_printf(out, "check %s %u %u %ju:", h->id, h->type, h->failure_threshold,
			    (uintmax_t)h->request_interval_ms);
		put_refs(out, h->children);
		text_append(out, "; ");
	}
}

static void
put_targets(struct text *out, const struct target *targets)
{
	char buf[ADDR_TEXT_MAX];

	for (; targets; targets = targets->next)
		text_printf(out, " %s", targets->addr.port && targets->addr.port != 53
					? addr_print_port(&targets->addr, buf)
					: addr_print(&targets->addr, buf));
}

static void
put_resolver(struct text *out, const struct estate *estate)
{
	char name[NAME_TEXT_MAX];

	for (const struct resolver_endpoint *e = estate->endpoints; e; e = e->next) {
		text_printf(out, "endpoint %s %u %s %u:", e->id, e->direction, e->vpc.id,
			    e->protocols);
		put_targets(out, e->ip_addresses);
		text_append(out, "; ");
	}
	for (const struct resolver_rule *r = estate->rules; r; r = r->next) {
		text_printf(out, "rule %s %u %s %s:", r->id, r->type,
			    r->domain_name ? name_print(r->domain_name, name) : "-",
			    r->endpoint.id ? r->endpoint.id : "-");
		put_targets(out, r->targets);
		text_append(out, " for");
		put_refs(out, r->networks);
		text_append(out, "; ");
	}
	for (const struct profile *p = estate->profiles; p; p = p->next) {
		text_printf(out, "profile %s:", p->id);
		put_refs(out, p->zones);
		text_append(out, " /");
		put_refs(out, p->rules);
		text_append(out, " for");
		for (const struct profile_association *a = p->associations; a; a = a->next)
			text_printf(out, " %s", a->vpc.id);
		text_append(out, "; ");
	}
	for (const struct skipped *s = estate->skipped; s; s = s->next)
		text_printf(out, "skipped %s; ", s->what);
}

static void
put_permissions(struct text *out, const char *way, const struct ip_permission *p)
{
	char buf[ADDR_TEXT_MAX];

	for (; p; p = p->next) {
		text_printf(out, " %s %d %u-%u", way, p->ip_protocol, p->from_port, p->to_port);
		for (const struct cidr *c = p->cidr_blocks; c; c = c->next)
			text_printf(out, " %s", prefix_print(&c->prefix, buf));
		put_refs(out, p->security_groups);
		text_printf(out, "%s;", p->others ? " others" : "");
	}
}

static void
put_insides(struct text *out, const struct estate *estate)
{
	char buf[ADDR_TEXT_MAX];

	for (const struct subnet *s = estate->subnets; s; s = s->next) {
		text_printf(out, "subnet %s %s %s:", s->id, s->vpc.id,
			    s->availability_zone ? s->availability_zone : "-");
		for (const struct cidr *c = s->cidr_blocks; c; c = c->next)
			text_printf(out, " %s", prefix_print(&c->prefix, buf));
		text_append(out, "; ");
	}
	for (const struct security_group *g = estate->security_groups; g; g = g->next) {
		text_printf(out, "group %s %s:", g->id, g->vpc.id);
		put_permissions(out, "in", g->ip_permissions);
		put_permissions(out, "out", g->ip_permissions_egress);
		text_append(out, " ");
	}
	for (const struct dhcp_options *o = estate->dhcp_options; o; o = o->next) {
		text_printf(out, "dhcp %s:", o->id);
		for (const struct string_item *s = o->domain_name_servers; s; s = s->next)
			text_printf(out, " %s", s->text);
		text_append(out, " for");
		put_refs(out, o->vpcs);
		text_append(out, "; ");
	}
}

static void
put_routes(struct text *out, const struct estate *estate)
{
	char buf[ADDR_TEXT_MAX];

	for (const struct route_table *t = estate->route_tables; t; t = t->next) {
		text_printf(out, "routes %s %s%s:", t->id, t->vpc.id, t->main ? " main" : "");
		for (const struct vpc_route *r = t->routes; r; r = r->next) {
			const char *const ids[] = {
				r->vpc_peering_connection.id, r->transit_gateway.id, r->gateway,
				r->nat_gateway, r->network_interface,
			};

			text_printf(out, " %s", r->destination_prefix_list
						? r->destination_prefix_list
						: prefix_print(&r->destination_cidr_block, buf));
			for (size_t i = 0; i < COUNT_OF(ids); i++)
				if (ids[i])
					text_printf(out, " %c=%s", "ptgni"[i], ids[i]);
			text_append(out, r->state == ROUTE_BLACKHOLE ? " gone," : ",");
		}
		text_append(out, " for");
		put_refs(out, t->subnets);
		text_append(out, "; ");
	}
	for (const struct managed_prefix_list *p = estate->prefix_lists; p; p = p->next) {
		text_printf(out, "list %s:", p->id);
		for (const struct cidr *c = p->cidr_blocks; c; c = c->next)
			text_printf(out, " %s", prefix_print(&c->prefix, buf));
		text_append(out, "; ");
	}
}

static void
put_endpoints(struct text *out, const struct estate *estate)
{
	char buf[ADDR_TEXT_MAX], name[NAME_TEXT_MAX];

	for (const struct network_acl *a = estate->network_acls; a; a = a->next) {
		text_printf(out, "acl %s %s%s:", a->id, a->vpc.id, a->is_default ? " default" : "");
		for (const struct acl_entry *e = a->entries; e; e = e->next)
			text_printf(out, " %u %s %s %d %u-%u %s,", e->rule_number,
				    e->egress ? "out" : "in",
				    e->rule_action == ACL_ALLOW ? "allow" : "deny", e->protocol,
				    e->from_port, e->to_port, prefix_print(&e->cidr_block, buf));
		text_append(out, " for");
		put_refs(out, a->subnets);
		text_append(out, "; ");
	}
	for (const struct network_interface *n = estate->network_interfaces; n; n = n->next) {
		text_printf(out, "interface %s %s %s:", n->id, n->vpc.id,
			    n->subnet.id ? n->subnet.id : "-");
		put_targets(out, n->private_ip_addresses);
		text_append(out, " /");
		put_refs(out, n->security_groups);
		text_append(out, "; ");
	}
	for (const struct vpc_endpoint *e = estate->vpc_endpoints; e; e = e->next) {
		text_printf(out, "vpce %s %s %s %u%s:", e->id, e->vpc.id, e->service_name, e->type,
			    e->private_dns_enabled ? " private" : "");
		for (const struct dns_entry *d = e->dns_entries; d; d = d->next)
			text_printf(out, " %s %s", name_print(d->dns_name, name),
				    d->hosted_zone ? d->hosted_zone : "-");
		text_append(out, " /");
		put_refs(out, e->subnets);
		text_append(out, " /");
		put_refs(out, e->security_groups);
		text_append(out, " /");
		put_refs(out, e->network_interfaces);
		text_append(out, "; ");
	}
}

/* --- files */

static void
write_json(struct files *files, const char *name, const char *text)
{
	struct text json;

	text_init(&json);
	text_append(&json, "");
	for (; *text; text++)
		text_append_len(&json, *text == '\'' ? "\"" : text, 1);
	assert_true(files_write(files, name, json.data));
	text_fini(&json);
}

struct loaded {
	struct files files;
	struct arena arena;
	struct diags diags;
	struct estate estate;
	enum status status;
};

static void
load(struct loaded *l, const char *const *json, size_t count)
{
	static const char *const names[FILES_MOST] = { "a.json", "b.json", "c.json" };
	char paths[FILES_MOST][FILES_PATH_MAX];
	const char *list[FILES_MOST];
	size_t used = 0;

	assert_true(files_init(&l->files));
	for (size_t i = 0; i < count && json[i]; i++) {
		write_json(&l->files, names[i], json[i]);
		snprintf(paths[i], sizeof(paths[i]), "%s", files_path(&l->files, names[i]));
		list[used++] = paths[i];
	}
	arena_init(&l->arena, SIZE_MAX);
	diags_init(&l->diags, &l->arena, 0);
	estate_init(&l->estate, (size_t)64 << 20);
	l->status = config_load_all(list, used, NULL, &l->estate, &l->diags);
}

static void
unload(struct loaded *l)
{
	estate_fini(&l->estate);
	arena_fini(&l->arena);
	files_fini(&l->files);
}

static void
check_row(const struct row *row)
{
	char codes[512] = "";
	struct loaded l;
	struct text told;

	load(&l, row->files, FILES_MOST);
	for (const struct finding *f = l.diags.first; f; f = f->next)
		snprintf(codes + strlen(codes), sizeof(codes) - strlen(codes), "%s ", f->code);
	text_init(&told);
	text_append(&told, "");
	put_networks(&told, &l.estate);
	put_zones(&told, &l.estate);
	put_resolver(&told, &l.estate);
	put_insides(&told, &l.estate);
	put_routes(&told, &l.estate);
	put_endpoints(&told, &l.estate);
	if (strcmp(codes, row->codes) != 0 || !strstr(told.data, row->estate))
		fail_msg("line %d: \"%s\" %s\n%s", row->line, codes,
			 l.diags.first ? l.diags.first->message : "", told.data);
	text_fini(&told);
	unload(&l);
}

/* --- states: resources with all their values, in the forms of both commands */

#define STATE(resources)							\
	"{'format_version':'1.0','terraform_version':'1.11.4','values':{'root_module':"	\
	"{'resources':[" resources "]}}}"
#define RAW(resources)								\
	"{'version':4,'terraform_version':'1.11.4','serial':3,'lineage':'a',"	\
	"'outputs':{},'resources':[" resources "],'check_results':null}"
#define R(type, name, values)							\
	"{'address':'" type "." name "','mode':'managed','type':'" type "','name':'" name \
	"','provider_name':'registry.terraform.io/hashicorp/aws','schema_version':1," \
	"'values':{" values "},'sensitive_values':{}}"
#define D(type, name, values)							\
	"{'address':'data." type "." name "','mode':'data','type':'" type "','name':'" name \
	"','provider_name':'registry.terraform.io/hashicorp/aws','schema_version':1," \
	"'values':{" values "},'sensitive_values':{}}"
#define VPC(id, block)								\
	R("aws_vpc", id, "'id':'" id "','arn':'arn:aws:ec2:eu-west-1:111122223333:vpc/" id \
	  "','cidr_block':'" block "','enable_dns_support':true,"			\
	  "'enable_dns_hostnames':true,'ipv6_cidr_block':'','owner_id':'111122223333'")
#define ZONE(id, zone, vpcs)							\
	R("aws_route53_zone", id, "'id':'" id "','zone_id':'" id "','name':'" zone	\
	  "','comment':'Managed by Terraform','vpc':[" vpcs "]")
#define IN(vpc) "{'vpc_id':'" vpc "','vpc_region':'eu-west-1'}"
#define SET(name, values) R("aws_route53_record", name, "'zone_id':'Z1'," values)
#define BASE VPC("v1", "10.1.0.0/16") "," ZONE("Z1", "corp.example", IN("v1"))

static const struct row states[] = {
	/* VPCs */
	{ __LINE__, { STATE(VPC("v1", "10.1.0.0/16")) }, "",
	  "vpc v1 eu-west-1 111122223333 s h: 10.1.0.0/16; " },
	{ __LINE__, { STATE(R("aws_vpc", "m", "'id':'v1','cidr_block':'10.1.0.0/16',"
			      "'region':'eu-west-3','enable_dns_support':false,"
			      "'enable_dns_hostnames':false,'ipv6_cidr_block':'fd00::/56',"
			      "'owner_id':null")) }, "",
	  "vpc v1 eu-west-3 -: 10.1.0.0/16 fd00::/56; " },
	{ __LINE__, { STATE(VPC("v1", "10.1.0.0/16") ","
			    R("aws_vpc_ipv4_cidr_block_association", "x",
			      "'vpc_id':'v1','cidr_block':'10.9.0.0/16'") ","
			    R("aws_vpc_ipv4_cidr_block_association", "y",
			      "'vpc_id':'v9','cidr_block':'10.8.0.0/16'") ","
			    R("aws_route53_resolver_config", "c",
			      "'resource_id':'v1','autodefined_reverse_flag':'DISABLE'")) }, "",
	  "s h r: 10.1.0.0/16 10.9.0.0/16; "
	  "skipped aws_vpc_ipv4_cidr_block_association.y: VPC v9 is not here; " },
	{ __LINE__, { STATE(D("aws_vpc", "d", "'id':'v2','cidr_block':'10.2.0.0/16',"
			      "'cidr_block_associations':[{'cidr_block':'10.2.0.0/16','state':"
			      "'associated'},{'cidr_block':'10.3.0.0/16','state':'associated'},"
			      "{'cidr_block':'10.4.0.0/16','state':'disassociated'}],"
			      "'enable_dns_hostnames':true,'enable_dns_support':true,"
			      "'owner_id':'1'")) }, "",
	  "vpc v2  1 s h: 10.2.0.0/16 10.3.0.0/16; " },
	/* a data source of what is managed elsewhere */
	{ __LINE__, { STATE(D("aws_vpc", "d", "'id':'v1','cidr_block':'10.1.0.0/16'")),
		      STATE(VPC("v1", "10.1.0.0/16")) }, "",
	  "vpc v1 eu-west-1 111122223333 s h: 10.1.0.0/16; " },
	/* peerings */
	{ __LINE__, { STATE(VPC("v1", "10.1.0.0/16") "," VPC("v2", "10.2.0.0/16") ","
			    R("aws_vpc_peering_connection", "p", "'id':'pcx-1','vpc_id':'v1',"
			      "'peer_vpc_id':'v2','accept_status':'active','accepter':"
			      "[{'allow_remote_vpc_dns_resolution':true}],'requester':"
			      "[{'allow_remote_vpc_dns_resolution':false}]")) }, "",
	  "peering pcx-1 active: v1 v2+; " },
	{ __LINE__, { STATE(VPC("v1", "10.1.0.0/16") ","
			    R("aws_vpc_peering_connection", "p", "'id':'pcx-1','vpc_id':'v1',"
			      "'peer_vpc_id':'v2','accept_status':'pending-acceptance',"
			      "'accepter':[],'requester':[]")),
		      STATE(VPC("v2", "10.2.0.0/16") ","
			    R("aws_vpc_peering_connection_options", "o",
			      "'vpc_peering_connection_id':'pcx-1','accepter':[],'requester':"
			      "[{'allow_remote_vpc_dns_resolution':true}]")) }, "",
	  "peering pcx-1 pending-acceptance: v1+ v2; " },
	{ __LINE__, { STATE(VPC("v1", "10.1.0.0/16") "," VPC("v2", "10.2.0.0/16") ","
			    R("aws_vpc_peering_connection_accepter", "a", "'id':'pcx-1',"
			      "'vpc_peering_connection_id':'pcx-1','vpc_id':'v2',"
			      "'peer_vpc_id':'v1','accept_status':'active','accepter':"
			      "[{'allow_remote_vpc_dns_resolution':true}],'requester':[]")) }, "",
	  "peering pcx-1 active: v1 v2+; " },
	/* transit gateways, also of another account */
	{ __LINE__, { STATE(VPC("v1", "10.1.0.0/16") "," VPC("v2", "10.2.0.0/16") ","
			    R("aws_ec2_transit_gateway", "t", "'id':'tgw-1','dns_support':"
			      "'disable'") ","
			    R("aws_ec2_transit_gateway_vpc_attachment", "a",
			      "'transit_gateway_id':'tgw-1','vpc_id':'v1'") ","
			    R("aws_ec2_transit_gateway_vpc_attachment", "b",
			      "'transit_gateway_id':'tgw-2','vpc_id':'v2'")) }, "",
	  "tgw tgw-1 off: v1; tgw tgw-2: v2; " },
	/* zones: in the block, associated, both; public; of Cloud Map */
	{ __LINE__, { STATE(BASE "," VPC("v2", "10.2.0.0/16") ","
			    R("aws_route53_zone_association", "a", "'zone_id':'Z1','vpc_id':'v2'")
			    "," R("aws_route53_zone_association", "b",
				  "'zone_id':'Z1','vpc_id':'v1'") ","
			    R("aws_route53_vpc_association_authorization", "c",
			      "'zone_id':'Z1','vpc_id':'v2'")) }, "",
	  "zone Z1 corp.example.: v1 v2; "
	  "skipped aws_route53_vpc_association_authorization.c; " },
	{ __LINE__, { STATE(ZONE("Z2", "corp.example", "")) }, "",
	  "zone Z2 corp.example. public:; " },
	{ __LINE__, { STATE(VPC("v1", "10.1.0.0/16") ","
			    R("aws_service_discovery_private_dns_namespace", "n", "'id':'ns-1',"
			      "'hosted_zone':'Z3','name':'sd.example','vpc':'v1'")) }, "",
	  "zone Z3 sd.example.: v1; " },
	{ __LINE__, { STATE(BASE "," R("aws_route53_zone_association", "a",
				      "'zone_id':'Z9','vpc_id':'v1'")) }, "CFG002 ", "" },
	{ __LINE__, { STATE(BASE "," R("aws_route53_zone_association", "a",
				      "'zone_id':'Z1','vpc_id':'v9'")) }, "CFG002 ", "" },
	/* two accounts */
	{ __LINE__, { STATE(BASE), STATE(VPC("v2", "10.2.0.0/16") ","
					 R("aws_route53_zone_association", "a",
					   "'zone_id':'Z1','vpc_id':'v2'")) }, "",
	  "zone Z1 corp.example.: v1 v2; " },
	{ __LINE__, { STATE(BASE), STATE(ZONE("Z1", "other.example", "")) }, "CFG007 ",
	  "zone Z1 corp.example.: v1; " },
	{ __LINE__, { STATE(BASE), STATE(BASE) }, "", "zone Z1 corp.example.: v1; " },
	/* record sets: names */
	{ __LINE__, { STATE(BASE "," SET("a", "'name':'www','type':'A','ttl':60,'records':"
				      "['10.1.0.1','10.1.0.2'],'alias':[]") ","
			    SET("b", "'name':'API.corp.example','type':'A','ttl':5,"
				"'records':['10.1.0.3']") ","
			    SET("c", "'name':'','type':'TXT','ttl':5,'records':"
				"['v=1','a\\\" \\\"b','\\\\303\\\\244']") ","
			    SET("d", "'name':'x','fqdn':'*.x.corp.example','type':'CNAME',"
				"'ttl':5,'records':['t.example']") ","
			    SET("e", "'name':'\\\\052.y','type':'MX','ttl':5,'records':"
				"['10 m.corp.example.']")) }, "",
	  ": v1, www.corp.example. 60 A 10.1.0.1 10.1.0.2, api.corp.example. 5 A 10.1.0.3,"
	  " corp.example. 5 TXT \"v=1\" \"a\" \"b\" \"\\195\\164\","
	  " *.x.corp.example. 5 CNAME t.example., *.y.corp.example. 5 MX 10 m.corp.example.; " },
	/* routing */
	{ __LINE__, { STATE(BASE "," SET("a", "'name':'w','type':'A','ttl':60,'records':"
				      "['10.1.0.1'],'set_identifier':'s','weighted_routing_policy'"
				      ":[{'weight':0}],'health_check_id':'hc'") ","
			    SET("b", "'name':'f','type':'A','ttl':60,'records':['10.1.0.1'],"
				"'set_identifier':'s','failover_routing_policy':[{'type':"
				"'PRIMARY'}],'latency_routing_policy':[]") ","
			    SET("c", "'name':'l','type':'A','ttl':60,'records':['10.1.0.1'],"
				"'set_identifier':'s','latency_routing_policy':[{'region':"
				"'eu-west-1'}]") ","
			    R("aws_route53_health_check", "h", "'id':'hc','type':'TCP',"
			      "'ip_address':'10.1.0.1','port':443,'request_interval':10,"
			      "'failure_threshold':5") ","
			    R("aws_route53_health_check", "i", "'id':'hd','type':'CALCULATED',"
			      "'port':0,'request_interval':0,'failure_threshold':0,"
			      "'child_healthchecks':['hc'],'child_health_threshold':1") ","
			    R("aws_route53_health_check", "j", "'id':'he','type':"
			      "'CLOUDWATCH_METRIC','cloudwatch_alarm_name':'a'")) }, "",
	  ", w.corp.example. 60 A 10.1.0.1 [2 s 0 -  0hc], f.corp.example. 60 A 10.1.0.1 [3 s 0 -"
	  "  0], l.corp.example. 60 A 10.1.0.1 [4 s 0 eu-west-1  0]; "
	  "check hc 0 5 10000:; check hd 5 3 30000: hc; check he 6 3 30000:; " },
	{ __LINE__, { STATE(BASE "," SET("a", "'name':'g','type':'A','ttl':60,'records':"
				      "['10.1.0.1'],'set_identifier':'s','geolocation_routing_"
				      "policy':[{'continent':'','country':'US','subdivision':"
				      "'CA'}]") ","
			    SET("b", "'name':'p','type':'A','ttl':60,'records':['10.1.0.1'],"
				"'set_identifier':'s','geoproximity_routing_policy':[{'bias':7,"
				"'aws_region':'','coordinates':[{'latitude':'1.5','longitude':"
				"'-2'}],'local_zone_group':''}]") ","
			    SET("c", "'name':'m','type':'A','ttl':60,'records':['10.1.0.1'],"
				"'set_identifier':'s','multivalue_answer_routing_policy':true") ","
			    SET("d", "'name':'c','type':'A','ttl':60,'records':['10.1.0.1'],"
				"'set_identifier':'s','cidr_routing_policy':[{'collection_id':"
				"'c','location_name':'l'}]")) }, "CFG006 ",
	  ", g.corp.example. 60 A 10.1.0.1 [5 s 0 - USCA 0], p.corp.example. 60 A 10.1.0.1 [6 s 0 "
	  "-  7 @], m.corp.example. 60 A 10.1.0.1 [1 s 0 -  0]; " },
	{ __LINE__, { STATE(BASE "," SET("a", "'name':'al','type':'A','ttl':0,'records':null,"
				      "'alias':[{'name':'w.corp.example','zone_id':'Z1',"
				      "'evaluate_target_health':true}]") ","
			    R("aws_route53_records_exclusive", "x", "'zone_id':'Z1',"
			      "'resource_record_set':[{'name':'w.corp.example','type':'A','ttl':"
			      "30,'resource_records':[{'value':'10.1.0.9'}],'weight':3,"
			      "'set_identifier':'q','alias_target':[]},{'name':"
			      "'t.corp.example','type':'TXT','ttl':30,'resource_records':"
			      "[{'value':'\\\"t\\\"'}]},{'name':'b.corp.example','type':'A',"
			      "'alias_target':[{'dns_name':'w.corp.example','hosted_zone_id':"
			      "'Z1','evaluate_target_health':false}]}]")) }, "",
	  ", al.corp.example. 0 A -> w.corp.example. Z1 healthy, w.corp.example. 30 A 10.1.0.9 "
	  "[2 q 3 -  0], t.corp.example. 30 TXT \"t\", b.corp.example. 0 A -> w.corp.example. Z1; "
	},
	{ __LINE__, { STATE(BASE "," R("aws_route53_record", "a", "'zone_id':'Z9','name':'x',"
				      "'type':'A','ttl':60,'records':['10.1.0.1']")) }, "CFG002 ",
	  "" },
	/* resolver */
	{ __LINE__, { STATE(BASE "," R("aws_route53_resolver_endpoint", "o", "'id':'rslvr-out-1',"
				      "'direction':'OUTBOUND','host_vpc_id':'v1','protocols':"
				      "['Do53','DoH-FIPS'],'ip_address':[{'ip':'10.1.0.10','ipv6':"
				      "'','subnet_id':'s'},{'ip':'','ipv6':'fd00::1'}]") ","
			    R("aws_route53_resolver_rule", "r", "'id':'rslvr-rr-1','domain_name':"
			      "'dc.example','rule_type':'FORWARD','resolver_endpoint_id':"
			      "'rslvr-out-1','target_ip':[{'ip':'192.168.0.53','ipv6':'','port':"
			      "5353,'protocol':'Do53'},{'ip':'','ipv6':'fd00::53','port':0}]") ","
			    R("aws_route53_resolver_rule", "s", "'id':'rslvr-rr-2','domain_name':"
			      "'.','rule_type':'SYSTEM','resolver_endpoint_id':'','target_ip':[]")
			    "," R("aws_route53_resolver_rule_association", "a",
				  "'resolver_rule_id':'rslvr-rr-1','vpc_id':'v1'") ","
			    R("aws_route53_resolver_rule_association", "b", "'resolver_rule_id':"
			      "'rslvr-autodefined-rr-internet-resolver','vpc_id':'v1'")) },
	  "not-yet ",
	  "endpoint rslvr-out-1 1 v1 3: 10.1.0.10 fd00::1; rule rslvr-rr-1 0 dc.example. "
	  "rslvr-out-1: 192.168.0.53:5353 fd00::53 for v1; rule rslvr-rr-2 1 . -: for; "
	  "skipped aws_route53_resolver_rule_association.b: "
	  "rslvr-autodefined-rr-internet-resolver is built in; " },
	{ __LINE__, { STATE(BASE "," R("aws_route53_resolver_rule_association", "a",
				      "'resolver_rule_id':'rslvr-rr-1','vpc_id':'v1'")) },
	  "CFG002 ", "" },
	{ __LINE__, { STATE(BASE "," R("aws_route53profiles_profile", "p", "'id':'rp-1','name':"
				      "'p'") ","
			    R("aws_route53profiles_association", "a", "'profile_id':'rp-1',"
			      "'resource_id':'v1'") ","
			    R("aws_route53profiles_resource_association", "z", "'profile_id':"
			      "'rp-1','resource_arn':'arn:aws:route53:::hostedzone/Z1'") ","
			    R("aws_route53profiles_resource_association", "f", "'profile_id':"
			      "'rp-1','resource_arn':'arn:aws:route53resolver:eu-west-1:1:"
			      "firewall-rule-group/x'")) }, "CFG006 ",
	  "profile rp-1: Z1 / for v1; " },
	/* what is inside a VPC */
	{ __LINE__, { STATE(BASE "," R("aws_subnet", "s", "'id':'subnet-1','vpc_id':'v1',"
				      "'cidr_block':'10.1.0.0/24','availability_zone':'a'") ","
			    R("aws_security_group", "g", "'id':'sg-1','vpc_id':'v1','name':'g',"
			      "'ingress':[{'from_port':53,'to_port':53,'protocol':'udp',"
			      "'cidr_blocks':['10.0.0.0/8'],'security_groups':[],'self':true},{"
			      "'from_port':0,'to_port':0,'protocol':'-1','cidr_blocks':[],"
			      "'security_groups':['123/sg-9']}],'egress':[]") ","
			    R("aws_security_group_rule", "r", "'type':'egress',"
			      "'security_group_id':'sg-1','from_port':0,'to_port':0,'protocol':"
			      "'all','cidr_blocks':['0.0.0.0/0'],'ipv6_cidr_blocks':['::/0']") ","
			    R("aws_vpc_security_group_ingress_rule", "i", "'security_group_id':"
			      "'sg-1','ip_protocol':'tcp','from_port':53,'to_port':53,'cidr_ipv4':"
			      "'10.2.0.0/16'") ","
			    R("aws_vpc_dhcp_options", "d", "'id':'dopt-1','domain_name_servers':"
			      "['10.1.0.2','AmazonProvidedDNS']") ","
			    R("aws_vpc_dhcp_options_association", "d", "'dhcp_options_id':'dopt-1',"
			      "'vpc_id':'v1'")) }, "",
	  "subnet subnet-1 v1 a: 10.1.0.0/24; group sg-1 v1: in 17 53-53 10.0.0.0/8 sg-1; in 256 "
	  "0-65535 others; in 6 53-53 10.2.0.0/16; out 256 0-65535 0.0.0.0/0 ::/0; dhcp dopt-1: "
	  "10.1.0.2 AmazonProvidedDNS for v1; " },
	/* route tables: inline, of their own, seen twice; the main one; what is gone */
	{ __LINE__, { STATE(BASE "," VPC("v2", "10.2.0.0/16") ","
			    R("aws_subnet", "s", "'id':'subnet-1','vpc_id':'v1',"
			      "'cidr_block':'10.1.0.0/24'") ","
			    R("aws_vpc_peering_connection", "p", "'id':'pcx-1','vpc_id':'v1',"
			      "'peer_vpc_id':'v2','accept_status':'active'") ","
			    R("aws_route_table", "a", "'id':'rtb-1','vpc_id':'v1','route':[{"
			      "'cidr_block':'10.2.0.0/16','ipv6_cidr_block':'','gateway_id':'',"
			      "'vpc_peering_connection_id':'pcx-9'},{'cidr_block':'0.0.0.0/0',"
			      "'nat_gateway_id':'nat-1'},{'cidr_block':'','ipv6_cidr_block':'::/0',"
			      "'egress_only_gateway_id':'eigw-1'},{'cidr_block':'10.9.0.0/16',"
			      "'gateway_id':''}],'propagating_vgws':['vgw-1']") ","
			    R("aws_route", "r", "'route_table_id':'rtb-1',"
			      "'destination_cidr_block':'10.2.0.0/16','vpc_peering_connection_id':"
			      "'pcx-1','instance_id':'','network_interface_id':'','state':'active'")
			    "," R("aws_route", "x", "'route_table_id':'rtb-9',"
				  "'destination_cidr_block':'10.3.0.0/16'") ","
			    R("aws_route", "t", "'route_table_id':'rtb-1','state':'blackhole',"
			      "'destination_prefix_list_id':'pl-1','transit_gateway_id':'tgw-9'")
			    "," R("aws_route_table_association", "s", "'subnet_id':'subnet-1',"
				  "'route_table_id':'rtb-1'") ","
			    R("aws_route_table_association", "g", "'gateway_id':'igw-1',"
			      "'subnet_id':'','route_table_id':'rtb-1'") ","
			    R("aws_route_table_association", "o", "'subnet_id':'subnet-9',"
			      "'route_table_id':'rtb-1'") ","
			    R("aws_default_route_table", "d", "'id':'rtb-2','vpc_id':'v1',"
			      "'default_route_table_id':'rtb-2','route':[]") ","
			    R("aws_route_table", "m", "'id':'rtb-3','vpc_id':'v2','route':[]") ","
			    R("aws_main_route_table_association", "m", "'vpc_id':'v2',"
			      "'route_table_id':'rtb-3'") ","
			    R("aws_default_route_table", "e", "'id':'rtb-4','vpc_id':'v2',"
			      "'route':[]") ","
			    R("aws_ec2_managed_prefix_list", "l", "'id':'pl-1','entry':[{'cidr':"
			      "'10.7.0.0/16','description':''}]") ","
			    R("aws_ec2_managed_prefix_list_entry", "e", "'prefix_list_id':'pl-1',"
			      "'cidr':'10.8.0.0/16'") ","
			    D("aws_prefix_list", "s3", "'id':'pl-2','cidr_blocks':['3.5.0.0/19']")
		      ) }, "",
	  "routes rtb-1 v1: 10.2.0.0/16 p=pcx-1, pl-1 g=tgw-9 gone, 0.0.0.0/0 n=nat-1, ::/0 "
	  "g=eigw-1, 10.9.0.0/16 g=none gone, unknown g=vgw-1, for subnet-1; routes rtb-2 v1 main: "
	  "for; routes rtb-3 v2 main: for; routes rtb-4 v2: for; list pl-1: 10.7.0.0/16 "
	  "10.8.0.0/16; list pl-2: 3.5.0.0/19; " },
	{ __LINE__, { STATE(BASE "," R("aws_route_table", "a", "'id':'rtb-1','vpc_id':'v1','route':"
				      "[]")), STATE(R("aws_route_table", "b", "'id':'rtb-1',"
				      "'vpc_id':'v1','route':[]")) }, "",
	  "routes rtb-1 v1: for; " },
	/* network ACLs: inline, of their own, seen twice; a subnet is of one */
	{ __LINE__, { STATE(BASE "," R("aws_subnet", "s", "'id':'subnet-1','vpc_id':'v1',"
				      "'cidr_block':'10.1.0.0/24'") ","
			    R("aws_subnet", "t", "'id':'subnet-2','vpc_id':'v1',"
			      "'cidr_block':'10.1.1.0/24'") ","
			    R("aws_network_acl", "a", "'id':'acl-1','vpc_id':'v1','subnet_ids':["
			      "'subnet-1','subnet-9'],'ingress':[{'rule_no':100,'action':'allow',"
			      "'protocol':'6','cidr_block':'10.0.0.0/8','ipv6_cidr_block':'',"
			      "'from_port':443,'to_port':443},{'rule_no':90,'action':'DENY',"
			      "'protocol':'-1','cidr_block':'','ipv6_cidr_block':'::/0',"
			      "'from_port':0,'to_port':0}],'egress':[]") ","
			    R("aws_network_acl_rule", "r", "'network_acl_id':'acl-1','rule_number':"
			      "100,'egress':false,'protocol':'tcp','rule_action':'allow',"
			      "'cidr_block':'10.0.0.0/8','from_port':443,'to_port':443") ","
			    R("aws_network_acl_rule", "e", "'network_acl_id':'acl-1','rule_number':"
			      "100,'egress':true,'protocol':'all','rule_action':'allow',"
			      "'cidr_block':'0.0.0.0/0','from_port':0,'to_port':0") ","
			    R("aws_default_network_acl", "d", "'id':'acl-2','vpc_id':'v1',"
			      "'default_network_acl_id':'acl-2','subnet_ids':['subnet-1',"
			      "'subnet-2'],'ingress':[],'egress':[]") ","
			    R("aws_network_acl", "b", "'id':'acl-3','vpc_id':'v1','subnet_ids':[]")
			    "," R("aws_network_acl_association", "b", "'network_acl_id':'acl-3',"
				  "'subnet_id':'subnet-2'")) }, "",
	  "acl acl-1 v1: 100 in allow 6 443-443 10.0.0.0/8, 100 out allow 256 0-65535 0.0.0.0/0, "
	  "90 in deny 256 0-65535 ::/0, for subnet-1; acl acl-2 v1 default: for; acl acl-3 v1: for "
	  "subnet-2; " },
	/* interfaces, endpoints of services, and the zones of these */
	{ __LINE__, { STATE(BASE "," R("aws_subnet", "s", "'id':'subnet-1','vpc_id':'v1',"
				      "'cidr_block':'10.1.0.0/24'") ","
			    R("aws_security_group", "g", "'id':'sg-1','vpc_id':'v1'") ","
			    R("aws_security_group", "h", "'id':'sg-2','vpc_id':'v1'") ","
			    R("aws_network_interface", "i", "'id':'eni-1','subnet_id':'subnet-1',"
			      "'private_ip':'10.1.0.9','private_ips':['10.1.0.9','10.1.0.10'],"
			      "'ipv6_addresses':['fd00::9'],'security_groups':['sg-1']") ","
			    D("aws_network_interface", "j", "'id':'eni-2','vpc_id':'v1','subnet_id'"
			      ":'subnet-9','private_ip':'10.1.9.9','security_groups':['sg-1',"
			      "'sg-9']") ","
			    R("aws_vpc_endpoint", "ssm", "'id':'vpce-1','vpc_id':'v1',"
			      "'service_name':'com.amazonaws.eu-west-1.ssm','vpc_endpoint_type':"
			      "'Interface','private_dns_enabled':true,'subnet_ids':['subnet-1'],"
			      "'security_group_ids':['sg-1'],'network_interface_ids':['eni-1',"
			      "'eni-7'],'dns_entry':[{'dns_name':'vpce-1.ssm.eu-west-1.vpce."
			      "amazonaws.com','hosted_zone_id':'Z7'},{'dns_name':"
			      "'ssm.eu-west-1.amazonaws.com','hosted_zone_id':'Z8'}]") ","
			    R("aws_vpc_endpoint_security_group_association", "a",
			      "'vpc_endpoint_id':'vpce-1','security_group_id':'sg-2'") ","
			    R("aws_vpc_endpoint", "x", "'id':'vpce-2','vpc_id':'v1','service_name':"
			      "'com.amazonaws.vpce.eu-west-1.vpce-svc-1','vpc_endpoint_type':"
			      "'Interface','private_dns_enabled':true,'subnet_ids':[],"
			      "'security_group_ids':['sg-9'],'dns_entry':[{'dns_name':"
			      "'vpce-2.x.vpce.amazonaws.com','hosted_zone_id':'Z7'},{'dns_name':"
			      "'*.x.example','hosted_zone_id':'Z8'},{'dns_name':'x.example',"
			      "'hosted_zone_id':'Z8'},{'dns_name':'corp.example','hosted_zone_id':"
			      "'Z9'}]") ","
			    R("aws_vpc_endpoint_subnet_association", "x", "'vpc_endpoint_id':"
			      "'vpce-2','subnet_id':'subnet-1'") ","
			    R("aws_vpc_endpoint", "s3", "'id':'vpce-3','vpc_id':'v1',"
			      "'service_name':'com.amazonaws.eu-west-1.s3','vpc_endpoint_type':"
			      "'Gateway','private_dns_enabled':false,'dns_entry':[]")) }, "",
	  "zone Z1 corp.example.: v1; zone Z8 ssm.eu-west-1.amazonaws.com.: v1, "
	  "ssm.eu-west-1.amazonaws.com. 60 A 10.1.0.9 10.1.0.10, ssm.eu-west-1.amazonaws.com. 60 "
	  "AAAA fd00::9; zone Z8-vpce-2 x.example.: v1, *.x.example. 0 A -> "
	  "vpce-2.x.vpce.amazonaws.com. Z7, x.example. 0 A -> vpce-2.x.vpce.amazonaws.com. Z7; " },
	{ __LINE__, { STATE(BASE "," R("aws_subnet", "s", "'id':'subnet-1','vpc_id':'v1',"
				      "'cidr_block':'10.1.0.0/24'") ","
			    R("aws_security_group", "g", "'id':'sg-1','vpc_id':'v1'") ","
			    R("aws_network_interface", "i", "'id':'eni-1','subnet_id':'subnet-1',"
			      "'private_ips':['10.1.0.9'],'security_groups':['sg-1']") ","
			    D("aws_network_interface", "j", "'id':'eni-2','vpc_id':'v1','subnet_id'"
			      ":'subnet-9','private_ip':'10.1.9.9','security_groups':['sg-1',"
			      "'sg-9']") ","
			    R("aws_vpc_endpoint", "ssm", "'id':'vpce-1','vpc_id':'v1',"
			      "'service_name':'s','vpc_endpoint_type':'Interface',"
			      "'private_dns_enabled':true,'subnet_ids':['subnet-1','subnet-9'],"
			      "'security_group_ids':['sg-1'],'network_interface_ids':['eni-1',"
			      "'eni-7'],'subnet_configuration':[{'ipv4':'10.1.0.7','ipv6':''}],"
			      "'dns_entry':[{'dns_name':'s.example','hosted_zone_id':'Z8'}]") ","
			    R("aws_vpc_endpoint", "g", "'id':'vpce-2','vpc_id':'v1','service_name':"
			      "'s3','vpc_endpoint_type':'Gateway','security_group_ids':['sg-9']")
		      ) }, "",
	  "interface eni-1 v1 subnet-1: 10.1.0.9 / sg-1; interface eni-2 v1 -: 10.1.9.9 /; vpce "
	  "vpce-1 v1 s 0 private: s.example. Z8 / subnet-1 / sg-1 / eni-1; vpce vpce-2 v1 s3 1: / / "
	  "/; " },
	/* raw states: several instances, one that is to be destroyed, modules */
	{ __LINE__, { RAW("{'module':'module.n[0]','mode':'managed','type':'aws_vpc',"
			  "'name':'m','provider':'provider[\\\"registry.terraform.io/hashicorp/aws"
			  "\\\"]','instances':[{'index_key':0,'schema_version':1,'attributes':{"
			  "'id':'v1','cidr_block':'10.1.0.0/16'},'sensitive_attributes':[]},"
			  "{'index_key':'b','attributes':{'id':'v2','cidr_block':'10.2.0.0/16'}},"
			  "{'index_key':2,'deposed':'abc','attributes':{'id':'v3','cidr_block':"
			  "'10.3.0.0/16'}}]},{'mode':'managed','type':'aws_route53_zone','name':"
			  "'z','instances':[{'attributes':{'zone_id':'Z1','name':'corp.example',"
			  "'vpc':[{'vpc_id':'v2'}]}}]},{'mode':'managed','type':"
			  "'aws_route53_record','name':'r','instances':[{'index_key':'x',"
			  "'attributes':{'zone_id':'Z1','name':'x','type':'A','ttl':1,'records':"
			  "['10.2.0.1']}},{'index_key':'y','attributes':{'zone_id':'Z1','name':"
			  "'y','type':'A','ttl':1,'records':['10.2.0.2']}}]}") }, "",
	  "vpc v1  - s: 10.1.0.0/16; vpc v2  - s: 10.2.0.0/16; zone Z1 corp.example.: v2, "
	  "x.corp.example. 1 A 10.2.0.1, y.corp.example. 1 A 10.2.0.2; " },
	/* keys sorted: instances before what they are of */
	{ __LINE__, { "{'check_results':null,'resources':[{'instances':[{'attributes':{"
		      "'cidr_block':'10.1.0.0/16','id':'v1'},'index_key':0}],'mode':'managed',"
		      "'name':'m','type':'aws_vpc'}],'terraform_version':'1.5.7','version':4}" }, "",
	  "vpc v1  - s: 10.1.0.0/16; " },
	/* what is not modelled */
	{ __LINE__, { STATE(R("aws_route53_resolver_firewall_rule_group_association", "f",
			      "'id':'x'") "," R("aws_instance", "i", "'id':'i-1'")) }, "CFG006 ",
	  "" },
	/* no Terraform, or not all of it */
	{ __LINE__, { "{'version':3,'terraform_version':'0.11.0','modules':[]}" },
	  "no-terraform ", "" },
	{ __LINE__, { "{'version':4,'resources':[{'mode':" }, "syntax ", "" },
	{ __LINE__, { "{'format_version':'1.0'}" }, "", "" },
};

static void
states_are_read_and_joined(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(states); i++)
		check_row(&states[i]);
}

/* --- plans: what is not known is left out, and written in the configuration */

#define PLAN_OF(providers, values, modules, data, config)				\
	"{'format_version':'1.2','terraform_version':'1.11.4','variables':{'west':{'value':" \
	"'us-west-2'}},'planned_values':{'root_module':{'resources':[" values		\
	"],'child_modules':[" modules "]}},'prior_state':{'format_version':'1.0','values':{" \
	"'root_module':{'resources':[" data "]}}},'configuration':{'provider_config':{" \
	providers "},'root_module':{" config "}},'applyable':true,'complete':true,"	\
	"'errored':false}"
#define PLAN(values, blocks)							\
	PLAN_OF("", values, "", "", "'resources':[" blocks "]")
#define B(type, name, expressions)						\
	"{'address':'" type "." name "','mode':'managed','type':'" type "','name':'" name \
	"','provider_config_key':'aws','expressions':{" expressions "},'schema_version':1}"
#define EACH(type, name, each, expressions)					\
	"{'address':'" type "." name "','mode':'managed','type':'" type "','name':'" name \
	"','provider_config_key':'aws','expressions':{" expressions "},'for_each_expression':" \
	each "}"
#define REF(object, attribute)							\
	"{'references':['" object "." attribute "','" object "']}"
#define NEW_VPC(address, block)							\
	"{'address':'aws_vpc." address "','mode':'managed','type':'aws_vpc','name':'m'," \
	"'values':{'cidr_block':'" block "','enable_dns_support':true}}"
#define NEW_ZONE(address, zone, vpcs)						\
	"{'address':'" address "','mode':'managed','type':'aws_route53_zone','name':'z'," \
	"'values':{'name':'" zone "','comment':null,'vpc':[" vpcs "]}}"
#define ITEM(type, address, values)						\
	"{'address':'" address "','mode':'managed','type':'" type "','name':'n','values':{" \
	values "}}"
#define ONE_ZONE NEW_ZONE("aws_route53_zone.z", "corp.example", "{}")
#define ZONE_BLOCK B("aws_route53_zone", "z", "'name':{'constant_value':'corp.example'},'vpc':" \
		     "[{'vpc_id':" REF("aws_vpc.a", "id") "}]")
#define SET_BLOCK B("aws_route53_record", "r", "'zone_id':" REF("aws_route53_zone.z", "zone_id"))

static const struct row plans[] = {
	/* ids that are not known are addresses */
	{ __LINE__, { PLAN(NEW_VPC("a", "10.1.0.0/16") "," ONE_ZONE ","
			   ITEM("aws_route53_record", "aws_route53_record.r", "'name':'www',"
				"'type':'A','ttl':60,'records':['10.1.0.1'],'alias':[]"),
			   ZONE_BLOCK "," SET_BLOCK) }, "",
	  "zone aws_route53_zone.z corp.example.: aws_vpc.a, www.corp.example. 60 A 10.1.0.1; " },
	/* one of two VPCs of a zone exists already */
	{ __LINE__, { PLAN(VPC("v1", "10.2.0.0/16") "," NEW_VPC("a", "10.1.0.0/16") ","
			   NEW_ZONE("aws_route53_zone.z", "corp.example",
				    "{'vpc_id':'v1','vpc_region':'eu-west-1'},{}"),
			   B("aws_route53_zone", "z", "'vpc':[{'vpc_id':" REF("aws_vpc.a", "id")
			     "},{'vpc_id':" REF("aws_vpc.v1", "id") "}]")) }, "",
	  "corp.example.: aws_vpc.a v1; " },
	/* dynamic blocks are not in the configuration */
	{ __LINE__, { PLAN(NEW_VPC("a", "10.1.0.0/16") "," ONE_ZONE,
			   B("aws_route53_zone", "z", "'name':{}")) }, "CFG004 ",
	  "zone aws_route53_zone.z corp.example.:; " },
	{ __LINE__, { PLAN("{'address':'aws_route53_zone.z','mode':'managed','type':"
			   "'aws_route53_zone','name':'z','values':{'comment':null,'vpc':[]}}",
			   B("aws_route53_zone", "z", "'name':" REF("random_id.x", "hex"))) },
	  "CFG004 ", "" },
	/* for_each over resources, by key, by position */
	{ __LINE__, { PLAN(NEW_VPC("m[\\'a\\']", "10.1.0.0/16") ","
			   NEW_VPC("m[\\'b\\']", "10.2.0.0/16") "," ONE_ZONE ","
			   ITEM("aws_route53_zone_association",
				"aws_route53_zone_association.x[\\'a\\']", "") ","
			   ITEM("aws_route53_zone_association",
				"aws_route53_zone_association.y[\\'b\\']", "") ","
			   NEW_ZONE("aws_route53_zone.o", "o.example", "{}"),
			   B("aws_route53_zone", "z", "'vpc':[{'vpc_id':{'references':["
			     "'aws_vpc.m[\\'a\\'].id','aws_vpc.m[\\'a\\']','aws_vpc.m']}}]") ","
			   EACH("aws_route53_zone_association", "x", "{'references':['aws_vpc.m']}",
				"'zone_id':" REF("aws_route53_zone.o", "id")
				",'vpc_id':{'references':['each.value.id','each.value']}") ","
			   EACH("aws_route53_zone_association", "y", "{'references':['local.v']}",
				"'zone_id':" REF("aws_route53_zone.o", "zone_id")
				",'vpc_id':{'references':['aws_vpc.m','each.key']}") ","
			   B("aws_route53_zone", "o", "'vpc':[{'vpc_id':{'references':["
			     "'aws_vpc.m[\\'b\\'].id','aws_vpc.m[\\'b\\']','aws_vpc.m']}}]")) }, "",
	  "zone aws_route53_zone.o o.example.: aws_vpc.m[\"a\"] aws_vpc.m[\"b\"]; zone "
	  "aws_route53_zone.z corp.example.: aws_vpc.m[\"a\"]; " },
	{ __LINE__, { PLAN(NEW_VPC("m[0]", "10.1.0.0/16") "," NEW_VPC("m[1]", "10.2.0.0/16") ","
			   ONE_ZONE "," NEW_VPC("a", "10.3.0.0/16") ","
			   ITEM("aws_route53_zone_association",
				"aws_route53_zone_association.x[\\'p\\']", "") ","
			   ITEM("aws_route53_zone_association",
				"aws_route53_zone_association.x[\\'q\\']", ""),
			   ZONE_BLOCK "," EACH("aws_route53_zone_association", "x", "{}",
					       "'zone_id':" REF("aws_route53_zone.z", "id")
					       ",'vpc_id':{'references':['aws_vpc.m','each.key']}")
			   ) }, "", "corp.example.: aws_vpc.a aws_vpc.m[0] aws_vpc.m[1]; " },
	/* which of several is not said */
	{ __LINE__, { PLAN(NEW_VPC("m[0]", "10.1.0.0/16") "," NEW_VPC("m[1]", "10.2.0.0/16") ","
			   ONE_ZONE "," NEW_VPC("a", "10.3.0.0/16") ","
			   ITEM("aws_route53_zone_association",
				"aws_route53_zone_association.x", ""),
			   ZONE_BLOCK "," B("aws_route53_zone_association", "x",
					    "'zone_id':" REF("aws_route53_zone.z", "id")
					    ",'vpc_id':{'references':['aws_vpc.m']}")
			   ) }, "CFG004 ", "corp.example.: aws_vpc.a; " },
	/* into a module by its variables, out of it by its outputs */
	{ __LINE__, { PLAN_OF("", NEW_VPC("a", "10.1.0.0/16") ","
			      ITEM("aws_route53_record", "aws_route53_record.r", "'name':'',"
				   "'type':'TXT','ttl':60,'records':['t']"),
			      "{'resources':[" NEW_ZONE("module.dns[\\'x\\'].aws_route53_zone.z[0]",
							"x.example", "{}")
			      "],'address':'module.dns[\\'x\\']','child_modules':[{'resources':["
			      ITEM("aws_route53_zone_association",
				   "module.dns[\\'x\\'].module.in.aws_route53_zone_association.n",
				   "'zone_id':'Z9'")
			      "],'address':'module.dns[\\'x\\'].module.in'}]}", "",
			      "'resources':[" B("aws_route53_record", "r", "'zone_id':{'references':["
						"'module.dns[\\'x\\'].zone_id','module.dns[\\'x\\']']}")
			      "],'module_calls':{'dns':{'source':'./dns','expressions':{'net':{"
			      "'references':['aws_vpc.a']}},'for_each_expression':{'constant_value':"
			      "{'x':1}},'module':{'outputs':{'zone_id':{'expression':{'references':["
			      "'aws_route53_zone.z[0].zone_id','aws_route53_zone.z[0]',"
			      "'aws_route53_zone.z']}}},'resources':["
			      B("aws_route53_zone", "z", "'vpc':[{'vpc_id':{'references':["
				"'var.net.id','var.net']}}]") "],'module_calls':{'in':{'source':"
			      "'./in','expressions':{'v':{'references':['var.net']}},'module':{"
			      "'resources':[" B("aws_route53_zone_association", "n",
						"'vpc_id':{'references':['var.v']}") "]}}}}}}") },
	  "CFG002 ", "zone module.dns[\"x\"].aws_route53_zone.z[0] x.example.: aws_vpc.a, x.example. "
	  "60 TXT \"t\"; " },
	/* what leads round in a circle leads nowhere */
	{ __LINE__, { PLAN_OF("", NEW_VPC("a", "10.1.0.0/16"), "{'resources':["
			      NEW_ZONE("module.c.aws_route53_zone.z", "x.example", "{}") "]}", "",
			      "'module_calls':{'c':{'expressions':{'v':{'references':['module.c.o',"
			      "'module.c']}},'module':{'outputs':{'o':{'expression':{'references':["
			      "'var.v','var.v']}}},'resources':[" B("aws_route53_zone", "z",
			      "'vpc':[{'vpc_id':{'references':['var.v']}}]") "]}}}") }, "CFG004 ",
	  "zone module.c.aws_route53_zone.z x.example.:; " },
	/* data of record sets */
	{ __LINE__, { PLAN(NEW_VPC("a", "10.1.0.0/16") "," ONE_ZONE ","
			   ITEM("aws_route53_record", "aws_route53_record.r", "'name':'www',"
				"'type':'A','ttl':60,'alias':[]"),
			   ZONE_BLOCK "," B("aws_route53_record", "r", "'records':"
			   REF("aws_instance.i", "private_ip") ",'zone_id':"
			   REF("aws_route53_zone.z", "zone_id"))) }, "CFG004 ", ": aws_vpc.a; " },
	{ __LINE__, { PLAN(NEW_VPC("a", "10.1.0.0/16") "," ONE_ZONE ","
			   ITEM("aws_route53_record", "aws_route53_record.r", "'name':'al',"
				"'type':'A','ttl':null,'records':null,'alias':[{'name':"
				"'x.corp.example','evaluate_target_health':false}]"),
			   ZONE_BLOCK "," B("aws_route53_record", "r", "'alias':[{'zone_id':"
			   REF("aws_route53_zone.z", "zone_id") "}],'zone_id':"
			   REF("aws_route53_zone.z", "zone_id"))) }, "",
	  ", al.corp.example. 0 A -> x.corp.example. aws_route53_zone.z; " },
	/* Region and account of a provider; a data source */
	{ __LINE__, { PLAN_OF("'aws':{'expressions':{'region':{'references':['var.west']},"
			      "'allowed_account_ids':{'constant_value':['111122223333']}}},"
			      "'aws.x':{'expressions':{'region':{'constant_value':'eu-west-3'},"
			      "'assume_role':[{'role_arn':{'constant_value':"
			      "'arn:aws:iam::444455556666:role/r'}}]}}",
			      NEW_VPC("a", "10.1.0.0/16") "," NEW_VPC("b", "10.2.0.0/16"), "",
			      D("aws_vpc", "d", "'id':'v9','cidr_block':'10.9.0.0/16'"),
			      "'resources':[" B("aws_vpc", "a", "") ",{'mode':'managed','type':"
			      "'aws_vpc','name':'b','provider_config_key':'aws.x'}]") }, "",
	  "vpc aws_vpc.a us-west-2 111122223333 s: 10.1.0.0/16; vpc aws_vpc.b eu-west-3 "
	  "444455556666 s: 10.2.0.0/16; vpc v9  - s: 10.9.0.0/16; " },
	{ __LINE__, { PLAN("{'address':'aws_vpc.a','mode':'managed','type':'aws_vpc','name':'a',"
			   "'values':{'enable_dns_support':true}}", B("aws_vpc", "a", "")) },
	  "CFG004 ", "" },
	/* peerings */
	{ __LINE__, { PLAN(NEW_VPC("a", "10.1.0.0/16") "," NEW_VPC("b", "10.2.0.0/16") ","
			   ITEM("aws_vpc_peering_connection", "aws_vpc_peering_connection.p",
				"'auto_accept':true,'requester':[{"
				"'allow_remote_vpc_dns_resolution':true}]") ","
			   ITEM("aws_vpc_peering_connection_options",
				"aws_vpc_peering_connection_options.p", "'accepter':[{"
				"'allow_remote_vpc_dns_resolution':true}]"),
			   B("aws_vpc_peering_connection", "p", "'vpc_id':" REF("aws_vpc.a", "id")
			     ",'peer_vpc_id':" REF("aws_vpc.b", "id")) ","
			   B("aws_vpc_peering_connection_options", "p",
			     "'vpc_peering_connection_id':"
			     REF("aws_vpc_peering_connection.p", "id"))) }, "",
	  "peering aws_vpc_peering_connection.p active: aws_vpc.a+ aws_vpc.b+; " },
	/* endpoints are where their subnets are, or their security groups */
	{ __LINE__, { PLAN(NEW_VPC("a", "10.1.0.0/16") ","
			   ITEM("aws_subnet", "aws_subnet.s[0]", "'cidr_block':'10.1.0.0/24'") ","
			   ITEM("aws_security_group", "aws_security_group.g", "") ","
			   ITEM("aws_route53_resolver_endpoint", "aws_route53_resolver_endpoint.o",
				"'direction':'OUTBOUND','ip_address':[{'ip':'10.1.0.10'},{}]") ","
			   ITEM("aws_route53_resolver_endpoint", "aws_route53_resolver_endpoint.i",
				"'direction':'INBOUND','ip_address':[{'ip':'10.1.0.20'}]") ","
			   ITEM("aws_route53_resolver_endpoint", "aws_route53_resolver_endpoint.n",
				"'direction':'INBOUND','ip_address':[{'ip':'10.1.0.30'}]") ","
			   ITEM("aws_route53_resolver_rule", "aws_route53_resolver_rule.r",
				"'domain_name':'dc.example','rule_type':'FORWARD','target_ip':[{"
				"'ip':'192.168.0.53','ipv6':'','port':null},{'ipv6':''}]") ","
			   ITEM("aws_route53_resolver_rule", "aws_route53_resolver_rule.t",
				"'domain_name':'x.example','rule_type':'FORWARD','target_ip':[{"
				"'ipv6':''}]") ","
			   ITEM("aws_route53_resolver_rule_association",
				"aws_route53_resolver_rule_association.a", ""),
			   B("aws_subnet", "s", "'vpc_id':" REF("aws_vpc.a", "id")) ","
			   B("aws_security_group", "g", "'vpc_id':" REF("aws_vpc.a", "id")) ","
			   B("aws_route53_resolver_endpoint", "o", "'ip_address':[{'subnet_id':{"
			     "'references':['aws_subnet.s[0].id','aws_subnet.s[0]','aws_subnet.s']}"
			     "},{'subnet_id':{}}]") ","
			   B("aws_route53_resolver_endpoint", "i", "'security_group_ids':"
			     REF("aws_security_group.g", "id")) ","
			   B("aws_route53_resolver_rule", "r", "'resolver_endpoint_id':"
			     REF("aws_route53_resolver_endpoint.o", "id")) ","
			   B("aws_route53_resolver_rule", "t", "'resolver_endpoint_id':"
			     REF("aws_route53_resolver_endpoint.o", "id")) ","
			   B("aws_route53_resolver_rule_association", "a", "'resolver_rule_id':"
			     REF("aws_route53_resolver_rule.r", "id") ",'vpc_id':"
			     REF("aws_subnet.s[0]", "vpc_id"))) },
	  "CFG004 CFG004 CFG004 CFG004 ",
	  "endpoint aws_route53_resolver_endpoint.i 0 aws_vpc.a 0: 10.1.0.20; endpoint "
	  "aws_route53_resolver_endpoint.o 1 aws_vpc.a 0: 10.1.0.10; rule "
	  "aws_route53_resolver_rule.r 0 dc.example. aws_route53_resolver_endpoint.o: 192.168.0.53 "
	  "for aws_vpc.a; " },
	{ __LINE__, { PLAN(NEW_VPC("a", "10.1.0.0/16") ","
			   ITEM("aws_security_group", "aws_security_group.g", "'name':'g'") ","
			   ITEM("aws_security_group", "aws_security_group.h", "'name':'h'") ","
			   ITEM("aws_vpc_security_group_ingress_rule",
				"aws_vpc_security_group_ingress_rule.r",
				"'ip_protocol':'-1','cidr_ipv4':null"),
			   B("aws_security_group", "g", "'vpc_id':" REF("aws_vpc.a", "id")) ","
			   B("aws_security_group", "h", "'vpc_id':" REF("aws_vpc.a", "id")) ","
			   B("aws_vpc_security_group_ingress_rule", "r", "'security_group_id':"
			     REF("aws_security_group.g", "id") ",'referenced_security_group_id':"
			     REF("aws_security_group.h", "id"))) }, "",
	  "group aws_security_group.g aws_vpc.a: in 256 0-65535 aws_security_group.h;" },
	/* routes to what is to be, by blocks and by themselves */
	{ __LINE__, { PLAN(NEW_VPC("a", "10.1.0.0/16") "," NEW_VPC("b", "10.2.0.0/16") ","
			   ITEM("aws_vpc_peering_connection", "aws_vpc_peering_connection.p",
				"'auto_accept':true") ","
			   ITEM("aws_internet_gateway", "aws_internet_gateway.i", "") ","
			   ITEM("aws_nat_gateway", "aws_nat_gateway.n", "") ","
			   ITEM("aws_subnet", "aws_subnet.s", "'cidr_block':'10.1.0.0/24'") ","
			   ITEM("aws_route_table", "aws_route_table.a", "'route':[{'cidr_block':"
				"'10.2.0.0/16','gateway_id':'','nat_gateway_id':''},{'cidr_block':"
				"'0.0.0.0/0','vpc_peering_connection_id':'','nat_gateway_id':''}]")
			   "," ITEM("aws_route_table", "aws_route_table.b", "'route':[{"
				    "'cidr_block':'10.3.0.0/16','gateway_id':''}]") ","
			   ITEM("aws_default_route_table", "aws_default_route_table.d", "") ","
			   ITEM("aws_route", "aws_route.n", "'destination_cidr_block':'0.0.0.0/0'")
			   "," ITEM("aws_route", "aws_route.p",
				    "'destination_cidr_block':'10.1.0.0/16'") ","
			   ITEM("aws_route", "aws_route.o", "'destination_cidr_block':'10.4.0.0/16'")
			   "," ITEM("aws_route_table_association",
				    "aws_route_table_association.s", ""),
			   B("aws_vpc_peering_connection", "p", "'vpc_id':" REF("aws_vpc.a", "id")
			     ",'peer_vpc_id':" REF("aws_vpc.b", "id")) ","
			   B("aws_subnet", "s", "'vpc_id':" REF("aws_vpc.a", "id")) ","
			   B("aws_route_table", "a", "'vpc_id':" REF("aws_vpc.a", "id")
			     ",'route':[{'cidr_block':{'constant_value':'10.2.0.0/16'},"
			     "'vpc_peering_connection_id':"
			     REF("aws_vpc_peering_connection.p", "id") "},{'cidr_block':{"
			     "'constant_value':'0.0.0.0/0'},'gateway_id':"
			     REF("aws_internet_gateway.i", "id") "}]") ","
			   B("aws_route_table", "b", "'vpc_id':" REF("aws_vpc.b", "id")) ","
			   B("aws_default_route_table", "d", "'default_route_table_id':"
			     REF("aws_vpc.b", "default_route_table_id")) ","
			   B("aws_route", "n", "'route_table_id':"
			     REF("aws_default_route_table.d", "id") ",'nat_gateway_id':"
			     REF("aws_nat_gateway.n", "id")) ","
			   B("aws_route", "p", "'route_table_id':"
			     REF("aws_vpc.b", "main_route_table_id")
			     ",'vpc_peering_connection_id':"
			     REF("aws_vpc_peering_connection.p", "id")) ","
			   B("aws_route", "o", "'route_table_id':" REF("local.x", "y")) ","
			   B("aws_route_table_association", "s", "'subnet_id':"
			     REF("aws_subnet.s", "id") ",'route_table_id':"
			     REF("aws_route_table.a", "id"))) }, "CFG004 CFG004 ",
	  "routes aws_default_route_table.d aws_vpc.b main: 0.0.0.0/0 n=aws_nat_gateway.n, "
	  "10.1.0.0/16 p=aws_vpc_peering_connection.p, unknown g=unknown, for; routes "
	  "aws_route_table.a aws_vpc.a: 10.2.0.0/16 p=aws_vpc_peering_connection.p, 0.0.0.0/0 "
	  "g=igw-aws_internet_gateway.i, unknown g=unknown, for aws_subnet.s; routes "
	  "aws_route_table.b aws_vpc.b: 10.3.0.0/16 g=unknown, unknown g=unknown, for; " },
	/* which subnets have a table is not known: nor is who has the main one */
	{ __LINE__, { PLAN(NEW_VPC("a", "10.1.0.0/16") ","
			   ITEM("aws_default_route_table", "aws_default_route_table.d",
				"'route':[]") ","
			   ITEM("aws_route_table", "aws_route_table.a", "") ","
			   ITEM("aws_route_table_association", "aws_route_table_association.s", "")
			   "," ITEM("aws_ec2_managed_prefix_list", "aws_ec2_managed_prefix_list.l",
				    "'entry':[{'description':''}]"),
			   B("aws_default_route_table", "d", "'default_route_table_id':"
			     REF("aws_vpc.a", "default_route_table_id")) ","
			   B("aws_route_table", "a", "'vpc_id':" REF("aws_vpc.a", "id")
			     ",'route':" REF("local.r", "x")) ","
			   B("aws_route_table_association", "s", "'subnet_id':" REF("local.r", "s")
			     ",'route_table_id':" REF("aws_route_table.a", "id")))
		    }, "CFG004 CFG004 CFG004 ",
	  "routes aws_default_route_table.d aws_vpc.a: for; routes aws_route_table.a aws_vpc.a: "
	  "unknown g=unknown, for; " },
	/* an ACL whose entry is not known is left out; one followed to its subnets */
	{ __LINE__, { PLAN(NEW_VPC("a", "10.1.0.0/16") ","
			   ITEM("aws_subnet", "aws_subnet.s", "'cidr_block':'10.1.0.0/24'") ","
			   ITEM("aws_network_acl", "aws_network_acl.a", "'ingress':[],'egress':[]")
			   "," ITEM("aws_network_acl", "aws_network_acl.b",
				    "'subnet_ids':[],'ingress':[{'rule_no':100,'action':'allow',"
				    "'protocol':'-1','ipv6_cidr_block':''}]") ","
			   ITEM("aws_network_acl_rule", "aws_network_acl_rule.r", "'rule_number':100,"
				"'egress':false,'protocol':'-1','rule_action':'allow','cidr_block':"
				"'10.0.0.0/8'") ","
			   ITEM("aws_default_network_acl", "aws_default_network_acl.d",
				"'subnet_ids':[]") ","
			   ITEM("aws_network_interface", "aws_network_interface.i", "") ","
			   ITEM("aws_network_interface", "aws_network_interface.j",
				"'private_ips':['10.1.0.5']") ","
			   ITEM("aws_vpc_endpoint", "aws_vpc_endpoint.e", "'service_name':'s',"
				"'vpc_endpoint_type':'Interface','private_dns_enabled':true"),
			   B("aws_subnet", "s", "'vpc_id':" REF("aws_vpc.a", "id")) ","
			   B("aws_network_acl", "a", "'vpc_id':" REF("aws_vpc.a", "id")
			     ",'subnet_ids':" REF("aws_subnet.s", "id")) ","
			   B("aws_network_acl", "b", "'vpc_id':" REF("aws_vpc.a", "id")) ","
			   B("aws_network_acl_rule", "r", "'network_acl_id':"
			     REF("aws_network_acl.a", "id")) ","
			   B("aws_default_network_acl", "d", "'default_network_acl_id':"
			     REF("aws_vpc.a", "default_network_acl_id")) ","
			   B("aws_network_interface", "i", "'subnet_id':" REF("aws_subnet.s", "id"))
			   "," B("aws_network_interface", "j", "'subnet_id':"
				 REF("aws_subnet.s", "id")) ","
			   B("aws_vpc_endpoint", "e", "'vpc_id':" REF("aws_vpc.a", "id")
			     ",'subnet_ids':" REF("aws_subnet.s", "id"))) },
	  "CFG004 CFG004 CFG004 ",
	  "acl aws_default_network_acl.d aws_vpc.a default: for; acl aws_network_acl.a aws_vpc.a: "
	  "100 in allow 256 0-65535 10.0.0.0/8, for aws_subnet.s; interface aws_network_interface.j "
	  "aws_vpc.a aws_subnet.s: 10.1.0.5 /; vpce aws_vpc_endpoint.e aws_vpc.a s 0 private: / "
	  "aws_subnet.s / /; " },
	/* to which ACL an entry, to which subnets an ACL belongs is not known */
	{ __LINE__, { PLAN(NEW_VPC("a", "10.1.0.0/16") ","
			   ITEM("aws_network_acl", "aws_network_acl.a", "'ingress':[],'egress':[]")
			   "," ITEM("aws_network_acl_rule", "aws_network_acl_rule.r",
				    "'rule_number':100"),
			   B("aws_network_acl", "a", "'vpc_id':" REF("aws_vpc.a", "id")
			     ",'subnet_ids':" REF("local.s", "x")) ","
			   B("aws_network_acl_rule", "r", "'network_acl_id':" REF("local.a", "x")))
		    }, "CFG004 CFG004 CFG004 ", "" },
	/* a zone, a rule by reference in a Profile */
	{ __LINE__, { PLAN(NEW_VPC("a", "10.1.0.0/16") "," ONE_ZONE ","
			   ITEM("aws_route53profiles_profile", "aws_route53profiles_profile.p",
				"'name':'p'") ","
			   ITEM("aws_route53profiles_association",
				"aws_route53profiles_association.a", "") ","
			   ITEM("aws_route53profiles_resource_association",
				"aws_route53profiles_resource_association.z", ""),
			   ZONE_BLOCK "," B("aws_route53profiles_association", "a", "'profile_id':"
			   REF("aws_route53profiles_profile.p", "id") ",'resource_id':"
			   REF("aws_vpc.a", "id")) ","
			   B("aws_route53profiles_resource_association", "z", "'profile_id':"
			     REF("aws_route53profiles_profile.p", "id") ",'resource_arn':"
			     REF("aws_route53_zone.z", "arn"))) }, "",
	  "profile aws_route53profiles_profile.p: aws_route53_zone.z / for aws_vpc.a; " },
	/* keys are of any signs; ids are not */
	{ __LINE__, { PLAN(NEW_VPC("m[\\'a b\\']", "10.1.0.0/16"), "") }, "",
	  "vpc aws_vpc.m[\"a%20b\"]  - s: " },
	/* two plans with the same addresses */
	{ __LINE__, { PLAN(NEW_VPC("a", "10.1.0.0/16"), ""), PLAN(NEW_VPC("a", "10.2.0.0/16"), "")
		    }, "", "vpc aws_vpc.a  - s: 10.1.0.0/16; vpc aws_vpc.a@2  - s: 10.2.0.0/16; " },
	/* a plan comes before a state, and takes away what it destroys */
	{ __LINE__, { STATE(VPC("v1", "10.1.0.0/16") "," VPC("v2", "10.2.0.0/16")),
		      "{'format_version':'1.2','planned_values':{'root_module':{'resources':["
		      VPC("v1", "10.7.0.0/16") "]}},'resource_changes':[{'address':'aws_vpc.v2',"
		      "'type':'aws_vpc','change':{'actions':['delete'],'before':{'id':'v2'},"
		      "'after':null}}]}" }, "",
	  "vpc v1 eu-west-1 111122223333 s h: 10.7.0.0/16; " },
	/* plans that are none, or not whole */
	{ __LINE__, { "{'format_version':'1.2','planned_values':{},'errored':true}" }, "CFG001 ",
	  "" },
	{ __LINE__, { "{'format_version':'1.2','planned_values':{},'complete':false}" },
	  "CFG004 ", "" },
};

static void
what_a_plan_does_not_know_is_followed_or_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(plans); i++)
		check_row(&plans[i]);
}

static void
terraform_is_told_from_other_json(void **state)
{
	static const struct { int line; const char *text; bool is; } known[] = {
		{ __LINE__, "{'format_version':'1.0'}", true },
		{ __LINE__, "{'version':4,'serial':1}", true },
		{ __LINE__, "{'applyable':true,'configuration':{}}", true },
		{ __LINE__, "{'Vpcs':[]}", false },
		{ __LINE__, "{'vpcs':[]}", false },
		{ __LINE__, "{'AWSTemplateFormatVersion':'2010-09-09'}", false },
		{ __LINE__, "['version']", false },
		{ __LINE__, "vpcs: []", false },
		{ __LINE__, "", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(known); i++) {
		struct files files;
		bool is;

		assert_true(files_init(&files));
		write_json(&files, "x", known[i].text);
		is = terraform_is(files_path(&files, "x"));
		files_fini(&files);
		if (is != known[i].is)
			fail_msg("line %d", known[i].line);
	}
	assert_false(terraform_is("/nonexistent"));
}

/* --- places */

static const char main_tf[] =
	"# resource \"aws_vpc\" \"a\" { in a comment\n"
	"/* resource \"aws_vpc\" \"a\" {\n*/\n"
	"locals { text = \"resource ${upper(\"}{\")} \\\" {\" }\n"
	"variable \"x\" {\n  description = <<-EOT\n    resource \"aws_vpc\" \"a\" {\n  EOT\n}\n"
	"  resource \"aws_vpc\" \"a\" {\n    cidr_block = \"10.1.0.0/16\"\n  }\n"
	"module \"net\" {\n  source = \"./net\"\n  vpcs = { a = { source = \"./none\" } }\n}\n"
	"module \"far\" {\n  source = \"hashicorp/x/aws\"\n}\n";
static const char net_tf[] = "\nresource aws_vpc b {}\ndata \"aws_vpc\" \"d\" {\n}\n";

static void
a_place_is_the_header_of_the_block(void **state)
{
	static const struct { int line; const char *address, *file; uint32_t at; } known[] = {
		{ __LINE__, "aws_vpc.a", "main.tf", 10 },
		{ __LINE__, "aws_vpc.a[\"x.y\"]", "main.tf", 10 },
		{ __LINE__, "module.net.aws_vpc.b[0]", "net/x.tf", 2 },
		{ __LINE__, "module.net[\"k.\"].data.aws_vpc.d", "net/x.tf", 3 },
		{ __LINE__, "aws_vpc.b", NULL, 0 },
		{ __LINE__, "module.far.aws_vpc.a", NULL, 0 },
		{ __LINE__, "module.net", NULL, 0 },
	};
	struct tf_file file = { .path = "plan.json" };
	struct terraform t = { 0 };
	struct tf_sources *sources;
	struct declare declare;
	struct loaded l;

	(void)state;
	load(&l, (const char *const[]){ "{'format_version':'1.0'}" }, 1);
	assert_true(files_write(&l.files, "main.tf", main_tf));
	assert_true(files_write(&l.files, "net/x.tf", net_tf));
	assert_true(files_write(&l.files, "net/y.txt", "resource aws_vpc b {}\n"));
	declare = (struct declare){ .estate = &l.estate, .diags = &l.diags, .scratch = &l.arena,
				    .nodes = { .arena = &l.arena } };
	t.declare = &declare;
	arena_init(&t.passing, SIZE_MAX);
	file.tf_dir = l.files.folder;
	sources = tf_read_sources(&t, &file);
	assert_non_null(sources);
	for (size_t i = 0; i < COUNT_OF(known); i++) {
		struct srcloc at = tf_find_source(&t, sources, known[i].address);
		size_t len = known[i].file ? strlen(known[i].file) : 0;

		if (at.line != known[i].at ||
		    (len && strcmp(at.file + strlen(at.file) - len, known[i].file) != 0))
			fail_msg("line %d: %s:%u", known[i].line, at.file ? at.file : "-",
				 at.line);
	}
	arena_fini(&t.passing);
	unload(&l);
}

static void
memory_that_ends_is_told(void **state)
{
	struct loaded l;
	size_t most;

	(void)state;
	load(&l, plans[0].files, 1);
	assert_int_equal(l.status, OK);
	most = l.estate.arena.used;
	for (size_t limit = 0; limit <= 8 * most; limit += 1 + most / 16) {
		struct diags diags;
		struct estate estate;
		struct arena arena;
		const char *path = files_path(&l.files, "a.json");
		enum status status;

		arena_init(&arena, SIZE_MAX);
		diags_init(&diags, &arena, 0);
		estate_init(&estate, limit);
		status = config_load_all(&path, 1, NULL, &estate, &diags);
		assert_true(status == OK || status == ERR_NOMEM);
		estate_fini(&estate);
		arena_fini(&arena);
	}
	unload(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(states_are_read_and_joined),
		cmocka_unit_test(what_a_plan_does_not_know_is_followed_or_told),
		cmocka_unit_test(terraform_is_told_from_other_json),
		cmocka_unit_test(a_place_is_the_header_of_the_block),
		cmocka_unit_test(memory_that_ends_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
