#include "control/publish.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit/unit.h"

#define PATH_ROOM 128
#define LOG_ROOM  8192

/* A folder with a configuration, and a publisher that tells into a pipe. */
struct fixture {
	char folder[PATH_ROOM - 32], config[PATH_ROOM], image[PATH_ROOM];
	struct log log;
	int told;
	struct publisher *publisher;
};

static const char good[] =
	"server:\n"
	"  listen: [{address: 127.0.0.1, port: %u, as: vpc-a}]\n"
	"  workers: 1\n"
	"  snapshot: {file: estate.cws}\n"
	"vpcs: [{id: vpc-a, region: eu-west-1, cidr_blocks: [10.0.0.0/16],"
	" enable_dns_hostnames: true}]\n"
	"hosted_zones:\n"
	"  - {id: Z1, name: corp.example, vpcs: [vpc-a],"
	" record_sets: [{name: www.corp.example, type: A, ttl: 60, values: [10.0.0.%u]}]}\n"
	"  - {id: Z2, name: other.example, vpcs: [vpc-a],"
	" record_sets: [{name: www.other.example, type: A, ttl: 60, values: [10.0.0.1]}]}\n";

/* Its server section can be read, and names an image. */
static const char broken[] =
	"server:\n"
	"  listen: [{address: 127.0.0.1, port: 0, as: vpc-a}]\n"
	"  snapshot: {file: estate.cws}\n"
	"vpcs: [{id: vpc-a, colour: red}]\n";

/* Nothing of it can be read. */
static const char garbled[] = "server: [}\n";

