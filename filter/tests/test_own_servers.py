"""Connections that the guest makes by itself, through a real mitmdump: names, and the servers behind them."""

import ftplib
import io
import json
import os
import smtplib
import socket
import ssl
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import support
from test_services import address, question

SOURCE = "127.0.0.255"
NETWORK = json.dumps({"resolver": "10.0.2.3", "servers": [f"11.0.2.{20 + i}" for i in range(12)], "source": SOURCE})


class WithNetwork(unittest.TestCase):
    POLICY = ""

    @classmethod
    def setUpClass(cls):
        policy = cls.POLICY.format(http=support.world().http.port)
        cls.proxy = support.start(policy, {"skillaudit_network": NETWORK})
        cls.addClassCleanup(cls.proxy.stop)

    @classmethod
    def tearDownClass(cls):
        if output := cls.proxy.output():
            raise AssertionError(f"mitmdump reported: {output}")

    def direct(self, place, source=SOURCE):
        """A connection as slirp's socat makes it."""
        connection = socket.create_connection(("127.0.0.1", self.proxy.port), 20, (source, 0))
        self.proxy.connections.append(connection)
        connection.sendall(f"CONNECT {place} HTTP/1.0\r\n\r\n".encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            data = connection.recv(1)
            self.assertTrue(data, head)
            head += data
        self.assertIn(b" 200 ", head)
        return connection

    def resolve(self, name, source=SOURCE):
        connection = self.direct("10.0.2.3:53", source)
        asked = question(name)
        connection.sendall(len(asked).to_bytes(2, "big") + asked)
        answer = connection.recv(1000)
        connection.close()
        return address(answer[2:])

    def to(self, name, port):
        return self.direct(f"{self.resolve(name)}:{port}")

    def rest(self, connection):
        data = b""
        while piece := connection.recv(65536):
            data += piece
        return data

    def body(self, flow):
        return self.proxy.kept(flow["request_body"]) if flow["request_body"] else b""


class Answering(WithNetwork):
    POLICY = """
rules:
  - GET http://open.example/*
routes:
  "open.example:80": "127.0.0.1:{http}"
answers: {{everybody: true}}
"""

    def client(self, kind, name, port):
        """A client of the standard library on such a connection."""
        test = self

        class Client(kind):
            def _get_socket(self, *_):
                return test.to(name, port)

            def connect(self, *_, **__):
                if kind is smtplib.SMTP:
                    return super().connect(name, port)
                self.sock, self.af, self.host = test.to(name, port), socket.AF_INET, name
                self.file = self.sock.makefile("r", encoding=self.encoding)
                self.welcome = self.getresp()
                return self.welcome

            def ntransfercmd(self, cmd, rest=None):
                host, data_port = self.makepasv()
                connection = test.direct(f"{test.resolve(name)}:{data_port}")
                self.sendcmd(cmd)
                return connection, None

        return Client()

    def test_a_request_past_the_proxy_is_recorded_as_any(self):
        context = ssl.create_default_context(cafile=os.path.join(self.proxy.confdir, "mitmproxy-ca-cert.pem"))
        tls = context.wrap_socket(self.to("api.example", 443), server_hostname="api.example")
        status, _ = self.proxy.raw(b"POST /direct-tls HTTP/1.1\r\nHost: api.example\r\nContent-Length: 3\r\n\r\nabc", tls)
        self.assertEqual(status, 200)
        flow = self.proxy.flow("/direct-tls")
        self.assertEqual((flow["kind"], flow["scheme"], flow["host"], flow["port"], flow["sni"], flow["host_header"]),
                         ("http", "https", "api.example", 443, "", ""))
        self.assertEqual(self.body(flow), b"abc")

    def test_a_request_that_a_rule_allows_passes(self):
        status, body = self.proxy.raw(b"GET /passing HTTP/1.1\r\nHost: open.example\r\n\r\n", self.to("open.example", 80))
        self.assertEqual((status, body), (200, b"GET /passing HTTP/1.1 0"))
        self.assertTrue(self.proxy.flow("/passing")["allowed"])

    def test_who_names_another_host_than_the_addressed_one_is_recorded_so(self):
        status, _ = self.proxy.raw(b"GET /fronted HTTP/1.1\r\nHost: open.example\r\n\r\n", self.to("front.example", 80))
        flow = self.proxy.flow("/fronted")
        self.assertEqual((flow["host"], flow["host_header"], flow["allowed"]), ("front.example", "open.example", False))

    def test_mail_is_taken_and_kept(self):
        mail = self.client(smtplib.SMTP, "mail.example", 587)
        mail.connect()
        context = ssl.create_default_context(cafile=os.path.join(self.proxy.confdir, "mitmproxy-ca-cert.pem"))
        mail._host = "mail.example"
        mail.starttls(context=context)
        mail.login("user", "password")
        mail.sendmail("a@example.com", ["b@example.com"], "Subject: x\r\n\r\nthe text of it\r\n")
        mail.quit()
        flow = self.proxy.flow("mail.example")
        self.assertEqual((flow["kind"], flow["scheme"], flow["port"], flow["answered"], flow["allowed"]),
                         ("tcp", "smtp", 587, True, False))
        self.assertIn(b"the text of it", self.body(flow))
        self.assertIn(b"AUTH PLAIN", self.body(flow))
        self.assertIn(b"221 2.0.0 Bye", self.proxy.kept(flow["response_body"]))

    def test_an_upload_by_ftp_is_taken_and_kept(self):
        ftp = self.client(ftplib.FTP, "files.example", 21)
        ftp.connect()
        ftp.login()
        ftp.storbinary("STOR a.txt", io.BytesIO(b"content of the file"))
        ftp.quit()
        flows = support.wait_until(lambda: [f for f in self.proxy.flows() if f["host"] == "files.example"][1:] and
                                   self.proxy.flows(), 10, "two flows")
        bodies = {flow["port"]: self.body(flow) for flow in flows if flow["host"] == "files.example"}
        self.assertIn(b"STOR a.txt", bodies[21])
        self.assertEqual(bodies[10000], b"content of the file")

    def test_redis_answers(self):
        connection = self.to("redis.example", 6379)
        connection.sendall(b"*2\r\n$4\r\nAUTH\r\n$6\r\nsecret\r\n*1\r\n$4\r\nPING\r\n")
        self.assertEqual(connection.recv(100), b"+OK\r\n+PONG\r\n")
        connection.close()
        flow = self.proxy.flow("redis.example")
        self.assertEqual(flow["scheme"], "redis")
        self.assertIn(b"secret", self.body(flow))

    def test_a_client_that_waits_is_told_one_harmless_command(self):
        self.assertRegex(self.rest(self.to("shell.example", 4444)), rb"\Asleep 0\.000[0-9]{5}\n\Z")
        flow = self.proxy.flow("shell.example")
        self.assertEqual((flow["kind"], flow["scheme"], flow["answered"], flow["request_size"]), ("tcp", "tcp", True, 0))

    def test_bytes_of_no_known_protocol_are_kept(self):
        connection = self.to("raw.example", 9999)
        connection.sendall(b"\x01\x02secret")
        self.rest(connection)
        self.assertEqual(self.body(self.proxy.flow("raw.example")), b"\x01\x02secret")

    def test_a_tunnel_of_the_proxy_reaches_the_same_servers(self):
        connection = self.proxy.tunnel("tunnel.example:25")
        self.assertTrue(connection.recv(100).startswith(b"220 "))
        connection.close()
        self.assertEqual(self.proxy.flow("tunnel.example")["scheme"], "smtp")

    def test_the_resolver_answers_nobody_who_asks_through_the_proxy(self):
        connection = self.proxy.tunnel("10.0.2.3:53")
        asked = question("hidden.example")
        connection.sendall(len(asked).to_bytes(2, "big") + asked)
        self.assertEqual(self.rest(connection), b"")

    def test_an_upload_without_end_is_cut_off(self):
        connection = self.to("big.example", 9999)
        connection.settimeout(20)
        sent, piece = 0, b"\0" * (1 << 20)
        with self.assertRaises(OSError):
            while sent < 300 << 20:
                connection.sendall(piece)
                sent += len(piece)
        flow = self.proxy.flow("big.example", 20)
        self.assertGreaterEqual(flow["request_size"], 64 << 20)
        self.assertEqual(len(self.body(flow)), 8 << 20)


class Closed(WithNetwork):
    POLICY = "rules: []\n"

    def test_web_requests_are_refused_by_name(self):
        status, _ = self.proxy.raw(b"GET /closed HTTP/1.1\r\nHost: web.example\r\n\r\n", self.to("web.example", 80))
        self.assertEqual(status, 403)
        self.assertEqual(self.proxy.flow("/closed")["host"], "web.example")

    def test_where_a_server_would_speak_first_the_connection_is_closed(self):
        self.assertEqual(self.rest(self.to("mail.example", 25)), b"")
        flow = self.proxy.flow("mail.example")
        self.assertEqual((flow["kind"], flow["scheme"], flow["answered"], flow["rule"]),
                         ("tcp", "smtp", False, "blocked: no rule allows it"))

    def test_what_a_client_says_first_is_kept(self):
        connection = self.to("redis.example", 6379)
        connection.sendall(b"AUTH secret\r\n")
        self.assertEqual(self.rest(connection), b"")
        flow = self.proxy.flow("redis.example")
        self.assertEqual((flow["scheme"], self.body(flow)), ("redis", b"AUTH secret\r\n"))

    def test_a_connection_on_which_nothing_is_said_ends_soon(self):
        began = time.monotonic()
        self.assertEqual(self.rest(self.to("quiet.example", 443)), b"")
        self.assertLess(time.monotonic() - began, 5)
        self.assertEqual(self.proxy.flow("quiet.example")["request_size"], 0)

    def test_an_address_that_no_name_was_given_for_stays_an_address(self):
        self.assertEqual(self.rest(self.direct("11.0.2.31:25")), b"")
        self.assertEqual(self.proxy.flow("11.0.2.31")["scheme"], "smtp")


if __name__ == "__main__":
    unittest.main()
