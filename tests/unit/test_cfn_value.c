#include "load/cfn.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "unit/files.h"
#include "unit/unit.h"

#define LIMIT ((size_t)256 << 20)

/* A template that is read, as a stack. */
struct run {
	struct files files;
	struct arena scratch, arena;
	struct diags diags;
	struct estate estate;
	struct objects objects;
	struct bind bind;
	struct declare declare;
	struct import_item item;
	struct cfn cfn;
	struct cfn_stack *stack;
};

static void
run_init(struct run *r, const char *name, const char *text)
{
	enum status status;

	*r = (struct run){ 0 };
	assert_true(files_init(&r->files));
	assert_true(files_write_len(&r->files, name, text, strlen(text)));
	arena_init(&r->scratch, LIMIT);
	arena_init(&r->arena, LIMIT);
	diags_init(&r->diags, &r->arena, 0);
	estate_init(&r->estate, LIMIT);
	objects_init(&r->objects, &r->estate, &r->scratch, &r->diags);
	r->declare = (struct declare){
		.estate = &r->estate, .objects = &r->objects, .diags = &r->diags,
		.scratch = &r->scratch, .nodes = { .arena = &r->scratch }, .bind = &r->bind,
	};
	r->cfn = (struct cfn){ .declare = &r->declare };
	r->cfn.stacks_end = &r->cfn.stacks;
	r->cfn.objects_end = &r->cfn.first_object;
	table_init(&r->cfn.templates, &r->scratch);
	table_init(&r->cfn.resources, &r->scratch);
	table_init(&r->cfn.objects, &r->scratch);
	table_init(&r->cfn.exports, &r->scratch);
	r->stack = cfn_stack_new(&r->cfn, cfn_template(&r->cfn, files_path(&r->files, name),
						       (struct srcloc){ 0 }, &status),
				 "net", &r->item);
	assert_int_equal(status, OK);
}

static void
run_fini(struct run *r)
{
	estate_fini(&r->estate);
	arena_fini(&r->arena);
	arena_fini(&r->scratch);
	files_fini(&r->files);
}

static struct cfn_value
output(struct run *r, const char *name)
{
	const struct yaml_item *pair = cfn_find(r->stack, CFN_OUTPUTS, name);

	return cfn_resolve(r->stack, pair ? yaml_find(pair->value, "Value") : NULL);
}

/** A value in one text: items of a list between bars. */
static void
show(struct text *out, struct cfn_stack *stack, struct cfn_value value)
{
	if (value.state == CFN_ABSENT) {
		text_append(out, "absent");
	} else if (value.state == CFN_UNKNOWN) {
		text_printf(out, "unknown: %s", value.why);
	} else if (value.node->kind == YAML_SCALAR) {
		text_append(out, value.node->text);
	} else {
		for (const struct yaml_item *i = value.node->first; i; i = i->next) {
			text_append(out, "|");
			show(out, stack, cfn_resolve(stack, i->value));
		}
	}
}

#define TEMPLATE(expression)									\
	"Parameters:\n"										\
	"  Cidr: {Type: String, Default: 10.1.0.0/16}\n"					\
	"  Empty: {Type: String, Default: ''}\n"						\
	"  Zones: {Type: CommaDelimitedList, Default: 'a, b,c'}\n"				\
	"  Ids: {Type: 'List<AWS::EC2::Subnet::Id>', Default: 'subnet-1,subnet-2'}\n"		\
	"  Bare: {Type: String}\n"								\
	"  Image: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /aws/ami}\n"		\
	"Mappings:\n"										\
	"  Map: {eu: {cidr: 10.2.0.0/16, list: [x, y]}, us: {cidr: 10.3.0.0/16}}\n"		\
	"Conditions:\n"										\
	"  Yes: !Equals [!Ref Cidr, 10.1.0.0/16]\n"						\
	"  No: {'Fn::Not': [Condition: Yes]}\n"							\
	"  Never: !Equals [!Ref Bare, x]\n"							\
	"  Round: !Not [!Condition Round]\n"							\
	"Resources:\n"										\
	"  Vpc: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: !Ref Cidr}}\n"			\
	"  Named: {Type: 'AWS::EC2::VPC', Metadata: {Causeway: {id: vpc-1}}}\n"		\
	"  Zone: {Type: 'AWS::Route53::HostedZone', Properties: {Name: corp.example}}\n"	\
	"  Rule: {Type: 'AWS::Route53Resolver::ResolverRule'}\n"				\
	"  Gone: {Type: 'AWS::EC2::VPC', Condition: No}\n"					\
	"  Ip: {Type: 'AWS::EC2::EIP'}\n"							\
	"  Host: {Type: 'AWS::EC2::Instance', Properties: {PrivateIpAddress: 10.1.0.9}}\n"	\
	"  Host2: {Type: 'AWS::EC2::Instance', Properties: {PrivateIpAddress: !Ref Bare}}\n"	\
	"  Self: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: !GetAtt Self.CidrBlock}}\n"	\
	"Outputs:\n"										\
	"  It:\n"										\
	"    Value: " expression "\n"

