#include "engine/targets.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS_MOST	  65535u
#define NO_ENTRY	  UINT32_MAX

#define DOWN_LOSSES	  8		/* in a row */
#define DOWN_SILENT_MS	  500		/* since the first question without a reply after it */
#define LEARNT_MS	  3600000	/* what a target cannot do is asked again each hour */

#define HISTOGRAM_STEPS	  24
#define HISTOGRAM_FULL	  256		/* samples; then all counts are halved */
#define HEDGE_MIN_MS	  20
#define HEDGE_MAX_MS	  300
#define RETRY_MIN_MS	  100
#define RETRY_MAX_MS	  600
#define MEAN_SHIFT	  3		/* a sample weighs an eighth in the mean */
#define MEAN_UNIT	  16		/* the mean is kept in sixteenths of a ms */
#define EXPLORE_ONE_IN	  32		/* `fastest` asks another one first so often */

#define TOKEN		  10		/* what a hedge costs; each question brings 1 */
#define TOKENS_MOST	  (10 * TOKEN)

/* Upper ends, in ms, of the steps of a round trip; the last has none. */
static const uint16_t histogram_ends[HISTOGRAM_STEPS] = {
	1,  2,	3,  4,	 6,   8,   11,	16,  23,  32,	45,   64,
	90, 128, 181, 256, 300, 362, 512, 724, 1024, 1448, 2048, UINT16_MAX,
};

/* Time between a probe and the next; the last holds on. */
static const uint16_t probe_gaps_ms[] = { 250, 500, 1000, 1500 };
#define PROBE_GAPS ((uint32_t)(sizeof(probe_gaps_ms) / sizeof(probe_gaps_ms[0])))

struct entry {
	struct snapshot_target target;
	uint64_t used_ms;
	uint32_t next;			/* in its hash chain, or in the free list */
	uint16_t generation;		/* of the slot: one more each time it is forgotten */
	bool used;

	bool down, waiting;		/* waiting: `silent_since_ms` is set */
	uint64_t silent_since_ms;	/* first question that no reply came after */
	uint64_t down_since_ms;
	uint64_t probe_ms;		/* while down: not before */
	uint32_t losses;		/* in a row */
	uint32_t gaps;			/* of time between probes, since it went down */
	uint32_t gap_ms;		/* the one that ends at probe_ms */
	uint32_t mean;			/* round trip in 1/MEAN_UNIT ms; with samples */
	uint32_t samples;		/* of the histogram */
	uint16_t histogram[HISTOGRAM_STEPS];
	uint16_t p95_ms;
	uint8_t tokens;			/* in tenths of a hedge */
	enum target_case keeps_case;
	uint64_t case_until_ms;		/* LOSES holds so long */
	uint64_t edns_after_ms;		/* none before */
	struct target_cookie cookie;
};

struct targets {
	struct hash_key key;
	struct outages *outages;	/* a reference, or NULL: there are no other workers */
	uint32_t max, used_to;		/* entries[0 .. used_to) were used at some time */
	uint32_t bucket_mask;
	uint32_t *buckets;
	struct entry *entries;
};

struct targets *
targets_new(uint32_t max, const struct hash_key *key)
{
	struct targets *t = calloc(1, sizeof(*t));
	uint32_t buckets = 16;

	if (!t)
		return NULL;
	t->key = *key;
	t->max = !max ? TARGETS_MAX : max < SLOTS_MOST ? max : SLOTS_MOST;
	while (buckets < t->max)
		buckets *= 2;
	t->bucket_mask = buckets - 1;
	t->buckets = malloc(buckets * sizeof(*t->buckets));
	t->entries = calloc(t->max, sizeof(*t->entries));
	if (!t->buckets || !t->entries) {
		targets_free(t);
		return NULL;
	}
	for (uint32_t i = 0; i < buckets; i++)
		t->buckets[i] = NO_ENTRY;
	return t;
}

void
targets_free(struct targets *t)
{
	if (!t)
		return;
	outages_unref(t->outages);
	free(t->buckets);
	free(t->entries);
	free(t);
}

void
targets_share(struct targets *t, struct outages *outages)
{
	if (t->outages == outages)
		return;
	outages_unref(t->outages);
	t->outages = outages ? outages_ref(outages) : NULL;
}

static uint32_t *
bucket_of(const struct targets *t, const struct snapshot_target *target)
{
	return &t->buckets[hash_keyed(&t->key, target, sizeof(*target)) & t->bucket_mask];
}

