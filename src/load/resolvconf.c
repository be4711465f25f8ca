#include "load/resolvconf.h"

#include <string.h>

#include "base/bytes.h"
#include "load/onprem.h"
#include "load/words.h"

#define SERVERS_MOST 3		/* that programs ask; others are passed over (resolv.conf(5)) */

static const struct words_style style = { .comments = "#;", .quotes = "" };

/* One resolv.conf. */
struct resolvconf {
	struct onprem *o;
	const char *file;
	struct yaml_node *targets;
	const struct yaml_node *first;	/* nameserver */
	bool rotate;
};

static void
read_server(struct resolvconf *r, const struct yaml_node *value)
{
	if (r->targets && r->targets->count == SERVERS_MOST) {
		declare_skipped(r->o->d, declare_place(r->file, value), "nameserver %.80s: the "
				"first three are asked", value->text);
		return;
	}
	onprem_target_at(r->o, r->targets, value, '@', false);
	r->first = r->first ? r->first : value;
}

static void
read_line(struct resolvconf *r, const struct words *w)
{
	const char *key = w->word[0]->text;

	if (strcmp(key, "nameserver") == 0 && w->count > 1) {
		read_server(r, w->word[1]);
		return;
	}
	if (strcmp(key, "nameserver") == 0)
		onprem_refuse(r->o, declare_place(r->file, w->word[0]), "nameserver: an address is "
			      "wanted");
	for (size_t i = 1; i < w->count && strcmp(key, "options") == 0; i++)
		r->rotate |= strcmp(w->word[i]->text, "rotate") == 0;
	declare_skipped(r->o->d, declare_place(r->file, w->word[0]), "%.80s", key);
}

static void
declare_rule(struct resolvconf *r)
{
	struct yaml_node *rule = onprem_rule_map(r->o, r->o->site, ".", "FORWARD", r->first);

	nodes_put(r->o->nodes, rule, "target_ips", r->targets);
	nodes_put(r->o->nodes, rule, "policy",
		  nodes_text(r->o->nodes, r->rotate ? "random" : "ordered", r->first));
	onprem_put_site(r->o, rule, r->o->site, r->first);
	declare_object(r->o->d, "resolver_rules", rule, r->file);
}

static void
read_main(struct onprem *o, struct srcloc at)
{
	struct resolvconf r = { .o = o };
	struct onprem_file file;
	struct words words;

	if (!onprem_open(o, &file, o->main, at))
		return;
	r.file = file.source.path;
	r.targets = nodes_list(o->nodes, NULL);
	words_init(&words, &style, o->nodes, file.text, file.len);
	while (words_next(&words))
		read_line(&r, &words);
	words_fini(&words);
	onprem_close(o, &file);
	declare_site(o->d, onprem_site(o, o->site, r.first), r.file);
	if (r.first)
		declare_rule(&r);
	else
		onprem_refuse(o, (struct srcloc){ r.file, 0, 0 }, "no nameserver is named");
}

enum status
resolvconf_load(const struct import_item *items, struct declare *d)
{
	return onprem_load(items, d, read_main);
}

bool
resolvconf_is(const char *path)
{
	static const char *const keys[] = {
		"domain", "nameserver", "options", "search", "sortlist",
	};
	char text[ONPREM_PEEK];
	size_t len = onprem_peek(path, text, sizeof(text));
	bool server = false;

	for (const char *p = text; len && *p; p += strcspn(p, "\n"), p += *p == '\n') {
		size_t key, i;

		p += strspn(p, " \t\r");
		key = strcspn(p, " \t\r\n");
		if (*p == '#' || *p == ';' || *p == '\n' || !*p)
			continue;
		for (i = 0; i < COUNT_OF(keys); i++)
			if (strlen(keys[i]) == key && memcmp(keys[i], p, key) == 0)
				break;
		if (i == COUNT_OF(keys))
			return false;
		server |= i == 1;
	}
	return server;
}
