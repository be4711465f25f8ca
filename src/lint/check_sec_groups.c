#include "lint/checks.h"
#include "lint/model.h"

/* SEC906: what the security groups of endpoints let through. */

#define DNS_PORT   53
#define HTTPS_PORT 443
#define TCP	   6
#define UDP	   17

/* What the groups of one endpoint have for its port, one way. */
struct passage {
	bool udp, tcp;
	const struct security_group *udp_group;	/* the first that has it */
	const struct security_group *open;	/* lets everybody in; NULL: none */
	struct srcloc open_at;
};

static bool
covers_port(const struct ip_permission *p, uint16_t protocol, uint16_t port)
{
	return p->ip_protocol == IP_PROTOCOL_ANY ||
	       (p->ip_protocol == protocol && p->from_port <= port && port <= p->to_port);
}

/** 0.0.0.0/0, or ::/0. */
static bool
is_world(const struct cidr *cidr)
{
	return cidr->prefix.bits == 0 || (prefix_is_v4(&cidr->prefix) && cidr->prefix.bits == 96);
}

static void
look_at(struct passage *passage, const struct security_group *group,
	const struct ip_permission *p, uint16_t port)
{
	bool udp = covers_port(p, UDP, port), tcp = covers_port(p, TCP, port);

	passage->tcp |= tcp;
	if (udp && !passage->udp) {
		passage->udp = true;
		passage->udp_group = group;
	}
	for (const struct cidr *c = p->cidr_blocks; c && (udp || tcp) && !passage->open;
	     c = c->next) {
		if (is_world(c)) {
			passage->open = group;
			passage->open_at = c->at;
		}
	}
}

static struct passage
passage_of(const struct resolver_endpoint *e, uint16_t port)
{
	struct passage passage = { 0 };

	for (const struct ref *ref = e->security_groups; ref; ref = ref->next) {
		const struct security_group *group = ref->object;
		const struct ip_permission *p = NULL;

		if (group)
			p = e->direction == DIRECTION_OUTBOUND ? group->ip_permissions_egress
							       : group->ip_permissions;
		for (; p; p = p->next)
			look_at(&passage, group, p, port);
	}
	return passage;
}

static void
add_group(struct lint *lint, struct finding *finding, const struct resolver_endpoint *e,
	  const struct security_group *group, struct srcloc at, const char *text)
{
	diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_ENDPOINT), e->id,
		 e->at, "has the group");
	diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_SECURITY_GROUP),
		 group->id, at, "%s", text);
}

static void
judge_endpoint(struct lint *lint, const struct lint_check *check,
	       const struct resolver_endpoint *e)
{
	bool do53 = !e->protocols || (e->protocols & (1u << PROTOCOL_DO53));
	struct passage passage = passage_of(e, do53 ? DNS_PORT : HTTPS_PORT);
	bool out = e->direction == DIRECTION_OUTBOUND;
	struct finding *finding;

	if (do53 && passage.udp && !passage.tcp) {
		finding = lint_open(lint, check, check->severity, e->at,
				    "the security groups of endpoint \"%s\" let 53/udp %s and not "
				    "53/tcp: long answers are cut off", e->id, out ? "out" : "in");
		add_group(lint, finding, e, passage.udp_group, passage.udp_group->at,
			  "udp alone");
		lint_add_help(lint, finding, "let 53/tcp through as well");
	}
	if (!out && passage.open) {
		finding = lint_open(lint, check, check->severity, e->at,
				    "the security groups of endpoint \"%s\" let everybody in",
				    e->id);
		add_group(lint, finding, e, passage.open, passage.open_at,
			  "from any address");
		lint_add_help(lint, finding, "let in the networks that forward to it, and no "
			      "others");
	}
}

void
check_resolver_security_group(struct lint *lint, const struct lint_check *check)
{
	for (const struct resolver_endpoint *e = lint->estate->endpoints; e && !lint->nomem;
	     e = e->next)
		if (e->security_groups)
			judge_endpoint(lint, check, e);
}
