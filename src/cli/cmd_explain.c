#include <string.h>

#include "cli/explain_words.h"
#include "cli/output.h"
#include "dns/codes.h"
#include "load/zonefile.h"

/* Turns steps into text or JSON. */
struct teller {
	const struct query *query;
	const struct snapshot *snap;
	struct text *out;
	struct text value;	/* one value being put together */
	size_t steps;
};

/** The set as text, a line a record. */
static void
print_records(struct teller *t, const struct explain_step *step)
{
	if (rrset_print(&step->set, t->query->question.name.wire, step->ttl_s, &t->value) != OK)
		t->value.failed = true;
}

/* --- text */

/** " (conf/hybrid.yaml:12:5)", when it is known. */
static void
print_at(struct srcloc at, struct text *out)
{
	if (!at.file)
		return;
	text_append(out, " (");
	text_printable(out, at.file);
	text_printf(out, ":%u:%u)", (unsigned)at.line, (unsigned)at.column);
}

static void
tell_network(const struct teller *t)
{
	const char *id = words_network_id(t->query);

	text_append(t->out, "in ");
	text_printable(t->out, id);
	print_at(input_network_at(&t->query->input, id), t->out);
	text_append(t->out, ": ");
	words_network(t->query, t->out);
	text_append(t->out, "\n");
}

static void
tell_candidate(const struct teller *t, const struct explain_step *step)
{
	struct declared d = words_declared(t->query, step);
	char name[NAME_TEXT_MAX];

	text_printf(t->out, "   %-9s %s%s%s", words_fate(step), d.rule_type ? d.rule_type : "",
		    d.rule_type ? " " : "", d.kind);
	if (d.id) {
		text_append(t->out, " ");
		text_printable(t->out, d.id);
	}
	text_printf(t->out, ", %s", name_print(snapshot_name(t->snap, step->cut->name_at), name));
	if (d.profile) {
		text_append(t->out, ", by Profile ");
		text_printable(t->out, d.profile);
	}
	print_at(d.at, t->out);
	text_printf(t->out, ": %s\n", words_why(step));
}

static void
tell_records(struct teller *t, const struct explain_step *step)
{
	char *rest, *line;

	text_clear(&t->value);
	print_records(t, step);
	rest = t->value.data;
	while (rest && (line = strsep(&rest, "\n")))
		if (*line)
			text_printf(t->out, "   %-9s %s\n",
				    step->section == SECTION_ANSWER ? "record" : "authority",
				    line);
}

static void
tell_result(const struct teller *t, const struct answer *answer)
{
	const char *error = answer->ede == EDE_NONE ? NULL : extended_error_text(answer->ede);
	char rcode[CODE_TEXT_MAX];
	bool data = false;

	for (unsigned i = 0; i < answer->count; i++)
		data |= answer->items[i].section == SECTION_ANSWER;
	text_printf(t->out, "\nresult: %s%s", rcode_print(answer->rcode, rcode),
		    answer->rcode == RCODE_NOERROR && !data ? ", no data of this type" : "");
	if (answer->ede != EDE_NONE)
		text_printf(t->out, "; extended error %u (%s)", answer->ede, error ? error : "");
	if (answer->ede_text) {
		text_append(t->out, ": ");
		text_printable(t->out, answer->ede_text);
	}
	text_append(t->out, "\n");
}

static void
tell_ask(const struct teller *t, const struct ask *ask)
{
	char name[NAME_TEXT_MAX], type[CODE_TEXT_MAX];
	const struct snapshot_target *targets;
	uint32_t count;

	targets = ask_targets(t->snap, ask, &count);
	text_printf(t->out, "\nresult: not known here; %s %s would be asked of ",
		    name_print(ask->name.wire, name), type_print(ask->type, type));
	query_print_targets(targets, count, t->out);
	text_append(t->out, "\n");
	words_on(t->snap, snapshot_rule(t->snap, ask->rule), t->out);
}

static void
tell_text(void *context, const struct explain_step *step)
{
	struct teller *t = context;
	char name[NAME_TEXT_MAX];

	switch (step->kind) {
	case EXPLAIN_NETWORK:
		tell_network(t);
		break;
	case EXPLAIN_HOP:
		text_printf(t->out, "\n%u. %s\n", step->hop + 1,
			    name_print(step->name->wire, name));
		break;
	case EXPLAIN_CANDIDATE:
		tell_candidate(t, step);
		break;
	case EXPLAIN_ROUTE:
		text_printf(t->out, "   %-9s ", "route");
		words_route(t->query, &step->route, t->out);
		text_append(t->out, "\n");
		break;
	case EXPLAIN_LOOKUP:
		text_printf(t->out, "   %-9s ", "lookup");
		words_lookup(&step->lookup, t->out);
		text_append(t->out, "\n");
		break;
	case EXPLAIN_MEMBER:
		text_printf(t->out, "   %-9s ", step->taken ? "taken" : "left");
		words_member(t->query, step, t->out);
		text_append(t->out, "\n");
		break;
	case EXPLAIN_RECORDS:
		tell_records(t, step);
		break;
	case EXPLAIN_ASK:
		tell_ask(t, step->ask);
		break;
	case EXPLAIN_FURTHER:
		text_printf(t->out, "   %-9s then of ", rule_outcome_text(step->outcome));
		words_further(t->snap, step->rule, t->out);
		text_append(t->out, "\n");
		break;
	case EXPLAIN_ASSUME:
		text_printf(t->out, "   %-9s ", "assumes");
		words_assumed(step, t->out);
		text_append(t->out, "\n");
		break;
	case EXPLAIN_DNS64:
		text_append(t->out, "\nno AAAA: DNS64 makes them of A\n");
		break;
	case EXPLAIN_RESULT:
		tell_result(t, step->answer);
		break;
	}
}

