#include "control/selftest.h"

#include <stdlib.h>

#include "dns/codes.h"
#include "engine/resolve.h"
#include "engine/route.h"

/** A network whose answers for this name come from this zone, or NETWORK_NONE. */
static uint32_t
network_of(const struct snapshot *snap, uint32_t zone, const struct question *q)
{
	for (uint32_t network = 0; network < snap->root->network_count; network++) {
		struct route route = route_select(snap, network, &q->name, &q->suffixes);

		if (route.kind == ROUTE_ZONE && route.zone == snap->zones[zone])
			return network;
	}
	return NETWORK_NONE;
}

static bool
answers(struct resolver *r, uint32_t network, const struct question *q)
{
	struct answer answer;
	struct ask ask;

	return resolve_offline(r, network, q, 0, &answer, &ask) &&
	       answer.rcode == RCODE_NOERROR && answer.count > 0;
}

static bool
zone_answers(struct resolver *r, uint32_t zone, const struct log *log)
{
	static const uint16_t types[] = { TYPE_SOA, TYPE_NS };
	const uint8_t *apex = snapshot_name(r->snap, snapshot_zone(r->snap, zone)->name_at);
	char text[NAME_TEXT_MAX], type[CODE_TEXT_MAX];
	struct name name;

	name_from_wire(apex, &name);
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		uint8_t wire[NAME_MAX_OCTETS + 4];
		struct question q;
		uint32_t network;

		question_make(&name, types[i], &q, wire);
		network = network_of(r->snap, zone, &q);
		if (network == NETWORK_NONE || answers(r, network, &q))
			continue;
		log_write(log, LOG_LEVEL_ERROR,
			  "self-test: zone \"%s\" gives no answer to %s %s",
			  snapshot_string(r->snap, snapshot_zone(r->snap, zone)->id_at),
			  name_print(apex, text), type_print(types[i], type));
		return false;
	}
	return true;
}

enum status
selftest_run(const struct snapshot *snap, const struct log *log)
{
	struct scratch *scratch = calloc(1, sizeof(*scratch));
	uint32_t zones = snap->root->zone_count;
	enum status status = OK;
	struct resolver r;

	if (!scratch)
		return ERR_NOMEM;
	resolver_init(&r, snap, NULL, NULL, NULL, scratch, NULL);
	if (zones > SELFTEST_ZONES)
		zones = SELFTEST_ZONES;
	for (uint32_t zone = 0; zone < zones; zone++)
		if (!zone_answers(&r, zone, log))
			status = ERR_MALFORMED;
	free(scratch);
	return status;
}
