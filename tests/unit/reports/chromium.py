"""Chromium without a window, driven by the DevTools protocol over two pipes: no port, no network.

    with Browser() as browser:
        page = browser.open(path, width=390)
        page.evaluate("document.title")
"""

import json
import os
import select
import shutil
import subprocess
import tempfile
import time

PATIENCE_S = 60


class Page:
    def __init__(self, browser, session):
        self._browser = browser
        self._session = session

    def call(self, method, **parameters):
        return self._browser.call(method, self._session, **parameters)

    def evaluate(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise AssertionError(json.dumps(answer["exceptionDetails"])[:600])
        return answer["result"].get("value")

    def until(self, expression, is_enough):
        """The value as soon as it is enough, or the last one where it never is: what the browser is
        told of its surroundings reaches a page with one of its next frames."""
        deadline = time.monotonic() + PATIENCE_S / 4
        value = self.evaluate(expression)
        while not is_enough(value) and time.monotonic() < deadline:
            time.sleep(0.1)
            value = self.evaluate(expression)
        return value

    def events(self, method):
        return [event["params"] for event in self._browser.events
                if event.get("sessionId") == self._session and event["method"] == method]

    def media(self, scheme="light", media=""):
        self.call("Emulation.setEmulatedMedia", media=media,
                  features=[{"name": "prefers-color-scheme", "value": scheme}])

    def width(self, width, height=900):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)


class Browser:
    def __enter__(self):
        program = shutil.which("chromium")
        if program is None:
            raise AssertionError("there is no chromium: scripts/setup installs it")
        self._profile = tempfile.mkdtemp(prefix="skillaudit-chromium-")
        self.events = []
        self._next = 0
        self._pending = b""
        to_child, self._to = os.pipe()
        self._from, from_child = os.pipe()

        def at_3_and_4():
            # By way of numbers that are in nobody's way, should one pipe stand where the other goes.
            reads, writes = os.dup2(to_child, 103), os.dup2(from_child, 104)
            os.dup2(reads, 3)
            os.dup2(writes, 4)

        self._process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--disable-dev-shm-usage", "--disable-background-networking", "--disable-sync",
             "--disable-component-update", "--disable-extensions", "--hide-scrollbars",
             "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe",
             "--user-data-dir=" + self._profile, "about:blank"],
            preexec_fn=at_3_and_4, close_fds=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            env={**os.environ, "HOME": self._profile})
        os.close(to_child)
        os.close(from_child)
        return self

    def __exit__(self, *_):
        try:
            self.call("Browser.close")
            self._process.wait(timeout=20)
        except (AssertionError, OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        os.close(self._to)
        os.close(self._from)
        # Processes of its own may be about to write their last.
        for _ in range(50):
            shutil.rmtree(self._profile, ignore_errors=True)
            if not os.path.exists(self._profile):
                return
            time.sleep(0.1)

    def _receive(self, deadline):
        while b"\0" not in self._pending:
            ready, _, _ = select.select([self._from], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise AssertionError(f"chromium did not answer within {PATIENCE_S} s")
            piece = os.read(self._from, 1 << 20)
            if not piece:
                raise AssertionError("chromium ended")
            self._pending += piece
        message, self._pending = self._pending.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, session=None, **parameters):
        self._next += 1
        message = {"id": self._next, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + PATIENCE_S
        while True:
            answer = self._receive(deadline)
            if answer.get("id") == self._next:
                if "error" in answer:
                    raise AssertionError(f"{method}: {answer['error']}")
                return answer["result"]
            if "method" in answer:
                self.events.append(answer)

    def open(self, path, width=1280):
        """A page of its own, loaded, with what it asked for and complained of as events."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session)
        for domain in ("Page", "Network", "Log", "Runtime"):
            page.call(domain + ".enable")
        page.width(width)
        page.call("Page.navigate", url="file://" + str(path))
        deadline = time.monotonic() + PATIENCE_S
        while not page.events("Page.loadEventFired"):
            message = self._receive(deadline)
            if "method" in message:
                self.events.append(message)
        # Two frames later all that the page does by itself has begun.
        page.call("Runtime.evaluate", awaitPromise=True, expression=(
            "new Promise(done => setTimeout(done, 50))"))
        return page
