"""aws_emulator - moto as a server, with a door before it that counts and can be told to fail

Run by the Python of the virtual environment; prints its port.  What moto does not have:

- route53profiles, and of route53resolver the configurations and the DNS Firewall: the door
  answers these itself, with empty lists, or what POST /-/answer has said for a Region.
- An account with few Regions enabled: DescribeRegions tells of two.

POST /-/answer  {"ListProfiles": {"eu-west-1": {...}}, ...}   what these answer from now on
POST /-/fail    {"ListResolverRules": ["Throttling", 2], ...}   errors, so many times
POST /-/guard   who asks next is asked for permission by moto's own reading of IAM policies
GET /-/count    {"DescribeVpcs": 3, ...}: requests since the last question
"""
import collections
import io
import json
import re
import threading

import moto.settings
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication, MotoRequestHandler, create_backend_app)
from werkzeug.serving import make_server

# operations that the door has answers for: the list in each
LISTS = {
    "ListResolverConfigs": "ResolverConfigs",
    "ListFirewallConfigs": "FirewallConfigs",
    "ListFirewallDomainLists": "FirewallDomainLists",
    "ListFirewallDomains": "Domains",
    "ListFirewallRuleGroups": "FirewallRuleGroups",
    "ListFirewallRules": "FirewallRules",
    "ListFirewallRuleGroupAssociations": "FirewallRuleGroupAssociations",
    "ListProfiles": "ProfileSummaries",
    "ListProfileAssociations": "ProfileAssociations",
    "ListProfileResourceAssociations": "ProfileResourceAssociations",
}
# REST: no operation is named, the path tells it
PATHS = (
    (r"/profiles$", "ListProfiles"),
    (r"/profileassociations$", "ListProfileAssociations"),
    (r"/profileresourceassociations/profileid/", "ListProfileResourceAssociations"),
    (r"/2013-04-01/hostedzonesbyvpc", "ListHostedZonesByVPC"),
    (r"/2013-04-01/hostedzone$", "ListHostedZones"),
    (r"/2013-04-01/hostedzone/[^/]+/rrset$", "ListResourceRecordSets"),
    (r"/2013-04-01/hostedzone/[^/]+$", "GetHostedZone"),
    (r"/2013-04-01/healthcheck$", "ListHealthChecks"),
)

REGIONS = ("<DescribeRegionsResponse><regionInfo>" + "".join(
    f"<item><regionName>{region}</regionName><optInStatus>opt-in-not-required</optInStatus></item>"
    for region in ("eu-west-1", "us-east-1")) + "</regionInfo></DescribeRegionsResponse>")


def operation(environ, body):
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    if target:
        return target.rpartition(".")[2]
    action = re.search(rb"(?:^|&)Action=(\w+)", body)
    if action:
        return action[1].decode()
    for pattern, name in PATHS:
        if environ["REQUEST_METHOD"] == "GET" and re.match(pattern, environ["PATH_INFO"]):
            return name
    return "?"


def failure(environ, code):
    """An error as the protocol of the service has it."""
    if "HTTP_X_AMZ_TARGET" in environ or "/profile" in environ["PATH_INFO"]:
        return "application/x-amz-json-1.1", json.dumps({"__type": code, "message": "no"})
    if "/2013-04-01/" in environ["PATH_INFO"]:
        return "text/xml", (f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>"
                            "<Message>no</Message></Error></ErrorResponse>")
    return "text/xml", (f"<Response><Errors><Error><Code>{code}</Code><Message>no</Message>"
                        "</Error></Errors></Response>")


class Door:
    def __init__(self):
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.lock = threading.Lock()
        self.counts = collections.Counter()
        self.answers = {}
        self.failures = {}

    def told(self, command, body):
        with self.lock:
            if command == "answer":
                self.answers |= json.loads(body)
            elif command == "fail":
                self.failures |= json.loads(body)
            elif command == "guard":
                moto.settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
            counts = dict(self.counts)
            if command == "count":
                self.counts.clear()
            return json.dumps(counts)

    def own_answer(self, environ, body):
        """(status, type, body), or None: it is moto's."""
        name = operation(environ, body)
        with self.lock:
            self.counts[name] += 1
            code, times = self.failures.get(name, (None, 0))
            if times:
                self.failures[name] = (code, times - 1)
                return "400 Bad Request", *failure(environ, code)
            answer = self.answers.get(name)
        if name == "DescribeRegions":
            return "200 OK", "text/xml", REGIONS
        if name not in LISTS:
            return None
        region = re.search(r"/\d{8}/([a-z0-9-]+)/", environ.get("HTTP_AUTHORIZATION", ""))
        answer = answer.get(region[1]) if answer and region else None
        return "200 OK", "application/json", json.dumps(answer or {LISTS[name]: []})

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length) if length else b""
        if path.startswith("/-/"):
            answer = "200 OK", "application/json", self.told(path[3:], body)
        else:
            answer = self.own_answer(environ, body)
        if not answer:
            environ["wsgi.input"] = io.BytesIO(body)
            return self.moto(environ, start_response)
        start_response(answer[0], [("Content-Type", answer[1])])
        return [answer[2].encode()]


if __name__ == "__main__":
    server = make_server("127.0.0.1", 0, Door(), threaded=True,
                         request_handler=MotoRequestHandler)
    print(server.server_port, flush=True)
    server.serve_forever()
