#include "io/gate.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit/unit.h"

#define WANT_MAX 4
#define KEEP	 false
#define OPEN	 true

/* Slots taken by addresses, the addresses wanted next, and what becomes of them. */
struct plan_case {
	int line;
	const char *have[WANT_MAX];	/* by slot; NULL: free */
	const char *want[WANT_MAX];
	enum status status;
	uint32_t at;			/* of a refusal */
	struct {
		uint32_t slot;
		bool open, joins;
	} plan[WANT_MAX];
};

static const struct plan_case cases[] = {
	{ __LINE__, { NULL }, { NULL }, OK, 0, { { 0, KEEP, false } } },
	{ __LINE__, { NULL }, { "10.0.0.1 53", "10.0.0.2 53" }, OK, 0,
	  { { 0, OPEN, false }, { 1, OPEN, false } } },
	{ __LINE__, { "10.0.0.1 53", "10.0.0.2 53" }, { "10.0.0.2 53", "10.0.0.1 53" }, OK, 0,
	  { { 1, KEEP, false }, { 0, KEEP, false } } },
	/* a slot that is given up is not given out at once */
	{ __LINE__, { "10.0.0.1 53" }, { "10.0.0.2 53" }, OK, 0, { { 1, OPEN, false } } },
	{ __LINE__, { NULL, "10.0.0.1 53" }, { "10.0.0.2 53", "10.0.0.1 53" }, OK, 0,
	  { { 0, OPEN, false }, { 1, KEEP, false } } },
	{ __LINE__, { "10.0.0.1 53" }, { "10.0.0.1 54" }, OK, 0, { { 1, OPEN, false } } },
	{ __LINE__, { "::1 53" }, { "::1 53", "10.0.0.1 53" }, OK, 0,
	  { { 0, KEEP, false }, { 1, OPEN, false } } },
	/* one that stands for all addresses is in the way of the others, and they of it */
	{ __LINE__, { NULL }, { "0.0.0.0 53", "10.0.0.1 53" }, OK, 0,
	  { { 0, OPEN, false }, { 1, OPEN, true } } },
	{ __LINE__, { "10.0.0.1 53" }, { "0.0.0.0 53" }, OK, 0, { { 1, OPEN, true } } },
	{ __LINE__, { "0.0.0.0 53" }, { "10.0.0.1 53" }, OK, 0, { { 1, OPEN, true } } },
	{ __LINE__, { "0.0.0.0 53" }, { "0.0.0.0 53", ":: 53" }, OK, 0,
	  { { 0, KEEP, false }, { 1, OPEN, false } } },
	{ __LINE__, { "10.0.0.1 53" }, { "0.0.0.0 54" }, OK, 0, { { 1, OPEN, false } } },
	/* twice the same, but for a port of the kernel's choice */
	{ __LINE__, { NULL }, { "10.0.0.1 53", "10.0.0.2 53", "10.0.0.1 53" }, ERR_REJECTED, 2,
	  { { 0, OPEN, false } } },
	{ __LINE__, { "10.0.0.1 0" }, { "10.0.0.1 0", "10.0.0.1 0" }, OK, 0,
	  { { 0, KEEP, false }, { 1, OPEN, false } } },
};

static struct addr
make_addr(const char *text)
{
	char ip[ADDR_TEXT_MAX];
	unsigned port;
	struct addr addr;

	assert_int_equal(sscanf(text, "%63s %u", ip, &port), 2);
	assert_true(addr_parse(ip, &addr));
	addr.port = (uint16_t)port;
	return addr;
}

static void
a_new_set_keeps_what_it_can_and_opens_the_rest(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct plan_case *c = &cases[i];
		struct gate gates[WANT_MAX], *have[GATES_MAX] = { NULL };
		struct addr want[WANT_MAX];
		struct gate_plan plan;
		uint32_t count = 0, at;

		memset(gates, 0, sizeof(gates));
		for (unsigned slot = 0; slot < WANT_MAX; slot++)
			if (c->have[slot]) {
				gates[slot].asked = gates[slot].addr = make_addr(c->have[slot]);
				have[slot] = &gates[slot];
			}
		while (count < WANT_MAX && c->want[count]) {
			want[count] = make_addr(c->want[count]);
			count++;
		}
		row_int(c->line, gate_plan(have, want, count, &plan, &at), c->status);
		if (c->status != OK) {
			row_int(c->line, at, c->at);
			continue;
		}
		row_int(c->line, plan.count, count);
		for (unsigned n = 0; n < count; n++) {
			row_int(c->line, plan.slots[n], c->plan[n].slot);
			row_int(c->line, plan.open[n], c->plan[n].open);
			row_int(c->line, plan.joins[n], c->plan[n].joins);
		}
	}
}

static void
more_gates_than_slots_are_refused(void **state)
{
	static struct addr want[GATES_MAX + 1];
	struct gate *have[GATES_MAX] = { NULL };
	struct gate_plan plan;
	uint32_t at;

	(void)state;
	for (uint32_t i = 0; i <= GATES_MAX; i++) {
		want[i] = make_addr("127.0.0.1 53");
		want[i].port = (uint16_t)(1000 + i);
	}
	assert_int_equal(gate_plan(have, want, GATES_MAX, &plan, &at), OK);
	assert_int_equal(gate_plan(have, want, GATES_MAX + 1, &plan, &at), ERR_LIMIT);
	assert_int_equal(at, GATES_MAX);
}