struct row {
	int line;
	const char *text, *want;
};

#define ROW(expression, want) { __LINE__, TEMPLATE(expression), want }

static const struct row rows[] = {
	ROW("plain", "plain"),
	ROW("~", "absent"),
	ROW("!Ref Cidr", "10.1.0.0/16"),
	ROW("{Ref: Cidr}", "10.1.0.0/16"),
	ROW("!Ref Empty", ""),
	ROW("!Ref Zones", "|a|b|c"),
	ROW("!Ref Ids", "|subnet-1|subnet-2"),
	ROW("!Ref Bare", "unknown: the parameter Bare has no default, and no --parameter gives it "
	    "a value"),
	ROW("!Ref Image", "unknown: the parameter Image is kept in the Parameter Store"),
	ROW("!Ref Nobody", "unknown: the template has no parameter and no resource \"Nobody\""),
	ROW("!Ref [a]", "unknown: Ref does not have the arguments that it wants"),
	ROW("!Ref AWS::NoValue", "absent"),
	ROW("!Ref AWS::Partition", "aws"),
	ROW("!Ref AWS::URLSuffix", "amazonaws.com"),
	ROW("!Ref AWS::StackName", "net"),
	ROW("!Ref AWS::Region", "unknown: no --parameter AWS::Region=VALUE says it"),
	/* resources */
	ROW("!Ref Vpc", "net/Vpc"),
	ROW("!Ref Named", "vpc-1"),
	ROW("!GetAtt Vpc.VpcId", "net/Vpc"),
	ROW("!GetAtt Vpc.CidrBlock", "10.1.0.0/16"),
	ROW("{'Fn::GetAtt': [Vpc, CidrBlock]}", "10.1.0.0/16"),
	ROW("!GetAtt [Vpc, !Sub 'Cidr${Empty}Block']", "10.1.0.0/16"),
	ROW("!GetAtt Vpc.DefaultSecurityGroup",
	    "unknown: DefaultSecurityGroup of Vpc, an AWS::EC2::VPC, is known once that is "
	    "deployed"),
	ROW("!GetAtt Zone.Id", "net/Zone"),
	ROW("!GetAtt Rule.ResolverRuleId", "net/Rule"),
	ROW("!GetAtt Rule.Arn", "arn:aws::::resolver-rule/net/Rule"),
	ROW("!GetAtt Host.PrivateIp", "10.1.0.9"),
	ROW("!GetAtt Host2.PrivateIp",
	    "unknown: the parameter Bare has no default, and no --parameter gives it a value"),
	ROW("!Ref Ip", "unknown: what !Ref gives of Ip, an AWS::EC2::EIP, is not in the template"),
	ROW("!Ref Gone", "unknown: the resource Gone is not made: its condition is false"),
	ROW("!GetAtt Nobody.Id", "unknown: the template has no resource \"Nobody\""),
	ROW("!GetAtt Vpc", "unknown: Fn::GetAtt does not have the arguments that it wants"),
	ROW("!GetAtt Self.CidrBlock", "unknown: it refers to itself"),
	/* texts */
	ROW("!Sub '${Cidr}'", "10.1.0.0/16"),
	ROW("!Sub 'a-${ Vpc }-${Vpc.CidrBlock}-${!Literal}-$x-${open'",
	    "a-net/Vpc-10.1.0.0/16-${Literal}-$x-${open"),
	ROW("!Sub ['${a}.${b}', {a: 1, b: !Ref Cidr}]", "1.10.1.0.0/16"),
	ROW("!Sub '${Bare}.example'",
	    "unknown: the parameter Bare has no default, and no --parameter gives it a value"),
	ROW("!Sub '${Zones}'", "unknown: Fn::Sub does not have the arguments that it wants"),
	ROW("!Sub '{{resolve:ssm:x}}'", "unknown: it is a dynamic reference, {{resolve:...}}"),
	ROW("'{{resolve:secretsmanager:x}}'",
	    "unknown: it is a dynamic reference, {{resolve:...}}"),
	ROW("!Join ['.', [a, !Ref Empty, !Ref AWS::NoValue, !Ref Vpc]]", "a..net/Vpc"),
	ROW("!Join ['', !Ref Zones]", "abc"),
	ROW("!Join ['-', no]", "unknown: Fn::Join does not have the arguments that it wants"),
	ROW("!Split ['.', 10.1.0.0]", "|10|1|0|0"),
	ROW("!Split [',', 'a,,b']", "|a||b"),
	ROW("!Split ['', x]", "unknown: Fn::Split does not have the arguments that it wants"),
	ROW("!Join ['/', !Split [',', 'a,,b']]", "a//b"),
	ROW("!Select [1, [a, !Ref Cidr]]", "10.1.0.0/16"),
	ROW("!Select ['2', !Ref Zones]", "c"),
	ROW("!Select [3, !Ref Zones]", "unknown: Fn::Select wants item 3 of a list of 3"),
	ROW("!Select [-1, !Ref Zones]",
	    "unknown: Fn::Select does not have the arguments that it wants"),
	ROW("{'Fn::Length': !Ref Zones}", "3"),
	/* mappings */
	ROW("!FindInMap [Map, eu, cidr]", "10.2.0.0/16"),
	ROW("!FindInMap [Map, !Select [0, [us]], cidr]", "10.3.0.0/16"),
	ROW("!FindInMap [Map, eu, list]", "|x|y"),
	ROW("!FindInMap [Map, ap, cidr]", "unknown: the mappings have no \"ap\""),
	ROW("!FindInMap [Nap, ap, cidr]", "unknown: the mappings have no \"Nap\""),
	ROW("!FindInMap [Map, ap, cidr, {DefaultValue: !Ref Cidr}]", "10.1.0.0/16"),
	/* conditions */
	ROW("!If [Yes, a, b]", "a"),
	ROW("!If [No, a, !Ref Cidr]", "10.1.0.0/16"),
	ROW("!If [Yes, !Ref AWS::NoValue, b]", "absent"),
	ROW("!If [Never, a, b]",
	    "unknown: the parameter Bare has no default, and no --parameter gives it a value"),
	ROW("!If [Nobody, a, b]", "unknown: the template has no condition \"Nobody\""),
	ROW("!If [Round, a, b]", "unknown: it refers to itself"),
	ROW("!If [Yes, a]", "unknown: Fn::If does not have the arguments that it wants"),
	ROW("!And [!Condition Yes, !Condition No]", "false"),
	ROW("!And [!Condition Yes, !Condition Yes]", "true"),
	ROW("!Or [!Condition No, !Condition Yes]", "true"),
	ROW("!Or [!Condition No, !Condition No]", "false"),
	ROW("!And [!Condition Never, !Condition No]", "false"),
	ROW("!Or [!Condition Never, !Condition Yes]", "true"),
	ROW("!Or [!Condition Never, !Condition No]",
	    "unknown: the parameter Bare has no default, and no --parameter gives it a value"),
	ROW("!And no", "unknown: a condition does not have the arguments that it wants"),
	/* addresses */
	ROW("!Cidr [10.0.0.0/16, 2, 8]", "|10.0.0.0/24|10.0.1.0/24"),
	ROW("!Cidr [10.0.0.0/24, 3, 6]", "|10.0.0.0/26|10.0.0.64/26|10.0.0.128/26"),
	ROW("!Cidr ['fd00::/56', 2, 64]", "|fd00::/64|fd00:0:0:1::/64"),
	ROW("!Select [1, !Cidr [!GetAtt Vpc.CidrBlock, 4, 8]]", "10.1.1.0/24"),
	ROW("!Cidr [10.0.0.0/24, 2, 16]",
	    "unknown: Fn::Cidr does not have the arguments that it wants"),
	/* what is not evaluated */
	ROW("!GetAZs ''", "unknown: Fn::GetAZs is not evaluated"),
	ROW("!Base64 x", "unknown: Fn::Base64 is not evaluated"),
	ROW("{'Fn::Transform': {Name: x}}", "unknown: Fn::Transform is not evaluated"),
	ROW("{'Fn::Other': x}", "unknown: Fn::Other is not evaluated"),
	ROW("!Other x", "unknown: its tag is none of CloudFormation"),
	ROW("!ImportValue x", "unknown: no template exports \"x\""),
};

