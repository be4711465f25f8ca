"""Health checks as the daemon runs them: endpoints that fail and recover turn answers without
a reload, and what was found outlives one."""
import contextlib
import http.server
import re
import signal
import socket
import ssl
import subprocess
import threading

import pytest

from client import ask, data, rcode
from estates import estate, zone
from peers import free_port, listener, wait_until
from programs import check

INTERVAL = "100ms"      # the service has 10 s at least


def member(name, value, role, check=None):
    record = {"name": name, "type": "A", "ttl": 60, "set_identifier": role, "failover": role,
              "values": [value]}
    if check:
        record["health_check"] = check
    return record


def pair(name, check):
    """A failover pair: 10.0.0.1 while the check is good, else 10.0.0.2."""
    return [member(name, "10.0.0.1", "PRIMARY", check), member(name, "10.0.0.2", "SECONDARY")]


def with_checks(*checks, names=None, **more):
    """An estate in which the name of each check's id answers by it."""
    names = names or [c["id"] for c in checks]
    conf = estate(zones=[zone("h.example", record_sets=[
        record for name in names for record in pair(f"{name}.h.example", name)])], **more)
    conf["health_checks"] = [{"request_interval": INTERVAL, "failure_threshold": 2, **c}
                             for c in checks]
    return conf


def is_healthy(daemon, name):
    (address,) = data(daemon.ask(f"{name}.h.example"))
    return address == "10.0.0.1"


def wait_healthy(daemon, name):
    wait_until(f"{name} is healthy", lambda: is_healthy(daemon, name))


def wait_unhealthy(daemon, name):
    wait_until(f"{name} is unhealthy", lambda: not is_healthy(daemon, name))


class Endpoint(contextlib.AbstractContextManager):
    """An HTTP server whose status, body and mood the test sets; `seen` are the requests."""

    def __init__(self, port=0, tls=None):
        endpoint = self
        self.status, self.body, self.headers, self.seen = 200, b"all is well", {}, []
        self.silent = threading.Event()     # set: it accepts and says nothing
        self.ending = threading.Event()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                endpoint.seen.append((self.path, dict(self.headers)))
                if endpoint.silent.is_set():
                    endpoint.ending.wait()
                    return
                self.send_response(endpoint.status)
                for name, value in endpoint.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                with contextlib.suppress(OSError):
                    self.wfile.write(endpoint.body)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, *_):     # the probe has seen enough and has gone
                pass

        self.server = Server(("127.0.0.1", port), Handler)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True,
                                                     do_handshake_on_connect=False)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    def close(self):
        self.ending.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def __exit__(self, *_):
        self.close()


def accepting(port=0):
    """A listener that the kernel alone accepts connections for."""
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.1", port))
    s.listen(64)
    return s


def tcp(name, port, **more):
    return {"id": name, "type": "TCP", "ip_address": "127.0.0.1", "port": port, **more}


def http_of(name, port, type="HTTP", **more):
    return {"id": name, "type": type, "ip_address": "127.0.0.1", "port": port, **more}


def test_a_port_that_closes_and_opens_turns_the_answer_without_a_reload(world):
    server = accepting()
    port = server.getsockname()[1]
    daemon = world.daemon(with_checks(tcp("tcp", port)))
    assert is_healthy(daemon, "tcp")
    server.close()
    wait_unhealthy(daemon, "tcp")
    daemon.wait_log(r"health check tcp is unhealthy: \w")
    server = accepting(port)
    wait_healthy(daemon, "tcp")
    daemon.wait_log("health check tcp is healthy")
    server.close()


