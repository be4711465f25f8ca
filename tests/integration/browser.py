"""browser - a headless Chromium that is told what to do over a pair of pipes

The DevTools protocol without a socket: commands as JSON on its descriptor 3, answers and
events on 4, each ended by a zero octet.  Nothing but the standard library, nothing listens.
Every name resolves to nothing, so a page that asks for anything fails and is noted.
"""
import base64
import collections
import fcntl
import itertools
import json
import os
import select
import shutil
import subprocess
import time

PROGRAM = next((path for path in map(shutil.which, ("chromium", "chromium-browser")) if path),
               None)
PATIENCE = 60   # seconds for one answer, on a machine with other things to do


class Browser:
    def __init__(self, directory):
        told, answers = os.pipe(), os.pipe()
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (told[0], answers[1])]

        def place_ends():   # 3 and 4 are in use here, so nothing of subprocess's is there
            os.dup2(ends[0], 3)
            os.dup2(ends[1], 4)

        self.process = subprocess.Popen(
            [PROGRAM, "--headless=new", "--remote-debugging-pipe", "--no-sandbox",
             "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={directory}/profile",
             "about:blank"],
            pass_fds=(3, 4), preexec_fn=place_ends, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": str(directory)})
        for end in (*ends, told[0], answers[1]):
            os.close(end)
        self.to, self.back = told[1], answers[0]
        self.numbers = itertools.count(1)
        self.rest = b""
        self.events = collections.deque()

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.to)
        os.close(self.back)

    def _next(self, deadline):
        while b"\0" not in self.rest:
            ready, _, _ = select.select([self.back], [], [], max(0, deadline - time.monotonic()))
            assert ready, "the browser does not answer"
            octets = os.read(self.back, 1 << 16)
            assert octets, "the browser has ended"
            self.rest += octets
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, session=None, **parameters):
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        octets = json.dumps(message).encode() + b"\0"
        while octets:
            octets = octets[os.write(self.to, octets):]
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = self._next(deadline)
            if answer.get("id") == number:
                assert "error" not in answer, (method, answer["error"])
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, method, session):
        deadline = time.monotonic() + PATIENCE
        seen = [e for e in self.events if e.get("method") == method]
        while not any(e.get("sessionId") == session for e in seen):
            event = self._next(deadline)
            self.events.append(event)
            seen.append(event if event.get("method") == method else {})


class Page:
    """One file, shown; what it asked for and complained about."""

    def __init__(self, browser, path, width=1280, height=900, dark=False, scripts=True):
        self.browser = browser
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=target,
                                    flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)
        self.url = path.resolve().as_uri()
        self.call("Page.navigate", url=self.url)
        browser.wait_for("Page.loadEventFired", self.session)

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def evaluate(self, expression):
        """The value; the debugger's own, so it works where the page's scripts are off."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def events(self, method):
        self.evaluate("0")      # whatever came before has arrived
        return [e["params"] for e in self.browser.events
                if e.get("sessionId") == self.session and e.get("method") == method]

    def asked_for(self):
        """URLs other than the page itself."""
        urls = [e["request"]["url"] for e in self.events("Network.requestWillBeSent")]
        return [url for url in urls if url != self.url]

    def complaints(self):
        return [*self.events("Runtime.exceptionThrown"), *self.events("Log.entryAdded"),
                *self.events("Runtime.consoleAPICalled")]

    def screenshot(self, path):
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        data = self.call("Page.captureScreenshot", captureBeyondViewport=True,
                         clip={"x": 0, "y": 0, "width": size["width"],
                               "height": size["height"], "scale": 1})["data"]
        path.write_bytes(base64.b64decode(data))