static uint32_t
find(const struct targets *t, const struct snapshot_target *target)
{
	uint32_t at = *bucket_of(t, target);

	while (at != NO_ENTRY && memcmp(&t->entries[at].target, target, sizeof(*target)) != 0)
		at = t->entries[at].next;
	return at;
}

/** Forget the one that was idle longest.  A scan: addresses come with the configuration. */
static uint32_t
forget_one(struct targets *t)
{
	uint32_t oldest = 0, *link;

	for (uint32_t i = 1; i < t->max; i++)
		if (t->entries[i].used_ms < t->entries[oldest].used_ms)
			oldest = i;
	link = bucket_of(t, &t->entries[oldest].target);
	while (*link != oldest)
		link = &t->entries[*link].next;
	*link = t->entries[oldest].next;
	return oldest;
}

static uint32_t
learn(struct targets *t, const struct snapshot_target *target)
{
	uint32_t at = t->used_to < t->max ? t->used_to++ : forget_one(t);
	struct entry *entry = &t->entries[at];
	uint32_t *bucket = bucket_of(t, target);

	*entry = (struct entry){
		.target = *target,
		.next = *bucket,
		.generation = (uint16_t)(entry->generation + 1),
		.used = true,
		.p95_ms = TARGET_UNKNOWN_MS,
		.tokens = TOKENS_MOST,
	};
	*bucket = at;
	return at;
}

uint32_t
targets_slot(struct targets *t, const struct snapshot_target *target, uint64_t now_ms)
{
	uint32_t at = find(t, target);

	if (at == NO_ENTRY)
		at = learn(t, target);
	t->entries[at].used_ms = now_ms;
	return (uint32_t)t->entries[at].generation << 16 | at;
}

static struct entry *
entry_of(const struct targets *t, uint32_t slot)
{
	uint32_t at = slot & 0xffff;
	struct entry *entry = at < t->max ? &t->entries[at] : NULL;

	return entry && entry->used && entry->generation == slot >> 16 ? entry : NULL;
}

static uint32_t
clamp(uint32_t value, uint32_t least, uint32_t most)
{
	return value < least ? least : value > most ? most : value;
}

/** Put order[from .. count) into a random order (Fisher, Yates). */
static void
shuffle(struct target_choice *out, uint8_t from, struct random *random)
{
	for (uint8_t i = from; i + 1 < out->count; i++) {
		uint8_t j = (uint8_t)(i + random_below(random, (uint32_t)(out->count - i)));
		uint8_t kept = out->order[i];

		out->order[i] = out->order[j];
		out->order[j] = kept;
	}
}

/** What `fastest` compares; one that was never heard comes first, to be known. */
static uint32_t
mean_of(const struct targets *t, uint32_t slot)
{
	const struct entry *entry = entry_of(t, slot);

	return entry && entry->samples ? entry->mean : 0;
}

/** Sort order[from .. count), which was shuffled: equals stay in random order. */
static void
sort_by_mean(const struct targets *t, const uint32_t *slots, struct target_choice *out,
	     uint8_t from)
{
	for (unsigned i = from + 1u; i < out->count; i++) {
		uint8_t moved = out->order[i];
		unsigned at = i;

		while (at > from &&
		       mean_of(t, slots[out->order[at - 1]]) > mean_of(t, slots[moved])) {
			out->order[at] = out->order[at - 1];
			at--;
		}
		out->order[at] = moved;
	}
}

static void
put_in_order(const struct targets *t, const uint32_t *slots, enum target_policy policy,
	     struct random *random, struct target_choice *out)
{
	uint8_t from = out->probe != TARGET_NO_PROBE;

	switch (policy) {
	case TARGET_RANDOM:
		shuffle(out, from, random);
		break;
	case TARGET_ORDERED:
		break;
	case TARGET_FASTEST:
		shuffle(out, from, random);
		if (out->count - from > 1 && random_below(random, EXPLORE_ONE_IN))
			sort_by_mean(t, slots, out, from);
		break;
	}
}

/** Down, and no other worker has heard of it since. */
static bool
is_down(const struct targets *t, const struct entry *entry)
{
	return entry->down && !(t->outages && outages_told_ms(t->outages, &entry->target) >
						      entry->down_since_ms);
}

static bool
probe_is_due(const struct targets *t, const struct entry *entry, uint64_t now_ms)
{
	return is_down(t, entry) && now_ms >= entry->probe_ms;
}