def test_the_status_of_http_decides(world):
    with Endpoint() as endpoint:
        daemon = world.daemon(with_checks(
            http_of("web", endpoint.port, resource_path="/up?full=1",
                    fully_qualified_domain_name="www.h.example")))
        endpoint.status = 503
        wait_unhealthy(daemon, "web")
        daemon.wait_log("HTTP status 503")
        path, headers = endpoint.seen[0]
        assert path == "/up?full=1"
        assert headers["Host"] == f"www.h.example:{endpoint.port}"
        assert headers["User-Agent"].startswith("causeway/")
        # a redirect is an answer, and nobody goes where it leads
        endpoint.headers = {"Location": "/elsewhere", "Set-Cookie": "a=b"}
        endpoint.status = 302
        wait_healthy(daemon, "web")
        endpoint.status = 404
        wait_unhealthy(daemon, "web")
        assert {path for path, _ in endpoint.seen} == {"/up?full=1"}
        assert not any("Cookie" in headers for _, headers in endpoint.seen)


def test_a_header_without_end_is_no_answer(world):
    with Endpoint() as endpoint:
        daemon = world.daemon(with_checks(http_of("flood", endpoint.port)))
        endpoint.headers = {f"X-{n}": "x" * 1000 for n in range(70)}
        wait_unhealthy(daemon, "flood")
        endpoint.headers = {f"X-{n}": "x" * 1000 for n in range(60)}
        wait_healthy(daemon, "flood")


def test_a_server_that_accepts_and_says_nothing_is_unhealthy(world):
    with Endpoint() as endpoint:
        endpoint.silent.set()
        daemon = world.daemon(with_checks(http_of("mute", endpoint.port),
                                          tcp("open", endpoint.port)))
        wait_unhealthy(daemon, "mute")
        daemon.wait_log("health check mute is unhealthy: it took too long")
        assert is_healthy(daemon, "open")


def test_more_checks_than_may_be_on_their_way_take_turns(world):
    """Enough that say nothing to take all places, time and again: the others have theirs."""
    with Endpoint() as mute, Endpoint() as endpoint:
        mute.silent.set()
        daemon = world.daemon(with_checks(
            *(http_of(f"mute-{n}", mute.port, failure_threshold=1) for n in range(100)),
            http_of("web", endpoint.port, failure_threshold=1)))
        wait_until("all places are taken", lambda: len(mute.seen) >= 64)
        endpoint.status = 500
        wait_unhealthy(daemon, "web")
        endpoint.status = 200
        wait_healthy(daemon, "web")
        for n in range(100):
            wait_unhealthy(daemon, f"mute-{n}")


def test_the_certificate_of_https_is_not_verified(world):
    pem = world.dir / "self-signed.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
                    "-subj", "/CN=nobody.example", "-keyout", str(pem), "-out", str(pem)],
                   check=True, capture_output=True)
    with Endpoint(tls=pem) as endpoint, Endpoint() as plain:
        daemon = world.daemon(with_checks(
            http_of("tls", endpoint.port, "HTTPS"), http_of("no-tls", plain.port, "HTTPS"),
            http_of("named", endpoint.port, "HTTPS",
                    fully_qualified_domain_name="www.h.example")))
        wait_unhealthy(daemon, "no-tls")
        wait_until("both were asked", lambda: len(endpoint.seen) >= 10)
        assert is_healthy(daemon, "tls")
        assert is_healthy(daemon, "named")
        endpoint.status = 500
        wait_unhealthy(daemon, "tls")
        endpoint.status = 200
        wait_healthy(daemon, "tls")


def test_the_search_string_is_looked_for_in_the_beginning_of_the_body(world):
    with Endpoint() as endpoint:
        daemon = world.daemon(with_checks(
            http_of("match", endpoint.port, "HTTP_STR_MATCH", search_string="is well")))
        endpoint.body = b"x" * 5114 + b"is well"
        wait_unhealthy(daemon, "match")
        daemon.wait_log("search string is not in the answer")
        endpoint.body = b"x" * 5113 + b"is well" + b"x" * 100000
        wait_healthy(daemon, "match")
        endpoint.status = 500
        wait_unhealthy(daemon, "match")