static void
write_config(const struct fixture *f, const char *text)
{
	FILE *file = fopen(f->config, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void
write_good(const struct fixture *f, unsigned port, unsigned host)
{
	char text[2048];

	snprintf(text, sizeof(text), good, port, host);
	write_config(f, text);
}

/** Another publisher: one that has seen nothing yet, as after a restart. */
static void
restart(struct fixture *f, const char *image, const char *default_image)
{
	const struct publisher_settings settings = {
		.config = f->config,
		.image = image,
		.default_image = default_image,
		.log = &f->log,
	};

	publisher_free(f->publisher);
	f->publisher = publisher_new(&settings);
	assert_non_null(f->publisher);
}

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	int pair[2];

	assert_non_null(f);
	strcpy(f->folder, "/tmp/causeway-test-publish-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->config, sizeof(f->config), "%s/causeway.yaml", f->folder);
	snprintf(f->image, sizeof(f->image), "%s/estate.cws", f->folder);
	assert_int_equal(pipe2(pair, O_NONBLOCK), 0);
	f->told = pair[0];
	f->log = (struct log){ .fd = pair[1], .least = LOG_LEVEL_INFO };
	restart(f, NULL, NULL);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	publisher_free(f->publisher);
	close(f->told);
	close(f->log.fd);
	unlink(f->config);
	unlink(f->image);
	rmdir(f->folder);
	free(f);
	return 0;
}

/** What was told since the last time. */
static const char *
told(const struct fixture *f)
{
	static char text[LOG_ROOM];
	ssize_t len = read(f->told, text, sizeof(text) - 1);

	text[len > 0 ? len : 0] = '\0';
	return text;
}

static struct edition *
publish_good(struct fixture *f, const struct edition *previous, struct publication *p)
{
	publish(f->publisher, previous, p);
	if (p->status != OK)
		fail_msg("refused: %s", told(f));
	assert_string_equal(told(f), "");
	assert_string_equal(publish_told(f->publisher), "");
	return p->edition;
}

static void
a_good_configuration_becomes_an_edition(void **state)
{
	struct fixture *f = *state;
	struct publication p;

	write_good(f, 0, 1);
	publish_good(f, NULL, &p);
	assert_int_equal(p.edition->number, 1);
	assert_int_equal(p.edition->workers, 1);
	assert_int_equal(p.edition->snap->root->zone_count, 2);
	assert_int_equal(p.opened, 1);
	assert_int_equal(p.zones_kept, 0);
	assert_false(p.from_image);
	edition_unref(p.edition);
}

static void
a_reload_shares_what_did_not_change(void **state)
{
	struct fixture *f = *state;
	struct publication p;
	struct edition *first, *second;

	write_good(f, 0, 1);
	first = publish_good(f, NULL, &p);
	write_good(f, 0, 2);
	second = publish_good(f, first, &p);
	assert_int_equal(second->number, 2);
	assert_int_equal(p.zones_kept, 1);
	assert_int_equal(p.opened, 0);
	assert_int_equal(p.closed, 0);
	assert_ptr_equal(second->gates[0], first->gates[0]);
	edition_unref(first);
	edition_unref(second);
}

/** The good configuration with these keys of `server` before its others. */
static void
write_server(const struct fixture *f, const char *keys)
{
	char text[2048];
	int head = (int)strlen("server:\n");

	snprintf(text, sizeof(text), "server:\n%s", keys);
	snprintf(text + strlen(text), sizeof(text) - strlen(text), good + head, 0u, 1u);
	write_config(f, text);
}

static void
a_cookie_secret_of_our_own_lives_as_long_as_the_publisher(void **state)
{
	struct fixture *f = *state;
	struct publication p;
	struct edition *first, *second, *third;

	write_good(f, 0, 1);
	first = publish_good(f, NULL, &p);
	second = publish_good(f, first, &p);
	assert_int_equal(first->cookies.count, 1);
	assert_memory_equal(&first->cookies, &second->cookies, sizeof(first->cookies));
	restart(f, NULL, NULL);
	third = publish_good(f, NULL, &p);
	assert_int_equal(third->cookies.count, 1);
	assert_true(third->cookies.keys[0].k0 != first->cookies.keys[0].k0);
	edition_unref(first);
	edition_unref(second);
	edition_unref(third);
}

static void
configured_cookie_secrets_come_with_the_edition_and_not_with_the_image(void **state)
{
	static const char secret[] = "00112233445566778899AABBCCddeeff";
	static const uint8_t octets[] = { 0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77 };
	struct fixture *f = *state;
	const struct block *block;
	struct edition *first, *second;
	struct publication p;

	write_server(f, "  cookie_secrets: [00112233445566778899AABBCCddeeff,"
			" e5e973e5a6b2a43f48e7dc849e37bfcf]\n  identity: ns1\n");
	first = publish_good(f, NULL, &p);
	assert_int_equal(first->cookies.count, 2);
	assert_true(first->cookies.keys[0].k0 == 0x7766554433221100ull);
	assert_true(first->cookies.keys[0].k1 == 0xffeeddccbbaa9988ull);
	assert_true(first->cookies.keys[1].k0 == 0x3fa4b2a6e573e9e5ull);
	block = &first->snap->root->block;
	assert_null(memmem(block, block->size, octets, sizeof(octets)));
	assert_null(memmem(block, block->size, secret, strlen(secret)));
	assert_non_null(memmem(block, block->size, "ns1", 4));

	/* rolled over, then given up */
	write_server(f, "  cookie_secrets: [e5e973e5a6b2a43f48e7dc849e37bfcf]\n");
	second = publish_good(f, first, &p);
	assert_int_equal(second->cookies.count, 1);
	assert_true(second->cookies.keys[0].k0 == 0x3fa4b2a6e573e9e5ull);
	edition_unref(first);
	write_good(f, 0, 1);
	first = publish_good(f, second, &p);
	assert_int_equal(first->cookies.count, 1);
	assert_true(first->cookies.keys[0].k0 != 0x3fa4b2a6e573e9e5ull);
	edition_unref(first);
	edition_unref(second);
}

static void
a_bad_reload_says_where_and_changes_nothing(void **state)
{
	static const char *const bad[] = { broken, garbled, "" };
	struct fixture *f = *state;
	struct publication p;
	struct edition *first;

	write_good(f, 0, 1);
	first = publish_good(f, NULL, &p);
	publish_keep(f->publisher, first);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		write_config(f, bad[i]);
		publish(f->publisher, first, &p);
		assert_int_equal(p.status, ERR_REJECTED);
		assert_null(p.edition);
		assert_false(p.unreadable);
		assert_non_null(strstr(publish_told(f->publisher), "causeway.yaml:"));
		assert_string_equal(told(f), publish_told(f->publisher));
	}
	unlink(f->config);
	publish(f->publisher, first, &p);
	assert_int_equal(p.status, ERR_SYSTEM);
	assert_true(p.unreadable);
	assert_int_equal(first->refs, 1);
	edition_unref(first);
}

static void
a_port_that_is_taken_refuses_a_reload_at_its_place(void **state)
{
	struct fixture *f = *state;
	struct publication p, q;
	struct edition *other, *first;

	write_good(f, 0, 1);
	other = publish_good(f, NULL, &p);
	first = publish_good(f, NULL, &q);
	write_good(f, other->gates[0]->addr.port, 1);
	publish(f->publisher, first, &p);
	assert_int_equal(p.status, ERR_REJECTED);
	assert_non_null(strstr(told(f), "causeway.yaml:2:12: error cannot-listen "));
	edition_unref(other);
	edition_unref(first);
}

/** Keep a good image, then break the configuration. */
static void
prepare_image(struct fixture *f, const char *config)
{
	struct publication p;

	write_good(f, 0, 1);
	publish_good(f, NULL, &p);
	publish_keep(f->publisher, p.edition);
	assert_string_equal(told(f), "");
	edition_unref(p.edition);
	write_config(f, config);
}

static void
expect_image(struct fixture *f)
{
	struct publication p;
	const char *text;

	publish(f->publisher, NULL, &p);
	assert_int_equal(p.status, OK);
	assert_true(p.from_image);
	assert_int_equal(p.edition->snap->root->zone_count, 2);
	assert_int_equal(p.edition->workers, 1);
	text = told(f);
	assert_non_null(strstr(text, "causeway.yaml:"));
	assert_non_null(strstr(text, "SERVING THE LAST GOOD IMAGE"));
	edition_unref(p.edition);
}

static void
a_start_without_a_good_configuration_serves_the_image_it_names(void **state)
{
	struct fixture *f = *state;

	prepare_image(f, broken);
	restart(f, NULL, NULL);
	expect_image(f);
}

static void
without_a_readable_server_section_the_option_names_the_image(void **state)
{
	struct fixture *f = *state;
	struct publication p;

	prepare_image(f, garbled);
	restart(f, f->image, NULL);
	expect_image(f);

	restart(f, NULL, f->image);
	expect_image(f);

	restart(f, NULL, "/nonexistent/estate.cws");
	publish(f->publisher, NULL, &p);
	assert_int_equal(p.status, ERR_REJECTED);
	assert_null(strstr(told(f), "nonexistent"));
}

static void
a_damaged_image_is_not_served(void **state)
{
	struct fixture *f = *state;
	struct publication p;

	prepare_image(f, broken);
	assert_int_equal(truncate(f->image, 200), 0);
	restart(f, NULL, NULL);
	publish(f->publisher, NULL, &p);
	assert_int_equal(p.status, ERR_REJECTED);
	assert_null(p.edition);
	assert_non_null(strstr(told(f), "cannot be served"));
}

static void
a_reload_never_falls_back_to_the_image(void **state)
{
	struct fixture *f = *state;
	struct publication first, p;

	prepare_image(f, broken);
	restart(f, NULL, NULL);
	publish(f->publisher, NULL, &first);
	assert_true(first.from_image);
	told(f);
	publish(f->publisher, first.edition, &p);
	assert_int_equal(p.status, ERR_REJECTED);
	assert_null(strstr(told(f), "IMAGE"));

	/* mended, it takes over from the image */
	write_good(f, 0, 2);
	publish_good(f, first.edition, &p);
	assert_false(p.from_image);
	assert_int_equal(p.edition->number, 2);
	edition_unref(first.edition);
	edition_unref(p.edition);
}

static void
a_check_opens_nothing(void **state)
{
	struct fixture *f = *state;
	struct publication p, served;

	write_good(f, 0, 1);
	publish_good(f, NULL, &served);
	write_good(f, served.edition->gates[0]->addr.port, 1);
	publish_check(f->publisher, &p);
	assert_int_equal(p.status, OK);
	assert_null(p.edition);
	assert_int_equal(p.lint_errors, 0);
	assert_string_equal(told(f), "");

	write_config(f, broken);
	publish_check(f->publisher, &p);
	assert_int_equal(p.status, ERR_REJECTED);
	edition_unref(served.edition);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_good_configuration_becomes_an_edition),
		TEST(a_reload_shares_what_did_not_change),
		TEST(a_cookie_secret_of_our_own_lives_as_long_as_the_publisher),
		TEST(configured_cookie_secrets_come_with_the_edition_and_not_with_the_image),
		TEST(a_bad_reload_says_where_and_changes_nothing),
		TEST(a_port_that_is_taken_refuses_a_reload_at_its_place),
		TEST(a_start_without_a_good_configuration_serves_the_image_it_names),
		TEST(without_a_readable_server_section_the_option_names_the_image),
		TEST(a_damaged_image_is_not_served),
		TEST(a_reload_never_falls_back_to_the_image),
		TEST(a_check_opens_nothing),
	};

	return cmocka_run_group_tests_name("publish", tests, NULL, NULL);
}
