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

static bool
either_has_zone(const struct comparing *c, const struct spot *spot, const struct closure *of,
		uint32_t zone)
{
	return ends_have_zone(c->a->in, spot->a, of, zone) ||
	       (spot->by_zones && ends_have_zone(c->b->in, spot->b, of, zone));
}

/** Were not all of its names judged for what they say themselves? */
static bool
leads_on(const struct spot *spot)
{
	return spot->same || spot->by_zones;
}

/** Of the names that a wildcard answers, those that links lead to are like no others. */
static void
judge_targets(struct comparing *c, const struct spot *spot, const uint8_t *top)
{
	struct name_list names;

	spots_targets(&c->spots, spot, top, &names);
	for (size_t i = 0; i < names.count && !differ_is_over(c); i++) {
		differ_judge_name(c, spot, names.name[i]);
		differ_judge_others(c, spot, names.name[i]);
	}
}

/*
 * What the link does to the names of one spot below it; top: the first of them.  Where there
 * are DNAMEs all names are gone through: which are like no other is known only then.
 */
static void
judge_at(struct comparing *c, const struct closure *in, const struct link *link,
	 const struct spot *spot, const uint8_t *top, bool whole)
{
	if (!leads_on(spot) || !either_has_zone(c, spot, in, link->zone))
		return;
	if (whole || in->dname_count) {
		differ_judge_spot(c, spot, top);
		return;
	}
	if (top == spot->name)
		differ_judge_name(c, spot, top);
	judge_targets(c, spot, top);
	differ_judge_others(c, spot, top);
}

/** A wildcard, or a DNAME, is for the names below: also for those of further spots. */
static void
judge_below(struct comparing *c, const struct closure *in, const struct link *link,
	    const uint8_t *top, bool whole)
{
	struct spot spot = spots_find(&c->spots, top);
	const struct spot *further;
	size_t count;

	judge_at(c, in, link, &spot, top, whole);
	further = spots_below(&c->spots, top, &count);
	for (size_t i = 0; i < count && !differ_is_over(c); i++)
		judge_at(c, in, link, &further[i], further[i].name, whole);
}

/** Nobody reads the link there, or not himself, but an alias of its zone may lead to it. */
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

/** Does a side forward the name?  Then it reads the link itself only by an alias of the zone. */
static bool
is_forwarded(const struct spot *spot)
{
	return spot->a->hops + spot->b->hops > 0;
}

/** A name that both sides read in the same place, and that leads to where they differ. */
static void
judge_link(struct comparing *c, const struct closure *in, const struct link *link)
{
	struct spot at = spots_find(&c->spots, link->owner), *spot = &at;

	c->spots.steps++;
	if (!either_has_zone(c, spot, in, link->zone) || is_forwarded(spot))
		pass_hidden(c, link);
	if (link->dname) {
		judge_below(c, in, link, link->owner, true);
		return;
	}
	if (either_has_zone(c, spot, in, link->zone) && leads_on(spot))
		differ_judge_name(c, spot, link->owner);
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

static void
judge_links_of(struct comparing *c, const struct spot *spot, uint32_t zone)
{
	size_t count;
	const struct link *links = closure_links_of(c->a->in, zone, &count);

	c->nomem |= !links;
	for (size_t i = 0; links && i < count && !differ_is_over(c); i++) {
		c->spots.steps++;
		if (is_for(&links[i], spot))
			judge_link(c, c->a->in, &links[i]);
	}
}

/** What stands in the way of one side only is told by all names that lead on from there. */
static void
judge_elsewhere(struct comparing *c)
{
	for (size_t i = 0; i < c->spots.elsewhere_count && !differ_is_over(c); i++) {
		const struct spot *spot = &c->spots.elsewhere[i];

		for (unsigned k = 0; k < spot->a->count; k++)
			if (spot->a->end[k].kind == END_ZONE)
				judge_links_of(c, spot, spot->a->end[k].number);
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