def test_a_host_without_address_is_looked_up(world):
    with Endpoint() as endpoint:
        daemon = world.daemon(with_checks(
            {"id": "named", "type": "HTTP", "fully_qualified_domain_name": "localhost",
             "port": endpoint.port},
            {"id": "nowhere", "type": "HTTP", "fully_qualified_domain_name": "no.such.invalid",
             "port": endpoint.port}))
        wait_until("it was asked", lambda: endpoint.seen)
        assert endpoint.seen[0][1]["Host"] == f"localhost:{endpoint.port}"
        endpoint.status = 500
        wait_unhealthy(daemon, "named")
        endpoint.status = 200
        wait_healthy(daemon, "named")
        wait_unhealthy(daemon, "nowhere")


def test_no_proxy_of_the_environment_is_used(world):
    with Endpoint() as endpoint, Endpoint() as proxy:
        url = f"http://127.0.0.1:{proxy.port}"
        world.daemon(with_checks(http_of("web", endpoint.port)),
                     env={"http_proxy": url, "HTTP_PROXY": url, "all_proxy": url})
        wait_until("it was asked", lambda: len(endpoint.seen) >= 2)
        assert not proxy.seen


def calculated(name, children, threshold, **more):
    return {"id": name, "type": "CALCULATED", "child_health_checks": children,
            "health_threshold": threshold, **more}


def external(name, path=None, **more):
    return {"id": name, "type": "EXTERNAL", **({"state_file": str(path)} if path else {}), **more}


def say(path, word):
    new = path.with_suffix(".new")
    new.write_text(word + "\n")
    new.rename(path)


def test_an_external_check_is_what_its_file_says(world):
    path = world.dir / "state"
    say(path, "unhealthy")
    # an interval that no test waits for: the change itself is noticed
    daemon = world.daemon(with_checks(external("alarm", path, request_interval="1h"),
                                      external("none", world.dir / "absent"),
                                      external("silent")))
    assert not is_healthy(daemon, "alarm")      # from the first answer on
    assert is_healthy(daemon, "none") and is_healthy(daemon, "silent")
    say(path, "healthy")
    wait_healthy(daemon, "alarm")
    path.write_text("UNHEALTHY since noon\n")
    wait_unhealthy(daemon, "alarm")
    # what says nothing changes nothing
    say(path, "perhaps")
    daemon.wait_log("health check none stays as it was: .*/absent: No such file")
    path.unlink()
    say(path, "healthy")
    wait_healthy(daemon, "alarm")


def test_the_file_is_read_on_the_interval_too(world):
    """A bind mount, or a folder that appears later, cannot be watched."""
    folder = world.dir / "later"
    daemon = world.daemon(with_checks(external("alarm", folder / "state")))
    assert is_healthy(daemon, "alarm")
    folder.mkdir()
    say(folder / "state", "unhealthy")
    wait_unhealthy(daemon, "alarm")


def test_calculated_inverted_and_disabled_checks_follow_the_others(world):
    paths = {name: world.dir / name for name in "abc"}
    for path in paths.values():
        say(path, "healthy")
    daemon = world.daemon(with_checks(
        calculated("two", ["a", "b", "c"], 2), calculated("above", ["two"], 1),
        calculated("not", ["two"], 1, inverted=True),
        tcp("off", free_port(), disabled=True),
        tcp("off-inverted", free_port(), disabled=True, inverted=True),
        *(external(name, path) for name, path in paths.items()), names=[
            "two", "above", "not", "off", "off-inverted"]))
    assert is_healthy(daemon, "above") and not is_healthy(daemon, "not")
    assert not is_healthy(daemon, "off-inverted")
    say(paths["a"], "unhealthy")
    daemon.wait_log("health check a is unhealthy")
    assert is_healthy(daemon, "two")
    say(paths["c"], "unhealthy")
    wait_unhealthy(daemon, "two")
    wait_unhealthy(daemon, "above")
    wait_healthy(daemon, "not")
    say(paths["a"], "healthy")
    wait_healthy(daemon, "above")
    assert is_healthy(daemon, "off")


