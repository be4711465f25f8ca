#include <stdlib.h>
#include <string.h>

#include "control/desk.h"
#include "dns/codes.h"
#include "dns/msg.h"
#include "engine/resolve.h"
#include "load/zonefile.h"

/* One question from an operator; large. */
struct lookup_room {
	struct resolver resolver;
	struct scratch scratch;
	struct question question;
	uint8_t wire[NAME_MAX_OCTETS + 4];
	struct answer answer;
	struct ask ask;
};

/** The network of this id, of this inbound endpoint, or of this address. */
static bool
find_asker(const struct snapshot *snap, const char *word, uint32_t *network, uint32_t *endpoint)
{
	struct addr addr;

	*endpoint = ENDPOINT_NONE;
	if (addr_parse(word, &addr))
		*network = snapshot_client_network(snap, &addr);
	else
		*network = snapshot_find_network(snap, word);
	for (uint32_t i = 0; *network == NETWORK_NONE && i < snap->root->endpoint_count; i++) {
		const struct snapshot_endpoint *e = snapshot_endpoint(snap, i);

		if (e->direction == DIRECTION_OUTBOUND ||
		    strcmp(snapshot_string(snap, e->id_at), word) != 0)
			continue;
		*network = e->network;
		*endpoint = i;
	}
	return *network != NETWORK_NONE;
}

/** The records of a section as lines of a zone file. */
static void
put_section(const struct lookup_room *room, const char *key, enum section section,
	    struct text *out)
{
	struct text lines;

	text_init(&lines);
	for (unsigned i = 0; i < room->answer.count; i++) {
		const struct answer_item *item = &room->answer.items[i];

		if (item->section == section &&
		    rrset_print(&item->set, room->question.name.wire, item->ttl_s, &lines) != OK)
			out->failed = true;
	}
	text_printf(out, ", \"%s\": ", key);
	desk_json_lines(lines.data ? lines.data : "", out);
	out->failed |= lines.failed;
	text_fini(&lines);
}

static void
put_upstream(const struct snapshot *snap, const struct ask *ask, struct text *out)
{
	const struct snapshot_target *targets;
	char name[NAME_TEXT_MAX];
	uint32_t count;

	targets = ask_targets(snap, ask, &count);
	text_append(out, ", \"upstream\": {\"resolver_rule\": ");
	text_json(out, snapshot_string(snap, snapshot_rule(snap, ask->rule)->id_at));
	text_append(out, ", \"name\": ");
	text_json(out, name_print(ask->name.wire, name));
	text_append(out, ", \"targets\": [");
	for (uint32_t i = 0; i < count; i++) {
		struct addr addr = { .port = (uint16_t)targets[i].port };
		char text[ADDR_TEXT_MAX];

		memcpy(addr.ip, targets[i].ip, sizeof(addr.ip));
		text_append(out, i ? ", " : "");
		text_json(out, addr_print_port(&addr, text));
	}
	text_append(out, "]}");
}

static bool
has_records(const struct answer *answer)
{
	for (unsigned i = 0; i < answer->count; i++)
		if (answer->items[i].section == SECTION_ANSWER)
			return answer->rcode == RCODE_NOERROR;
	return false;
}

static void
put_answer(const struct lookup_room *room, const struct snapshot *snap, uint32_t network,
	   bool answered, struct text *out)
{
	const struct answer *answer = &room->answer;
	char buf[NAME_TEXT_MAX];

	text_printf(out, "{\"schema\": \"" DESK_SCHEMA "\", \"exit\": %u, \"network\": ",
		    answered && has_records(answer) ? 0u : 1u);
	text_json(out, snapshot_string(snap, snapshot_network(snap, network)->id_at));
	text_append(out, ", \"name\": ");
	text_json(out, name_print(room->question.name.wire, buf));
	text_append(out, ", \"type\": ");
	text_json(out, type_print(room->question.type, buf));
	text_append(out, ", \"rcode\": ");
	text_json(out, answered ? rcode_print(answer->rcode, buf) : NULL);
	text_append(out, ", \"extended_error\": ");
	text_json(out, answer->ede == EDE_NONE ? NULL : extended_error_text(answer->ede));
	text_append(out, ", \"extended_error_text\": ");
	text_json(out, answer->ede_text);
	put_section(room, "answer", SECTION_ANSWER, out);
	put_section(room, "authority", SECTION_AUTHORITY, out);
	if (answered)
		text_append(out, ", \"upstream\": null");
	else
		put_upstream(snap, &room->ask, out);
	text_append(out, "}");
}

static void
look_up(const struct desk *desk, struct lookup_room *room, uint32_t network, uint32_t endpoint,
	struct text *out)
{
	const struct snapshot *snap = desk->edition->snap;
	bool answered;

	resolver_init(&room->resolver, snap, desk->cache, NULL, NULL, &room->scratch, NULL);
	room->resolver.healthy = desk->edition->healthy;
	room->resolver.as = endpoint;
	answered = resolve_offline(&room->resolver, network, &room->question, desk->now_ms,
				   &room->answer, &room->ask);
	put_answer(room, snap, network, answered, out);
}

void
desk_lookup(const struct desk *desk, const struct ctl_request *request, struct text *out)
{
	uint32_t network, endpoint;
	struct lookup_room *room;
	struct name name;
	uint16_t type;

	if (name_parse(request->words[1], &name) != OK) {
		desk_error(out, 2, "\"%s\" is no domain name", request->words[1]);
		return;
	}
	if (!type_parse(request->words[2], &type)) {
		desk_error(out, 2, "\"%s\" is no record type", request->words[2]);
		return;
	}
	if (!find_asker(desk->edition->snap, request->words[3], &network, &endpoint)) {
		desk_error(out, 2, "no network and no inbound endpoint is called \"%s\", and no "
				   "network holds such an address", request->words[3]);
		return;
	}
	room = calloc(1, sizeof(*room));
	if (!room) {
		out->failed = true;
		return;
	}
	question_make(&name, type, &room->question, room->wire);
	look_up(desk, room, network, endpoint, out);
	free(room);
}
