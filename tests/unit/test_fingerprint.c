#include "unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "lint/fingerprint.h"
#include "lint/sha256.h"

struct vector {
	int line;
	const char *octets;
	const char *hex;
};

/* FIPS 180-4's examples, and the empty message. */
static const struct vector vectors[] = {
	{ __LINE__, "",
	  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ __LINE__, "abc",
	  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ __LINE__, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	{ __LINE__, "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
		    "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
	  "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1" },
};

static void
sha256_is_that_of_the_standard(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(vectors); i++) {
		uint8_t hash[SHA256_OCTETS];
		char hex[2 * SHA256_OCTETS + 1];

		sha256(vectors[i].octets, strlen(vectors[i].octets), hash);
		for (size_t k = 0; k < sizeof(hash); k++)
			snprintf(hex + 2 * k, 3, "%02x", hash[k]);
		row_string(vectors[i].line, hex, vectors[i].hex);
	}
}

/* A finding, as far as its fingerprint goes; "-" stands for nothing. */
struct told {
	int line;
	bool same;			/* as the first row's? */
	const char *code, *first, *first_file, *second, *record, *names[2];
	unsigned at;			/* line number */
};

static const struct told findings[] = {
	{ __LINE__, true,  "ZON101", "Z1", "a.yaml", "Z2", "-", { "db.a.", "www.a." }, 1 },
	/* elsewhere in the file */
	{ __LINE__, true,  "ZON101", "Z1", "a.yaml", "Z2", "-", { "db.a.", "www.a." }, 99 },
	/* the objects in another order, one twice */
	{ __LINE__, true,  "ZON101", "Z2", "a.yaml", "Z1", "-", { "db.a.", "www.a." }, 1 },
	{ __LINE__, true,  "ZON101", "Z1", "./a.yaml", "Z2", "-", { "db.a.", "www.a." }, 1 },
	/* other examples, the same top */
	{ __LINE__, true,  "ZON101", "Z1", "a.yaml", "Z2", "x.a. A", { "b.a.", "c.a." }, 1 },
	{ __LINE__, true,  "ZON101", "Z1", "a.yaml", "Z2", "-", { "a.", "-" }, 1 },
	{ __LINE__, false, "ZON102", "Z1", "a.yaml", "Z2", "-", { "db.a.", "www.a." }, 1 },
	{ __LINE__, false, "ZON101", "Z1", "b.yaml", "Z2", "-", { "db.a.", "www.a." }, 1 },
	{ __LINE__, false, "ZON101", "Z1", "a.yaml", "-", "-", { "db.a.", "www.a." }, 1 },
	{ __LINE__, false, "ZON101", "Z1Z", "a.yaml", "2", "-", { "db.a.", "www.a." }, 1 },
	{ __LINE__, false, "ZON101", "Z1", "a.yaml", "Z2", "-", { "db.a.", "-" }, 1 },
	{ __LINE__, false, "ZON101", "Z1", "a.yaml", "Z2", "-", { "db.a.", "www.b." }, 1 },
	{ __LINE__, false, "ZON101", "Z1", "a.yaml", "Z2", "-", { "-", "-" }, 1 },
};

static bool
told(const char *string)
{
	return strcmp(string, "-") != 0;
}

static struct finding *
make(struct diags *diags, const struct told *row)
{
	struct srcloc at = { row->first_file, row->at, 3 }, none = { 0 };
	struct finding *f = diag_open(diags, SEVERITY_ERROR, row->code, "name", at, "message");

	diag_add(diags, f, PART_OBJECT, "hosted_zone", row->first, at, "text");
	if (told(row->second))
		diag_add(diags, f, PART_OBJECT, "hosted_zone", row->second, at, "other");
	if (told(row->record))
		diag_add(diags, f, PART_OBJECT, "record", row->record, at, NULL);
	for (size_t i = 0; i < COUNT_OF(row->names); i++)
		if (told(row->names[i]))
			diag_add(diags, f, PART_NAMES, "name", row->names[i], none, "A");
	return f;
}

/** "./" goes. */
static const char *
plain_path(void *context, const char *file)
{
	(void)context;
	return strncmp(file, "./", 2) == 0 ? file + 2 : file;
}

