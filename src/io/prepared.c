#include "io/prepared.h"

#include <stdbool.h>
#include <unistd.h>

#include "io/socket.h"

void
prepared_init(struct prepared *prepared)
{
	*prepared = (struct prepared){ 0 };
}

static void
close_spent(struct prepared *prepared)
{
	for (uint32_t i = 0; i < prepared->spent_count; i++)
		close(prepared->spent[i]);
	prepared->spent_count = 0;
}

void
prepared_fini(struct prepared *prepared)
{
	close_spent(prepared);
	for (unsigned family = 0; family < 2; family++)
		while (prepared->count[family] > 0)
			close(prepared->fds[family][--prepared->count[family]]);
}

int
prepared_take(struct prepared *prepared, const struct addr *to)
{
	bool v4 = addr_is_v4(to);
	unsigned family = v4 ? 0 : 1;

	prepared->wanted[family] = true;
	if (prepared->count[family] > 0)
		return prepared->fds[family][--prepared->count[family]];
	return socket_ask_udp(v4);
}

void
prepared_spend(struct prepared *prepared, int fd)
{
	if (prepared->spent_count == PREPARED_SPENT)
		close(fd);
	else
		prepared->spent[prepared->spent_count++] = fd;
}

/** Up to PREPARED_KEPT; fewer when no more descriptors are to be had. */
static void
fill(struct prepared *prepared, unsigned family)
{
	while (prepared->count[family] < PREPARED_KEPT) {
		int fd = socket_ask_udp(family == 0);

		if (fd < 0)
			return;
		prepared->fds[family][prepared->count[family]++] = fd;
	}
}

void
prepared_settle(struct prepared *prepared)
{
	close_spent(prepared);
	for (unsigned family = 0; family < 2; family++)
		if (prepared->wanted[family] && prepared->count[family] <= PREPARED_KEPT / 2)
			fill(prepared, family);
}
