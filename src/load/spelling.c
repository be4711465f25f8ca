#include "load/spelling.h"

#include <string.h>

#include "base/bytes.h"
#include "dns/codes.h"
#include "dns/name.h"

struct spelling {
	const char *text;	/* as written, not ended */
	size_t len;
	struct srcloc at;
	bool reported;
};

void
spellings_init(struct spellings *s)
{
	arena_init(&s->arena, SIZE_MAX);
	table_init(&s->odd, &s->arena);
	table_init(&s->begun, &s->arena);
}

void
spellings_fini(struct spellings *s)
{
	arena_fini(&s->arena);
}

static bool
is_odd(const struct field *owner)
{
	for (uint32_t i = 0; i < owner->len; i++)
		if (owner->text[i] == '\\' || (owner->text[i] >= 'A' && owner->text[i] <= 'Z'))
			return true;
	return false;
}

static size_t
make_key(const struct record_set *set, uint8_t *key)
{
	size_t len = name_wire_len(set->owner);

	memcpy(key, set->owner, len);
	store_u16(key + len, set->type);
	return len + 2;
}

static void
report(struct diags *diags, struct spelling *spelling, const struct record_set *set,
       struct srcloc at)
{
	char name[NAME_TEXT_MAX], type[CODE_TEXT_MAX];
	struct finding *finding;

	if (spelling->reported)
		return;
	spelling->reported = true;
	finding = diag_open(diags, SEVERITY_WARNING, "same-name-twice", NULL, at,
			    "%s %s is entered twice, spelled in two ways: its records are joined",
			    name_print(set->owner, name), type_print(set->type, type));
	diag_add(diags, finding, PART_OBJECT, "record", name, spelling->at, "spelled so here");
}

static enum status
enter(struct spellings *s, const struct field *owner, const uint8_t *key, size_t len,
      struct srcloc at)
{
	struct spelling *new = arena_alloc(&s->arena, sizeof(*new));
	const uint8_t *kept = arena_copy(&s->arena, key, len);

	if (!new || !kept)
		return ERR_NOMEM;
	*new = (struct spelling){
		.text = arena_copy(&s->arena, owner->text, owner->len), .len = owner->len,
		.at = at,
	};
	return new->text ? table_put(&s->odd, kept, len, new) : ERR_NOMEM;
}

/** The set's address is its key: only the pointer is stored. */
static enum status
note_begun(struct spellings *s, const struct record_set *set)
{
	const struct record_set **key = arena_alloc(&s->arena, sizeof(*key));

	if (!key)
		return ERR_NOMEM;
	*key = set;
	return table_put(&s->begun, key, sizeof(*key), s);
}

enum status
spellings_note(struct spellings *s, const struct field *owner, const struct record_set *set,
	       struct srcloc at, struct diags *diags)
{
	bool odd = is_odd(owner), first = set->at.line == at.line && set->at.column == at.column;
	uint8_t key[NAME_MAX_OCTETS + 2];
	struct spelling *before;
	size_t len, shared;

	if (field_is(owner, "@") || (!odd && s->odd.count == 0))
		return OK;
	if (odd && first && note_begun(s, set) != OK)
		return ERR_NOMEM;
	len = make_key(set, key);
	before = table_find(&s->odd, key, len);
	if (!before)
		return odd ? enter(s, owner, key, len, at) : OK;
	shared = before->len < owner->len ? before->len : owner->len;
	if (memcmp(before->text, owner->text, shared) != 0)
		report(diags, before, set, at);
	return OK;
}

void
spellings_end(const struct spellings *s, const struct hosted_zone *zone, struct diags *diags)
{
	uint8_t key[NAME_MAX_OCTETS + 2];

	if (s->odd.count == 0)
		return;
	for (const struct record_set *set = zone->sets; set; set = set->next) {
		struct spelling *odd = table_find(&s->odd, key, make_key(set, key));

		if (odd && !name_wire_equal(set->owner, zone->name) &&
		    !table_find(&s->begun, &set, sizeof(set)))
			report(diags, odd, set, set->at);
	}
}
