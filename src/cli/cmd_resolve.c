#include "cli/output.h"
#include "cli/query.h"
#include "dns/codes.h"
#include "load/zonefile.h"

/** Has the answer section anything but the way to it? */
static bool
has_records(const struct answer *answer)
{
	for (unsigned i = 0; i < answer->count; i++)
		if (answer->items[i].section == SECTION_ANSWER)
			return answer->rcode == RCODE_NOERROR;
	return false;
}

static enum status
print_section(const struct answer *answer, enum section section, const uint8_t *question,
	      struct text *out)
{
	enum status status = OK;

	for (unsigned i = 0; i < answer->count && status == OK; i++) {
		const struct answer_item *item = &answer->items[i];

		if (item->section == section)
			status = rrset_print(&item->set, question, item->ttl_s, out);
	}
	return status;
}

/** The records; what is no record is a comment, so that the whole reads as a zone file. */
static enum status
print_text(const struct query *query, const struct answer *answer, struct text *out)
{
	const uint8_t *name = query->question.name.wire;
	char rcode[CODE_TEXT_MAX];
	enum status status = print_section(answer, SECTION_ANSWER, name, out);

	if (status != OK || has_records(answer))
		return status;
	text_printf(out, "; %s%s", rcode_print(answer->rcode, rcode),
		    answer->rcode == RCODE_NOERROR ? ", no data of this type" : "");
	if (answer->ede != EDE_NONE && answer->ede_text) {
		text_append(out, ": ");
		text_printable(out, answer->ede_text);
	}
	text_append(out, "\n");
	return print_section(answer, SECTION_AUTHORITY, name, out);
}

/** Each record as one string of a list. */
static enum status
print_json_section(const struct answer *answer, enum section section, const uint8_t *question,
		   struct text *out)
{
	enum status status;
	struct text records;

	text_init(&records);
	status = print_section(answer, section, question, &records);
	query_json_lines(&records, out);
	text_fini(&records);
	return status;
}

/** The object's beginning, up to where an answer and an upstream differ. */
static void
print_json_head(const struct query *query, struct text *out)
{
	const struct snapshot *snap = query->input.snap;
	char name[NAME_TEXT_MAX], type[CODE_TEXT_MAX];

	text_append(out, "{\"schema\": \"causeway-resolve-1\", \"network\": ");
	text_json(out, snapshot_string(snap, snapshot_network(snap, query->network)->id_at));
	text_append(out, ", \"name\": ");
	text_json(out, name_print(query->question.name.wire, name));
	text_append(out, ", \"type\": ");
	text_json(out, type_print(query->question.type, type));
}

static enum status
print_json(const struct query *query, const struct answer *answer, bool answered,
	   struct text *out)
{
	const uint8_t *name = query->question.name.wire;
	char rcode[CODE_TEXT_MAX];
	enum status status;

	print_json_head(query, out);
	text_append(out, ", \"rcode\": ");
	text_json(out, answered ? rcode_print(answer->rcode, rcode) : NULL);
	text_append(out, ", \"extended_error\": ");
	text_json(out, answer->ede == EDE_NONE ? NULL : extended_error_text(answer->ede));
	text_append(out, ", \"extended_error_text\": ");
	text_json(out, answer->ede_text);
	text_append(out, ", \"answer\": ");
	status = print_json_section(answer, SECTION_ANSWER, name, out);
	text_append(out, ", \"authority\": ");
	if (status == OK)
		status = print_json_section(answer, SECTION_AUTHORITY, name, out);
	return status;
}

static void
print_json_upstream(const struct query *query, const struct ask *ask, struct text *out)
{
	const struct snapshot *snap = query->input.snap;
	const struct snapshot_rule *rule = snapshot_rule(snap, ask->rule);
	const struct snapshot_target *targets;
	char name[NAME_TEXT_MAX];
	uint32_t count;

	targets = ask_targets(snap, ask, &count);
	text_append(out, ", \"upstream\": {\"resolver_rule\": ");
	text_json(out, snapshot_string(snap, rule->id_at));
	text_append(out, ", \"name\": ");
	text_json(out, name_print(ask->name.wire, name));
	text_append(out, ", \"targets\": ");
	query_json_targets(targets, count, out);
	text_append(out, "}");
}

static void
tell_upstream(const struct query *query, const struct ask *ask)
{
	const struct snapshot *snap = query->input.snap;
	const struct snapshot_rule *rule = snapshot_rule(snap, ask->rule);
	const struct snapshot_target *asked;
	char name[NAME_TEXT_MAX];
	struct text targets;
	uint32_t count;

	asked = ask_targets(snap, ask, &count);
	text_init(&targets);
	text_append(&targets, "");
	query_print_targets(asked, count, &targets);
	fprintf(stderr, "causeway resolve: %s would be asked of %s, by %s\n",
		name_print(ask->name.wire, name), targets.failed ? "?" : targets.data,
		snapshot_string(snap, rule->id_at));
	text_fini(&targets);
}

/** The whole reply, or as much of it as is known. */
static enum status
print_reply(const struct query *query, const struct answer *answer, const struct ask *ask,
	    bool answered, struct text *out)
{
	enum status status;

	if (!query->json)
		return answered ? print_text(query, answer, out)
				: print_section(answer, SECTION_ANSWER,
						query->question.name.wire, out);
	status = print_json(query, answer, answered, out);
	if (answered)
		text_append(out, ", \"upstream\": null");
	else
		print_json_upstream(query, ask, out);
	text_append(out, "}\n");
	return status;
}

static enum exit_code
resolve(struct query *query)
{
	struct answer answer;
	struct ask ask;
	struct text out;
	bool answered = resolve_offline(&query->resolver, query->network, &query->question, 0,
					&answer, &ask);
	enum exit_code code;

	text_init(&out);
	if (print_reply(query, &answer, &ask, answered, &out) != OK)
		out.failed = true;
	code = output_write(stdout, &out);
	text_fini(&out);
	if (!answered && !query->json)
		tell_upstream(query, &ask);
	if (code != EXIT_FINE)
		return code;
	return answered && has_records(&answer) ? EXIT_FINE : EXIT_NO;
}

static enum exit_code
run(const struct command *command, int argc, char **argv)
{
	return query_run(command, argc, argv, resolve);
}

const struct command command_resolve = {
	.name = "resolve",
	.arguments = QUERY_ARGUMENTS,
	.summary = "the answer that a network gets, as far as it is known without asking anyone",
	.options = query_options,
	.run = run,
};
