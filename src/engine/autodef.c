#include "engine/autodef.h"

#include <stdio.h>

#include "dns/codes.h"

/* One question about an autodefined name. */
struct inquiry {
	const struct snapshot *snap;
	const struct route *route;
	const struct name *name;
	unsigned depth;			/* labels below the suffix */
	uint16_t type;
	struct scratch *scratch;
	struct autodef *out;
};

static const uint8_t in_addr_arpa[] = "\007in-addr\004arpa";
static const uint8_t localhost[] = "\011localhost";
static const uint8_t internal[] = "\010internal";
static const uint8_t ec2_internal[] = "\003ec2\010internal";
static const uint8_t compute_internal[] = "\007compute\010internal";

/* The region whose private names have no region in them (route53-semantics 1.4). */
static const char first_region[] = "us-east-1";

/* The SOA that all private zones share (route53-semantics 4.2). */
static const uint8_t soa_data[] =
	"\007ns-1536\011awsdns-00\002co\002uk\000"
	"\021awsdns-hostmaster\006amazon\003com\000"
	"\000\000\000\001" "\000\000\034\040" "\000\000\003\204" "\000\022\165\000"
	"\000\001\121\200";

static const uint8_t *
suffix_of(const struct inquiry *asked)
{
	return snapshot_name(asked->snap, asked->route->cut->name_at);
}

static bool
answer_data(struct inquiry *asked, const void *data, size_t len)
{
	struct rdata rdata = { data, (uint16_t)len };

	asked->out->kind = LOOKUP_ANSWER;
	return scratch_rrset(asked->scratch, asked->type, AUTODEF_TTL_S, rdata,
			     &asked->out->set);
}

/** The name exists (NODATA) or does not; at the suffix itself the SOA may be what was asked. */
static bool
answer_nothing(struct inquiry *asked, enum lookup_kind kind)
{
	struct rdata rdata = { soa_data, sizeof(soa_data) - 1 };
	bool is_asked = asked->type == TYPE_SOA && asked->depth == 0;

	asked->out->kind = is_asked ? LOOKUP_ANSWER : kind;
	if (!scratch_rrset(asked->scratch, TYPE_SOA, AUTODEF_NEGATIVE_TTL_S, rdata,
			   &asked->out->set))
		return false;
	asked->out->set.owner = is_asked ? NULL : suffix_of(asked);
	return true;
}

/** Decimal digits at *at, no leading zero, at most `max`; false: none, or too many. */
static bool
read_number(const uint8_t **at, const uint8_t *end, unsigned max, unsigned *out)
{
	const uint8_t *from = *at;

	for (*out = 0; *at < end && **at >= '0' && **at <= '9'; (*at)++) {
		*out = *out * 10 + (unsigned)(**at - '0');
		if (*out > max || (*from == '0' && *at > from))
			return false;
	}
	return *at > from;
}

static struct addr
addr_v4(const unsigned octets[4])
{
	struct addr addr = { .ip = { [10] = 0xff, [11] = 0xff } };

	for (unsigned i = 0; i < 4; i++)
		addr.ip[12 + i] = (uint8_t)octets[i];
	return addr;
}

/** "ip-10-0-0-5": `word`, then the address. */
static bool
read_label(const uint8_t *label, const char *word, struct addr *out)
{
	size_t len = strlen(word);
	const uint8_t *at = label + 1 + len, *end = label + 1 + *label;
	unsigned octets[4];

	if (*label < len || memcmp(label + 1, word, len) != 0)
		return false;
	for (unsigned i = 0; i < 4; i++)
		if (at == end || *at++ != '-' || !read_number(&at, end, 255, &octets[i]))
			return false;
	*out = addr_v4(octets);
	return at == end;
}

/** The octets in front of in-addr.arpa: how many labels are ones, in `octets` from the left
 * of the address; -1: something else stands there. */
static int
read_reverse(const struct name *name, unsigned octets[4])
{
	const uint8_t *at = name->wire;
	int count = name->labels - 2;

	if (count < 0 || count > 4 || !name_wire_covers(in_addr_arpa, name->wire))
		return -1;
	for (int i = count - 1; i >= 0; i--) {
		const uint8_t *digits = at + 1, *end = at + 1 + *at;

		if (!read_number(&digits, end, 255, &octets[i]) || digits != end)
			return -1;
		at = end;
	}
	return count;
}

/** The block that holds the address: the network's own, or one it sees; NULL: none. */
static const struct snapshot_cidr *
find_block(const struct inquiry *asked, const struct addr *addr)
{
	const struct snapshot_network *network =
		snapshot_network(asked->snap, asked->route->network);
	const struct snapshot_cidr *cidrs = block_at(&asked->snap->root->block,
						     network->cidrs_at);

	for (uint32_t i = 0; i < network->cidr_count; i++)
		if (prefix_covers(&cidrs[i].prefix, addr))
			return &cidrs[i];
	return NULL;
}

static bool
is_region(const char *region, const uint8_t *label, size_t len)
{
	return strlen(region) == len && memcmp(region, label, len) == 0;
}

/** Are the private names of this region below the suffix? */
static bool
suffix_has_region(const uint8_t *suffix, const char *region)
{
	if (name_wire_equal(suffix, ec2_internal))
		return strcmp(region, first_region) == 0;
	return name_wire_equal(name_wire_parent(suffix), compute_internal) &&
	       is_region(region, suffix + 1, *suffix);
}