def test_what_was_found_outlives_a_reload_unless_the_check_changed(world):
    """A new start would find the failed ones healthy until their first interval is over."""
    gone, other = free_port(), free_port()
    slow = dict(request_interval="1h", failure_threshold=1)
    path = world.dir / "state"
    say(path, "unhealthy")

    def conf(number, at, **changed):
        c = with_checks(tcp("stays", gone), tcp("changes", gone, **changed),
                        external("alarm", path), *([tcp("new", other, **slow)] * (number > 1)),
                        listeners=at)
        # others before them: the numbers of the checks are not theirs to keep
        if number > 1:
            c["health_checks"].reverse()
        c["hosted_zones"].append(zone("gen.example", f'gen.example 60 TXT "{number}"'))
        return c

    first = conf(1, None)
    daemon = world.daemon(first)
    for name in ("stays", "changes", "alarm"):
        wait_unhealthy(daemon, name)
    at = first["server"]["listen"]
    daemon.reload(conf(2, at, **slow))
    wait_until("the second is served",
               lambda: data(daemon.ask("gen.example", "TXT"), "TXT") == ['"2"'])
    assert not is_healthy(daemon, "stays")
    assert not is_healthy(daemon, "alarm")
    assert is_healthy(daemon, "new")
    # its next look would be an hour away at most: it is as good as new
    assert is_healthy(daemon, "changes")
    # and those that stayed go on being looked at
    server = accepting(gone)
    wait_healthy(daemon, "stays")
    server.close()
    daemon.reload(_without_checks(at))
    wait_until("the third is served", lambda: rcode(daemon.ask("gen.example")) == "NXDOMAIN"
               or not data(daemon.ask("gen.example", "TXT"), "TXT"))


def _without_checks(at):
    return estate(zones=[zone("h.example", "www.h.example 60 A 10.0.0.9")], listeners=at)


def test_checks_that_wait_for_each_other_are_refused_with_both_places(tmp_path):
    path = tmp_path / "causeway.yaml"
    path.write_text("server: {listen: [{address: 127.0.0.1, as: v}]}\n"
                    "vpcs: [{id: v, cidr_blocks: [10.0.0.0/16]}]\n"
                    "health_checks:\n"
                    "  - {id: a, type: CALCULATED, child_health_checks: [b]}\n"
                    "  - {id: b, type: CALCULATED, child_health_checks: [a]}\n")
    result = check(path)
    assert result.code == 2
    assert re.search(rf"{path}:4:5: error health-cycle", result.err), result.err
    assert re.search(rf"{path}:5:\d+: note health_check", result.err), result.err


@pytest.mark.tsan
def test_checks_turn_under_load_and_over_reloads(world):
    """Workers read the bits, the control thread writes them, editions come and go."""
    with Endpoint() as endpoint:
        names = [f"web-{n}" for n in range(100)]

        def conf(number, at=None):
            c = with_checks(*(http_of(name, endpoint.port, failure_threshold=1)
                              for name in names[number % 7:]), names=names[7:],
                            listeners=at, workers=2)
            return c

        first = conf(0)
        daemon = world.daemon(first)
        at, ending, problems = listener(first), threading.Event(), []

        def client(number):
            try:
                while not ending.is_set():
                    for name in names[7 + number::3]:
                        assert len(data(ask(at, f"{name}.h.example"))) == 1
            except Exception as e:
                problems.append(repr(e))

        threads = [threading.Thread(target=client, args=(n,)) for n in range(3)]
        for thread in threads:
            thread.start()
        try:
            for number in range(1, 9):
                endpoint.status = 503 if number % 2 else 200
                start = len(daemon.log)
                daemon.reload(conf(number, first["server"]["listen"]))
                daemon.wait_log("reloaded: generation", start)
                for name in (names[7], names[-1]):
                    (wait_unhealthy if number % 2 else wait_healthy)(daemon, name)
        finally:
            ending.set()
            for thread in threads:
                thread.join()
        assert not problems
        daemon.signal(signal.SIGTERM)       # with probes on their way
        daemon.wait()
