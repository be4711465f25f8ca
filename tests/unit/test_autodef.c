#include "engine/autodef.h"

#include "unit/unit.h"
#include "unit/world.h"

static const char estate[] =
	"vpc hub 10.0.0.0/16 eu-west-1\n"
	"vpc near 10.1.0.0/20 eu-west-1\n"
	"vpc far 10.2.0.0/16 us-east-1\n"
	"vpc apart 10.3.0.0/16 eu-west-1\n"
	"site dc 192.168.0.0/16\n"
	"peer hub near\n"
	"peer hub far\n"
	"internet 9.9.9.9\n"
	"listen 5300 hub\n"
	"listen 5301 dc\n";

struct row {
	int line;
	uint32_t listener;
	const char *name, *type, *want;
};

static void
answer_rows(const struct row *rows, size_t count)
{
	struct world w = { 0 };
	struct wire_ask ask = { .udp_size = 1232 };
	char text[1024];

	world_load(&w, estate);
	for (const struct row *row = rows; row < rows + count; row++)
		row_string(row->line,
			   world_query(&w, row->listener, row->name, row->type, &ask, text,
				       sizeof(text)),
			   row->want);
	world_end(&w);
}

static void
localhost_is_the_loopback_address(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, 0, "localhost", "A", "NOERROR; localhost. 60 A 127.0.0.1" },
		{ __LINE__, 0, "localhost", "AAAA", "NOERROR; localhost. 60 AAAA ::1" },
		{ __LINE__, 0, "localhost", "MX", "NOERROR; authority localhost. 900 SOA" },
		{ __LINE__, 0, "localhost", "SOA", "NOERROR; localhost. 900 SOA" },
		{ __LINE__, 0, "a.b.localhost", "A", "NOERROR; a.b.localhost. 60 A 127.0.0.1" },
		{ __LINE__, 0, "localdomain", "A", "NOERROR; localdomain. 60 A 127.0.0.1" },
		{ __LINE__, 0, "localhost.localdomain", "A",
		  "NOERROR; localhost.localdomain. 60 A 127.0.0.1" },
		{ __LINE__, 0, "db.localdomain", "A",
		  "NXDOMAIN; authority localdomain. 900 SOA" },
		{ __LINE__, 1, "localhost", "A", "NOERROR; localhost. 60 A 127.0.0.1" },
	};

	(void)state;
	answer_rows(rows, COUNT_OF(rows));
}

static void
the_loopback_addresses_are_localhost(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, 0, "1.0.0.127.in-addr.arpa", "PTR",
		  "NOERROR; 1.0.0.127.in-addr.arpa. 60 PTR localhost." },
		{ __LINE__, 0, "9.8.7.127.in-addr.arpa", "PTR",
		  "NOERROR; 9.8.7.127.in-addr.arpa. 60 PTR localhost." },
		{ __LINE__, 0, "1.0.0.127.in-addr.arpa", "A",
		  "NOERROR; authority 127.in-addr.arpa. 900 SOA" },
		{ __LINE__, 0, "0.127.in-addr.arpa", "PTR",
		  "NOERROR; authority 127.in-addr.arpa. 900 SOA" },
		{ __LINE__, 0, "127.in-addr.arpa", "PTR",
		  "NOERROR; authority 127.in-addr.arpa. 900 SOA" },
		{ __LINE__, 0, "x.0.0.127.in-addr.arpa", "PTR",
		  "NXDOMAIN; authority 127.in-addr.arpa. 900 SOA" },
		{ __LINE__, 0, "1.1.0.0.127.in-addr.arpa", "PTR",
		  "NXDOMAIN; authority 127.in-addr.arpa. 900 SOA" },
		{ __LINE__, 0,
		  "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa",
		  "PTR",
		  "NOERROR; 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
		  "ip6.arpa. 60 PTR localhost." },
		{ __LINE__, 0,
		  "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa",
		  "PTR",
		  "NOERROR; authority 0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
		  "0.0.0.0.ip6.arpa. 900 SOA" },
	};

	(void)state;
	answer_rows(rows, COUNT_OF(rows));
}