/* --- JSON: a list of steps, each an object on a line of its own */

static void
put(struct teller *t, const char *key, const char *value)
{
	text_append(t->out, ", ");
	text_json(t->out, key);
	text_append(t->out, ": ");
	text_json(t->out, value);
}

/** t->value, which is emptied for the next one. */
static void
put_value(struct teller *t, const char *key)
{
	put(t, key, t->value.len ? t->value.data : NULL);
	if (t->value.failed)
		t->out->failed = true;
	text_clear(&t->value);
}

static void
put_loc(struct teller *t, struct srcloc at)
{
	if (!at.file) {
		put(t, "loc", NULL);
		return;
	}
	text_append(t->out, ", \"loc\": {\"file\": ");
	text_json(t->out, at.file);
	text_printf(t->out, ", \"line\": %u, \"column\": %u}", (unsigned)at.line,
		    (unsigned)at.column);
}

static void
put_candidate(struct teller *t, const struct explain_step *step)
{
	struct declared d = words_declared(t->query, step);
	char name[NAME_TEXT_MAX];

	put(t, "fate", words_fate(step));
	put(t, "why", words_why(step));
	put(t, "suffix", name_print(snapshot_name(t->snap, step->cut->name_at), name));
	put(t, "kind", d.kind);
	put(t, "rule_type", d.rule_type);
	put(t, "id", d.id);
	put(t, "profile", d.profile);
	put_loc(t, d.at);
}

static void
put_route(struct teller *t, const struct route *route)
{
	put(t, "kind", words_route_kind(route));
	if (route->kind == ROUTE_ZONE)
		put(t, "hosted_zone",
		    snapshot_string(t->snap, snapshot_zone(t->snap, route->cut->target)->id_at));
	if (route->kind == ROUTE_FORWARD) {
		put(t, "resolver_rule", snapshot_string(t->snap, route->upstream->id_at));
		text_append(t->out, ", \"targets\": ");
		query_json_targets(snapshot_targets(t->snap, route->upstream),
				   route->upstream->target_count, t->out);
	}
	text_printf(t->out, ", \"presumed\": %s",
		    words_is_presumed(t->query, route) ? "true" : "false");
	words_route(t->query, route, &t->value);
	put_value(t, "text");
}

static void
put_records(struct teller *t, const struct explain_step *step)
{
	put(t, "section", step->section == SECTION_ANSWER ? "answer" : "authority");
	print_records(t, step);
	text_append(t->out, ", \"records\": ");
	query_json_lines(&t->value, t->out);
	text_clear(&t->value);
}

static void
put_member(struct teller *t, const struct explain_step *step)
{
	text_printf(t->out, ", \"taken\": %s", step->taken ? "true" : "false");
	put(t, "set_identifier", words_set_identifier(step));
	put(t, "policy", words_policy(step));
	put(t, "health", words_health(step->health));
	words_member(t->query, step, &t->value);
	put_value(t, "text");
}

static void
put_ask(struct teller *t, const struct ask *ask)
{
	const struct snapshot_rule *rule = snapshot_rule(t->snap, ask->rule);
	char name[NAME_TEXT_MAX], type[CODE_TEXT_MAX];
	const struct snapshot_target *targets;
	uint32_t count;

	targets = ask_targets(t->snap, ask, &count);

	put(t, "resolver_rule", snapshot_string(t->snap, rule->id_at));
	put(t, "name", name_print(ask->name.wire, name));
	put(t, "type", type_print(ask->type, type));
	text_append(t->out, ", \"targets\": ");
	query_json_targets(targets, count, t->out);
	text_append(t->out, ", \"on\": ");
	words_json_on(t->snap, rule, t->out);
}

static void
put_further(struct teller *t, const struct explain_step *step)
{
	const struct snapshot_rule *further = snapshot_rule(t->snap, step->rule);

	put(t, "outcome", rule_outcome_text(step->outcome));
	put(t, "resolver_rule", snapshot_string(t->snap, further->id_at));
	text_append(t->out, ", \"targets\": ");
	query_json_targets(snapshot_targets(t->snap, further), further->target_count, t->out);
}