static void
put_off_probe(struct entry *entry, uint64_t now_ms)
{
	entry->gap_ms = probe_gaps_ms[entry->gaps < PROBE_GAPS ? entry->gaps : PROBE_GAPS - 1];
	entry->gaps++;
	entry->probe_ms = now_ms + entry->gap_ms;
}

/** false: another worker probes it, and that is enough for now. */
static bool
claim_probe(struct targets *t, struct entry *entry, uint64_t now_ms)
{
	if (t->outages && !outages_claim(t->outages, &entry->target, entry->gap_ms, now_ms,
					 &entry->probe_ms))
		return false;
	put_off_probe(entry, now_ms);
	return true;
}

/** The one whose probe has been due longest goes first, once. */
static void
choose_probe(struct targets *t, const uint32_t *slots, uint32_t count, uint64_t now_ms,
	     struct target_choice *out)
{
	struct entry *chosen = NULL;
	uint8_t number = TARGET_NO_PROBE;

	for (uint32_t i = 0; i < count; i++) {
		struct entry *entry = entry_of(t, slots[i]);

		if (!entry || !probe_is_due(t, entry, now_ms) ||
		    (chosen && chosen->probe_ms <= entry->probe_ms))
			continue;
		chosen = entry;
		number = (uint8_t)i;
	}
	if (!chosen || !claim_probe(t, chosen, now_ms))
		return;
	out->probe = number;
	out->order[out->count++] = number;
}

static void
set_patience(const struct targets *t, const uint32_t *slots, struct target_choice *out)
{
	uint32_t p95_ms = out->count ? targets_p95_ms(t, slots[out->order[0]]) : TARGET_UNKNOWN_MS;

	out->hedge_ms = clamp(p95_ms, HEDGE_MIN_MS, HEDGE_MAX_MS);
	out->retry_ms = clamp(2 * p95_ms, RETRY_MIN_MS, RETRY_MAX_MS);
}

void
targets_choose(struct targets *t, const uint32_t *slots, uint32_t count,
	       enum target_policy policy, struct random *random, uint64_t now_ms,
	       struct target_choice *out)
{
	struct entry *first;

	if (count > FORWARD_MAX_TARGETS)
		count = FORWARD_MAX_TARGETS;
	*out = (struct target_choice){ .probe = TARGET_NO_PROBE };
	choose_probe(t, slots, count, now_ms, out);
	for (uint32_t i = 0; i < count; i++)
		if (!targets_is_down(t, slots[i]))
			out->order[out->count++] = (uint8_t)i;
	out->alone = out->count == 1 && out->probe != TARGET_NO_PROBE;
	put_in_order(t, slots, policy, random, out);
	set_patience(t, slots, out);
	first = out->count ? entry_of(t, slots[out->order[0]]) : NULL;
	if (first && first->tokens < TOKENS_MOST)
		first->tokens++;
}

bool
targets_all_down(const struct targets *t, const struct snapshot_target *list, uint32_t count,
		 uint64_t now_ms)
{
	if (count > FORWARD_MAX_TARGETS)
		count = FORWARD_MAX_TARGETS;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t at = find(t, &list[i]);

		if (at == NO_ENTRY || !is_down(t, &t->entries[at]) ||
		    probe_is_due(t, &t->entries[at], now_ms))
			return false;
	}
	return count > 0;
}

void
targets_sent(struct targets *t, uint32_t slot, uint64_t now_ms)
{
	struct entry *entry = entry_of(t, slot);

	if (!entry || entry->waiting)
		return;
	entry->waiting = true;
	entry->silent_since_ms = now_ms;
}

static void
forgive(struct entry *entry)
{
	entry->down = entry->waiting = false;
	entry->losses = entry->gaps = 0;
}

/** It spoke: whatever was held against it is over. */
static void
lives(struct targets *t, struct entry *entry, uint64_t now_ms)
{
	if (t->outages && is_down(t, entry))
		outages_tell(t->outages, &entry->target, now_ms);
	forgive(entry);
}

static void
halve(struct entry *entry)
{
	entry->samples = 0;
	for (unsigned i = 0; i < HISTOGRAM_STEPS; i++) {
		entry->histogram[i] /= 2;
		entry->samples += entry->histogram[i];
	}
}

