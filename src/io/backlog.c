#include "io/backlog.h"

#include <stdlib.h>

#define OWNER_NONE UINT32_MAX

bool
backlogs_init(struct backlogs *backlogs, uint32_t count)
{
	*backlogs = (struct backlogs){ .count = count };
	backlogs->all = calloc(count, sizeof(*backlogs->all));
	if (!backlogs->all)
		return false;
	for (uint32_t i = count; i-- > 0;)
		backlog_give(backlogs, &backlogs->all[i]);
	return true;
}

void
backlogs_fini(struct backlogs *backlogs)
{
	free(backlogs->all);
}

struct backlog *
backlog_take(struct backlogs *backlogs, uint32_t owner, uint64_t now_ms)
{
	struct backlog *backlog = backlogs->free;

	if (!backlog)
		return NULL;
	backlogs->free = backlog->next;
	backlog->owner = owner;
	backlog->since_ms = now_ms;
	return backlog;
}

void
backlog_give(struct backlogs *backlogs, struct backlog *backlog)
{
	backlog->owner = OWNER_NONE;
	backlog->in_len = backlog->out_at = backlog->out_len = 0;
	backlog->next = backlogs->free;
	backlogs->free = backlog;
}

struct backlog *
backlog_oldest(const struct backlogs *backlogs, uint32_t except)
{
	struct backlog *oldest = NULL;

	for (uint32_t i = 0; i < backlogs->count; i++) {
		struct backlog *backlog = &backlogs->all[i];

		if (backlog->owner == OWNER_NONE || backlog->owner == except)
			continue;
		if (!oldest || backlog->since_ms < oldest->since_ms)
			oldest = backlog;
	}
	return oldest;
}

struct writer
backlog_writer(struct backlog *backlog)
{
	struct writer out;

	if (backlog->out_at > 0) {
		memmove(backlog->out, backlog->out + backlog->out_at, backlog_pending(backlog));
		backlog->out_len -= backlog->out_at;
		backlog->out_at = 0;
	}
	out = writer_over(backlog->out, sizeof(backlog->out));
	out.len = backlog->out_len;
	return out;
}

bool
backlog_append(struct backlog *backlog, const uint8_t *octets, size_t len)
{
	struct writer out = backlog_writer(backlog);

	writer_bytes(&out, octets, len);
	backlog->out_len = out.len;
	return !out.failed;
}

void
backlog_written(struct backlog *backlog, size_t len)
{
	backlog->out_at += len;
	if (backlog->out_at == backlog->out_len)
		backlog->out_at = backlog->out_len = 0;
}