static void
private_ec2_names_exist_for_the_blocks_a_vpc_sees(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, 0, "ip-10-0-3-4.eu-west-1.compute.internal", "A",
		  "NOERROR; ip-10-0-3-4.eu-west-1.compute.internal. 60 A 10.0.3.4" },
		{ __LINE__, 0, "ip-10-0-3-4.eu-west-1.compute.internal", "AAAA",
		  "NOERROR; authority eu-west-1.compute.internal. 900 SOA" },
		{ __LINE__, 0, "eu-west-1.compute.internal", "A",
		  "NOERROR; authority eu-west-1.compute.internal. 900 SOA" },
		/* a peer's */
		{ __LINE__, 0, "ip-10-1-15-4.eu-west-1.compute.internal", "A",
		  "NOERROR; ip-10-1-15-4.eu-west-1.compute.internal. 60 A 10.1.15.4" },
		{ __LINE__, 0, "ip-10-2-0-4.ec2.internal", "A",
		  "NOERROR; ip-10-2-0-4.ec2.internal. 60 A 10.2.0.4" },
		/* right address, other region */
		{ __LINE__, 0, "ip-10-2-0-4.eu-west-1.compute.internal", "A",
		  "NXDOMAIN; authority eu-west-1.compute.internal. 900 SOA" },
		{ __LINE__, 0, "ip-10-0-3-4.ec2.internal", "A",
		  "NXDOMAIN; authority ec2.internal. 900 SOA" },
		/* nobody's address, or a VPC's that is not connected */
		{ __LINE__, 0, "ip-10-1-16-4.eu-west-1.compute.internal", "A",
		  "NXDOMAIN; authority eu-west-1.compute.internal. 900 SOA" },
		{ __LINE__, 0, "ip-10-3-0-4.eu-west-1.compute.internal", "A",
		  "NXDOMAIN; authority eu-west-1.compute.internal. 900 SOA" },
		/* no such form */
		{ __LINE__, 0, "ip-10-0-3.eu-west-1.compute.internal", "A",
		  "NXDOMAIN; authority eu-west-1.compute.internal. 900 SOA" },
		{ __LINE__, 0, "ip-10-0-3-04.eu-west-1.compute.internal", "A",
		  "NXDOMAIN; authority eu-west-1.compute.internal. 900 SOA" },
		{ __LINE__, 0, "ip-10-0-3-256.eu-west-1.compute.internal", "A",
		  "NXDOMAIN; authority eu-west-1.compute.internal. 900 SOA" },
		{ __LINE__, 0, "ip-10-0-3-4-5.eu-west-1.compute.internal", "A",
		  "NXDOMAIN; authority eu-west-1.compute.internal. 900 SOA" },
		{ __LINE__, 0, "ip.eu-west-1.compute.internal", "A",
		  "NXDOMAIN; authority eu-west-1.compute.internal. 900 SOA" },
		{ __LINE__, 0, "i.eu-west-1.compute.internal", "A",
		  "NXDOMAIN; authority eu-west-1.compute.internal. 900 SOA" },
		{ __LINE__, 0, "i-0abc.eu-west-1.compute.internal", "A",
		  "NXDOMAIN; authority eu-west-1.compute.internal. 900 SOA" },
		{ __LINE__, 0, "x.ip-10-0-3-4.eu-west-1.compute.internal", "A",
		  "NXDOMAIN; authority eu-west-1.compute.internal. 900 SOA" },
	};

	(void)state;
	answer_rows(rows, COUNT_OF(rows));
}

static void
public_ec2_names_stand_for_the_address_in_them(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, 0, "ec2-52-0-0-1.eu-west-1.compute.amazonaws.com", "A",
		  "NOERROR; ec2-52-0-0-1.eu-west-1.compute.amazonaws.com. 60 A 52.0.0.1" },
		{ __LINE__, 0, "ec2-52-0-0-1.compute-1.amazonaws.com", "A",
		  "NOERROR; ec2-52-0-0-1.compute-1.amazonaws.com. 60 A 52.0.0.1" },
		{ __LINE__, 0, "ip-10-0-3-4.eu-west-1.compute.amazonaws.com", "A",
		  "NXDOMAIN; authority eu-west-1.compute.amazonaws.com. 900 SOA" },
		{ __LINE__, 0, "ec2-52-0-0-1.eu-west-1.compute.internal", "A",
		  "NXDOMAIN; authority eu-west-1.compute.internal. 900 SOA" },
	};

	(void)state;
	answer_rows(rows, COUNT_OF(rows));
}

static void
addresses_have_their_ec2_names(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, 0, "4.3.0.10.in-addr.arpa", "PTR",
		  "NOERROR; 4.3.0.10.in-addr.arpa. 60 PTR "
		  "ip-10-0-3-4.eu-west-1.compute.internal." },
		{ __LINE__, 0, "4.0.2.10.in-addr.arpa", "PTR",
		  "NOERROR; 4.0.2.10.in-addr.arpa. 60 PTR ip-10-2-0-4.ec2.internal." },
		{ __LINE__, 0, "4.3.0.10.in-addr.arpa", "TXT",
		  "NOERROR; authority 0.10.in-addr.arpa. 900 SOA" },
		{ __LINE__, 0, "0.10.in-addr.arpa", "PTR",
		  "NOERROR; authority 0.10.in-addr.arpa. 900 SOA" },
		{ __LINE__, 0, "3.0.10.in-addr.arpa", "PTR",
		  "NOERROR; authority 0.10.in-addr.arpa. 900 SOA" },
		/* private space that nobody has here */
		{ __LINE__, 0, "1.1.1.172.in-addr.arpa", "PTR", "wait" },
		{ __LINE__, 0, "1.1.16.172.in-addr.arpa", "PTR",
		  "NXDOMAIN; authority 16.172.in-addr.arpa. 900 SOA" },
		{ __LINE__, 0, "1.1.168.192.in-addr.arpa", "PTR",
		  "NXDOMAIN; authority 168.192.in-addr.arpa. 900 SOA" },
		{ __LINE__, 0, "254.169.254.169.in-addr.arpa", "PTR",
		  "NOERROR; authority 254.169.254.169.in-addr.arpa. 900 SOA" },
		/* a site has none of this */
		{ __LINE__, 1, "1.1.168.192.in-addr.arpa", "PTR", "wait" },
	};

	(void)state;
	answer_rows(rows, COUNT_OF(rows));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(localhost_is_the_loopback_address),
		cmocka_unit_test(the_loopback_addresses_are_localhost),
		cmocka_unit_test(private_ec2_names_exist_for_the_blocks_a_vpc_sees),
		cmocka_unit_test(public_ec2_names_stand_for_the_address_in_them),
		cmocka_unit_test(addresses_have_their_ec2_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
