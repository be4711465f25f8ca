"""5: how the resolver of a VPC behaves"""
import dns.edns
import dns.flags

import fake
from row import asked, unseen
from scenery import estate, forward, scene, vpc, zone

INTERNET, RULE = "192.0.2.1", "192.0.2.2"
RRSIG = "A 13 3 300 20300101000000 20200101000000 1 signed.test. AAAA"


def signing(query, over):
    """A server that says it has validated, and adds its signature for who asks with DO."""
    name = query.question[0].name.to_text()
    reply = fake.reply(query, fake.rrset(name, 300, "A", RULE))
    reply.flags |= dns.flags.AD
    if query.ednsflags & dns.flags.DO:
        reply.answer.append(fake.rrset(name, 300, "RRSIG", RRSIG))
    return reply


def no_subnet(query, over):
    """A server that answers who sends a client subnet with NXDOMAIN."""
    name = query.question[0].name.to_text()
    if any(option.otype == dns.edns.ECS for option in query.options):
        return fake.reply(query, rcode="NXDOMAIN", authority=[fake.soa("subnet.test.")])
    return fake.reply(query, fake.rrset(name, 300, "A", RULE))


@scene
def ordinary(up):
    return estate(
        "vpc-1", "vpc-64", internet=up("internet", INTERNET),
        vpcs=[vpc("vpc-1", "10.1.0.0/16"), vpc("vpc-64", "10.2.0.0/16", dns64=True)],
        hosted_zones=[
            zone("corp.test", "www.corp.test 300 A 10.1.0.1", "six.corp.test 300 AAAA fd00::6",
                 "six.corp.test 300 A 10.1.0.6", "c.corp.test 300 CNAME www.corp.test.",
                 "big.corp.test 300 TXT " + " ".join(f'"{"t" * 250}"' for _ in range(3)),
                 networks=["vpc-1", "vpc-64"])],
        rules=[forward("r-signed", "signed.test", up("signed", behave=signing)),
               forward("r-subnet", "subnet.test", up("subnet", behave=no_subnet)),
               forward("r-fwd", "fwd.test", up("rule", RULE))])


def once(address, then):
    """A server that answers a name's first question for a second, and then so."""
    seen = set()

    def answer(query, over):
        name = query.question[0].name.to_text().lower()
        if name in seen:
            return then(query)
        seen.add(name)
        return fake.reply(query, fake.rrset(name, 1, "A", address))
    return answer


FAILURES = {"silent": lambda query: None,
            "servfail": lambda query: fake.reply(query, rcode="SERVFAIL"),
            "refused": lambda query: fake.reply(query, rcode="REFUSED")}


@scene
def aged(up):
    """What the cache has is expired, and its upstreams have nothing better."""
    for name in FAILURES:
        up.until("vpc-1", f"www.{name}.test", RULE, ede=3)
    return estate(
        "vpc-1", vpcs=[vpc("vpc-1", "10.1.0.0/16")],
        rules=[forward(f"r-{name}", f"{name}.test", up(name, behave=once(RULE, then)))
               for name, then in FAILURES.items()])


def vpc1(number, statement, question, *answer, **more):
    return asked(number, statement, "ordinary", "vpc-1", question, *answer, **more)


FIREWALL = "there is no firewall in a resolver's estate"

ROWS = [
    unseen("5.1.1", "base plus two", "addresses of the service; here they are server.listen"),
    unseen("5.1.2", "1,024 packets a second", "a limit of the service's machines"),
    vpc1("5.1.3", "a recursive query is answered", "www.corp.test", "A 10.1.0.1"),
    vpc1("5.1.3", "RD is as it was in the query", "www.corp.test", "A 10.1.0.1",
         options={"flags": 0}, flags="QR RA"),
    vpc1("5.1.4", "a zone's answer: no AA, no authority", "www.corp.test", "A 10.1.0.1",
         flags="QR RD RA", ttl=300),
    vpc1("5.1.4", "an answer of the internet: no AA", "aa.example", f"A {INTERNET}",
         by="internet"),
    vpc1("5.1.4", "TTLs are those of the upstream at most", "aa.example", f"A {INTERNET}",
         by="internet", ttl=(1, 300)),
    vpc1("5.1.4", "OPT tells what we accept", "www.corp.test", "A 10.1.0.1", payload=1232),
    vpc1("5.1.5", "more than 512 octets without EDNS: TC", "big.corp.test TXT",
         flags="QR TC RD RA", options={"edns": False}),
    vpc1("5.1.5", "not with EDNS", "big.corp.test TXT",
         "TXT " + " ".join(f'"{"t" * 250}"' for _ in range(3))),
    vpc1("5.1.6", "a client's subnet goes to nobody", "x.subnet.test", f"A {RULE}",
         by="subnet", options={"options": [(8, "000118000a0000")]}),
    unseen("5.1.7", "a cache in every host, a fleet in every zone", "how the service is built"),
    *(asked("5.1.8", f"an expired answer where the upstream is {name}", "aged", "vpc-1",
            f"www.{name}.test", f"A {RULE}", ttl=30, ede=3, by=name) for name in FAILURES),
    vpc1("5.1.9", "ANY is answered", "www.corp.test ANY", 'HINFO "RFC8482" ""'),
    unseen("5.2.1", "validation where a VPC wants it", "nothing is validated, and AD never set"),
    vpc1("5.2.2", "AD of an upstream is not passed on", "ad.signed.test", f"A {RULE}",
         by="signed"),
    vpc1("5.2.2", "DO brings no signatures of an upstream", "do.signed.test", f"A {RULE}",
         by="signed", options={"want_dnssec": True}),
    vpc1("5.2.2", "DO brings none of a zone", "www.corp.test", "A 10.1.0.1",
         options={"want_dnssec": True}),
    vpc1("5.2.2", "CD changes nothing", "cd.signed.test", f"A {RULE}", by="signed",
         options={"flags": dns.flags.RD | dns.flags.CD}, flags="QR RD RA CD"),
    asked("5.2.3", "no AAAA: one is made", "ordinary", "vpc-64", "www.corp.test AAAA",
          "AAAA 64:ff9b::a01:1"),
    asked("5.2.3", "an AAAA: none is made", "ordinary", "vpc-64", "six.corp.test AAAA",
          "AAAA fd00::6"),
    asked("5.2.3", "not where the VPC does not say so", "ordinary", "vpc-1",
          "www.corp.test AAAA", soa="corp.test"),
    asked("5.2.3", "of forwarded names too", "ordinary", "vpc-64", "x64.example AAAA",
          "AAAA 64:ff9b::c000:201", by="internet", authority=None),
    *(unseen(f"5.3.{n}", "DNS Firewall", FIREWALL) for n in range(1, 11)),
]