/**
 * The address a name stands for.  Of a private name it must lie in a block of the suffix's
 * region; a public one (ec2-52-0-0-1) stands for what it says, as which private address an
 * instance has behind it is not declared anywhere.
 */
static bool
ec2_address(const struct inquiry *asked, struct addr *out)
{
	const uint8_t *suffix = suffix_of(asked);
	const struct snapshot_cidr *cidr;

	if (asked->depth != 1)
		return false;
	if (!name_wire_covers(internal, suffix))
		return read_label(asked->name->wire, "ec2", out);
	if (!read_label(asked->name->wire, "ip", out))
		return false;
	cidr = find_block(asked, out);
	return cidr && suffix_has_region(suffix, snapshot_string(asked->snap, cidr->region_at));
}

static bool
answer_ec2(struct inquiry *asked)
{
	struct addr addr;

	if (asked->depth == 0)
		return answer_nothing(asked, LOOKUP_NODATA);
	if (!ec2_address(asked, &addr))
		return answer_nothing(asked, LOOKUP_NXDOMAIN);
	if (asked->type != TYPE_A)
		return answer_nothing(asked, LOOKUP_NODATA);
	return answer_data(asked, addr.ip + 12, 4);
}

/** The name of an address in a region; false: the region's name makes no name. */
static bool
ec2_name(const unsigned octets[4], const char *region, struct name *out)
{
	char text[NAME_MAX_OCTETS];
	int len;

	if (strcmp(region, first_region) == 0)
		len = snprintf(text, sizeof(text), "ip-%u-%u-%u-%u.ec2.internal", octets[0],
			       octets[1], octets[2], octets[3]);
	else
		len = snprintf(text, sizeof(text), "ip-%u-%u-%u-%u.%s.compute.internal",
			       octets[0], octets[1], octets[2], octets[3], region);
	return len > 0 && (size_t)len < sizeof(text) && name_parse(text, out) == OK;
}

static bool
answer_ec2_reverse(struct inquiry *asked)
{
	const struct snapshot_cidr *cidr;
	struct name host;
	struct addr addr;
	unsigned octets[4];
	int count = read_reverse(asked->name, octets);

	if (asked->depth == 0 && count != 4)
		return answer_nothing(asked, LOOKUP_NODATA);
	if (count < 0)
		return answer_nothing(asked, LOOKUP_NXDOMAIN);
	if (count < 4)		/* stands above names of addresses */
		return answer_nothing(asked, LOOKUP_NODATA);
	addr = addr_v4(octets);
	cidr = find_block(asked, &addr);
	if (!cidr || !cidr->region_at ||
	    !ec2_name(octets, snapshot_string(asked->snap, cidr->region_at), &host))
		return answer_nothing(asked, asked->depth ? LOOKUP_NXDOMAIN : LOOKUP_NODATA);
	if (asked->type != TYPE_PTR)
		return answer_nothing(asked, LOOKUP_NODATA);
	return answer_data(asked, host.wire, host.len);
}

/** All of localhost (RFC 6761 6.3), but of localdomain only itself and its localhost. */
static bool
answer_localhost(struct inquiry *asked)
{
	static const uint8_t v6[16] = { [15] = 1 };
	static const uint8_t v4[4] = { 127, 0, 0, 1 };
	const uint8_t *first = asked->name->wire;

	if (!name_wire_equal(suffix_of(asked), localhost) && asked->depth > 0 &&
	    !(asked->depth == 1 && memcmp(first, localhost, 1 + (size_t)*localhost) == 0))
		return answer_nothing(asked, LOOKUP_NXDOMAIN);
	if (asked->type == TYPE_A)
		return answer_data(asked, v4, sizeof(v4));
	if (asked->type == TYPE_AAAA)
		return answer_data(asked, v6, sizeof(v6));
	return answer_nothing(asked, LOOKUP_NODATA);
}

/** 127.in-addr.arpa, and the whole reverse names of ::1 and ::, which have nothing below. */
static bool
answer_loopback_reverse(struct inquiry *asked)
{
	const uint8_t *suffix = suffix_of(asked);
	unsigned octets[4];
	int count = read_reverse(asked->name, octets);
	bool v4 = name_wire_covers(in_addr_arpa, suffix);
	bool whole = v4 ? count == 4 : asked->depth == 0 && suffix[1] == '1';

	if (v4 ? count < 0 : asked->depth > 0)
		return answer_nothing(asked, LOOKUP_NXDOMAIN);
	if (!whole || asked->type != TYPE_PTR)
		return answer_nothing(asked, LOOKUP_NODATA);
	return answer_data(asked, localhost, sizeof(localhost));
}

bool
autodef_find(const struct snapshot *snap, const struct route *route, const struct name *name,
	     uint16_t type, struct scratch *scratch, struct autodef *out)
{
	struct inquiry asked = {
		.snap = snap,
		.route = route,
		.name = name,
		.depth = (unsigned)(name->labels - route->cut->labels),
		.type = type,
		.scratch = scratch,
		.out = out,
	};

	switch (route->autodefined) {
	case AUTO_LOCALHOST:
		return answer_localhost(&asked);
	case AUTO_LOOPBACK_REVERSE:
		return answer_loopback_reverse(&asked);
	case AUTO_EC2:
		return answer_ec2(&asked);
	case AUTO_EC2_REVERSE:
		return answer_ec2_reverse(&asked);
	}
	return answer_nothing(&asked, LOOKUP_NXDOMAIN);
}
