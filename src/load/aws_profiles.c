#include <string.h>

#include "load/aws.h"

#define REF_VPC	 (1u << OBJECT_VPC)
#define REF_ZONE (1u << OBJECT_HOSTED_ZONE)
#define REF_RULE (1u << OBJECT_RULE)

static struct profile *
find_profile(struct aws *a, const struct aws_item *item, const char *id)
{
	struct profile *profile = estate_object(a->estate, OBJECT_PROFILE, id);

	if (profile)
		return profile;
	profile = aws_new(a, sizeof(*profile));
	if (!profile)
		return NULL;
	profile->id = aws_keep(a, id);
	profile->at = aws_place(item->document, item->node);
	if (!a->nomem && estate_add_profile(a->estate, profile, a->diags) == OK)
		return profile;
	a->nomem = true;
	return NULL;
}

static void
name_profile(struct aws *a, const struct aws_item *item)
{
	struct profile *profile = find_profile(a, item, item->id);

	if (!profile)
		return;
	profile->name = aws_keep(a, aws_text(item->node, "Name"));
	profile->owner_id = aws_keep(a, aws_text(item->node, "OwnerId"));
}

static void
associate(struct aws *a, const struct aws_item *item)
{
	const struct yaml_node *vpc = aws_scalar(item->node, "ResourceId");
	const char *id = aws_text(item->node, "ProfileId");
	struct profile *profile;

	if (!id || !vpc || aws_is_gone(aws_text(item->node, "Status")))
		return;
	profile = find_profile(a, item, id);
	if (profile)
		aws_refer(a, &profile->vpcs, item->document, vpc, vpc->text, REF_VPC);
}

/** A zone or a rule, by its ARN; Firewall rule groups and the rest are not modelled. */
static void
add_resource(struct aws *a, const struct aws_item *item)
{
	const struct yaml_node *arn = aws_scalar(item->node, "ResourceArn");
	const char *id = aws_text(item->node, "ProfileId");
	struct profile *profile;

	if (!id || !arn || aws_is_gone(aws_text(item->node, "Status")))
		return;
	profile = find_profile(a, item, id);
	if (!profile)
		return;
	if (strstr(arn->text, ":hostedzone/"))
		aws_refer(a, &profile->zones, item->document, arn, aws_bare_id(arn->text),
			  REF_ZONE);
	else if (strstr(arn->text, ":resolver-rule/"))
		aws_refer(a, &profile->rules, item->document, arn, aws_bare_id(arn->text),
			  REF_RULE);
	else
		diag_report(a->diags, SEVERITY_NOTE, "CFG006", aws_place(item->document, arn),
			    "%s in a Profile is not modelled", aws_text(item->node, "ResourceType")
			    ? aws_text(item->node, "ResourceType") : arn->text);
}

void
aws_add_profiles(struct aws *a)
{
	const struct aws_item *i;

	for (i = a->lists[AWS_PROFILE].first; i && !a->nomem; i = i->next)
		name_profile(a, i);
	for (i = a->lists[AWS_PROFILE_ASSOCIATION].first; i && !a->nomem; i = i->next)
		associate(a, i);
	for (i = a->lists[AWS_PROFILE_RESOURCE].first; i && !a->nomem; i = i->next)
		add_resource(a, i);
}
