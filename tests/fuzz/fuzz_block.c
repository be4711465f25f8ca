/*
 * fuzz_block - the block verifier, against blocks that are nearly right
 *
 *	octet 0		which block of the estate below; upper bit: mend its tables too
 *	octet 1		the first of the questions that are asked
 *	then		patches, 4 octets each: where (2), how, with what
 *
 * A checksum and hashes keep random octets from getting far, and a stranger can compute both.
 * So the patches are applied to a block as compile made it, and what is computed is then
 * computed again.  What passes is walked as a whole, and questions are answered from it.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "snapshot/slots.h"
#include "snapshot/verify.h"
#include "unit/exercise.h"
#include "unit/world.h"

#define BLOCKS_MOST 4
#define SLOTS_MOST  256
#define QUESTIONS   3		/* asked of one block */

static const char estate[] =
	"vpc hub 10.0.0.0/16 eu-west-1\n"
	"vpc app 10.1.0.0/16 us-east-1\n"
	"site dc 192.168.0.0/16\n"
	"peer hub app\n"
	"inbound in hub\n"
	"dns64 hub\n"
	"identity ns1\n"
	"check c1\n"
	"check c2\n"
	"zone Z corp.example hub,app\n"
	"@ 60 MX 10 mail\n"
	"@ 60 TXT text\n"
	"www 60 A 10.0.0.1\n"
	"www 60 A 10.0.0.2\n"
	"a.b.c 60 AAAA 2001:db8::1\n"
	"* 60 A 10.0.0.3\n"
	"cn 60 CNAME www\n"
	"cn2 60 CNAME cn\n"
	"out 60 CNAME www.dc.example.\n"
	"dn 60 DNAME small.example.\n"
	"sub 60 NS ns.sub\n"
	"ns.sub 60 A 10.0.0.4\n"
	"w 60 A 10.0.0.10 { weighted 1 a c1 }\n"
	"w 60 A 10.0.0.11 { weighted 90 b c2 }\n"
	"f 60 A 10.0.0.30 { failover secondary s }\n"
	"f 60 A 10.0.0.31 { failover primary p c1 }\n"
	"l 60 A 10.0.0.40 { latency us-east-1 a }\n"
	"l 60 A 10.0.0.41 { latency eu-west-1 b }\n"
	"g 60 A 10.0.0.50 { geo * a }\n"
	"g 60 A 10.0.0.52 { geo US/OH c }\n"
	"n 60 A 10.0.0.57 { near us-east-1/20 a }\n"
	"n 60 A 10.0.0.61 { near 48.85,2.35 b }\n"
	"m 60 A 10.0.0.64 { multi a c1 }\n"
	"alias al A w Z eth\n"
	"alias al2 A al Z\n"
	"zone S small.example hub\n"
	"www 60 A 10.0.0.5\n"
	"forward rr-dc dc.example hub,dc 192.168.0.53 192.168.0.54\n"
	"system rr-sys pub.dc.example hub\n"
	"delegate rr-del sub.example hub\n"
	"internet 9.9.9.9\n"
	"listen 5300 hub\n"
	"allow 10.0.0.0/8\n";

static const struct {
	const char *name;
	uint16_t type;
} questions[] = {
	{ "corp.example", TYPE_MX }, { "corp.example", TYPE_SOA }, { "corp.example", TYPE_ANY },
	{ "www.corp.example", TYPE_A }, { "www.corp.example", TYPE_AAAA },
	{ "b.c.corp.example", TYPE_A }, { "none.corp.example", TYPE_A },
	{ "x.none.corp.example", TYPE_TXT }, { "cn2.corp.example", TYPE_A },
	{ "out.corp.example", TYPE_A }, { "www.dn.corp.example", TYPE_A },
	{ "x.sub.corp.example", TYPE_A }, { "w.corp.example", TYPE_A },
	{ "f.corp.example", TYPE_A }, { "l.corp.example", TYPE_A }, { "g.corp.example", TYPE_A },
	{ "n.corp.example", TYPE_A }, { "m.corp.example", TYPE_A },
	{ "al2.corp.example", TYPE_A }, { "al.corp.example", TYPE_AAAA },
	{ "www.small.example", TYPE_A }, { "small.example", TYPE_NS },
	{ "x.pub.dc.example", TYPE_A }, { "dc.example", TYPE_A }, { ".", TYPE_NS },
	{ "localhost", TYPE_A }, { "ip-10-0-0-1.eu-west-1.compute.internal", TYPE_A },
	{ "ip-10-1-0-1.ec2.internal", TYPE_A }, { "1.0.1.10.in-addr.arpa", TYPE_PTR },
};

