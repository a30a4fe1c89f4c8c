"""Answers in place of servers, through a real mitmdump."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import support

POLICY = """
rules:
  - GET http://open.example/*
routes:
  "open.example:80": "127.0.0.1:{http}"
answers:
  everybody: true
  expected: [[armed, ""]]
  stubs:
    - request: GET https://api.example/flag
      replies: [{{body: "off"}}, {{body: "on", headers: {{X-Turn: "2"}}}}]
    - request: GET https://api.example/slow
      replies: [{{body: late, delay: 300}}]
    - request: GET https://api.example/close
      replies: [{{failure: close}}]
"""
BYSTANDER = b"GET http://open.example/passes HTTP/1.1\r\nHost: open.example\r\n\r\n"


class Answering(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.proxy = support.start(POLICY.format(http=support.world().http.port))
        cls.addClassCleanup(cls.proxy.stop)

    @classmethod
    def tearDownClass(cls):
        if output := cls.proxy.output():
            raise AssertionError(f"mitmdump reported: {output}")

    def https(self, url, method="GET", body=b""):
        host, _, path = url.partition("/")
        with self.proxy.tls(host + ":443") as connection:
            head = f"{method} /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\n\r\n"
            return self.proxy.raw(head.encode() + body, connection)

    def test_every_host_answers_and_nothing_leaves(self):
        status, body = self.https("collect.example/answered?q=1", "POST", b'{"a": 1}')
        self.assertEqual((status, json.loads(body)["armed"]), (200, True))
        flow = self.proxy.flow("/answered")
        self.assertEqual((flow["allowed"], flow["answered"], flow["status"], flow["group"]), (False, True, 200, ""))
        self.assertEqual(flow["rule"], "answered: as an ordinary server (no rule allows it)")
        self.assertEqual(self.proxy.kept(flow["request_body"]), b'{"a": 1}')
        self.assertEqual(self.proxy.kept(flow["response_body"]), body)
        self.assertEqual(flow["response_sha256"], hashlib.sha256(body).hexdigest())

    def test_what_a_rule_allows_still_passes(self):
        self.assertEqual(self.proxy.raw(BYSTANDER)[0], 200)
        flow = self.proxy.flow("/passes")
        self.assertEqual((flow["allowed"], flow["answered"]), (True, False))

    def test_the_same_requests_get_the_same_answers(self):
        other = support.start(POLICY.format(http=support.world().http.port))
        self.addCleanup(other.stop)
        for path in ("same-1", "same-2.tar.gz", "same-1"):
            said = [proxy.raw(f"GET http://x.example/{path} HTTP/1.1\r\nHost: x.example\r\n\r\n".encode(), whole=True)
                    for proxy in (self.proxy, other)]
            self.assertEqual(said[0], said[1])

    def test_a_stub_answers_in_its_order(self):
        self.assertEqual([self.https("api.example/flag")[1] for _ in range(3)], [b"off", b"on", b"on"])
        flows = [flow for flow in self.proxy.flows() if flow["path"] == "/flag"]
        self.assertIn("the stub GET https://api.example/flag", flows[0]["rule"])

    def test_a_stub_can_be_late_or_fail(self):
        start = time.monotonic()
        self.assertEqual(self.https("api.example/slow"), (200, b"late"))
        self.assertGreater(time.monotonic() - start, 0.29)
        self.assertEqual(self.https("api.example/close"), (None, b""))
        flow = self.proxy.flow("/close")
        self.assertEqual((flow["answered"], flow["status"]), (True, None))

    def test_head_has_no_body(self):
        connection = self.proxy.connect()
        head = b"HEAD http://x.example/head.html HTTP/1.1\r\nHost: x.example\r\n\r\n"
        self.assertEqual(self.proxy.raw(head, connection)[0], 200)
        self.assertEqual(self.proxy.raw(BYSTANDER.replace(b"passes", b"after-head"), connection)[0], 200)

    def test_git_clones_shallow_and_whole_and_pushes(self):
        ca = os.path.join(self.proxy.confdir, "mitmproxy-ca-cert.pem")
        env = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "GIT_SSL_CAINFO": ca, "GIT_TERMINAL_PROMPT": "0",
               "https_proxy": f"http://127.0.0.1:{self.proxy.port}", "GIT_CONFIG_NOSYSTEM": "1"}
        with tempfile.TemporaryDirectory() as folder:
            def git(*arguments):
                return subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments], cwd=folder,
                                      env=env, capture_output=True, text=True, timeout=30)
            for arguments in (["clone", "-q", "https://git.example/a/b.git", "whole"],
                              ["clone", "-q", "--depth", "1", "https://git.example/a/b.git", "shallow"]):
                done = git(*arguments)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertTrue(os.access(os.path.join(folder, arguments[-1], "install.sh"), os.X_OK))
            for arguments in (["pull", "-q"], ["commit", "-q", "--allow-empty", "-m", "x"], ["push", "-q"]):
                done = git("-C", "whole", *arguments)
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_websocket_opens_and_speaks(self):
        connection = self.proxy.connect()
        connection.sendall(b"GET http://ws.example/socket HTTP/1.1\r\nHost: ws.example\r\nUpgrade: websocket\r\n"
                           b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                           b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        said = b""
        while said.count(b'"armed"') < 1:
            said += connection.recv(65536)
        self.assertIn(b" 101 ", said.split(b"\r\n")[0])
        self.assertIn(b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", said)
        connection.sendall(b"\x81\x85\0\0\0\0hello")
        while said.count(b'"armed"') < 2:
            said += connection.recv(65536)
        connection.sendall(b"\x88\x80\0\0\0\0")
        while connection.recv(65536):
            pass
        flow = self.proxy.flow("/socket")
        self.assertEqual((flow["kind"], flow["status"], flow["answered"], flow["allowed"]), ("websocket", 101, True, False))
        self.assertEqual(self.proxy.kept(flow["request_body"]), b"hello")

    def test_a_large_upload_is_counted_and_not_held(self):
        piece = b"z" * (1 << 20)
        connection = self.proxy.connect()
        connection.sendall(b"POST http://x.example/upload HTTP/1.1\r\nHost: x.example\r\n"
                           b"Content-Length: %d\r\n\r\n" % (64 * len(piece)))
        for _ in range(64):
            connection.sendall(piece)
        self.assertEqual(support.read_answer(connection)[0], 200)
        flow = self.proxy.flow("/upload")
        self.assertEqual((flow["request_size"], flow["answered"]), (64 << 20, True))
        self.assertEqual(os.path.getsize(os.path.join(self.proxy.out, flow["request_body"])), 8 << 20)
        with open(f"/proc/{self.proxy.process.pid}/status", encoding="ascii") as file:
            peak = next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
        self.assertLess(peak, 120 << 10)


if __name__ == "__main__":
    unittest.main()
