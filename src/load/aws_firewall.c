#include <string.h>

#include "base/bytes.h"
#include "load/aws.h"

#define REF_VPC	 (1u << OBJECT_VPC)
#define REF_LIST (1u << OBJECT_FIREWALL_DOMAIN_LIST)

static const struct schema_word action_words[] = {
	{ "ALLOW", FIREWALL_ALLOW }, { "ALERT", FIREWALL_ALERT }, { "BLOCK", FIREWALL_BLOCK },
	{ 0 },
};

static const struct schema_key rule_rows[] = {
	{ "Priority", SCHEMA_INTEGER, .required = true, .max = 4294967295,
	  AWS_TO(firewall_rule, priority) },
	{ "Action", SCHEMA_ENUM, .required = true, .words = action_words,
	  AWS_TO(firewall_rule, action) },
	{ "Qtype", SCHEMA_RECORD_TYPE, AWS_TO(firewall_rule, qtype) },
};

static const struct schema_key association_rows[] = {
	{ "VpcId", SCHEMA_REF, .required = true, .refs = REF_VPC,
	  AWS_TO(firewall_association, vpc) },
	{ "Priority", SCHEMA_INTEGER, .required = true, .max = 4294967295,
	  AWS_TO(firewall_association, priority) },
};

static void
add(struct aws *a, enum object_kind kind, void *object)
{
	if (!a->nomem && estate_add_object(a->estate, kind, object, a->diags) == ERR_NOMEM)
		a->nomem = true;
}

/** The group of this id; a shared one is known by its rules or associations alone. */
static struct firewall_rule_group *
find_group(struct aws *a, const struct aws_item *item, const char *id)
{
	struct firewall_rule_group *group =
		objects_latest(a->objects, OBJECT_FIREWALL_RULE_GROUP, id);

	if (group)
		return group;
	group = aws_new(a, sizeof(*group));
	if (!group)
		return NULL;
	group->id = aws_keep(a, id);
	group->at = aws_place(item->document, item->node);
	add(a, OBJECT_FIREWALL_RULE_GROUP, group);
	return a->nomem ? NULL : group;
}

static void
add_list(struct aws *a, const struct aws_item *item)
{
	struct firewall_domain_list *list = aws_new(a, sizeof(*list));

	if (!list)
		return;
	list->id = aws_keep(a, item->id);
	list->name = aws_keep(a, aws_text(item->node, "Name"));
	list->at = aws_place(item->document, item->node);
	add(a, OBJECT_FIREWALL_DOMAIN_LIST, list);
}

/** Domains do not say of which list they are; the call did. */
static struct firewall_domain_list *
list_of(struct aws *a, const struct aws_document *document)
{
	const char *id = aws_argument(document, "firewall-domain-list-id");

	if (!id)
		id = aws_word(a, document, &a->lists[AWS_FIREWALL_LIST].ids);
	return id ? objects_latest(a->objects, OBJECT_FIREWALL_DOMAIN_LIST, id) : NULL;
}

static void
add_domains(struct aws *a)
{
	const struct aws_document *document = NULL;
	struct string_item **end = NULL;

	for (const struct aws_item *i = a->lists[AWS_FIREWALL_DOMAIN].first; i && !a->nomem;
	     i = i->next) {
		if (i->document != document) {
			struct firewall_domain_list *list = list_of(a, i->document);

			document = i->document;
			end = list ? &list->domains : NULL;
			while (end && *end)
				end = &(*end)->next;
		}
		if (!end)
			continue;
		*end = aws_new(a, sizeof(**end));
		if (!*end)
			return;
		(*end)->text = aws_keep(a, i->node->text);
		(*end)->at = aws_place(document, i->node);
		end = &(*end)->next;
	}
}

/** Was a rule of the group with this priority there before, seen from another account? */
static bool
is_known(struct aws *a, struct table *rules, const struct firewall_rule_group *group,
	 struct firewall_rule *rule)
{
	const char *key = arena_printf(a->scratch, "%s %u", group->id, rule->priority);

	if (key && table_find_string(rules, key))
		return true;
	a->nomem |= !key || table_put_string(rules, key, rule) != OK;
	return false;
}

/** Priorities say the order, so the list needs none. */
static void
add_rule(struct aws *a, const struct aws_item *item, struct table *rules)
{
	const char *id = aws_text(item->node, "FirewallRuleGroupId");
	struct firewall_rule_group *group;
	struct firewall_rule *rule;

	if (!id)
		id = aws_argument(item->document, "firewall-rule-group-id");
	group = id ? find_group(a, item, id) : NULL;
	rule = group ? aws_new(a, sizeof(*rule)) : NULL;
	if (!rule || !aws_bind(a, item->document, item->node, rule_rows, COUNT_OF(rule_rows),
			       rule))
		return;
	rule->at = aws_place(item->document, item->node);
	aws_set_ref(a, &rule->domain_list, item->document,
		    aws_member(item->node, "FirewallDomainListId"), REF_LIST);
	rule->domain_list.optional = true;	/* the service's own lists are not told */
	if (is_known(a, rules, group, rule))
		return;
	rule->next = group->rules;
	group->rules = rule;
}

static void
associate(struct aws *a, const struct aws_item *item)
{
	const char *id = aws_text(item->node, "FirewallRuleGroupId");
	struct firewall_association *association;
	struct firewall_rule_group *group;

	if (!id || aws_is_gone(aws_text(item->node, "Status")))
		return;
	group = find_group(a, item, id);
	association = group ? aws_new(a, sizeof(*association)) : NULL;
	if (!association || !aws_bind(a, item->document, item->node, association_rows,
				      COUNT_OF(association_rows), association))
		return;
	association->at = aws_place(item->document, item->node);
	association->next = group->associations;
	group->associations = association;
}

void
aws_add_firewall(struct aws *a)
{
	const struct aws_item *i;
	struct table rules;

	table_init(&rules, a->scratch);
	for (i = a->lists[AWS_FIREWALL_LIST].first; i && !a->nomem; i = i->next)
		add_list(a, i);
	add_domains(a);
	for (i = a->lists[AWS_FIREWALL_GROUP].first; i && !a->nomem; i = i->next) {
		struct firewall_rule_group *group = find_group(a, i, i->id);

		if (!group)
			return;
		group->name = aws_keep(a, aws_text(i->node, "Name"));
		group->owner_id = aws_keep(a, aws_text(i->node, "OwnerId"));
	}
	for (i = a->lists[AWS_FIREWALL_RULE].first; i && !a->nomem; i = i->next)
		add_rule(a, i, &rules);
	for (i = a->lists[AWS_FIREWALL_ASSOCIATION].first; i && !a->nomem; i = i->next)
		associate(a, i);
}