/* The blocks of the estate: as made, and each in memory of its own to be patched. */
struct originals {
	struct world world;
	unsigned count;
	const struct block *block[BLOCKS_MOST];
	struct block *copy[BLOCKS_MOST];
	struct question question[COUNT_OF(questions)];
	uint8_t wire[COUNT_OF(questions)][NAME_MAX_OCTETS + 4];
};

static volatile uint64_t sum;	/* what was read is needed */

static void
add_block(struct originals *o, const struct block *block)
{
	o->block[o->count] = block;
	o->copy[o->count] = malloc(block->size);
	require(o->copy[o->count++] != NULL);
}

static void
originals_make(struct originals *o)
{
	world_load(&o->world, estate);
	add_block(o, &o->world.snap->root->block);
	for (uint32_t i = 0; i < o->world.snap->root->zone_count; i++)
		add_block(o, &o->world.snap->zones[i]->block);
	for (size_t i = 0; i < COUNT_OF(questions); i++) {
		struct name name = wire_name(questions[i].name, NULL);

		question_make(&name, questions[i].type, &o->question[i], o->wire[i]);
	}
}

/* What a patch does with the octet or word that it is about. */
enum how { HOW_SET, HOW_ADD, HOW_FLIP, HOW_WORD, HOW_WORD_ADD, HOW_COPY, HOW_LAST = HOW_COPY };

static void
patch(struct block *block, const uint8_t *octets)
{
	uint8_t *base = (uint8_t *)block, *at;
	uint64_t where = load_u16(octets) % block->size;
	uint64_t word = where & ~(uint64_t)3;
	uint32_t value, small = octets[3] < 0x80 ? octets[3] : octets[3] | 0xffffff00u;

	at = base + where;
	memcpy(&value, base + word, sizeof(value));
	switch ((enum how)(octets[2] % (HOW_LAST + 1))) {
	case HOW_SET:
		*at = octets[3];
		return;
	case HOW_ADD:
		*at = (uint8_t)(*at + octets[3]);
		return;
	case HOW_FLIP:
		*at ^= (uint8_t)(1 << (octets[3] & 7));
		return;
	case HOW_WORD:
		value = small;
		break;
	case HOW_WORD_ADD:
		value += small;
		break;
	case HOW_COPY:	/* from so many words before */
		if (word >= octets[3] * 4u)
			memcpy(&value, base + word - octets[3] * 4u, sizeof(value));
		break;
	}
	memcpy(base + word, &value, sizeof(value));
}

static void *
at_unit(struct block *block, uint32_t at)
{
	return (uint8_t *)block + (uint64_t)at * BLOCK_UNIT;
}

/*
 * The parts may lie over each other and over the heads: so the heads are looked at once, and
 * the slots are made beside the block.
 */
struct mending {
	struct block *block;
	uint32_t slots_at, mask, items_at, count;
	uint32_t slots[SLOTS_MOST][2];
};

/** Do table and items (of `size` octets each) lie in the block? */
static bool
mending_fits(struct mending *m, uint64_t size)
{
	uint64_t slot_count = (uint64_t)m->mask + 1;

	memset(m->slots, 0, sizeof(m->slots));
	return m->count && slot_count <= SLOTS_MOST && slot_count == slots_for(m->count) &&
	       verify_array(m->block, m->slots_at, slot_count, sizeof(m->slots[0])) &&
	       verify_array(m->block, m->items_at, m->count, size);
}

static void
mending_end(const struct mending *m)
{
	memcpy(at_unit(m->block, m->slots_at), m->slots,
	       ((size_t)m->mask + 1) * sizeof(m->slots[0]));
}

/** The slots and the hashes in the nodes, as far as the rest is in its bounds. */
static void
mend_zone(struct zone *zone)
{
	struct mending m = { .block = &zone->block, .slots_at = zone->slots_at,
			     .mask = zone->slot_mask, .items_at = zone->order_at,
			     .count = zone->node_count };

	if (!mending_fits(&m, sizeof(uint32_t)))
		return;
	for (uint32_t i = 0; i < m.count; i++) {
		uint32_t at = ((const uint32_t *)block_at(m.block, m.items_at))[i];
		struct zone_node *node = at_unit(m.block, at);
		const uint8_t *name;
		uint64_t hash;

		if (!verify_array(m.block, at, 1, sizeof(*node)))
			return;
		name = zone_node_name(node);
		if (!verify_name_octet(m.block, (uint64_t)(name - (uint8_t *)zone)))
			return;
		hash = name_hash(name);
		node->hash_low = (uint32_t)hash;
		slots_insert(m.slots, m.mask, hash, at);
	}
	mending_end(&m);
}

