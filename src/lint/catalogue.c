#include "lint/catalogue.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"

#define E SEVERITY_ERROR
#define W SEVERITY_WARNING
#define N SEVERITY_NOTE

#define SURE   PRECISION_VERY_HIGH
#define HIGH   PRECISION_HIGH
#define MEDIUM PRECISION_MEDIUM
#define LOW    PRECISION_LOW

#define RESTS(point) (1u << ASSUME_##point)
#define ON_VIEWS     (RESTS(SYSTEM_RULE_ZONE) | RESTS(ATTRIBUTES_OFF))
#define ON_CHAINS    (ON_VIEWS | RESTS(CHAIN_LIMIT) | RESTS(FORWARDED_CNAME))

static const struct catalogue_rule rules[] = {
	/* CFG: the input */
	{ "CFG001", "truncated-export", E, SURE,
	  "an export ends before its data does: a page token is left over, or a zone has fewer "
	  "record sets than it says",
	  "list-resource-record-sets stopped at 300 of 10,240 record sets",
	  .fix = "export all pages" },
	{ "CFG002", "dangling-reference", E, SURE,
	  "an id names an object that no input holds",
	  "a resolver rule is associated with vpc-9, and no vpc-9 is declared",
	  .fix = "declare the object, correct the id, or take the reference out" },
	{ "CFG003", "records-of-unknown-zone", E, SURE,
	  "a list of record sets fits no zone, or several, and does not say whose it is",
	  "two zones are named corp.example, and the file of record sets names neither",
	  .fix = "keep the zone's id in the name of the file or around the list" },
	{ "CFG004", "unknown-until-apply", N, SURE,
	  "a plan or a template leaves open a value that rules need, so the object, or the value, "
	  "was left out",
	  "a record set has the address of a load balancer that is not made yet",
	  .fix = "judge what is there after it was deployed as well, or give the value with "
		 "--parameter" },
	{ "CFG005", "useless-suppression", W, SURE,
	  "a suppression, or a line of the baseline, matches no finding, gives no reason, or is "
	  "past its date",
	  "# lint: ignore[ZON101] until=2026-01-31, read in February",
	  .fix = "take it out, or say why it stays and until when" },
	{ "CFG006", "not-modelled", N, HIGH,
	  "an input says something that may change answers, and that this version does not know or "
	  "cannot say of its zones and rules",
	  "a new key beside ResourceRecords, or response-policy in named.conf",
	  .fix = "judge by hand what it does to the names concerned" },
	{ "CFG007", "sources-disagree", W, SURE,
	  "two inputs describe one object differently",
	  "the state gives the rule two targets, the live export one",
	  .fix = "export again: one of the two is out of date" },

	/* ZON: zones that overlap */
	{ "ZON101", "same-name-zones-differ", E, SURE,
	  "connected networks see two zones of one name that give different answers",
	  "db.corp.example is 10.1.1.10 in app and 10.2.1.10 in data",
	  .fix = "merge the zones and associate the one with both networks, or rename one",
	  .assumes = ON_VIEWS },
	{ "ZON102", "same-name-zones-identical", N, SURE,
	  "connected networks see two zones of one name with equal data: copies that will drift",
	  "svc.example is declared once for each Region, word for word",
	  .fix = "keep one zone and associate it with all the networks", .assumes = ON_VIEWS },
	{ "ZON103", "record-hidden-by-child-zone", E, SURE,
	  "a zone of a longer name takes records of a zone away (a warning where some network "
	  "reads them)",
	  "x.eu.corp.example stands in corp.example, and the VPC also has eu.corp.example",
	  .fix = "move the record to the longer zone", .assumes = ON_VIEWS },
	{ "ZON104", "child-zone-seen-by-one-peer", E, SURE,
	  "connected networks share a zone, and only one of them has its child zone",
	  "y.eu.corp.example has an address in app and does not exist in data",
	  .fix = "associate the child zone with both", .assumes = ON_VIEWS },
	{ "ZON105", "zone-twice-in-view", W, SURE,
	  "a network gets two zones of one name, directly and by Profile, or from two Profiles",
	  "svc.example is associated with app, whose Profile brings another svc.example",
	  .fix = "take one of the two associations away" },
	{ "ZON106", "private-hides-public", E, SURE,
	  "a private zone covers names that a public zone of the estate has and lacks them: they "
	  "do not exist inside",
	  "www.example.com is in the public zone only, and app has a private example.com",
	  .fix = "copy the names to the private zone, or give it a longer name",
	  .assumes = ON_VIEWS },
	{ "ZON107", "zone-swallows-foreign-space", W, HIGH,
	  "a private zone is named as a top-level domain, a public suffix or a domain of the "
	  "provider's services, and takes all below it from its networks",
	  "a private zone com, or amazonaws.com",
	  .fix = "name the zone as narrowly as its records allow" },
	{ "ZON108", "empty-zone", W, SURE,
	  "a zone has no records but SOA and NS: nothing at or below its name exists in its "
	  "networks",
	  "empty.example is associated with three VPCs and holds no record",
	  .fix = "fill the zone or delete it" },
	{ "ZON109", "dead-zone", W, SURE,
	  "rules or other zones of its name come before a zone in all of its networks, two at least",
	  "both VPCs of old.example have a FORWARD rule of that name",
	  .fix = "delete the zone or what overrides it", .assumes = ON_VIEWS },
	{ "ZON110", "endpoint-zone-misnamed", W, HIGH,
	  "a zone with an alias to an interface endpoint is named unlike the service's DNS name",
	  "ecr.api.eu-west-1.amazonaws.com for api.ecr.eu-west-1.amazonaws.com",
	  .fix = "name the zone as the endpoint's private DNS name" },
	{ "ZON111", "endpoint-private-dns-clash", E, SURE,
	  "a VPC has an interface endpoint with private DNS and a zone of the same name",
	  "an endpoint and a zone both define ssm.eu-west-1.amazonaws.com",
	  .fix = "turn private DNS of the endpoint off, or drop the zone" },
	{ "ZON112", "odd-one-out", W, MEDIUM,
	  "all networks of a group but one have a zone; groups of four and more are judged",
	  "19 of the 20 networks of lint.groups prod have svc.example",
	  .fix = "associate the zone with the last one, or suppress the finding with a reason" },
	{ "ZON113", "orphan-zone", W, HIGH,
	  "a private zone is associated with no network of the estate",
	  "the VPC of old.example was deleted and the zone was not",
	  .fix = "associate the zone or delete it" },

	/* PRE: what comes first */
	{ "PRE201", "rule-overrides-zone", E, SURE,
	  "a FORWARD rule and a zone of one name in one network: the zone is never read there",
	  "hub has the zone corp.example and a rule that forwards corp.example",
	  .fix = "take the association of one of the two away" },
	{ "PRE202", "rule-cuts-into-zone", E, SURE,
	  "a FORWARD rule below a zone's name takes records of the zone away",
	  "a rule forwards dev.corp.example, and corp.example holds api.dev.corp.example",
	  .fix = "move the records to where the rule leads, or narrow the rule",
	  .assumes = RESTS(ATTRIBUTES_OFF) },
	{ "PRE203", "zone-cuts-into-rule", W, HIGH,
	  "a zone below a FORWARD domain: names it lacks do not exist instead of being forwarded",
	  "a rule forwards example, and the zone corp.example has two of its hundred names",
	  .fix = "fill the zone, or forward the names that it lacks by rules of their own",
	  .assumes = ON_VIEWS },
	{ "PRE204", "system-rule-idle", W, SURE,
	  "a SYSTEM rule takes nothing back: no FORWARD rule of the same network covers it",
	  "a SYSTEM rule for nothing.test in a VPC that forwards corp.example only",
	  .fix = "delete the rule, or its association" },
	{ "PRE205", "two-rules-one-domain", E, SURE,
	  "a network gets two rules of one domain with different targets, by Profile and "
	  "directly or from two Profiles",
	  "the Profile sends corp.example to dc1, the VPC's own rule to dc2",
	  .fix = "keep one of the two" },
	{ "PRE206", "dot-rule-without-carve-out", W, HIGH,
	  "a FORWARD rule for the root or a top-level domain takes the provider's own names "
	  "along: no SYSTEM rule gives them back",
	  "a rule forwards . to the data centre, ssm.eu-west-1.amazonaws.com with it",
	  .fix = "add a SYSTEM rule for amazonaws.com" },
	{ "PRE207", "autodefined-overridden", W, SURE,
	  "a FORWARD rule takes over names that the VPC resolver answers by itself: EC2 names, or "
	  "the reverse zone of a CIDR of the VPC or a peer",
	  "a rule forwards compute.internal",
	  .fix = "remove the rule or give it a longer name" },
	{ "PRE208", "reverse-forwarding-gap", W, SURE,
	  "a FORWARD rule of a reverse zone does not get the addresses of the VPC and its peers: "
	  "the autodefined reverse zones are longer",
	  "a rule forwards 10.in-addr.arpa, and 10.1.1.10 is answered with an EC2 name",
	  .fix = "disable autodefined reverse rules of the VPC, or add a rule for each range" },
	{ "PRE209", "profile-shadowed", N, SURE,
	  "a rule of a Profile has no effect in a VPC that has a rule or zone of that name itself "
	  "(a zone that gives way is ZON105 or PRE201)",
	  "the Profile forwards lab.example, and the VPC has a zone lab.example of its own",
	  .fix = "take the VPC's own away, or the Profile's" },
	{ "PRE210", "view-bypassed", W, HIGH,
	  "the DHCP options of a VPC name other DNS servers, which do not send the zone's names "
	  "to the VPC resolver",
	  "the DHCP options name the domain controllers, and these know nothing of corp.example",
	  .fix = "add a conditional forwarder on these servers" },

	/* FWD: forwarding */
	{ "FWD301", "self-loop", E, SURE,
	  "a rule's target is an inbound endpoint, or a server, of the network that asks",
	  "a rule of hub forwards onprem.example to hub's own inbound endpoint",
	  .fix = "dissociate the rule from that network, or point it elsewhere" },
	{ "FWD302", "loop", E, SURE,
	  "rules of several networks forward some names in a circle",
	  "app forwards loop.example to data's inbound endpoint, and data to app's",
	  .fix = "break one of the associations or targets shown", .assumes = ON_VIEWS },
	{ "FWD303", "forward-to-outbound", E, SURE,
	  "a rule's target is an address of an outbound endpoint, where nothing listens",
	  "the target 10.0.1.54 belongs to the outbound endpoint of hub",
	  .fix = "point the rule at an inbound endpoint" },
	{ "FWD304", "forward-to-plus-two", E, SURE,
	  "a rule's target is the VPC resolver's own address, which other VPCs cannot ask",
	  "the target 10.2.0.2 is the resolver of data",
	  .fix = "make an inbound endpoint in that VPC and point the rule there" },
	{ "FWD305", "target-unreachable", E, HIGH,
	  "a rule's private target lies in no network that the VPC of its outbound endpoint "
	  "reaches (a warning where no site that it reaches declares addresses; nothing is said "
	  "where the estate has no sites)",
	  "the target 172.31.99.1 is in no VPC, peer or site",
	  .fix = "correct the address, connect the networks, or declare the site" },
	{ "FWD306", "targets-disagree", E, HIGH,
	  "the targets of one rule lead to different answers, so chance decides",
	  "one target is the inbound endpoint of app, the other one that of data",
	  .fix = "make the targets agree, or drop one", .assumes = ON_VIEWS },
	{ "FWD307", "long-path", W, SURE,
	  "names are forwarded more than three times before they are answered",
	  "spoke to hub to the data centre to hub2 to its server",
	  .fix = "point the first rule nearer to the end" },
	{ "FWD308", "forward-to-ignorant", E, HIGH,
	  "the network behind a rule's target has neither zone nor rule for the domain: its "
	  "names do not exist or are asked of the Internet (a warning for a site)",
	  "the zone is not associated with the VPC of the inbound endpoint",
	  .fix = "associate the zone with that VPC", .assumes = ON_VIEWS },
	{ "FWD309", "rule-unused", W, SURE,
	  "a rule is associated with no network and in no Profile",
	  "a rule was shared with the account and never associated",
	  .fix = "associate the rule or delete it" },
	{ "FWD310", "endpoint-unused", N, HIGH,
	  "an outbound endpoint without rules, or an inbound one that nothing forwards to",
	  "no rule and no site names the addresses of rslvr-in-old",
	  .fix = "delete the endpoint: it is paid for" },
	{ "FWD311", "rule-endpoint-wrong", E, SURE,
	  "a rule that forwards has no outbound endpoint: it names none, or one of another "
	  "direction",
	  "the rule's resolver_endpoint is rslvr-in-hub, an inbound endpoint",
	  .fix = "point the rule at an outbound endpoint" },
	{ "FWD312", "onprem-answers-stale", W, HIGH,
	  "a site answers a zone from a copy of its own, forwards to a VPC that has the zone too, "
	  "and the two differ",
	  "a stub of corp.example was left in the data centre after the move",
	  .fix = "turn the site's copy into a rule that forwards", .assumes = ON_VIEWS },

	/* REA: can the answer be reached */
	{ "REA401", "address-nowhere", W, HIGH,
	  "a record has a private address that lies in no VPC and no site",
	  "old.corp.example is 10.9.0.5, and no network has 10.9.0.0/16",
	  .fix = "correct the address, or declare the network that has it" },
	{ "REA402", "address-not-reachable-from-view", E, SURE,
	  "a network reads a record whose address lies in a VPC it has no connection to",
	  "app reads iso.corp.example, 10.4.1.1, and iso has no peering with app",
	  .fix = "connect the networks, or take the association away" },
	{ "REA403", "address-ambiguous", E, SURE,
	  "a record's address lies in two networks that the reader is connected to both",
	  "10.1.70.1 belongs to app and to its clone, both peers of hub",
	  .fix = "renumber one of the networks, or route more specifically" },
	{ "REA404", "address-outside-subnets", N, SURE,
	  "a record's address lies in a VPC and in none of its subnets",
	  "10.1.200.9, where app has no subnet", .fix = "look for a host that is gone" },
	{ "REA405", "reserved-address", W, SURE,
	  "a record has one of the first four addresses of a subnet, or its last",
	  "y.eu.corp.example is 10.1.2.1", .fix = "correct the address" },
	{ "REA406", "public-address-in-private-zone", N, SURE,
	  "a record of a private zone has an address of the public Internet",
	  "pub.corp.example is 203.0.114.7",
	  .fix = "say that it is meant, or move the record to the public zone" },
	{ "REA407", "private-address-in-public-zone", W, SURE,
	  "a record of a public zone has an address that is not routed on the Internet",
	  "db.example.com is 10.1.1.10 for everybody",
	  .fix = "move the record to a private zone" },
	{ "REA408", "peering-inactive-or-routeless", W, SURE,
	  "names lead to addresses behind a peering that is not active, or that no route uses",
	  "the peering of app and data waits to be accepted",
	  .fix = "accept the peering, and add routes on both sides" },
	{ "REA409", "transitive-assumption", E, SURE,
	  "a record's address could only be reached over two peerings, which do not add up",
	  "spoke1 reads an address of spoke2, and both peer with hub only",
	  .fix = "peer the two directly, or use a transit gateway" },
	{ "REA410", "special-address", W, SURE,
	  "a record has an address that no other host can use: loopback, link-local, "
	  "unspecified, documentation or multicast",
	  "test.corp.example is 127.0.0.1", .fix = "correct the address" },
	{ "REA411", "path-blocked", E, HIGH,
	  "a route table, a security group or a network ACL stops the way to a record's address "
	  "or a rule's target, or the way back",
	  "the peering is active, and data has no route back to app",
	  .fix = "add the line that is named as missing" },
	{ "REA412", "answer-crosses-region", N, MEDIUM,
	  "a network gets an address in another Region, although the name has one in its own",
	  "a VPC of eu-west-1 gets the address in us-east-1",
	  .fix = "use latency records, or associate the zone of the Region" },

	/* PEE: networks that are connected */
	{ "PEE501", "views-diverge", E, SURE,
	  "a name gets different answers in connected networks, and no other rule says why",
	  "api.corp.example is forwarded by app and answered from a zone by data",
	  .fix = "give both networks the same zones and rules for the name", .assumes = ON_CHAINS },
	{ "PEE502", "onprem-diverges", E, SURE,
	  "a name gets different answers in a VPC and in a site that is connected to it",
	  "the site answers db.corp.example from an old copy",
	  .fix = "give the site a rule that forwards the name", .assumes = ON_CHAINS },
	{ "PEE503", "peer-dns-off", W, HIGH,
	  "a peering does not resolve public EC2 names to private addresses, and a record "
	  "points to one of the peer's",
	  "web.corp.example is a CNAME of ec2-203-0-114-7.eu-west-1.compute.amazonaws.com",
	  .fix = "allow DNS resolution from the remote VPC on the peering" },
	{ "PEE504", "dns-support-off", E, SURE,
	  "a VPC has zones or rules while an attribute it needs for them is off",
	  "legacy has a zone, and enable_dns_hostnames is false",
	  .fix = "turn enable_dns_support and enable_dns_hostnames on",
	  .assumes = RESTS(ATTRIBUTES_OFF) },
	{ "PEE505", "overlapping-peers", E, SURE,
	  "a VPC peers with two VPCs whose addresses overlap, or two peers overlap each other "
	  "(a warning where no record lies there)",
	  "hub peers with app and with its clone, both 10.1.0.0/16",
	  .fix = "renumber one of the VPCs" },
	{ "PEE506", "expectation-broken", E, SURE,
	  "what lint.expect_same, expect_answer or expect_absent declares does not hold",
	  "db.corp.example A is expected to be 10.1.1.10 in data and does not exist there",
	  .fix = "mend the estate, or the expectation", .assumes = ON_CHAINS },
	{ "PEE507", "may-diverge", W, MEDIUM,
	  "connected networks may get different answers: a server that is not declared decides",
	  "app forwards x.example to 192.0.2.53, data has a zone of that name",
	  .fix = "declare the server as a site, or give both networks the rule",
	  .assumes = ON_CHAINS },
	{ "PEE508", "change-breaks-names", E, SURE,
	  "a name that was answered before the change is not answered after it",
	  "the change adds a zone svc.corp.example and leaves api.svc in corp.example",
	  .fix = "do not merge before the names listed have answers again", .assumes = ON_CHAINS },
	{ "PEE509", "change-alters-names", N, SURE,
	  "a name gets another answer after the change than before it",
	  "api.corp.example moves from 10.1.1.10 to 10.2.1.10",
	  .fix = "see that this is what the change is for", .assumes = ON_CHAINS },

	/* DEL: delegation */
	{ "DEL601", "private-delegation-ignored", E, HIGH,
	  "a private zone delegates a name and no DELEGATE rule leads to the servers named, so "
	  "the delegation is not followed",
	  "corp.example has NS records for eu.corp.example, and there is no rule",
	  .fix = "add a DELEGATE rule for the servers' names, or forward the name",
	  .assumes = RESTS(DELEGATION) },
	{ "DEL602", "parent-child-ns-differ", E, SURE,
	  "a zone and the zone above it name different servers for it, or different addresses "
	  "of these servers",
	  "the parent still lists a server that was taken out of the child",
	  .fix = "make the NS records and the glue of both equal" },
	{ "DEL603", "lame", E, HIGH,
	  "a zone is delegated to a server that the estate knows and that does not serve it",
	  "ns1.dc.example is a server of the site dc, which has no such zone",
	  .fix = "serve the zone there, or take the NS record out" },
	{ "DEL604", "missing-glue", E, SURE,
	  "an NS record leads to a name of its own zone, and the zone has no address for it",
	  "eu.corp.example NS ns.eu.corp.example, and no A record beside it",
	  .fix = "add the address of the server" },
	{ "DEL605", "cyclic-dependency", E, SURE,
	  "zones can only be found by way of each other's servers",
	  "a.example has its server in b.example, and b.example in a.example",
	  .fix = "add glue to one of the delegations" },
	{ "DEL606", "occluded", W, SURE,
	  "a record at or below a delegation is no answer: the zone has given the name away",
	  "smtp.test.corp.example, while test.corp.example is delegated",
	  .fix = "move the record to the zone that the name is delegated to" },
	{ "DEL607", "delegate-rule-idle", W, SURE,
	  "a DELEGATE rule covers no server that a zone of its networks delegates to",
	  "the delegation record is corp.exmaple", .fix = "correct the name, or delete the rule" },
	{ "DEL608", "child-not-delegated", W, HIGH,
	  "a public zone and the one above it are in the estate, and the upper does not "
	  "delegate to the lower",
	  "shop.example.com is a zone, and example.com has no NS records for it",
	  .fix = "add the NS records to the upper zone" },

	/* REC: records */
	{ "REC701", "cname-dangling", E, SURE,
	  "a CNAME points to a name of its own zone that does not exist",
	  "www.corp.example is a CNAME of gone.corp.example",
	  .fix = "correct the target, or delete the record" },
	{ "REC702", "cname-dangling-in-view", E, SURE,
	  "the target of a CNAME is found in some networks that see it and not in others",
	  "ok.svc.example is found in app and not in data",
	  .fix = "associate the target's zone with all networks that see the CNAME",
	  .assumes = ON_CHAINS },
	{ "REC703", "cname-loop", E, SURE,
	  "CNAMEs or aliases lead in a circle, in one zone or by way of several",
	  "t.left.example and t.right.example are CNAMEs of each other",
	  .fix = "break the circle", .assumes = ON_CHAINS },
	{ "REC704", "long-chain", W, SURE,
	  "more than eight CNAMEs and aliases have to be followed to an answer",
	  "nine CNAMEs to one host", .fix = "point the first one at the last",
	  .assumes = RESTS(CHAIN_LIMIT) },
	{ "REC705", "alias-dangling", E, SURE,
	  "the target of an alias does not exist, has no record of the type, or lies in a zone "
	  "that is neither its own nor a service's",
	  "al.corp.example is an alias of missing.corp.example",
	  .fix = "correct the target, or delete the alias" },
	{ "REC706", "cname-and-other-data", E, SURE,
	  "a CNAME has other records beside it, or is one of several, or stands at the zone's own "
	  "name",
	  "corp.example itself is a CNAME",
	  .fix = "use an alias, or move the other records" },
	{ "REC707", "dname-conflict", E, SURE,
	  "a DNAME is one of several, stands beside NS below the zone's name, or has names below "
	  "it",
	  "old.corp.example is a DNAME, and x.old.corp.example has an address",
	  .fix = "keep one DNAME, and move the names below it" },
	{ "REC708", "duplicate-record", W, SURE,
	  "one record is entered twice: owner, type and data are equal",
	  "db.corp.example has 10.1.1.10 two times", .fix = "delete one" },
	{ "REC709", "out-of-zone", E, SURE,
	  "a record's name is not at or below its zone's",
	  "www.example.net in the zone corp.example", .fix = "move the record to its zone" },
	{ "REC710", "soa-count", E, SURE,
	  "a zone file has no SOA, or more than one",
	  "two files were pasted together, each with its SOA", .fix = "keep one SOA" },
	{ "REC711", "mixed-routing", E, SURE,
	  "record sets of one name and type do not go together: two policies, a failover that "
	  "lacks a side, weights that are all 0, or a policy that private zones lack",
	  "api.corp.example has a simple and a weighted A record set",
	  .fix = "use one policy, and give it all its record sets" },
	{ "REC712", "wildcard-blocked", W, MEDIUM,
	  "a name exists, perhaps only because of names below it, so the wildcard does not give "
	  "it the type that it gives to its neighbours",
	  "_443._tcp.host.w.example keeps *.w.example from host.w.example",
	  .fix = "add the record to the name explicitly" },
	{ "REC713", "ttl", W, MEDIUM,
	  "a TTL is 0, more than a day for an address, or not the same in all of a set",
	  "db.corp.example has a TTL of 0", .fix = "use 60 to 3,600 seconds" },
	{ "REC714", "repeated-suffix", W, HIGH,
	  "a target ends in the zone's name twice: its trailing dot was lost",
	  "www is a CNAME of a.corp.example.corp.example", .fix = "add the dot to the target" },
	{ "REC715", "ptr-mismatch", W, HIGH,
	  "a PTR record and the addresses of its name do not match, or an address has no PTR in a "
	  "reverse zone of the estate",
	  "10.1.1.10 has the PTR other.corp.example, whose address is 10.1.1.11",
	  .fix = "correct the PTR record, or add it" },
	{ "REC716", "bad-target-kind", E, SURE,
	  "an MX, NS or SRV record points to a CNAME, to an address, or to a name that is missing",
	  "corp.example MX 10 mail.corp.example, which is a CNAME",
	  .fix = "point it at the name that has the addresses" },
	{ "REC717", "bad-name", E, SURE,
	  "a name breaks the limits: a label over 63 octets, a name over 255, a bad escape (a "
	  "note: an underscore in a host's name)",
	  "a label of 70 letters", .fix = "rename it" },
	{ "REC718", "bad-data", E, SURE,
	  "a record's data cannot be read: an address, a number, a string over 255 octets, a "
	  "wrong number of fields",
	  "db.corp.example A 10.1.1", .fix = "correct the data" },
	{ "REC719", "same-after-normalising", W, SURE,
	  "a zone file spells one name of one type in two ways, in letter case or by escapes, so "
	  "its records are joined",
	  "API.corp.example and api.corp.example", .fix = "keep one" },

	/* QTA: quotas, and what stands on one leg */
	{ "QTA801", "quota", E, SURE,
	  "a quota of the service is exceeded (a warning from 80 % on)",
	  "svc.example is associated with 287 of 300 VPCs",
	  .fix = "ask for a raise, or use a Profile; lint.quotas says what was raised" },
	{ "QTA802", "endpoint-one-zone", W, SURE,
	  "an endpoint has one address, or all of them in one availability zone",
	  "rslvr-out-hub has one address",
	  .fix = "add an address in another availability zone" },
	{ "QTA803", "single-target", W, SURE,
	  "a FORWARD rule has one target, and nothing answers when that one is gone",
	  "corp.example is forwarded to 10.250.0.10 alone", .fix = "add a second server" },
	{ "QTA804", "mergeable-rules", N, SURE,
	  "one rule of a shorter name does what rules of longer ones do, in all their networks: one "
	  "with the same targets that stands right above them, or one to be made where no name "
	  "beside theirs resolves now",
	  "rules for a.corp.example to l.corp.example with the same targets, and one for "
	  "corp.example, or nothing else below corp.example",
	  .fix = "delete the rules of the longer names; where there is none of the shorter name "
	  "make it first, if its targets may be asked for all names below it",
	  .assumes = ON_VIEWS },
	{ "QTA805", "missing-region-copy", W, MEDIUM,
	  "a network lacks the rule that the networks of its group in other Regions have",
	  "the VPCs of eu-west-1 forward corp.example, the one of eu-central-1 does not",
	  .fix = "copy the rule to the Region" },
	{ "QTA806", "capacity", N, MEDIUM,
	  "the query rate declared for an endpoint is over half of what its addresses can take",
	  "14,000 queries a second on two addresses", .fix = "add addresses" },

	/* SEC: security */
	{ "SEC901", "takeover-candidate", W, MEDIUM,
	  "a record points to a name of a third party that somebody else could claim",
	  "shop.corp.example is a CNAME of a bucket website that was deleted",
	  .fix = "delete the record first, the resource after it", .security = "7.5" },
	{ "SEC902", "private-name-leaks", W, HIGH,
	  "a network asks the Internet for the names of a private zone, is connected to networks "
	  "that read it, and most of those around do read it",
	  "clone asks the Internet for corp.example",
	  .fix = "associate the zone with the network, or add a rule", .security = "4.3",
	  .assumes = ON_VIEWS },
	{ "SEC903", "private-suffix-to-public-server", E, HIGH,
	  "a FORWARD rule sends the names of a private zone to a server of the public Internet",
	  "corp.example is forwarded to a public resolver",
	  .fix = "use a server of your own as target", .security = "6.5" },
	{ "SEC904", "foreign-override", W, HIGH,
	  "a zone or rule of another account takes over names that the network's own account "
	  "serves",
	  "a shared rule for pay.example comes from another account",
	  .fix = "agree on who owns the name, and narrow what is shared", .security = "6.5" },
	{ "SEC905", "borrowed-suffix", N, MEDIUM,
	  "a private zone is named below a public top-level domain with no public zone of the "
	  "estate above it, or below .local",
	  "a private zone corp.dev", .fix = "use .internal, or a domain that you own",
	  .security = "3.1" },
	{ "SEC906", "resolver-security-group", W, HIGH,
	  "the security group of an endpoint lets 53/udp through and not 53/tcp, or lets the world "
	  "in",
	  "udp/53 only", .fix = "open tcp/53, to the networks known",
	  .security = "5.3" },
	{ "SEC907", "signed-parent-unsigned-child", E, MEDIUM,
	  "a VPC validates DNSSEC and forwards an unsigned name whose public parent is signed and "
	  "says that there is no such delegation",
	  "ad.example.com is forwarded, and example.com is signed",
	  .fix = "add an insecure delegation, or use another name", .security = "4.0" },
	{ "SEC908", "firewall-blocks-own-name", W, SURE,
	  "a DNS Firewall list blocks names that the estate serves",
	  "*.corp.example stands in a list of blocked names",
	  .fix = "allow the names by a rule that comes earlier",
	  .security = "2.0" },
	{ "SEC909", "apex-wildcard", N, SURE,
	  "a wildcard right below a private zone's name gives every misspelling an answer",
	  "*.corp.example has an address", .fix = "list the names", .security = "2.0" },
};

const struct catalogue_rule *
catalogue_rules(size_t *count)
{
	*count = COUNT_OF(rules);
	return rules;
}

const struct catalogue_rule *
catalogue_find(const char *code)
{
	for (size_t i = 0; i < COUNT_OF(rules); i++)
		if (strcmp(rules[i].code, code) == 0)
			return &rules[i];
	return NULL;
}

const char *
catalogue_nearest(const char *code)
{
	const char *codes[COUNT_OF(rules)];

	for (size_t i = 0; i < COUNT_OF(rules); i++)
		codes[i] = rules[i].code;
	return text_nearest(code, codes, COUNT_OF(rules));
}

const char *
precision_text(enum precision precision)
{
	switch (precision) {
	case PRECISION_LOW:
		return "low";
	case PRECISION_MEDIUM:
		return "medium";
	case PRECISION_HIGH:
		return "high";
	case PRECISION_VERY_HIGH:
		return "very-high";
	}
	return "low";
}
