#include "engine/budget.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define SHORT_WHILE_MS	5	/* replies under way make room we know not when */
#define SEGMENT_OCTETS	1220	/* the least that a stream puts into a packet */

/* Of the limit, in percent. */
static const uint32_t shares[BUDGET_KINDS] = {
	[BUDGET_FIRST] = 100,
	[BUDGET_REFRESH] = 85,
	[BUDGET_PREFETCH] = 60,
};

/*
 * counts[t % BUDGET_WINDOW_MS]: packets of the millisecond t, for each t in
 * (now_ms - BUDGET_WINDOW_MS, now_ms]; `counted` is their sum.
 */
struct budget {
	_Atomic uint32_t refs;
	uint8_t ip[16];
	pthread_mutex_t lock;		/* of all below */
	uint32_t limit;
	uint32_t counted, room;		/* in the window; not yet settled */
	uint32_t peak;
	uint64_t now_ms;		/* the latest time that was heard of */
	uint64_t taken[BUDGET_KINDS], denied[BUDGET_KINDS];
	uint32_t counts[BUDGET_WINDOW_MS];
};

struct budgets {
	_Atomic uint32_t refs;
	struct outages *outages;
	size_t count;
	struct budget *list[];
};

static struct budget *
budget_new(const uint8_t ip[16])
{
	struct budget *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	if (pthread_mutex_init(&b->lock, NULL)) {
		free(b);
		return NULL;
	}
	b->refs = 1;
	memcpy(b->ip, ip, sizeof(b->ip));
	return b;
}

static void
budget_unref(struct budget *b)
{
	if (atomic_fetch_sub(&b->refs, 1) != 1)
		return;
	pthread_mutex_destroy(&b->lock);
	free(b);
}

static void
budget_set_limit(struct budget *b, uint32_t limit)
{
	pthread_mutex_lock(&b->lock);
	b->limit = limit;
	pthread_mutex_unlock(&b->lock);
}

/** The one that `old` has, or a new one; a reference of the caller's. */
static struct budget *
carry_over(const struct budgets *old, const uint8_t ip[16])
{
	struct budget *b = budgets_find(old, ip);

	if (!b)
		return budget_new(ip);
	atomic_fetch_add(&b->refs, 1);
	return b;
}

struct budgets *
budgets_new(const struct snapshot_budget *settings, size_t count)
{
	return budgets_adopt(NULL, settings, count);
}

struct budgets *
budgets_adopt(const struct budgets *old, const struct snapshot_budget *settings, size_t count)
{
	struct budgets *all = calloc(1, sizeof(*all) + count * sizeof(all->list[0]));

	if (!all)
		return NULL;
	all->refs = 1;
	all->outages = old ? outages_ref(old->outages) : outages_new();
	if (!all->outages) {
		budgets_unref(all);
		return NULL;
	}
	for (size_t i = 0; i < count; i++) {
		all->list[i] = carry_over(old, settings[i].ip);
		if (!all->list[i]) {
			budgets_unref(all);
			return NULL;
		}
		all->count++;
	}
	for (size_t i = 0; i < count; i++)	/* nothing can fail any more */
		budget_set_limit(all->list[i], settings[i].per_second);
	return all;
}

struct budgets *
budgets_ref(struct budgets *all)
{
	atomic_fetch_add(&all->refs, 1);
	return all;
}

void
budgets_unref(struct budgets *all)
{
	if (!all || atomic_fetch_sub(&all->refs, 1) != 1)
		return;
	for (size_t i = 0; i < all->count; i++)
		budget_unref(all->list[i]);
	outages_unref(all->outages);
	free(all);
}

struct outages *
budgets_outages(const struct budgets *all)
{
	return all ? all->outages : NULL;
}

struct budget *
budgets_find(const struct budgets *all, const uint8_t ip[16])
{
	for (size_t i = 0; all && i < all->count; i++)
		if (memcmp(all->list[i]->ip, ip, 16) == 0)
			return all->list[i];
	return NULL;
}

struct budget *
budgets_at(const struct budgets *all, size_t number)
{
	return all && number < all->count ? all->list[number] : NULL;
}