/** The depths and slots of one cut table. */
static void
mend_view(struct root *root, struct view *view)
{
	struct mending m = { .block = &root->block, .slots_at = view->slots_at,
			     .mask = view->slot_mask, .items_at = view->cuts_at,
			     .count = view->cut_count };
	uint64_t depths[2] = { 0 };

	if (!mending_fits(&m, sizeof(struct cut)))
		return;
	for (uint32_t i = 0; i < m.count; i++) {
		const struct cut *cut = (const struct cut *)block_at(m.block, m.items_at) + i;

		if (!verify_name(m.block, cut->name_at) || cut->labels > NAME_MAX_LABELS)
			return;
		depths[cut->labels >> 6] |= 1ull << (cut->labels & 63);
		slots_insert(m.slots, m.mask, name_hash(block_at(m.block, cut->name_at)), i + 1);
	}
	memcpy(view->depths, depths, sizeof(depths));
	mending_end(&m);
}

static void
mend_root(struct root *root)
{
	struct view *view = at_unit(&root->block, root->views_at);
	uint32_t count = root->view_count;

	if (verify_array(&root->block, root->views_at, count, sizeof(*view)))
		for (uint32_t i = 0; i < count; i++)
			mend_view(root, &view[i]);
}

/** As snapshot_map sees to it before a snapshot is used. */
static bool
is_listed(const struct snapshot *snap, uint32_t number)
{
	const struct snapshot_zone *entry = snapshot_zone(snap, number);

	return digest_equal(entry->source, snap->zones[number]->block.source) &&
	       name_wire_equal(snapshot_name(snap, entry->name_at),
			       zone_name(snap->zones[number]));
}

static void
ask(struct originals *o, struct resolver *r, const struct question *q)
{
	static uint8_t message[MSG_MAX_OCTETS];
	static struct answer answer;
	struct builder b;
	struct ask wanted;

	for (uint32_t n = 0; n < r->snap->root->network_count; n++) {
		o->world.scratch->used = 0;
		if (!resolve_offline(r, n, q, 1000, &answer, &wanted))
			continue;
		build_reply(&b, message, sizeof(message), q, answer.rcode, 0);
		for (unsigned i = 0; i < answer.count; i++)
			if (!build_rrset(&b, answer.items[i].section, &answer.items[i].set,
					 answer.items[i].ttl_s))
				break;
		require(!b.out.failed);
	}
}

/** The snapshot with this block in the place of its original. */
static void
serve(struct originals *o, unsigned number, unsigned first)
{
	const struct zone *zones[BLOCKS_MOST];
	struct snapshot snap = { .zones = zones };
	struct resolver r = o->world.resolver;

	snap.root = number == 0 ? (const struct root *)o->copy[0] : o->world.snap->root;
	if (snap.root->zone_count > BLOCKS_MOST || snap.root->block_count != o->count - 1)
		return;
	for (uint32_t i = 0; i < snap.root->zone_count; i++) {
		uint32_t block = snapshot_zone(&snap, i)->block + 1;

		zones[i] = (const struct zone *)(block == number ? o->copy[block]
								 : o->block[block]);
		if (!is_listed(&snap, i))
			return;
	}
	r.snap = &snap;
	r.cache = NULL;
	r.flights = NULL;
	r.as = snap.root->endpoint_count ? 0 : ENDPOINT_NONE;
	for (unsigned i = 0; i < QUESTIONS; i++)
		ask(o, &r, &o->question[(first + i) % COUNT_OF(questions)]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct originals o;
	struct block *block;
	unsigned number;
	uint64_t len;

	if (!o.count)
		originals_make(&o);
	if (size < 2)
		return 0;
	number = (data[0] & 0x7f) % o.count;
	block = o.copy[number];
	len = o.block[number]->size;
	memcpy(block, o.block[number], len);
	for (size_t at = 2; size - at >= 4; at += 4) {
		patch(block, data + at);
		if (block->size != len)		/* the header was hit, and its size matters here */
			block->size = len;
	}
	if (data[0] & 0x80 && block->kind == BLOCK_ZONE)
		mend_zone((struct zone *)block);
	else if (data[0] & 0x80)
		mend_root((struct root *)block);
	block->checksum = block_checksum(block);
	if (block_verify(block, len) != OK)
		return 0;
	sum += exercise_block(block);
	if (block->kind == o.block[number]->kind)
		serve(&o, number, data[1]);
	return 0;
}
