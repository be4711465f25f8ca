#include "lint/way.h"

void
way_claim(struct lint *lint, struct witness *witness, uint32_t network)
{
	const struct closure *closure = lint->closure;

	for (unsigned step = 0; step < WITNESS_MAX_CLAIMS / 2; step++) {
		struct route route = lint_route(lint, network, witness->name.wire);
		const struct rule_ways *ways;
		unsigned i = 0;

		if (route.kind == ROUTE_ZONE)
			witness_claim_zone(witness, network, route.cut->target);
		else if (route.kind == ROUTE_AUTODEFINED)
			witness_claim_autodefined(witness, network);
		else if (route.kind != ROUTE_OFF && !cut_is_forward(route.cut))
			witness_claim_internet(witness, network);
		if (route.kind == ROUTE_OFF || !cut_is_forward(route.cut))
			return;
		witness_claim_rule(witness, network, route.cut->target);
		ways = &closure->ways[route.cut->target];
		while (i < ways->count && ways->to[i].network == NETWORK_NONE)
			i++;
		if (i == ways->count)
			return;
		network = ways->to[i].network;
	}
}

const char *
way_text(struct lint *lint, const struct finals *finals)
{
	const char *string = "";
	struct text text;

	text_init(&text);
	text_append(&text, "");
	finals_print(finals, &lint->arena, &text);
	if (text.failed)
		lint->nomem = true;
	else
		string = lint_printf(lint, "%s", text.data);
	text_fini(&text);
	return string;
}
