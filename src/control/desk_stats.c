#include <stddef.h>
#include <string.h>

#include "control/desk.h"
#include "dns/codes.h"
#include "engine/budget.h"

struct counter_row {
	const char *name;
	size_t at;		/* of a uint64_t */
};

#define ROW(type, member) { #member, offsetof(struct type, member) }

static const struct counter_row query_rows[] = {
	ROW(counters, queries), ROW(counters, dropped), ROW(counters, refused),
	ROW(counters, truncated), ROW(counters, formerr), ROW(counters, zone_answers),
	ROW(counters, autodefined_answers), ROW(counters, cache_hits),
	ROW(counters, cache_misses), ROW(counters, stale_answers), ROW(counters, cookies_good),
	ROW(counters, cookies_bad),
};
static const struct counter_row upstream_rows[] = {
	ROW(counters, flights_started), ROW(counters, flights_joined),
	ROW(counters, upstream_sent), ROW(counters, upstream_streams),
	ROW(counters, upstream_lost), ROW(counters, upstream_ignored), ROW(counters, hedges),
	ROW(counters, retries), ROW(counters, probes), ROW(counters, refreshes),
	ROW(counters, prefetches), ROW(counters, timeouts), ROW(counters, loops),
	ROW(counters, case_suspects), ROW(counters, forged_cookies), ROW(counters, fragmented),
};
static const struct counter_row shed_rows[] = {
	ROW(counters, flights_full), ROW(counters, rule_full), ROW(counters, client_full),
	ROW(counters, budget_full), ROW(counters, budget_waits), ROW(counters, paced),
	ROW(counters, outlived),
};
static const struct counter_row udp_rows[] = {
	ROW(udp_counters, received), ROW(udp_counters, sent), ROW(udp_counters, unsent),
};
static const struct counter_row tcp_rows[] = {
	ROW(sessions_counters, accepted), ROW(sessions_counters, refused),
	ROW(sessions_counters, crowded), ROW(sessions_counters, evicted),
	ROW(sessions_counters, idle), ROW(sessions_counters, slow),
};
static const struct counter_row channel_rows[] = {
	ROW(channel_counters, udp_asked), ROW(channel_counters, no_socket),
	ROW(channel_counters, strays), ROW(channel_counters, uplinks.opened),
	ROW(channel_counters, uplinks.failed), ROW(channel_counters, uplinks.asked),
	ROW(channel_counters, uplinks.again), ROW(channel_counters, uplinks.full),
};
static const struct counter_row cache_rows[] = {
	ROW(cache_stats, hits), ROW(cache_stats, misses), ROW(cache_stats, inserts),
	ROW(cache_stats, evictions), ROW(cache_stats, stale), ROW(cache_stats, failures),
	ROW(cache_stats, entries), ROW(cache_stats, octets_used),
};

/** "uplinks.opened" is "uplinks_opened". */
static void
put_name(struct text *out, const char *name)
{
	for (; *name; name++)
		text_printf(out, "%c", *name == '.' ? '_' : *name);
}

static void
put_group(struct text *out, const char *key, const struct counter_row *rows, size_t count,
	  const void *counters)
{
	text_printf(out, ", \"%s\": {", key);
	for (size_t i = 0; i < count; i++) {
		uint64_t value;

		memcpy(&value, (const uint8_t *)counters + rows[i].at, sizeof(value));
		text_append(out, i ? ", \"" : "\"");
		put_name(out, rows[i].name);
		text_printf(out, "\": %llu", (unsigned long long)value);
	}
	text_append(out, "}");
}

static void
put_replies(struct text *out, const struct counters *counters)
{
	unsigned told = 0;

	text_append(out, ", \"replies\": {");
	for (uint16_t rcode = 0; rcode < COUNT_OF(counters->replies); rcode++) {
		bool other = rcode == COUNT_OF(counters->replies) - 1;
		char name[CODE_TEXT_MAX];

		if (counters->replies[rcode] == 0)
			continue;
		text_printf(out, "%s\"%s\": %llu", told++ ? ", " : "",
			    other ? "other" : rcode_print(rcode, name),
			    (unsigned long long)counters->replies[rcode]);
	}
	text_append(out, "}");
}

/** How near each address is to its limit. */
static void
put_budgets(struct text *out, const struct budgets *budgets, uint64_t now_ms)
{
	struct budget *budget;

	text_append(out, ", \"packet_budgets\": [");
	for (size_t i = 0; (budget = budgets_at(budgets, i)); i++) {
		struct budget_usage usage;
		struct addr addr = { .port = 0 };
		char ip[ADDR_TEXT_MAX];

		budget_usage(budget, now_ms, &usage);
		memcpy(addr.ip, usage.ip, sizeof(addr.ip));
		text_printf(out, "%s{\"ip\": \"%s\", \"per_second\": %u, \"used\": %u, "
			    "\"peak\": %u, \"denied\": %llu}", i ? ", " : "",
			    addr_print(&addr, ip), (unsigned)usage.limit, (unsigned)usage.used,
			    (unsigned)usage.peak,
			    (unsigned long long)(usage.denied[BUDGET_FIRST] +
						 usage.denied[BUDGET_REFRESH] +
						 usage.denied[BUDGET_PREFETCH]));
	}
	text_append(out, "]");
}

void
desk_stats(const struct desk *desk, const struct ctl_request *request, struct text *out)
{
	struct worker_counters counters;
	struct cache_stats cache;

	(void)request;
	crew_counters(desk->crew, &counters);
	cache_stats(desk->cache, &cache);
	text_append(out, "{\"schema\": \"" DESK_SCHEMA "\", \"exit\": 0");
	put_group(out, "resolver", query_rows, COUNT_OF(query_rows), &counters.resolver);
	put_replies(out, &counters.resolver);
	put_group(out, "upstream", upstream_rows, COUNT_OF(upstream_rows), &counters.resolver);
	put_group(out, "shed", shed_rows, COUNT_OF(shed_rows), &counters.resolver);
	put_group(out, "channel", channel_rows, COUNT_OF(channel_rows), &counters.channel);
	put_group(out, "udp", udp_rows, COUNT_OF(udp_rows), &counters.udp);
	put_group(out, "tcp", tcp_rows, COUNT_OF(tcp_rows), &counters.sessions);
	put_group(out, "cache", cache_rows, COUNT_OF(cache_rows), &cache);
	put_budgets(out, desk->edition->budgets, desk->now_ms);
	text_append(out, "}");
}
