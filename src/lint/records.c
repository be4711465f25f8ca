#include "lint/records.h"

#include "dns/codes.h"
#include "lint/region.h"

/** Is the name one of those that the NS set points to? */
static bool
is_server(const struct zone *zone, const struct zone_set_ref *ns, const uint8_t *name)
{
	struct rrset set = zone_rrset(zone_set_at(zone, ns->set_at), NULL);
	struct rrset_walk walk = rrset_begin(&set);
	struct rdata rdata;

	while (rrset_next(&walk, &rdata)) {
		struct reader in = reader_over(rdata.data, rdata.len);
		struct name server;

		if (name_read(&in, &server) == OK && name_wire_equal(server.wire, name))
			return true;
	}
	return false;
}

static bool
states_delegation(const struct zone *zone, const struct zone_set_ref *ns, const uint8_t *top,
		  const uint8_t *owner, uint16_t type)
{
	if (!ns)
		return false;
	if (type == TYPE_NS || type == TYPE_DS)
		return name_wire_equal(owner, top);
	return (type == TYPE_A || type == TYPE_AAAA) && is_server(zone, ns, owner);
}

void
records_below(const struct zone *zone, const uint8_t *top, record_fn found, void *context)
{
	const struct zone_node *node = zone_find(zone, top, name_wire_len(top), name_hash(top));
	const struct zone_set_ref *ns = node ? zone_node_set(node, TYPE_NS) : NULL;

	for (uint32_t i = zone_first_below(zone, top); i < zone->node_count; i++) {
		const struct zone_node *at = zone_node_number(zone, i);
		const uint8_t *owner = zone_node_name(at);
		const struct zone_set_ref *refs = zone_node_refs(at);

		if (!name_wire_covers(top, owner))
			return;
		for (unsigned r = 0; r < at->set_count; r += refs[r].members)
			if (!states_delegation(zone, ns, top, owner, refs[r].type))
				found(context, owner, refs[r].type);
	}
}