static uint16_t
port_of(int fd)
{
	struct addr addr;

	assert_true(socket_local(fd, &addr));
	return addr.port;
}

static void
all_sockets_of_a_gate_share_the_port_that_the_kernel_chose(void **state)
{
	const struct addr any = make_addr("127.0.0.1 0");
	struct gate *gate;
	bool stream;

	(void)state;
	assert_int_equal(gate_open(&any, 3, 7, 2, false, &gate, &stream), OK);
	assert_int_not_equal(gate->addr.port, 0);
	assert_int_equal(gate->asked.port, 0);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(port_of(gate->sockets[i].udp), gate->addr.port);
		assert_int_equal(port_of(gate->sockets[i].stream), gate->addr.port);
	}
	gate_unref(gate);
}

static void
another_server_on_the_port_is_an_error(void **state)
{
	const struct addr any = make_addr("127.0.0.1 0");
	struct gate *first, *second;
	struct addr taken;
	bool stream;

	(void)state;
	assert_int_equal(gate_open(&any, 0, 1, 1, false, &first, &stream), OK);
	taken = first->addr;
	assert_int_equal(gate_open(&taken, 1, 1, 1, false, &second, &stream), ERR_SYSTEM);
	assert_int_equal(errno, EADDRINUSE);
	assert_false(stream);
	gate_unref(first);
	assert_int_equal(gate_open(&taken, 1, 1, 1, false, &second, &stream), OK);
	gate_unref(second);
}

static void
a_gate_beside_the_wildcard_can_be_opened(void **state)
{
	struct addr addr = make_addr("0.0.0.0 0");
	struct gate *all, *one;
	bool stream;

	(void)state;
	assert_int_equal(gate_open(&addr, 0, 1, 2, false, &all, &stream), OK);
	addr = make_addr("127.0.0.1 0");
	addr.port = all->addr.port;
	assert_int_equal(gate_open(&addr, 1, 1, 2, true, &one, &stream), OK);
	gate_unref(one);
	gate_unref(all);
}

static void
a_worker_closes_its_own_pair_only(void **state)
{
	const struct addr any = make_addr("127.0.0.1 0");
	struct gate *gate;
	bool stream;
	int udp;

	(void)state;
	assert_int_equal(gate_open(&any, 0, 1, 2, false, &gate, &stream), OK);
	udp = gate->sockets[0].udp;
	gate_close_stream(gate, 0);
	assert_int_equal(gate->sockets[0].stream, -1);
	assert_int_equal(port_of(udp), gate->addr.port);
	gate_close(gate, 0);
	assert_int_equal(gate->sockets[0].udp, -1);
	assert_int_equal(port_of(gate->sockets[1].udp), gate->addr.port);
	assert_int_equal(port_of(gate->sockets[1].stream), gate->addr.port);
	gate_unref(gate);
}

static void
send_one(int from, const struct addr *to, const char *text)
{
	struct sockaddr_storage sa;
	socklen_t len = addr_to_sockaddr(to, &sa);

	assert_int_equal(sendto(from, text, strlen(text), 0, (struct sockaddr *)&sa, len),
			 strlen(text));
}

/* What is queued is read to the end, what comes later goes to the others. */
static void
a_deaf_socket_keeps_what_it_has_and_takes_no_more(void **state)
{
	const struct addr any = make_addr("127.0.0.1 0");
	int from = socket(AF_INET, SOCK_DGRAM, 0);
	struct gate *gate;
	char text[16];
	bool stream;
	int fd;

	(void)state;
	assert_true(from >= 0);
	assert_int_equal(gate_open(&any, 0, 1, 2, false, &gate, &stream), OK);
	send_one(from, &gate->addr, "first");
	fd = gate->sockets[0].udp;
	if (recv(fd, text, sizeof(text), MSG_PEEK) < 0)	/* the kernel's choice of the two */
		fd = gate->sockets[1].udp;
	assert_int_equal(recv(fd, text, sizeof(text), MSG_PEEK), 5);

	socket_deafen(fd, &gate->addr);
	send_one(from, &gate->addr, "second");
	assert_int_equal(recv(fd, text, sizeof(text), 0), 5);
	assert_memory_equal(text, "first", 5);
	assert_int_equal(recv(fd, text, sizeof(text), 0), -1);
	assert_int_equal(errno, EAGAIN);
	fd = fd == gate->sockets[0].udp ? gate->sockets[1].udp : gate->sockets[0].udp;
	assert_int_equal(recv(fd, text, sizeof(text), 0), 6);
	gate_unref(gate);
	close(from);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_set_keeps_what_it_can_and_opens_the_rest),
		cmocka_unit_test(more_gates_than_slots_are_refused),
		cmocka_unit_test(all_sockets_of_a_gate_share_the_port_that_the_kernel_chose),
		cmocka_unit_test(another_server_on_the_port_is_an_error),
		cmocka_unit_test(a_gate_beside_the_wildcard_can_be_opened),
		cmocka_unit_test(a_worker_closes_its_own_pair_only),
		cmocka_unit_test(a_deaf_socket_keeps_what_it_has_and_takes_no_more),
	};

	return cmocka_run_group_tests_name("gate", tests, NULL, NULL);
}