static void
put_result(struct teller *t, const struct answer *answer)
{
	char rcode[CODE_TEXT_MAX];

	put(t, "rcode", rcode_print(answer->rcode, rcode));
	put(t, "extended_error",
	    answer->ede == EDE_NONE ? NULL : extended_error_text(answer->ede));
	put(t, "extended_error_text", answer->ede_text);
}

static void
tell_json(void *context, const struct explain_step *step)
{
	static const char *const kinds[] = {
		[EXPLAIN_NETWORK] = "network", [EXPLAIN_HOP] = "hop",
		[EXPLAIN_CANDIDATE] = "candidate", [EXPLAIN_ROUTE] = "route",
		[EXPLAIN_LOOKUP] = "lookup", [EXPLAIN_RECORDS] = "records",
		[EXPLAIN_MEMBER] = "member",
		[EXPLAIN_ASK] = "ask", [EXPLAIN_FURTHER] = "further",
		[EXPLAIN_DNS64] = "dns64",
		[EXPLAIN_ASSUME] = "assume",
		[EXPLAIN_RESULT] = "result",
	};
	struct teller *t = context;
	char name[NAME_TEXT_MAX];

	text_append(t->out, t->steps++ ? ",\n    {\"step\": " : "\n    {\"step\": ");
	text_json(t->out, kinds[step->kind]);
	switch (step->kind) {
	case EXPLAIN_NETWORK:
		put(t, "id", words_network_id(t->query));
		put_loc(t, input_network_at(&t->query->input, words_network_id(t->query)));
		words_network(t->query, &t->value);
		put_value(t, "why");
		break;
	case EXPLAIN_HOP:
		put(t, "name", name_print(step->name->wire, name));
		break;
	case EXPLAIN_CANDIDATE:
		put_candidate(t, step);
		break;
	case EXPLAIN_ROUTE:
		put_route(t, &step->route);
		break;
	case EXPLAIN_LOOKUP:
		put(t, "kind", lookup_kind_text(step->lookup.kind));
		put(t, "node", name_print(zone_node_name(step->lookup.node), name));
		text_printf(t->out, ", \"wildcard\": %s",
			    step->lookup.wildcard ? "true" : "false");
		break;
	case EXPLAIN_MEMBER:
		put_member(t, step);
		break;
	case EXPLAIN_RECORDS:
		put_records(t, step);
		break;
	case EXPLAIN_ASK:
		put_ask(t, step->ask);
		break;
	case EXPLAIN_FURTHER:
		put_further(t, step);
		break;
	case EXPLAIN_ASSUME:
		put(t, "point", assume_point(step->assume)->key);
		put(t, "route53_semantics", assume_point(step->assume)->sheet);
		words_value(step, &t->value);
		put_value(t, "value");
		break;
	case EXPLAIN_DNS64:
		break;
	case EXPLAIN_RESULT:
		put_result(t, step->answer);
		break;
	}
	text_append(t->out, "}");
}

static void
explain_json(struct query *query, struct teller *t)
{
	char name[NAME_TEXT_MAX], type[CODE_TEXT_MAX];
	struct answer answer;

	text_append(t->out, "{\n  \"schema\": \"causeway-explain-1\"");
	put(t, "name", name_print(query->question.name.wire, name));
	put(t, "type", type_print(query->question.type, type));
	text_append(t->out, ",\n  \"steps\": [");
	explain_query(&query->resolver, query->network, &query->question, 0, tell_json, t,
		      &answer);
	text_append(t->out, "\n  ]\n}\n");
}

static void
explain_text(struct query *query, struct teller *t)
{
	char name[NAME_TEXT_MAX], type[CODE_TEXT_MAX];
	struct answer answer;

	text_printf(t->out, "%s %s ", name_print(query->question.name.wire, name),
		    type_print(query->question.type, type));
	explain_query(&query->resolver, query->network, &query->question, 0, tell_text, t,
		      &answer);
}

static enum exit_code
explain(struct query *query)
{
	struct text out;
	struct teller teller = { .query = query, .snap = query->input.snap, .out = &out };
	enum exit_code code;

	text_init(&out);
	text_init(&teller.value);
	if (query->json)
		explain_json(query, &teller);
	else
		explain_text(query, &teller);
	out.failed |= teller.value.failed;
	code = output_write(stdout, &out);
	text_fini(&teller.value);
	text_fini(&out);
	return code;
}

static enum exit_code
run(const struct command *command, int argc, char **argv)
{
	return query_run(command, argc, argv, explain);
}

const struct command command_explain = {
	.name = "explain",
	.arguments = QUERY_ARGUMENTS,
	.summary = "why a name resolves in a network as it does, step by step",
	.options = query_options,
	.run = run,
};
