#include "lint/meetings.h"

#include <string.h>

void
meetings_init(struct lint *lint, struct meetings *meetings)
{
	*meetings = (struct meetings){ .end = &meetings->first };
	table_init(&meetings->by_pair, &lint->arena);
}

static struct meeting *
meeting_new(struct lint *lint, struct meetings *meetings, uint32_t one, uint32_t other)
{
	struct meeting *meeting = lint_alloc(lint, 1, sizeof(*meeting));

	if (!meeting)
		return NULL;
	meeting->one = one;	/* the numbers side by side are the key */
	meeting->other = other;
	if (table_put(&meetings->by_pair, meeting, 2 * sizeof(uint32_t), meeting) != OK) {
		lint->nomem = true;
		return NULL;
	}
	*meetings->end = meeting;
	meetings->end = &meeting->next;
	return meeting;
}

void
meetings_note(struct lint *lint, struct meetings *meetings, uint32_t one, uint32_t other,
	      uint32_t network)
{
	uint32_t key[2] = { one, other };
	struct meeting *m = table_find(&meetings->by_pair, key, sizeof(key));

	if (!m)
		m = meeting_new(lint, meetings, one, other);
	if (m && m->count == m->room) {
		size_t room = m->room ? 2 * m->room : 4;
		uint32_t *networks = lint_alloc(lint, room, sizeof(*networks));

		if (!networks)
			return;
		if (m->count)
			memcpy(networks, m->networks, m->count * sizeof(*networks));
		m->networks = networks;
		m->room = room;
	}
	if (m)
		m->networks[m->count++] = network;
}

void
meetings_each_cut(struct lint *lint, struct meetings *meetings, cut_fn visit)
{
	const struct block *root = &lint->snap->root->block;

	for (uint32_t n = 0; n < lint->estate->network_count; n++) {
		const struct view *view = snapshot_view(lint->snap, n);

		if (!snapshot_network(lint->snap, n)->dns_support)
			continue;
		for (uint32_t i = 0; i < view->cut_count; i++)
			visit(lint, meetings, n, view_cut(root, view, i));
	}
}

const char *
meeting_networks(struct lint *lint, const struct meeting *meeting)
{
	return lint_networks_text(lint, meeting->networks, meeting->count);
}

void
meeting_add_networks(struct lint *lint, struct finding *finding, const struct meeting *meeting)
{
	for (size_t i = 0; i < meeting->count; i++)
		lint_add_network(lint, finding, meeting->networks[i]);
}