static void
expressions_give_their_values_or_say_why_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct text text;
		struct run r;

		run_init(&r, "net.yaml", rows[i].text);
		text_init(&text);
		show(&text, r.stack, output(&r, "It"));
		row_string(rows[i].line, text.data ? text.data : "", rows[i].want);
		row_int(rows[i].line, r.diags.errors, 0);
		row_true(rows[i].line, !r.cfn.nomem);
		text_fini(&text);
		run_fini(&r);
	}
}

static void
tags_are_named_as_the_functions_are(void **state)
{
	const char *const *tags = cfn_tags();
	size_t i;

	(void)state;
	for (i = 0; tags[i]; i++)
		assert_string_equal(tags[i], cfn_functions[i].name);
	assert_null(cfn_functions[i].name);
}

static void
json_says_the_same(void **state)
{
	static const char text[] =
		"{\"Parameters\": {\"A\": {\"Type\": \"String\", \"Default\": \"x\"}},\n"
		" \"Outputs\": {\"It\": {\"Value\": {\"Fn::Join\": [\".\", [{\"Ref\": \"A\"}, 1]]}}}}";
	struct cfn_value value;
	struct run r;

	(void)state;
	run_init(&r, "net.json", text);
	value = output(&r, "It");
	assert_int_equal(value.state, CFN_VALUE);
	assert_string_equal(value.node->text, "x.1");
	assert_int_equal(value.node->line, 2);
	run_fini(&r);
}

