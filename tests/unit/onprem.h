/*
 * onprem - one configuration of a name server read as a site, and told in one line
 *
 * For the tables of the readers' tests: what was found wrong, and what came of it.
 */
#ifndef TESTS_ONPREM_H
#define TESTS_ONPREM_H

#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "base/text.h"
#include "dns/codes.h"
#include "dns/name.h"
#include "load/config.h"
#include "load/zonefile.h"
#include "unit/files.h"
#include "unit/unit.h"

/* A file beside the configuration. */
struct onprem_beside {
	const char *name, *text;
};

/* A configuration `text`, the codes it gets, each followed by a blank, and what it is. */
struct onprem_row {
	int line;
	const char *text, *codes, *estate;
};

static inline void
onprem_put_targets(struct text *out, const struct target *targets)
{
	char buf[ADDR_TEXT_MAX];

	for (const struct target *t = targets; t; t = t->next)
		text_printf(out, " %s", t->addr.port == 53 ? addr_print(&t->addr, buf)
							   : addr_print_port(&t->addr, buf));
}

static inline void
onprem_put_refs(struct text *out, const struct ref *refs)
{
	for (; refs; refs = refs->next)
		text_printf(out, " %s", refs->id);
}

static inline void
onprem_put_zone(struct text *out, const struct hosted_zone *zone)
{
	char name[NAME_TEXT_MAX], buf[32];

	text_printf(out, "zone %s:", name_print(zone->name, name));
	onprem_put_refs(out, zone->networks);
	for (const struct record_set *s = zone->sets; s; s = s->next) {
		text_printf(out, ", %s %u %s", name_print(s->owner, name), s->ttl_s,
			    type_print(s->type, buf));
		for (unsigned i = 0; i < s->value_count; i++) {
			text_append(out, " ");
			assert_int_equal(rdata_print(s->type, s->values[i], out), OK);
		}
	}
	text_append(out, "; ");
}

static inline void
onprem_put_rule(struct text *out, const struct resolver_rule *rule)
{
	static const char *const policies[] = {
		[TARGET_RANDOM] = "", [TARGET_ORDERED] = " ordered", [TARGET_FASTEST] = " fastest",
	};
	char name[NAME_TEXT_MAX];

	text_printf(out, "%s %s:", rule->type == RULE_SYSTEM ? "system" : "forward",
		    name_print(rule->domain_name, name));
	onprem_put_refs(out, rule->networks);
	onprem_put_targets(out, rule->targets);
	text_printf(out, "%s%s; ", policies[rule->policy],
		    rule->on[ON_TIMEOUT].internet ? " first" : "");
}

/** Sites, zones, rules; what was passed over behind them. */
static inline void
onprem_describe(const struct estate *estate, struct text *out)
{
	char buf[ADDR_TEXT_MAX];

	text_append(out, "");
	for (const struct network *n = estate->networks; n; n = n->next) {
		text_printf(out, "site %s:", n->id);
		for (const struct cidr *c = n->cidr_blocks; c; c = c->next)
			text_printf(out, " %s", prefix_print(&c->prefix, buf));
		if (n->servers)
			text_append(out, " at");
		onprem_put_targets(out, n->servers);
		text_append(out, "; ");
	}
	for (const struct hosted_zone *z = estate->zones; z; z = z->next)
		onprem_put_zone(out, z);
	for (const struct resolver_rule *r = estate->rules; r; r = r->next)
		onprem_put_rule(out, r);
	for (const struct skipped *s = estate->skipped; s; s = s->next)
		text_printf(out, "skipped %s; ", s->what);
}

/** Load `text` under `key` of import, with site dc, beside some files. */
static inline void
onprem_check(const char *key, const char *name, const struct onprem_beside *beside,
	     const struct onprem_row *row)
{
	char config[FILES_PATH_MAX], import[128], codes[512] = "";
	struct files files;
	struct arena arena;
	struct diags diags;
	struct estate estate;
	struct text told;

	assert_true(files_init(&files));
	for (; beside && beside->name; beside++)
		assert_true(files_write(&files, beside->name, beside->text));
	snprintf(import, sizeof(import), "import: [{%s: %s, site: dc}]\n", key, name);
	assert_true(files_write(&files, name, row->text));
	assert_true(files_write(&files, "estate.yaml", import));
	snprintf(config, sizeof(config), "%s", files_path(&files, "estate.yaml"));
	arena_init(&arena, SIZE_MAX);
	diags_init(&diags, &arena, 0);
	estate_init(&estate, (size_t)64 << 20);
	assert_int_not_equal(config_load(config, NULL, &estate, &diags), ERR_NOMEM);
	for (const struct finding *f = diags.first; f; f = f->next)
		snprintf(codes + strlen(codes), sizeof(codes) - strlen(codes), "%s ", f->code);
	text_init(&told);
	onprem_describe(&estate, &told);
	if (strcmp(codes, row->codes) != 0 || strcmp(told.data, row->estate) != 0)
		fail_msg("line %d: \"%s\" %s\n%s", row->line, codes,
			 diags.first ? diags.first->message : "", told.data);
	text_fini(&told);
	estate_fini(&estate);
	arena_fini(&arena);
	files_fini(&files);
}

#endif
