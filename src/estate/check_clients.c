#include "estate/check.h"

#include <stdlib.h>
#include <string.h>

struct claimed_cidr {
	const struct cidr *cidr;
	const struct network *network;
};

/** By first address, the wider one first: whatever holds a CIDR stands before it. */
static int
compare_cidrs(const void *a, const void *b)
{
	const struct prefix *one = &((const struct claimed_cidr *)a)->cidr->prefix;
	const struct prefix *other = &((const struct claimed_cidr *)b)->cidr->prefix;
	int order = memcmp(one->ip, other->ip, sizeof(one->ip));

	return order ? order : (int)one->bits - (int)other->bits;
}

static enum object_kind
network_kind(const struct network *network)
{
	return network->kind == NETWORK_VPC ? OBJECT_VPC : OBJECT_SITE;
}

static void
report_ambiguous(struct check *check, const struct claimed_cidr *outer,
		 const struct claimed_cidr *inner, struct srcloc listener)
{
	char a[ADDR_TEXT_MAX], b[ADDR_TEXT_MAX];
	struct finding *finding;

	finding = diag_open(check->diags, SEVERITY_ERROR, "ambiguous-client", NULL,
			    inner->cidr->at,
			    "%s of \"%s\" overlaps %s of \"%s\": a listener `as: client` cannot "
			    "tell whose a client there is",
			    prefix_print(&inner->cidr->prefix, a), inner->network->id,
			    prefix_print(&outer->cidr->prefix, b), outer->network->id);
	diag_add(check->diags, finding, PART_OBJECT,
		 object_kind_text(network_kind(outer->network)), outer->network->id,
		 outer->cidr->at, "the other block");
	diag_add(check->diags, finding, PART_OBJECT, "listener", "client", listener,
		 "answers as the client's network");
}

/** The listener that tells networks by the client's address, or NULL. */
static const struct listener *
client_listener(const struct estate *estate)
{
	for (const struct listener *l = estate->settings.listeners; l; l = l->next)
		if (l->kind == LISTEN_AS_CLIENT)
			return l;
	return NULL;
}

static struct claimed_cidr *
gather(struct check *check, size_t *count)
{
	struct claimed_cidr *all;
	size_t room = 0;

	*count = 0;
	for (const struct network *n = check->estate->networks; n; n = n->next)
		for (const struct cidr *c = n->cidr_blocks; c; c = c->next)
			room++;
	all = arena_array(&check->scratch, room, sizeof(*all));
	if (!all)
		return NULL;
	for (const struct network *n = check->estate->networks; n; n = n->next)
		for (const struct cidr *c = n->cidr_blocks; c; c = c->next)
			all[(*count)++] = (struct claimed_cidr){ c, n };
	qsort(all, *count, sizeof(*all), compare_cidrs);
	return all;
}

/*
 * `open` are the blocks that hold the present one, the widest first.  Each block is held
 * against the narrowest of another network only: one finding a block, not one a pair.
 */
void
check_clients(struct check *check)
{
	const struct listener *listener = client_listener(check->estate);
	const struct claimed_cidr *open[129];
	struct claimed_cidr *all;
	size_t count, depth = 0;

	if (!listener)
		return;
	all = gather(check, &count);
	if (!all) {
		check->nomem = true;
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const struct prefix *prefix = &all[i].cidr->prefix;

		while (depth && !prefix_overlaps(&open[depth - 1]->cidr->prefix, prefix))
			depth--;
		for (size_t k = depth; k-- > 0;) {
			if (open[k]->network == all[i].network)
				continue;
			report_ambiguous(check, open[k], &all[i], listener->at);
			break;
		}
		if (depth && open[depth - 1]->cidr->prefix.bits == prefix->bits)
			depth--;	/* twice the same block: one stands for both */
		open[depth++] = &all[i];
	}
}