static void
parameters_that_are_given_come_before_defaults(void **state)
{
	static struct text_pair account = { .name = "AWS::AccountId", .text = "111122223333" };
	static struct text_pair cidr = { .name = "Cidr", .text = "10.9.0.0/16", .next = &account };
	static const struct text_pair said = { .name = "Bare", .text = "b" };
	struct cfn_value value;
	struct run r;

	(void)state;
	run_init(&r, "net.yaml",
		 TEMPLATE("!Sub '${Cidr} ${Bare} ${AWS::AccountId} ${Vpc.CidrBlock}'"));
	r.item.parameters = &cidr;
	r.estate.parameters = &said;
	value = output(&r, "It");
	assert_int_equal(value.state, CFN_VALUE);
	assert_string_equal(value.node->text, "10.9.0.0/16 b 111122223333 10.9.0.0/16");
	run_fini(&r);
}

/** V0 is short, each of the others is twice the one before. */
static void
an_expression_that_doubles_itself_ends(void **state)
{
	struct cfn_value value;
	struct text text;
	struct run r;

	(void)state;
	text_init(&text);
	text_append(&text, "Resources:\n  V0: {Type: X, Properties: {P: 0123456789abcdef}}\n");
	for (unsigned i = 1; i < 60; i++)
		text_printf(&text, "  V%u: {Type: X, Properties: {P: !Sub '${V%u.P}${V%u.P}'}}\n", i,
			    i - 1, i - 1);
	text_append(&text, "Outputs: {It: {Value: !GetAtt V59.P}, Ok: {Value: !GetAtt V12.P}}\n");
	run_init(&r, "bomb.yaml", text.data);
	value = output(&r, "It");
	assert_int_equal(value.state, CFN_UNKNOWN);
	assert_string_equal(value.why, "it is a text of more than 64 KiB");
	value = output(&r, "Ok");
	assert_int_equal(value.state, CFN_VALUE);
	assert_int_equal(value.node->count, 16 << 12);
	assert_true(r.cfn.work < 1000);
	run_fini(&r);
	text_fini(&text);
}

static void
conditions_that_branch_are_evaluated_once_each(void **state)
{
	struct cfn_value value;
	struct text text;
	struct run r;

	(void)state;
	text_init(&text);
	text_append(&text, "Conditions:\n  C0: !Equals [a, a]\n");
	for (unsigned i = 1; i < 30; i++)
		text_printf(&text, "  C%u: !And [!Condition C%u, !Or [!Condition C%u, "
			    "!Condition C%u]]\n", i, i - 1, i - 1, i - 1);
	text_append(&text, "Outputs: {It: {Value: !If [C29, yes, no]}}\n");
	run_init(&r, "bomb.yaml", text.data);
	value = output(&r, "It");
	assert_int_equal(value.state, CFN_VALUE);
	assert_string_equal(value.node->text, "yes");
	assert_true(r.cfn.work < 300);
	run_fini(&r);
	text_fini(&text);
}

static void
expressions_that_are_too_deep_are_unknown(void **state)
{
	struct cfn_value value;
	struct text text;
	struct run r;

	(void)state;
	text_init(&text);
	text_append(&text, "Resources:\n  V0: {Type: X, Properties: {P: x}}\n");
	for (unsigned i = 1; i < 1000; i++)
		text_printf(&text, "  V%u: {Type: X, Properties: {P: !GetAtt V%u.P}}\n", i, i - 1);
	text_append(&text, "Outputs: {It: {Value: !GetAtt V999.P}}\n");
	run_init(&r, "deep.yaml", text.data);
	value = output(&r, "It");
	assert_int_equal(value.state, CFN_UNKNOWN);
	assert_string_equal(value.why, "more than 100 expressions are in each other");
	run_fini(&r);
	text_fini(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(expressions_give_their_values_or_say_why_not),
		cmocka_unit_test(tags_are_named_as_the_functions_are),
		cmocka_unit_test(json_says_the_same),
		cmocka_unit_test(parameters_that_are_given_come_before_defaults),
		cmocka_unit_test(an_expression_that_doubles_itself_ends),
		cmocka_unit_test(conditions_that_branch_are_evaluated_once_each),
		cmocka_unit_test(expressions_that_are_too_deep_are_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
