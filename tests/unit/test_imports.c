#include "load/imports.h"

#include <string.h>

#include "base/bytes.h"
#include "unit/files.h"
#include "unit/unit.h"

/* A text, and the front end that takes it; NULL: it is for our own configuration. */
static const struct {
	int line;
	const char *text, *key;
} rows[] = {
	/* ours */
	{ __LINE__, "", NULL },
	{ __LINE__, "server:\n  listen: []\n", NULL },
	{ __LINE__, "# c\nserver:\n  identity: a-b\n  workers: auto\n", NULL },
	{ __LINE__, "include: [a/*.yaml]\n", NULL },
	{ __LINE__, "include: a/named-*.yaml\n", NULL },
	{ __LINE__, "vpcs:\n  - {id: vpc-a, cidr_blocks: [10.0.0.0/16]}\n", NULL },
	{ __LINE__, "hosted_zones: []\nlint: {}\n", NULL },
	{ __LINE__, "{\"vpcs\": []}", NULL },
	{ __LINE__, "{\n", NULL },
	/* nobody's */
	{ __LINE__, "resource \"aws_vpc\" \"a\" {\n  cidr_block = \"10.0.0.0/16\"\n}\n", NULL },
	{ __LINE__, "$ORIGIN a.\n@ SOA ns. root. 1 2 3 4 5\n", NULL },
	{ __LINE__, "127.0.0.1 localhost\n", NULL },
	{ __LINE__, "{\"Vpcs\": []}", "aws" },
	{ __LINE__, "{\"NextToken\": null, \"Vpcs\": []}", "aws" },
	{ __LINE__, "{\"format_version\": \"1.2\"}", "terraform" },
	/* by its first key: what comes behind is not looked at for one of an export */
	{ __LINE__, "{\"format_version\": \"1.2\", \"Vpcs\": []}", "terraform" },
	{ __LINE__, "options {\n", "bind" },
	{ __LINE__, "options {", "bind" },
	{ __LINE__, "/* c */ // d\n# e\nzone \"a\" IN { type hint; };", "bind" },
	{ __LINE__, "zone a { };", "bind" },
	{ __LINE__, "include \"/etc/bind/named.conf.options\";\n", "bind" },
	{ __LINE__, "include /etc/bind\n", NULL },
	{ __LINE__, "acl \"a\" { any; };", "bind" },
	{ __LINE__, "view v { };", "bind" },
	{ __LINE__, "key a { secret x; };", "bind" },
	{ __LINE__, "\"zone\" { };", NULL },
	{ __LINE__, "/* no end", NULL },
	{ __LINE__, "server:\n interface: 10.0.0.1\n", "unbound" },
	{ __LINE__, "server:\n  verbosity: 1\n", "unbound" },
	{ __LINE__, "# c\nforward-zone:\n name: a\n", "unbound" },
	{ __LINE__, "server:\n # c\n local-data: \"a A 1.2.3.4\"\n", "unbound" },
	{ __LINE__, "include-toplevel: \"/etc/unbound/*.conf\"\n", "unbound" },
	{ __LINE__, "remote-control:\n control-enable: yes\n", "unbound" },
	{ __LINE__, "server=10.0.0.1\n", "dnsmasq" },
	{ __LINE__, "# c\nno-resolv\naddress=/a/10.0.0.1\n", "dnsmasq" },
	{ __LINE__, "port=53\ndomain-needed\nlocal=/a/ # d\n", "dnsmasq" },
	{ __LINE__, "server 10.0.0.1\n", NULL },
	{ __LINE__, "key = value\n", NULL },
	{ __LINE__, ".:53 {\n errors\n}\n", "coredns" },
	{ __LINE__, "# c\na b {\n\n  # d\n  forward . 10.0.0.1\n}\n", "coredns" },
	{ __LINE__, "(s) {\n cache\n}\n", "coredns" },
	{ __LINE__, "a {\n b\n}\n", NULL },
	{ __LINE__, "nameserver 10.0.0.1\n", "resolv_conf" },
	{ __LINE__, "# c\n; d\nsearch a b\noptions ndots:2\nnameserver 10.0.0.1\n", "resolv_conf" },
	{ __LINE__, "search a\n", NULL },
	{ __LINE__, "nameserver 10.0.0.1\nserver 10.0.0.2\n", NULL },
};

static void
what_a_file_is_is_told_by_its_content(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct front_end *front_end;
		struct files files;

		assert_true(files_init(&files));
		assert_true(files_write(&files, "file", rows[i].text));
		front_end = imports_front_end(files_path(&files, "file"));
		row_string(rows[i].line, front_end ? front_end->key : "none",
			   rows[i].key ? rows[i].key : "none");
		files_fini(&files);
	}
}

static void
what_is_no_text_is_nobodys(void **state)
{
	static const char zero[] = "nameserver 10.0.0.1\n\0";
	struct files files;

	(void)state;
	assert_true(files_init(&files));
	assert_true(files_write_len(&files, "file", zero, sizeof(zero)));
	assert_null(imports_front_end(files_path(&files, "file")));
	assert_null(imports_front_end(files_path(&files, "none")));
	assert_null(imports_front_end("/dev/null"));
	files_fini(&files);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_file_is_is_told_by_its_content),
		cmocka_unit_test(what_is_no_text_is_nobodys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
