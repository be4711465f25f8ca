#include <string.h>

#include "base/text.h"
#include "load/cfn.h"

/** What its Metadata says of our own keys. */
const struct yaml_node *
cfn_overrides(const struct cfn_resource *r)
{
	const struct yaml_node *metadata = yaml_find(r->node, "Metadata");
	const struct yaml_node *own = metadata ? yaml_find(metadata, "Causeway") : NULL;

	return own && own->kind == YAML_MAPPING ? own : NULL;
}

/** The id as a pattern that only it matches. */
static const char *
pattern(struct cfn *cfn, const char *id)
{
	const char *pattern = NULL;
	struct text text;

	text_init(&text);
	for (; *id; id++) {
		if (strchr("*?[]\\", *id))
			text_append(&text, "\\");
		text_append_len(&text, id, 1);
	}
	if (!text.failed)
		pattern = arena_string(&cfn->declare->estate->arena, text.data ? text.data : "");
	text_fini(&text);
	return pattern;
}

static void
suppress(const struct cfn_resource *r, const char *code, const char *reason,
	 const struct yaml_node *at)
{
	struct cfn *cfn = r->stack->cfn;
	struct arena *arena = &cfn->declare->estate->arena;
	struct lint_settings *lint = &cfn->declare->estate->lint;
	struct lint_suppression *new = arena_alloc(arena, sizeof(*new));

	if (!new) {
		cfn->nomem = true;
		return;
	}
	*new = (struct lint_suppression){
		.code = arena_string(arena, code), .object = pattern(cfn, r->id),
		.reason = arena_string(arena, reason),
		.at = declare_place(r->stack->template->path, at), .next = lint->suppressions,
	};
	cfn->nomem |= !new->code || !new->object || !new->reason;
	if (!cfn->nomem)
		lint->suppressions = new;
}

/** Codes in one text, with commas or blanks between them. */
static void
suppress_all(const struct cfn_resource *r, const struct yaml_node *codes)
{
	static const char between[] = ", \t\r\n";
	const char *at = codes->kind == YAML_SCALAR ? codes->text : "";

	for (at += strspn(at, between); *at; at += strspn(at, between)) {
		size_t len = strcspn(at, between);
		const char *code = arena_copy(r->stack->cfn->declare->scratch, at, len);

		r->stack->cfn->nomem |= !code;
		if (code)
			suppress(r, code, "lint-ignore of its Metadata", codes);
		at += len;
	}
}

void
cfn_suppress(const struct cfn_resource *r)
{
	const struct yaml_node *metadata = yaml_find(r->node, "Metadata");
	const struct yaml_node *said = metadata ? yaml_find(metadata, "lint-ignore") : NULL;

	if (said && said->kind == YAML_SCALAR)
		suppress_all(r, said);
	for (const struct yaml_item *i = said && said->kind != YAML_SCALAR ? said->first : NULL; i;
	     i = i->next) {
		if (!i->key)
			suppress_all(r, i->value);
		else
			suppress(r, i->key->text, i->value->kind == YAML_SCALAR ? i->value->text
										: "", i->key);
	}
}