static void
a_fingerprint_is_of_code_objects_and_top_name(void **state)
{
	struct fingerprint first, other;
	struct arena arena;
	struct diags diags;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	diags_init(&diags, &arena, 0);
	assert_true(fingerprint_make(make(&diags, &findings[0]), plain_path, NULL, &first));
	for (size_t i = 0; i < COUNT_OF(findings); i++) {
		const struct told *row = &findings[i];

		row_true(row->line, fingerprint_make(make(&diags, row), plain_path, NULL, &other));
		row_int(row->line, strcmp(first.hex, other.hex) == 0, row->same);
	}
	arena_fini(&arena);
}

static void
a_fingerprint_does_not_change_from_release_to_release(void **state)
{
	struct fingerprint made;
	struct arena arena;
	struct diags diags;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	diags_init(&diags, &arena, 0);
	assert_true(fingerprint_make(make(&diags, &findings[0]), NULL, NULL, &made));
	assert_string_equal(made.hex, 
		"4fedf02fbf23d399659f59f885449f5a61168a926501b23d9a1c79cdafb0a59c");
	arena_fini(&arena);
}

static void
what_has_no_object_is_known_by_file_and_message(void **state)
{
	static const struct { const char *file; unsigned line; const char *message; } rows[] = {
		{ "a.yaml", 1, "unknown key \"x\"" }, { "a.yaml", 2, "unknown key \"x\"" },
		{ "a.yaml", 1, "unknown key \"y\"" }, { "b.yaml", 1, "unknown key \"x\"" },
		{ NULL, 0, "unknown key \"x\"" },
	};
	struct fingerprint made[COUNT_OF(rows)];
	struct arena arena;
	struct diags diags;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	diags_init(&diags, &arena, 0);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct srcloc at = { rows[i].file, rows[i].line, 0 };
		struct finding *f = diag_open(&diags, SEVERITY_ERROR, "unknown-key", NULL, at,
					      "%s", rows[i].message);

		assert_true(fingerprint_make(f, plain_path, NULL, &made[i]));
	}
	assert_string_equal(made[0].hex, made[1].hex);
	for (size_t i = 2; i < COUNT_OF(rows); i++)
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(made[i].hex, made[k].hex);
	arena_fini(&arena);
}

struct tops {
	int line;
	const char *names[3];
	const char *top;
};

static const struct tops tops[] = {
	{ __LINE__, { NULL }, "" },
	{ __LINE__, { "db.corp.example." }, "db.corp.example." },
	{ __LINE__, { "db.corp.example.", "api.corp.example." }, "corp.example." },
	{ __LINE__, { "db.corp.example.", "corp.example." }, "corp.example." },
	{ __LINE__, { "xcorp.example.", "corp.example." }, "example." },
	{ __LINE__, { "a.b.example.", "a.c.example.", "c.test." }, "." },
	{ __LINE__, { "x\\.corp.example.", "corp.example." }, "example." },
	{ __LINE__, { ".", "a." }, "." },
	{ __LINE__, { "a.", "." }, "." },
};

static void
the_top_name_covers_all_names(void **state)
{
	struct arena arena;
	struct diags diags;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	diags_init(&diags, &arena, 0);
	for (size_t i = 0; i < COUNT_OF(tops); i++) {
		struct srcloc none = { 0 };
		struct finding *f = diag_open(&diags, SEVERITY_NOTE, "c", NULL, none, "m");

		for (size_t k = 0; k < 3 && tops[i].names[k]; k++)
			diag_add(&diags, f, PART_NAMES, "name", tops[i].names[k], none, NULL);
		row_string(tops[i].line, finding_top_name(f), tops[i].top);
	}
	arena_fini(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256_is_that_of_the_standard),
		cmocka_unit_test(a_fingerprint_is_of_code_objects_and_top_name),
		cmocka_unit_test(a_fingerprint_does_not_change_from_release_to_release),
		cmocka_unit_test(what_has_no_object_is_known_by_file_and_message),
		cmocka_unit_test(the_top_name_covers_all_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
