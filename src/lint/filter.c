#include "lint/filter.h"

#include <string.h>

#define ENTRIES_MOST 200	/* the service allows 40; beyond, an ACL is not judged */

struct prefix
prefix_of(const struct addr *addr)
{
	struct prefix prefix = { .bits = 128 };

	memcpy(prefix.ip, addr->ip, sizeof(prefix.ip));
	return prefix;
}

bool
blocks_meet(const struct prefix *a, const struct prefix *b)
{
	return prefix_is_v4(a) == prefix_is_v4(b) && prefix_overlaps(a, b);
}

static bool
has_ports(uint16_t protocol)
{
	return protocol == 6 || protocol == 17;
}

static bool
protocols_meet(uint16_t a, uint16_t b)
{
	return a == b || a == IP_PROTOCOL_ANY || b == IP_PROTOCOL_ANY;
}

/** Does a rule with these ports meet the traffic? */
static bool
meets(uint16_t protocol, uint16_t from, uint16_t to, const struct traffic *t)
{
	if (!protocols_meet(protocol, t->protocol))
		return false;
	return (!has_ports(protocol) && !has_ports(t->protocol)) ||
	       (from <= t->to_port && t->from_port <= to);
}

static bool
entry_meets(const struct acl_entry *e, bool egress, const struct traffic *t)
{
	return e->egress == egress && blocks_meet(&e->cidr_block, &t->peer) &&
	       meets(e->protocol, e->from_port, e->to_port, t);
}

/** The narrower of two blocks that meet. */
static const struct prefix *
narrower(const struct prefix *a, const struct prefix *b)
{
	return a->bits >= b->bits ? a : b;
}

/** Does the denial come first, and take all that the two have in common? */
static bool
takes_all(const struct acl_entry *deny, const struct acl_entry *allow, const struct traffic *t)
{
	const struct prefix *common = narrower(&allow->cidr_block, &t->peer);
	uint16_t protocol = allow->protocol == IP_PROTOCOL_ANY ? t->protocol : allow->protocol;
	uint16_t from = allow->from_port > t->from_port ? allow->from_port : t->from_port;
	uint16_t to = allow->to_port < t->to_port ? allow->to_port : t->to_port;

	if (deny->rule_action != ACL_DENY || deny->egress != allow->egress ||
	    deny->rule_number > allow->rule_number ||
	    !blocks_meet(&deny->cidr_block, common) || deny->cidr_block.bits > common->bits)
		return false;
	if (deny->protocol != IP_PROTOCOL_ANY && deny->protocol != protocol)
		return false;
	return !has_ports(deny->protocol) || (deny->from_port <= from && to <= deny->to_port);
}

bool
acl_lets(const struct network_acl *acl, bool egress, const struct traffic *t)
{
	unsigned count = 0;

	for (const struct acl_entry *e = acl->entries; e; e = e->next)
		if (++count > ENTRIES_MOST)
			return true;
	for (const struct acl_entry *e = acl->entries; e; e = e->next) {
		const struct acl_entry *deny = acl->entries;

		if (e->rule_action != ACL_ALLOW || !entry_meets(e, egress, t))
			continue;
		while (deny && !takes_all(deny, e, t))
			deny = deny->next;
		if (!deny)
			return true;
	}
	return false;
}

static bool
blocks_let(const struct cidr *cidr, const struct prefix *peer)
{
	for (; cidr; cidr = cidr->next)
		if (blocks_meet(&cidr->prefix, peer))
			return true;
	return false;
}

/** Is the far end in one of the groups named, as far as it is known? */
static bool
members_let(const struct ref *named, const struct traffic *t)
{
	for (; named; named = named->next) {
		const struct security_group *group = named->object;

		if (!group || !t->network)
			return true;
		if (!t->groups && group->vpc.object == t->network)
			return true;
		for (const struct ref *its = t->groups; its; its = its->next)
			if (its->object == group)
				return true;
	}
	return false;
}

static bool
permission_lets(const struct inside *inside, const struct ip_permission *p,
		const struct traffic *t)
{
	if (!meets(p->ip_protocol, p->from_port, p->to_port, t))
		return false;
	if (p->others || blocks_let(p->cidr_blocks, &t->peer) ||
	    members_let(p->security_groups, t))
		return true;
	for (const struct string_item *i = p->prefix_lists; i; i = i->next) {
		const struct managed_prefix_list *list =
			table_find_string(&inside->prefix_lists, i->text);

		if (!list || blocks_let(list->cidr_blocks, &t->peer))
			return true;
	}
	return false;
}

bool
groups_let(const struct inside *inside, const struct ref *groups, bool egress,
	   const struct traffic *t)
{
	for (const struct ref *ref = groups; ref; ref = ref->next) {
		const struct security_group *group = ref->object;
		const struct ip_permission *p;

		if (!group)
			return true;
		p = egress ? group->ip_permissions_egress : group->ip_permissions;
		for (; p; p = p->next)
			if (permission_lets(inside, p, t))
				return true;
	}
	return false;
}