/** The upper end of the step below which 95 of 100 samples lie. */
static uint16_t
measure_p95(const struct entry *entry)
{
	uint32_t wanted = entry->samples - entry->samples / 20;	/* rounded up */
	uint32_t seen = 0;
	unsigned step = 0;

	while (step < HISTOGRAM_STEPS - 1 && (seen += entry->histogram[step]) < wanted)
		step++;
	return histogram_ends[step];
}

static void
sample(struct entry *entry, uint32_t rtt_ms)
{
	uint32_t scaled = clamp(rtt_ms, 0, UINT16_MAX) * MEAN_UNIT;
	unsigned step = 0;

	while (step < HISTOGRAM_STEPS - 1 && histogram_ends[step] < rtt_ms)
		step++;
	if (entry->samples == 0)
		entry->mean = scaled;
	else
		entry->mean += (scaled >> MEAN_SHIFT) - (entry->mean >> MEAN_SHIFT);
	if (entry->samples >= HISTOGRAM_FULL)
		halve(entry);
	entry->histogram[step]++;
	entry->samples++;
	entry->p95_ms = measure_p95(entry);
}

void
targets_answered(struct targets *t, uint32_t slot, uint32_t rtt_ms, bool stream, uint64_t now_ms)
{
	struct entry *entry = entry_of(t, slot);

	if (!entry)
		return;
	lives(t, entry, now_ms);
	entry->used_ms = now_ms;
	if (!stream)
		sample(entry, rtt_ms);
}

void
targets_refused(struct targets *t, uint32_t slot, uint64_t now_ms)
{
	struct entry *entry = entry_of(t, slot);

	if (!entry)
		return;
	lives(t, entry, now_ms);
	entry->used_ms = now_ms;
}

void
targets_lost(struct targets *t, uint32_t slot, uint64_t now_ms)
{
	struct entry *entry = entry_of(t, slot);

	if (!entry)
		return;
	if (entry->down && !is_down(t, entry))	/* another heard of it; that was before this */
		forgive(entry);
	entry->losses++;
	if (!entry->waiting) {	/* all it was asked before was answered */
		entry->waiting = true;
		entry->silent_since_ms = now_ms;
	}
	if (entry->down || entry->losses < DOWN_LOSSES ||
	    now_ms - entry->silent_since_ms < DOWN_SILENT_MS)
		return;
	entry->down = true;
	entry->down_since_ms = now_ms;
	put_off_probe(entry, now_ms);
}

bool
targets_is_down(const struct targets *t, uint32_t slot)
{
	const struct entry *entry = entry_of(t, slot);

	return entry && is_down(t, entry);
}

uint32_t
targets_p95_ms(const struct targets *t, uint32_t slot)
{
	const struct entry *entry = entry_of(t, slot);

	return entry ? entry->p95_ms : TARGET_UNKNOWN_MS;
}

bool
targets_take_hedge(struct targets *t, uint32_t slot)
{
	struct entry *entry = entry_of(t, slot);

	if (!entry || entry->tokens < TOKEN)
		return false;
	entry->tokens = (uint8_t)(entry->tokens - TOKEN);
	return true;
}

enum target_case
targets_case(const struct targets *t, uint32_t slot, uint64_t now_ms)
{
	const struct entry *entry = entry_of(t, slot);

	if (!entry || (entry->keeps_case == TARGET_CASE_LOSES && now_ms >= entry->case_until_ms))
		return TARGET_CASE_UNKNOWN;
	return entry->keeps_case;
}

void
targets_learn_case(struct targets *t, uint32_t slot, bool keeps, uint64_t now_ms)
{
	struct entry *entry = entry_of(t, slot);

	if (!entry)
		return;
	entry->keeps_case = keeps ? TARGET_CASE_KEEPS : TARGET_CASE_LOSES;
	entry->case_until_ms = now_ms + LEARNT_MS;
}

bool
targets_speaks_edns(const struct targets *t, uint32_t slot, uint64_t now_ms)
{
	const struct entry *entry = entry_of(t, slot);

	return !entry || now_ms >= entry->edns_after_ms;
}

void
targets_learn_no_edns(struct targets *t, uint32_t slot, uint64_t now_ms)
{
	struct entry *entry = entry_of(t, slot);

	if (entry)
		entry->edns_after_ms = now_ms + LEARNT_MS;
}

struct target_cookie *
targets_cookie(struct targets *t, uint32_t slot)
{
	struct entry *entry = entry_of(t, slot);

	return entry ? &entry->cookie : NULL;
}
