#include "io/edition.h"

#include <errno.h>
#include <fcntl.h>

#include "unit/unit.h"
#include "unit/world.h"

#define WORKERS 2
#define ZONE	"vpc hub 10.0.0.0/16 eu-west-1\nvpc app 10.1.0.0/16 eu-west-1\n"

/** The edition that serves this estate after `previous`. */
static struct edition *
make(const struct edition *previous, const char *text)
{
	struct snapshot *snap = world_compile(text, NULL);
	struct edition_failure failure;
	struct edition *edition;

	assert_int_equal(edition_make(previous, snap, WORKERS, &edition, &failure), OK);
	snapshot_unref(snap);
	return edition;
}

static bool
is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static void
the_first_edition_opens_every_gate(void **state)
{
	struct edition *e = make(NULL, ZONE "listen 0 hub\nlisten 0 app\n");

	(void)state;
	assert_int_equal(e->number, 1);
	assert_int_equal(e->workers, WORKERS);
	assert_int_equal(e->numbers[0], 0);
	assert_int_equal(e->numbers[1], 1);
	assert_int_equal(e->numbers[2], LISTENER_NONE);
	assert_null(e->gates[2]);
	for (unsigned i = 0; i < WORKERS; i++)
		assert_true(is_open(e->gates[1]->sockets[i].udp));
	edition_unref(e);
}

static void
a_gate_that_stays_keeps_its_sockets_and_follows_its_number(void **state)
{
	struct edition *first = make(NULL, ZONE "listen 0 hub\n"), *second;
	char text[256];
	int udp = first->gates[0]->sockets[0].udp;

	(void)state;
	/* the address is named now, in second place, and stands for another network */
	snprintf(text, sizeof(text), ZONE "listen 0 hub\nlisten %u app\n",
		 (unsigned)first->gates[0]->addr.port);
	first->gates[0]->asked = first->gates[0]->addr;
	second = make(first, text);
	assert_int_equal(second->number, 2);
	assert_ptr_equal(second->gates[0], first->gates[0]);
	assert_int_equal(second->numbers[0], 1);
	assert_int_equal(second->numbers[1], 0);
	assert_int_equal(second->gates[1]->generation, 2);
	edition_unref(first);
	assert_true(is_open(udp));
	edition_unref(second);
	assert_false(is_open(udp));
}

static void
a_gate_that_goes_is_open_until_the_last_edition_that_has_it(void **state)
{
	struct edition *first = make(NULL, ZONE "listen 0 hub\nlisten 0 app\n");
	struct edition *second = make(first, ZONE "listen 0 hub\n");
	int udp = first->gates[1]->sockets[0].udp;

	(void)state;
	assert_null(second->gates[1]);
	assert_int_equal(second->numbers[1], LISTENER_NONE);
	assert_true(is_open(udp));
	edition_unref(first);
	assert_false(is_open(udp));
	assert_true(is_open(second->gates[0]->sockets[0].udp));
	edition_unref(second);
}

static void
a_slot_given_up_is_used_again_by_another_generation(void **state)
{
	struct edition *first = make(NULL, ZONE "listen 0 hub\nlisten 0 app\n");
	struct edition *second = make(first, ZONE "listen 0 hub\n");
	struct edition *third = make(second, ZONE "listen 0 hub\nlisten 0 app\n");

	(void)state;
	assert_int_equal(third->gates[1]->slot, 1);
	assert_int_equal(third->gates[1]->generation, 3);
	assert_ptr_not_equal(third->gates[1], first->gates[1]);
	edition_unref(first);
	edition_unref(second);
	edition_unref(third);
}

static void
an_address_that_is_taken_refuses_the_edition_and_changes_nothing(void **state)
{
	struct edition *other = make(NULL, ZONE "listen 0 hub\n"), *e = NULL;
	struct edition *first = make(NULL, ZONE "listen 0 hub\n");
	struct edition_failure failure;
	struct snapshot *snap;
	char text[256];

	(void)state;
	snprintf(text, sizeof(text), ZONE "listen 0 hub\nlisten %u app\n",
		 (unsigned)other->gates[0]->addr.port);
	snap = world_compile(text, NULL);
	assert_int_equal(edition_make(first, snap, WORKERS, &e, &failure), ERR_SYSTEM);
	assert_null(e);
	assert_int_equal(failure.listener, 1);
	assert_int_equal(failure.error, EADDRINUSE);
	assert_false(failure.stream);
	assert_int_equal(failure.addr.port, other->gates[0]->addr.port);
	assert_int_equal(first->gates[0]->refs, 1);
	assert_true(is_open(first->gates[0]->sockets[0].udp));
	snapshot_unref(snap);
	edition_unref(first);
	edition_unref(other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_edition_opens_every_gate),
		cmocka_unit_test(a_gate_that_stays_keeps_its_sockets_and_follows_its_number),
		cmocka_unit_test(a_gate_that_goes_is_open_until_the_last_edition_that_has_it),
		cmocka_unit_test(a_slot_given_up_is_used_again_by_another_generation),
		cmocka_unit_test(an_address_that_is_taken_refuses_the_edition_and_changes_nothing),
	};

	return cmocka_run_group_tests_name("edition", tests, NULL, NULL);
}
