/*
 * judged - an estate from a few lines of text, kept beside its snapshot, for tests of lint
 *
 * The language of world.h, and
 *
 *	inbound rslvr-in hub 10.0.0.10 10.0.1.10
 *	tgw tgw-1 hub,app,data
 *	connects dc hub,app			a site has paths to these
 *	servers dc 192.168.0.53			a site's DNS is asked there
 *	hosts-off app				enable_dns_hostnames: false
 *
 * Positions are those of the text: line N of it is N, all columns are 1.
 */
#ifndef TESTS_JUDGED_H
#define TESTS_JUDGED_H

#include "lint/lint.h"
#include "unit/world.h"

struct judged {
	struct world_maker maker;
	struct snapshot *snap;
	struct diags diags;		/* of lint; in maker.findings */
};

static inline struct network *
judged_network(struct judged *j, const char *id)
{
	struct network *network = id ? estate_network(&j->maker.estate, id) : NULL;

	if (!network)
		wire_die("no such network", id ? id : "");
	return network;
}

static inline void
judged_inbound(struct judged *j, char *rest, const char *line)
{
	struct resolver_endpoint *endpoint = world_new(&j->maker, sizeof(*endpoint));

	endpoint->id = world_string(&j->maker, strtok_r(rest, " \t", &rest));
	endpoint->direction = DIRECTION_INBOUND;
	endpoint->vpc.id = world_string(&j->maker, strtok_r(rest, " \t", &rest));
	endpoint->ip_addresses = world_targets(&j->maker, rest);
	world_require(estate_add_endpoint(&j->maker.estate, endpoint, &j->maker.diags),
		      &j->maker, line);
}

static inline void
judged_gateway(struct judged *j, char *rest, const char *line)
{
	struct transit_gateway *gateway = world_new(&j->maker, sizeof(*gateway));

	gateway->id = world_string(&j->maker, strtok_r(rest, " \t", &rest));
	gateway->vpcs = world_refs(&j->maker, strtok_r(rest, " \t", &rest));
	gateway->dns_support = true;
	world_require(estate_add_transit_gateway(&j->maker.estate, gateway, &j->maker.diags),
		      &j->maker, line);
}

/** One of the words above; false: it is none. */
static inline bool
judged_word(struct judged *j, const char *word, char *rest, const char *line)
{
	if (strcmp(word, "inbound") == 0) {
		judged_inbound(j, rest, line);
	} else if (strcmp(word, "tgw") == 0) {
		judged_gateway(j, rest, line);
	} else if (strcmp(word, "connects") == 0) {
		struct network *site = judged_network(j, strtok_r(rest, " \t", &rest));

		site->connects_to = world_refs(&j->maker, rest);
	} else if (strcmp(word, "servers") == 0) {
		struct network *site = judged_network(j, strtok_r(rest, " \t", &rest));

		site->servers = world_targets(&j->maker, rest);
	} else if (strcmp(word, "hosts-off") == 0) {
		judged_network(j, rest)->enable_dns_hostnames = false;
	} else {
		return false;
	}
	return true;
}

static inline void
judged_line(struct judged *j, char *line)
{
	char whole[1024], copy[1024], *rest = copy, *word;

	snprintf(whole, sizeof(whole), "%s", line);
	snprintf(copy, sizeof(copy), "%s", line);
	word = strtok_r(rest, " \t", &rest);
	if (!word || !judged_word(j, word, rest, whole))
		world_line(&j->maker, line);
}

/** What was declared by line `number` gets that place. */
static inline void
judged_place(struct judged *j, uint32_t number, size_t zones, size_t rules)
{
	struct srcloc at = { "estate", number, 1 };
	struct hosted_zone *zone = j->maker.zone;

	if (j->maker.estate.zone_count > zones)
		zone->at = zone->name_at = at;
	if (j->maker.estate.rule_count > rules)
		j->maker.estate.last_rule->at = j->maker.estate.last_rule->domain_at = at;
	if (zone && zone->sets)
		for (struct record_set *set = zone->sets; set; set = set->next)
			if (!set->at.file)
				set->at = at;
}

/** Build and compile; the estate must be sound. */
static inline struct judged *
judged_new(const char *text)
{
	struct judged *j = calloc(1, sizeof(*j));
	char *lines = strdup(text), *rest = lines;
	uint32_t number = 0;

	if (!j || !lines)
		wire_die("out of memory", "");
	estate_init(&j->maker.estate, SIZE_MAX);
	arena_init(&j->maker.findings, SIZE_MAX);
	diags_init(&j->maker.diags, &j->maker.findings, 0);
	diags_init(&j->diags, &j->maker.findings, 0);
	for (char *line; (line = strsep(&rest, "\n"));) {
		size_t zones = j->maker.estate.zone_count, rules = j->maker.estate.rule_count;

		judged_line(j, line);
		judged_place(j, ++number, zones, rules);
	}
	world_require(estate_check(&j->maker.estate, &j->maker.diags), &j->maker, "check");
	world_require(compile_estate(&j->maker.estate, NULL, &j->maker.diags, &j->snap),
		      &j->maker, "compile");
	free(lines);
	return j;
}

static inline void
judged_free(struct judged *j)
{
	snapshot_unref(j->snap);
	estate_fini(&j->maker.estate);
	arena_fini(&j->maker.findings);
	free(j);
}

#endif
