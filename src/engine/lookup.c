#include "engine/lookup.h"

#include "base/bytes.h"
#include "dns/codes.h"

/** The name is a node of its own and nothing above it takes it away. */
static struct lookup
at_node(const struct zone_node *node, uint16_t type, bool wildcard)
{
	struct lookup found = { LOOKUP_NODATA, wildcard, node, NULL };

	if (type == TYPE_ANY) {
		if (node->set_count) {
			found.kind = LOOKUP_ANSWER;
			found.ref = zone_node_refs(node);
		}
		return found;
	}
	found.ref = zone_node_set(node, type);
	if (found.ref) {
		found.kind = LOOKUP_ANSWER;
	} else if (node->flags & NODE_CNAME) {
		found.kind = LOOKUP_CNAME;
		found.ref = zone_node_set(node, TYPE_CNAME);
	}
	return found;
}

/** At or below a delegation; only DS belongs to this side of it (RFC 4035 3.1.4.1). */
static struct lookup
at_cut(const struct zone_node *cut, const struct name *name, uint16_t type)
{
	if (type == TYPE_DS && cut->labels == name->labels)
		return at_node(cut, type, false);
	return (struct lookup){ LOOKUP_DELEGATED, false, cut, zone_node_set(cut, TYPE_NS) };
}

static const struct zone_node *
find_suffix(const struct zone *zone, const struct name *name, const struct suffixes *suffixes,
	    unsigned labels)
{
	unsigned at = suffixes->offset[labels];

	return zone_find(zone, name->wire + at, name->len - at, suffixes->hash[labels]);
}

/** The "*" directly below the closest encloser; the zone says that there is one. */
static const struct zone_node *
find_wildcard(const struct zone *zone, const struct name *name, const struct suffixes *suffixes,
	      unsigned labels)
{
	unsigned at = suffixes->offset[labels], len = name->len - at;
	uint8_t wire[NAME_MAX_OCTETS];

	if (2 + len > sizeof(wire))
		return NULL;
	wire[0] = 1;
	wire[1] = '*';
	memcpy(wire + 2, name->wire + at, len);
	return zone_find(zone, wire, 2 + len,
			 name_hash_label(suffixes->hash[labels], wire + 1, 1));
}

/**
 * The name has no node of its own, or one that is occluded: the closest encloser decides.
 * An occluded encloser has a cut or DNAME further up, which then decides instead.
 * An NS set at a wildcard is data like any other (RFC 4592 4.2 leaves it open).
 */
static struct lookup
below_node(const struct zone *zone, const struct name *name, const struct suffixes *suffixes,
	   uint16_t type)
{
	const struct zone_node *node = zone_node_at(zone, zone->apex_at), *wildcard;

	for (unsigned k = name->labels; k-- > zone->labels + 1u;) {
		const struct zone_node *above = find_suffix(zone, name, suffixes, k);

		if (above && !(above->flags & NODE_OCCLUDED)) {
			node = above;
			break;
		}
	}
	if (node->flags & NODE_CUT)
		return at_cut(node, name, type);
	if (node->flags & NODE_DNAME)
		return (struct lookup){ LOOKUP_DNAME, false, node,
					zone_node_set(node, TYPE_DNAME) };
	if (node->flags & NODE_WILDCARD_CHILD) {
		wildcard = find_wildcard(zone, name, suffixes, node->labels);
		if (wildcard)
			return at_node(wildcard, type, true);
	}
	return (struct lookup){ LOOKUP_NXDOMAIN, false, node, NULL };
}

struct lookup
lookup_find(const struct zone *zone, const struct name *name, const struct suffixes *suffixes,
	    uint16_t type)
{
	const struct zone_node *node = find_suffix(zone, name, suffixes, name->labels);

	if (!node || node->flags & NODE_OCCLUDED)
		return below_node(zone, name, suffixes, type);
	if (node->flags & NODE_CUT)
		return at_cut(node, name, type);
	return at_node(node, type, false);
}

const char *
lookup_kind_text(enum lookup_kind kind)
{
	switch (kind) {
	case LOOKUP_ANSWER:
		return "answer";
	case LOOKUP_CNAME:
		return "cname";
	case LOOKUP_DNAME:
		return "dname";
	case LOOKUP_NODATA:
		return "nodata";
	case LOOKUP_NXDOMAIN:
		return "nxdomain";
	case LOOKUP_DELEGATED:
		return "delegated";
	}
	return "unknown";
}