/** Let time pass: what leaves the window is no longer counted.  The lock is held. */
static void
advance(struct budget *b, uint64_t now_ms)
{
	if (now_ms <= b->now_ms)
		return;
	if (now_ms - b->now_ms >= BUDGET_WINDOW_MS || !b->counted) {
		if (b->counted)
			memset(b->counts, 0, sizeof(b->counts));
		b->counted = 0;
		b->now_ms = now_ms;
		return;
	}
	while (b->now_ms < now_ms) {
		uint32_t *count = &b->counts[++b->now_ms % BUDGET_WINDOW_MS];

		b->counted -= *count;
		*count = 0;
	}
}

static void
stamp(struct budget *b, uint32_t packets)
{
	b->counts[b->now_ms % BUDGET_WINDOW_MS] += packets;
	b->counted += packets;
}

static uint32_t
used(const struct budget *b)
{
	return b->counted + b->room;
}

static void
note_peak(struct budget *b)
{
	if (used(b) > b->peak)
		b->peak = used(b);
}

static uint32_t
share_of(const struct budget *b, enum budget_kind kind)
{
	return (uint32_t)((uint64_t)b->limit * shares[kind] / 100);
}

static uint32_t
total(struct budget_cost cost)
{
	return (uint32_t)cost.sends + cost.room;
}

bool
budget_take(struct budget *b, enum budget_kind kind, struct budget_cost cost, uint64_t now_ms)
{
	bool granted;

	pthread_mutex_lock(&b->lock);
	advance(b, now_ms);
	granted = used(b) + total(cost) <= share_of(b, kind);
	if (granted) {
		stamp(b, cost.sends);
		b->room += cost.room;
		note_peak(b);
		b->taken[kind]++;
	} else {
		b->denied[kind]++;
	}
	pthread_mutex_unlock(&b->lock);
	return granted;
}

void
budget_settle(struct budget *b, struct budget_cost cost, uint32_t followed, uint64_t now_ms)
{
	pthread_mutex_lock(&b->lock);
	advance(b, now_ms);
	b->room -= cost.room < b->room ? cost.room : b->room;
	stamp(b, followed);
	note_peak(b);
	pthread_mutex_unlock(&b->lock);
}

uint32_t
budget_followed(struct budget_cost cost, size_t octets)
{
	size_t further = octets ? (octets - 1) / SEGMENT_OCTETS : 0;

	return cost.room + (cost.room > 1 ? 2 * (uint32_t)further : 0);
}

/** When have `packets` left the window?  It holds as many. */
static uint64_t
time_to_free(const struct budget *b, uint32_t packets)
{
	uint64_t oldest = b->now_ms + 1;	/* its place is that of now - window + 1 */
	uint64_t at = 0;

	for (uint32_t freed = 0; at < BUDGET_WINDOW_MS; at++) {
		freed += b->counts[(oldest + at) % BUDGET_WINDOW_MS];
		if (freed >= packets)
			break;
	}
	return oldest + at;
}

uint64_t
budget_when(struct budget *b, enum budget_kind kind, struct budget_cost cost, uint64_t now_ms)
{
	uint32_t wanted, share;
	uint64_t when;

	pthread_mutex_lock(&b->lock);
	advance(b, now_ms);
	wanted = used(b) + total(cost);
	share = share_of(b, kind);
	if (wanted <= share)
		when = now_ms + 1;
	else if (wanted - share <= b->counted && !b->room)
		when = time_to_free(b, wanted - share);
	else
		when = now_ms + SHORT_WHILE_MS;
	pthread_mutex_unlock(&b->lock);
	return when > now_ms ? when : now_ms + 1;
}

uint32_t
budget_limit(struct budget *b)
{
	uint32_t limit;

	pthread_mutex_lock(&b->lock);
	limit = b->limit;
	pthread_mutex_unlock(&b->lock);
	return limit;
}

void
budget_usage(struct budget *b, uint64_t now_ms, struct budget_usage *out)
{
	pthread_mutex_lock(&b->lock);
	advance(b, now_ms);
	memcpy(out->ip, b->ip, sizeof(out->ip));
	out->limit = b->limit;
	out->used = used(b);
	out->peak = b->peak;
	memcpy(out->taken, b->taken, sizeof(out->taken));
	memcpy(out->denied, b->denied, sizeof(out->denied));
	pthread_mutex_unlock(&b->lock);
}
