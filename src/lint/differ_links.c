#include "lint/differ_run.h"

static bool
ends_have_zone(const struct closure *in, const struct ends *ends, const struct closure *of,
	       uint32_t zone)
{
	for (unsigned i = 0; i < ends->count; i++)
		if (ends->end[i].kind == END_ZONE &&
		    closure_same_zone(in, ends->end[i].number, of, zone))
			return true;
	return false;
}

/** Of the names that a wildcard answers, those that links lead to are like no others. */
static void
judge_targets(struct comparing *c, size_t at, const uint8_t *top)
{
	struct name_list names;

	spots_targets(&c->spots, at, top, &names);
	for (size_t i = 0; i < names.count && !differ_is_over(c); i++) {
		differ_judge_name(c, at, names.name[i]);
		differ_judge_others(c, at, names.name[i]);
	}
}

/** A wildcard, or a DNAME, is for the names below: also for those of further spots. */
static void
judge_below(struct comparing *c, const struct closure *in, const struct link *link,
	    const uint8_t *top, bool whole)
{
	size_t at = spots_find(&c->spots, top);

	for (size_t i = at; i < c->spots.count && !differ_is_over(c); i++) {
		const struct spot *spot = &c->spots.spot[i];

		if (i > at && !name_wire_covers(top, spot->name)) {
			if (name_wire_compare(spot->name, top) > 0)
				break;
			continue;
		}
		if (!spot->same || !ends_have_zone(c->a->in, spot->a, in, link->zone))
			continue;
		if (whole) {
			differ_judge_spot(c, i, i > at ? spot->name : top);
			continue;
		}
		if (i > at)
			differ_judge_name(c, i, spot->name);
		judge_targets(c, i, top);
		differ_judge_others(c, i, i > at ? spot->name : top);
	}
}

/** Nobody reads the link there, but an alias of its zone may lead to it all the same. */
static void
pass_hidden(struct comparing *c, const struct link *link)
{
	const uint8_t *owner = link->owner;
	size_t len = name_wire_len(owner);

	if (table_find(&c->hidden, owner, len))
		return;
	c->nomem |= table_put(&c->hidden, owner, len, (void *)(uintptr_t)owner) != OK;
	differ_push_top(c, name_wire_is_wildcard(owner) ? name_wire_parent(owner) : owner);
}

/** A name that both sides read in the same place, and that leads to where they differ. */
static void
judge_link(struct comparing *c, const struct closure *in, const struct link *link)
{
	size_t at = spots_find(&c->spots, link->owner);
	const struct spot *spot = &c->spots.spot[at];

	c->spots.steps++;
	if (link->dname) {
		if (!ends_have_zone(c->a->in, spot->a, in, link->zone))
			pass_hidden(c, link);
		judge_below(c, in, link, link->owner, true);
		return;
	}
	if (!ends_have_zone(c->a->in, spot->a, in, link->zone))
		pass_hidden(c, link);
	else if (spot->same)
		differ_judge_name(c, at, link->owner);
	if (name_wire_is_wildcard(link->owner))
		judge_below(c, in, link, name_wire_parent(link->owner), false);
}

static void
judge_leading_to(struct comparing *c, struct closure *in, const uint8_t *top)
{
	size_t count;
	const struct link *links = closure_links(in, &count);

	c->nomem |= !links;
	for (size_t i = links ? links_first(links, count, top) : count;
	     i < count && name_wire_covers(top, links[i].target) && !differ_is_over(c); i++)
		judge_link(c, in, &links[i]);
}

/** DNAMEs whose target stands above: what is below it they lead to as well. */
static void
judge_dnames_above(struct comparing *c, struct closure *in, const uint8_t *top)
{
	size_t count;
	const struct link *links = closure_links(in, &count);

	while (links && in->dname_count && *top && !differ_is_over(c)) {
		top = name_wire_parent(top);
		for (size_t i = links_first(links, count, top);
		     i < count && name_wire_equal(top, links[i].target); i++)
			if (links[i].dname)
				judge_link(c, in, &links[i]);
	}
}

static void
judge_top(struct comparing *c, struct closure *in, const uint8_t *top)
{
	judge_leading_to(c, in, top);
	judge_dnames_above(c, in, top);
}

/** Is the zone asked in, or by way of, networks of other classes, where names lead elsewhere? */
static bool
answers_elsewhere(const struct comparing *c, const struct spot *spot)
{
	const struct closure *one = c->a->in, *other = c->b->in;

	if (spot->a->hops + spot->b->hops == 0)
		return false;
	if (one != other || ((spot->a->hops > 1 || spot->b->hops > 1) && spot->a->via != spot->b->via))
		return true;
	for (unsigned i = 0; i < spot->a->count; i++)
		for (unsigned k = 0; k < spot->b->count; k++)
			if (spot->a->end[i].kind == END_ZONE && spot->b->end[k].kind == END_ZONE &&
			    one->class_of[spot->a->end[i].network] !=
				    other->class_of[spot->b->end[k].network])
				return true;
	return false;
}

/** Is the link for some name of the spot's? */
static bool
is_for(const struct link *link, const struct spot *spot)
{
	const uint8_t *above = name_wire_is_wildcard(link->owner) ? name_wire_parent(link->owner)
								   : link->owner;

	if (name_wire_covers(spot->name, link->owner))
		return true;
	return (above != link->owner || link->dname) && name_wire_covers(above, spot->name);
}

/** What stands in the way of one side only is told by all names that lead on from there. */
static void
judge_elsewhere(struct comparing *c)
{
	for (size_t i = 0; i < c->spots.count && !differ_is_over(c); i++) {
		const struct spot *spot = &c->spots.spot[i];
		const struct link *links;
		size_t count;

		if (!spot->same || !answers_elsewhere(c, spot))
			continue;
		links = closure_links(c->a->in, &count);
		c->nomem |= !links;
		for (size_t k = 0; links && k < count && !differ_is_over(c); k++)
			if (is_for(&links[k], spot) &&
			    ends_have_zone(c->a->in, spot->a, c->a->in, links[k].zone))
				judge_link(c, c->a->in, &links[k]);
	}
}

void
differ_judge_secondary(struct comparing *c)
{
	c->secondary = true;
	judge_elsewhere(c);
	for (size_t i = 0; i < c->tops.count && !differ_is_over(c); i++) {
		judge_top(c, c->a->in, c->tops.name[i]);
		if (c->b->in != c->a->in)
			judge_top(c, c->b->in, c->tops.name[i]);
	}
}
