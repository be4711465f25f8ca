#include "lint/accuse.h"

#include <stdarg.h>

#include "dns/codes.h"

const char *
name_text(struct lint *lint, const uint8_t *name)
{
	char buf[NAME_TEXT_MAX];

	return lint_printf(lint, "%s", name_print(name, buf));
}

const char *
record_text(struct lint *lint, const uint8_t *owner, uint16_t type)
{
	char name[NAME_TEXT_MAX], code[CODE_TEXT_MAX];

	return lint_printf(lint, "%s %s", name_print(owner, name), type_print(type, code));
}

void
accuse_add_record(struct lint *lint, struct finding *finding, uint32_t zone,
		  const uint8_t *owner, uint16_t type, const char *text)
{
	if (finding)
		diag_add(lint->diags, finding, PART_OBJECT, "record",
			 record_text(lint, owner, type),
			 scan_record_at(lint, zone, owner, type), "%s", text);
}

static struct finding *
open_va(struct lint *lint, const struct lint_check *check, enum severity severity,
	uint32_t zone, const uint8_t *owner, uint16_t type, const char *text, const char *fmt,
	va_list ap)
{
	struct finding *finding = NULL;
	char *message;

	if (severity < lint->least)
		return NULL;
	message = arena_vprintf(&lint->arena, fmt, ap);
	if (message)
		finding = lint_open(lint, check, severity,
				    scan_record_at(lint, zone, owner, type), "%s", message);
	else
		lint->nomem = true;
	accuse_add_record(lint, finding, zone, owner, type, text);
	if (finding)
		lint_add_zone(lint, finding, zone, "its zone");
	return finding;
}

struct finding *
accuse_record(struct lint *lint, const struct lint_check *check, enum severity severity,
	      uint32_t zone, const uint8_t *owner, uint16_t type, const char *text,
	      const char *fmt, ...)
{
	struct finding *finding;
	va_list ap;

	va_start(ap, fmt);
	finding = open_va(lint, check, severity, zone, owner, type, text, fmt, ap);
	va_end(ap);
	return finding;
}

/** Of a node as such: the first of its types. */
static uint16_t
suspect_type(const struct suspect *suspect)
{
	if (suspect->set)
		return suspect->set->type;
	return suspect->node->set_count ? zone_node_refs(suspect->node)->type : 0;
}

struct finding *
accuse(struct lint *lint, const struct lint_check *check, enum severity severity,
       const struct suspect *suspect, const char *text, const char *fmt, ...)
{
	struct finding *finding;
	va_list ap;

	va_start(ap, fmt);
	finding = open_va(lint, check, severity, suspect->zone, zone_node_name(suspect->node),
			  suspect_type(suspect), text, fmt, ap);
	va_end(ap);
	return finding;
}

void
accuse_ask(struct witness *witness, uint32_t network, uint32_t zone, const uint8_t *name,
	   uint16_t type)
{
	*witness = (struct witness){ .type = type };
	name_from_wire(name, &witness->name);
	witness_claim_zone(witness, network, zone);
}
