"""The filter inside a real mitmdump, with real servers."""

import base64
import hashlib
import os
import socket
import ssl
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import support
from support import wait_until

RULES = """
rules:
  - GET http://open.example/*
  - POST http://open.example/post*
  - GET http://open.example:8081/only-8081
  - GET https://secure.example/*
  - "GET https://secure.example:8443/*"
  - GET https://other.secure.example/*
  - GET https://untrusted.example/*
  - GET http://127.0.0.1:{http}/literal*
  - GET http://localhost.localdomain/rebind*
  - allow: GET http://mirror.example/debian/*
    group: mirrors
routes:
  "open.example:80": "127.0.0.1:{http}"
  "mirror.example:80": "127.0.0.1:{http}"
  "secure.example:443": "127.0.0.1:{https}"
  "other.secure.example:443": "127.0.0.1:{https}"
  "untrusted.example:443": "127.0.0.1:{https}"
"""


def rules():
    world = support.world()
    return RULES.format(http=world.http.port, https=world.https.port)


class WithProxy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = support.world()
        cls.proxy = support.start(rules())
        cls.addClassCleanup(cls.proxy.stop)

    @classmethod
    def tearDownClass(cls):
        # mitmproxy logs what fails inside it and goes on.
        if output := cls.proxy.output():
            raise AssertionError(f"mitmdump reported: {output}")

    def seen(self, marker):
        return [line for server in (self.world.http, self.world.https) for line, *_ in server.seen if marker in line]

    def blocked(self, marker, answer, *words):
        """Asserts 418, a record of the block, and that no server saw the request."""
        self.assertEqual(answer[0], 418, answer)
        self.assertIn(b"skillaudit blocked this request", answer[1])
        flow = self.proxy.flow(marker)
        self.assertFalse(flow["allowed"])
        self.assertEqual(flow["status"], 418)
        self.assertEqual(self.seen(marker), [])
        for word in words:
            self.assertIn(word, flow["rule"])
        return flow


class Requests(WithProxy):
    def test_an_allowed_request_passes_and_is_recorded(self):
        status, body = self.proxy.get("http://open.example/allowed-get?x=1&y=%20", headers=[
            "Host: open.example", "User-Agent: tester/1", "X-Two: a", "X-Two: b"])
        self.assertEqual((status, body), (200, b"GET /allowed-get?x=1&y=%20 HTTP/1.1 0"))
        flow = self.proxy.flow("/allowed-get")
        flow.pop("id"), flow.pop("time"), flow.pop("request_head")
        self.assertEqual(flow, {
            "kind": "http", "method": "GET", "scheme": "http", "host": "open.example", "host_header": "", "sni": "",
            "port": 80, "path": "/allowed-get", "query": "x=1&y=%20", "status": 200, "allowed": True,
            "rule": "GET http://open.example/*", "group": "user",
            "request_headers": ["Host", "User-Agent", "X-Two", "X-Two"], "user_agent": "tester/1",
            "request_size": 0, "response_size": len(body), "request_sha256": "",
            "response_sha256": hashlib.sha256(body).hexdigest(), "request_body": "", "response_body": "", "error": ""})

    def test_the_head_is_kept_as_it_was_sent(self):
        self.proxy.get("http://blocked.example/head-kept", headers=["Host: blocked.example", "X-Key: c2VjcmV0"])
        flow = self.proxy.flow("/head-kept")
        self.assertEqual(self.proxy.kept(flow["request_head"]),
                         b"GET http://blocked.example/head-kept HTTP/1.1\r\nHost: blocked.example\r\nX-Key: c2VjcmV0\r\n\r\n")

    def test_the_group_of_the_rule_is_recorded(self):
        self.proxy.get("http://mirror.example/debian/grouped.deb")
        self.assertEqual(self.proxy.flow("grouped.deb")["group"], "mirrors")

    def test_head_is_allowed_by_get(self):
        self.assertEqual(self.proxy.get("http://open.example/head-by-get", "HEAD"), (200, b""))
        self.assertEqual(self.proxy.flow("/head-by-get")["method"], "HEAD")

    def test_a_blocked_request_is_answered_with_the_rule_that_would_allow_it(self):
        answer = self.proxy.get("http://blocked.example/teapot?q=1")
        self.blocked("/teapot", answer, "no rule allows it")
        self.assertIn(b"\nThe rule that would allow it: GET http://blocked.example/teapot?q=1\n", answer[1])

    def test_a_blocked_head_leaves_the_connection_in_step(self):
        connection = self.proxy.connect()
        head = b"HEAD http://blocked.example/head-step HTTP/1.1\r\nHost: blocked.example\r\n\r\n"
        self.assertEqual(self.proxy.raw(head, connection)[0], 418)
        get = b"GET http://open.example/after-head HTTP/1.1\r\nHost: open.example\r\n\r\n"
        self.assertEqual(self.proxy.raw(get, connection)[0], 200)

    def test_other_method_port_and_scheme_do_not_pass(self):
        self.blocked("/wrong-method", self.proxy.get("http://open.example/wrong-method", "DELETE"))
        self.blocked("/wrong-port", self.proxy.get("http://open.example:8081/wrong-port"))
        with self.proxy.tls("open.example:443") as connection:
            answer = self.proxy.raw(b"GET /wrong-scheme HTTP/1.1\r\nHost: open.example\r\n\r\n", connection)
        self.blocked("/wrong-scheme", answer)
        connection = self.proxy.tunnel("secure.example:443")
        answer = self.proxy.raw(b"GET /not-tls HTTP/1.1\r\nHost: secure.example\r\n\r\n", connection)
        self.assertEqual(self.blocked("/not-tls", answer)["scheme"], "http")

    def test_the_body_of_a_blocked_request_is_read_before_it_is_answered_and_kept(self):
        body = os.urandom(3 << 20)
        answer = self.proxy.get("http://blocked.example/body-kept", "POST", body=body)
        flow = self.blocked("/body-kept", answer)
        self.assertEqual((flow["request_size"], flow["request_sha256"]), (len(body), hashlib.sha256(body).hexdigest()))
        self.assertEqual(flow["request_body"], f"bodies/{flow['id']}.bin")
        self.assertEqual(self.proxy.kept(flow["request_body"]), body[: 1 << 20])

    def test_the_body_of_an_allowed_request_is_kept_whole(self):
        body = os.urandom(5 << 20)
        self.assertEqual(self.proxy.get("http://open.example/post-whole", "POST", body=body)[0], 200)
        flow = self.proxy.flow("/post-whole")
        self.assertEqual((flow["request_size"], flow["error"]), (len(body), ""))
        self.assertEqual(self.proxy.kept(flow["request_body"]), body)

    def test_a_dot_segment_is_left_out_of_what_is_sent_on(self):
        status, body = self.proxy.get("http://mirror.example/debian/./dotted/././x?q=/./")
        self.assertEqual((status, body), (200, b"GET /debian/dotted/x?q=/./ HTTP/1.1 0"))
        flow = self.proxy.flow("/debian/./dotted")
        self.assertEqual((flow["path"], flow["group"]), ("/debian/./dotted/././x", "mirrors"))

    def test_the_answer_waits_for_the_body(self):
        connection = self.proxy.connect()
        connection.sendall(b"POST http://blocked.example/waits HTTP/1.1\r\nHost: blocked.example\r\nContent-Length: 9\r\n\r\nfirst")
        connection.settimeout(0.4)
        with self.assertRaises(socket.timeout):
            connection.recv(1)
        connection.settimeout(10)
        self.assertEqual(self.proxy.raw(b"last", connection)[0], 418)
        self.assertEqual(self.proxy.kept(self.proxy.flow("/waits")["request_body"]), b"firstlast")

    def test_a_chunked_body_passes_and_is_kept(self):
        answer = self.proxy.raw(b"POST http://open.example/post-chunked HTTP/1.1\r\nHost: open.example\r\n"
                                b"Transfer-Encoding: chunked\r\n\r\n4\r\nfour\r\n5;x=y\r\nfive!\r\n0\r\n\r\n")
        self.assertEqual(answer, (200, b"POST /post-chunked HTTP/1.1 9"))
        self.assertEqual(self.proxy.kept(self.proxy.flow("/post-chunked")["request_body"]), b"fourfive!")

    def test_a_body_with_trailers_is_refused(self):
        self.proxy.raw(b"POST http://open.example/post-trailers HTTP/1.1\r\nHost: open.example\r\n"
                       b"Transfer-Encoding: chunked\r\n\r\n4\r\nfour\r\n0\r\nX-Trailer: y\r\n\r\n")
        self.assertFalse(self.proxy.flow("/post-trailers")["allowed"])
        self.assertEqual(self.seen("/post-trailers"), [])

    def test_a_body_that_is_too_large_is_refused_and_counted(self):
        piece = b"z" * (1 << 20)
        connection = self.proxy.connect()
        connection.sendall(b"POST http://open.example/post-large HTTP/1.1\r\nHost: open.example\r\n"
                           b"Content-Length: %d\r\n\r\n" % (65 * len(piece)))
        for _ in range(65):
            connection.sendall(piece)
        self.assertEqual(support.read_answer(connection)[0], 413)
        flow = self.proxy.flow("/post-large")
        self.assertEqual((flow["status"], flow["allowed"], flow["request_size"]), (413, False, 65 << 20))
        self.assertEqual(flow["request_sha256"], hashlib.sha256(piece * 65).hexdigest())
        self.assertEqual(os.path.getsize(os.path.join(self.proxy.out, flow["request_body"])), 1 << 20)
        self.assertEqual(self.seen("/post-large"), [])

    def test_a_broken_off_request_is_recorded_with_what_was_seen(self):
        connection = self.proxy.connect()
        connection.sendall(b"POST http://blocked.example/broken-off HTTP/1.1\r\nHost: blocked.example\r\nContent-Length: 99\r\n\r\nsome")
        connection.close()
        flow = self.proxy.flow("/broken-off")
        self.assertEqual((flow["status"], flow["allowed"], flow["request_size"]), (None, False, 4))
        self.assertTrue(flow["error"])
        self.assertEqual(self.proxy.kept(flow["request_body"]), b"some")

    def test_expect_continue_is_answered(self):
        answer = self.proxy.get("http://blocked.example/expecting", "PUT", body=b"abc",
                                headers=["Host: blocked.example", "Expect: 100-continue"])
        self.assertIn("Expect", self.blocked("/expecting", answer)["request_headers"])

    def test_pages_of_the_proxy_itself_are_off(self):
        for host in ("mitm.it", "127.0.0.1"):
            self.blocked(f"/own-page-{host}", self.proxy.get(f"http://{host}/own-page-{host}"))
        answer = self.proxy.raw(b"GET /origin-form HTTP/1.1\r\nHost: mitm.it\r\n\r\n")
        self.blocked("/origin-form", answer)

    def test_bytes_that_are_not_utf8_are_logged(self):
        answer = self.proxy.raw(b"GET /bytes\xff\xfe?\xc3\xa9 HTTP/1.1\r\nHost: open.example\r\nX-A: \xff\r\n"
                                b"User-Agent: \xe9\r\n\r\n", self.proxy.tunnel("open.example:80"))
        self.blocked("/bytes", answer)
        flow = self.proxy.flow("/bytes")
        self.assertEqual((flow["path"], flow["query"]), ("/bytes\\xff\\xfe", "é"))
        self.assertEqual(self.proxy.raw(b"GET http://open.example/url-bytes\xff HTTP/1.1\r\n\r\n")[0], 400)
        self.assertEqual(self.proxy.flow("/url-bytes")["path"], "http://open.example/url-bytes\\xff")

    def test_the_log_bounds_the_list_of_headers(self):
        self.proxy.get("http://open.example/many-headers", headers=["Host: open.example"] + [f"X-{i}: y" for i in range(900)])
        names = self.proxy.flow("/many-headers")["request_headers"]
        self.assertEqual((len(names), names[-1]), (201, "… and 701 more"))

    def test_hop_by_hop_headers_stay_here_and_the_host_header_is_ours(self):
        self.proxy.get("http://OPEN.example.:80/canonical", headers=[
            "Proxy-Authorization: x", "Connection: close, Host", "Upgrade: foo", "TE: trailers", "host: Open.Example"])
        head = next(head for line, head, _ in self.world.http.seen if "/canonical" in line)
        self.assertEqual(head, b"GET /canonical HTTP/1.1\r\nHost: open.example\r\nConnection: close")


class Spoofing(WithProxy):
    def test_another_host_header_does_not_pass(self):
        flow = self.blocked("/fronted", self.proxy.get("http://open.example/fronted", headers=["Host: evil.example"]), "Host header")
        self.assertEqual((flow["host"], flow["host_header"]), ("open.example", "evil.example"))

    def test_an_allowed_host_header_does_not_open_another_host(self):
        flow = self.blocked("/forged", self.proxy.get("http://evil.example/forged", headers=["Host: open.example"]))
        self.assertEqual((flow["host"], flow["host_header"]), ("evil.example", "open.example"))

    def test_another_sni_does_not_pass(self):
        with self.proxy.tls("secure.example:443", sni="other.secure.example") as connection:
            answer = self.proxy.raw(b"GET /sni HTTP/1.1\r\nHost: secure.example\r\n\r\n", connection)
        self.assertEqual(self.blocked("/sni", answer, "SNI")["sni"], "other.secure.example")

    def test_another_host_inside_a_tunnel_does_not_pass(self):
        for number, head in enumerate((b"GET /inner0 HTTP/1.1\r\nHost: other.secure.example",
                                       b"GET https://other.secure.example/inner1 HTTP/1.1\r\nHost: secure.example",
                                       b"GET /inner2 HTTP/1.1\r\nHost: secure.example\r\nHost: other.secure.example",
                                       b"GET /inner3 HTTP/1.1\r\nHost: secure.example\r\nX-Forwarded-Host: other.secure.example",
                                       b"PRI /inner4 HTTP/2.0\r\nHost: secure.example")):
            with self.subTest(head), self.proxy.tls("secure.example:443") as connection:
                answer = self.proxy.raw(head + b"\r\n\r\n", connection)
                self.assertEqual(answer[0], 418)
                self.blocked(f"/inner{number}", answer)

    def test_a_connect_that_names_two_hosts_does_not_pass(self):
        connection = self.proxy.connect()
        connection.sendall(b"CONNECT open.example:80 HTTP/1.1\r\nHost: evil.example\r\n\r\n")
        self.assertIn(b" 200 ", connection.recv(4096))
        answer = self.proxy.raw(b"GET /two-hosts HTTP/1.1\r\nHost: open.example\r\n\r\n", connection)
        self.blocked("/two-hosts", answer, "CONNECT")

    def test_paths_that_servers_read_differently_do_not_pass(self):
        for number, path in enumerate(("../", "%2e%2e/", "..%2f", "%252e%252e%252f", "..%5c", "x%00")):
            self.blocked(f"climb{number}", self.proxy.get(f"http://mirror.example/debian/{path}climb{number}"), "path")

    def test_spellings_of_one_host_are_one_host(self):
        for number, (authority, header) in enumerate((("OPEN.Example", "open.example"), ("open.example.", "open.example."),
                                                      ("open.example:80", "open.example"))):
            self.assertEqual(self.proxy.get(f"http://{authority}/spelled{number}", headers=[f"Host: {header}"])[0], 200)
            self.assertEqual(self.proxy.flow(f"/spelled{number}")["host"], "open.example")

    def test_addresses_pass_only_where_a_rule_names_them(self):
        port = self.world.http.port
        self.assertEqual(self.proxy.get(f"http://127.0.0.1:{port}/literal-1")[0], 200)
        self.assertEqual(self.proxy.get(f"http://2130706433:{port}/literal-2")[0], 200)
        for number, host in enumerate(("127.1.1.1", "[::1]", "0.0.0.0", "localhost", "169.254.169.254")):
            self.blocked(f"/literal-x{number}", self.proxy.get(f"http://{host}:{port}/literal-x{number}"))

    def test_a_name_that_leads_to_this_host_is_not_connected_to(self):
        # localhost.localdomain stands for any name whose DNS answer is a loopback address; where it
        # does not resolve at all, nothing is reached either.
        self.assertEqual(self.proxy.get("http://localhost.localdomain/rebind")[0], 502)
        flow = self.proxy.flow("/rebind")
        self.assertIsNone(flow["status"])
        self.assertTrue(flow["error"])
        self.assertEqual(self.seen("/rebind"), [])


class Responses(WithProxy):
    def test_https_passes_with_both_certificates_verified(self):
        with self.proxy.tls("secure.example:443") as connection:
            for number in (1, 2):
                answer = self.proxy.raw(b"GET /verified-%d HTTP/1.1\r\nHost: secure.example\r\n\r\n" % number, connection)
                self.assertEqual(answer[0], 200)
        flow = self.proxy.flow("/verified-2")
        self.assertEqual((flow["scheme"], flow["host"], flow["port"]), ("https", "secure.example", 443))
        self.assertEqual([f for f in self.proxy.flows() if f["kind"] == "connect" and f["host"] == "secure.example"], [])

    def test_a_server_with_a_certificate_for_another_name_is_not_talked_to(self):
        with self.proxy.tls("untrusted.example:443") as connection:
            self.assertEqual(self.proxy.raw(b"GET /untrusted HTTP/1.1\r\nHost: untrusted.example\r\n\r\n", connection)[0], 502)
        flow = self.proxy.flow("/untrusted")
        self.assertEqual((flow["allowed"], flow["status"]), (True, None))
        self.assertIn("ertificate", flow["error"])
        self.assertEqual(self.seen("/untrusted"), [])

    def test_a_response_ended_by_closing_reaches_the_client_at_once(self):
        connection = self.proxy.connect()
        connection.sendall(b"GET http://open.example/close-delimited HTTP/1.1\r\nHost: open.example\r\n\r\n")
        data, arrived = b"", {}
        started = time.monotonic()
        while piece := connection.recv(65536):
            data += piece
            for word in (b"first", b"last"):
                if word in data:
                    arrived.setdefault(word, time.monotonic() - started)
        self.assertTrue(data.endswith(b"firstlast"), data)
        self.assertGreater(arrived[b"last"] - arrived[b"first"], 0.15, "the first part waited for the last")
        self.assertLess(time.monotonic() - started, 5)
        self.assertEqual(self.proxy.flow("/close-delimited")["response_size"], 9)

    def test_a_large_response_is_streamed_counted_and_hashed(self):
        status, body = self.proxy.get("http://open.example/big")
        self.assertEqual((status, len(body)), (200, 8 << 20))
        flow = self.proxy.flow("/big")
        self.assertEqual((flow["response_size"], flow["response_sha256"]), (8 << 20, hashlib.sha256(body).hexdigest()))

    def test_a_response_that_breaks_off_is_recorded(self):
        self.assertEqual(self.proxy.get("http://open.example/short"), (200, b"only this"))
        flow = self.proxy.flow("/short")
        self.assertEqual((flow["status"], flow["response_size"]), (None, 9))
        self.assertTrue(flow["error"])


def frame(payload, opcode=1):
    """A WebSocket frame from a client, masked with zeros (RFC 6455, 5.2)."""
    if len(payload) < 126:
        size = bytes([0x80 | len(payload)])
    else:
        size = b"\xff" + len(payload).to_bytes(8, "big")
    return bytes([0x80 | opcode]) + size + b"\0\0\0\0" + payload


UPGRADE = ("Host: {host}", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
           "Sec-WebSocket-Extensions: permessage-deflate",
           "Sec-WebSocket-Key: " + base64.b64encode(b"the sample nonce").decode())


class OtherProtocols(WithProxy):
    def upgrade(self, url):
        host = url.split("/")[2]
        return (f"GET {url} HTTP/1.1\r\n" + "\r\n".join(UPGRADE).format(host=host) + "\r\n\r\n").encode()

    def test_a_websocket_passes_and_its_messages_are_kept(self):
        connection = self.proxy.connect()
        connection.sendall(self.upgrade("http://open.example/ws-allowed"))
        data = b""
        while not data.endswith(b"hello"):
            data += connection.recv(65536)
        self.assertIn(b" 101 ", data)
        connection.sendall(frame(b"secret one,") + frame(b"2" * (2 << 20), opcode=2) + frame(b"\x03\xe8", opcode=8))
        flow = self.proxy.flow("/ws-allowed")
        self.assertEqual((flow["kind"], flow["status"], flow["allowed"]), ("websocket", 101, True))
        self.assertEqual((flow["request_size"], flow["response_size"]), (11 + (2 << 20), 5))
        self.assertEqual(self.proxy.kept(flow["request_body"]), b"secret one," + b"2" * (2 << 20))
        head = next(head for line, head, _ in self.world.http.seen if "/ws-allowed" in line)
        self.assertNotIn(b"Extensions", head)

    def test_a_switch_to_another_protocol_does_not_pass(self):
        connection = self.proxy.connect()
        answer = self.proxy.raw(b"GET http://open.example/ws-not HTTP/1.1\r\nHost: open.example\r\nUpgrade: websocket\r\n"
                                b"Connection: Upgrade\r\n\r\n", connection)
        self.assertEqual(answer[0], None)
        flow = self.proxy.flow("/ws-not")
        self.assertEqual((flow["allowed"], flow["status"]), (True, None))
        self.assertIn("not WebSocket", flow["error"])

    def test_a_websocket_that_is_not_allowed_is_blocked(self):
        flow = self.blocked("/ws-blocked", self.proxy.raw(self.upgrade("http://blocked.example/ws-blocked")))
        self.assertEqual(flow["kind"], "websocket")

    def test_raw_tcp_in_a_tunnel_is_kept_and_killed(self):
        cases = (b"\x00\x01binary" * 40000, b"SSH-2.0-client\r\n", b"\x16\x03not a handshake")
        tunnels = [self.proxy.tunnel(f"raw{number}.example:22") for number in range(len(cases))]
        for connection, said in zip(tunnels, cases):
            connection.sendall(said)
        for number, (connection, said) in enumerate(zip(tunnels, cases)):
            with self.subTest(number):
                self.assertEqual(self.proxy.raw(b"", connection), (None, b""))
                flow = self.proxy.flow(f"raw{number}.example")
                self.assertEqual((flow["port"], flow["status"], flow["allowed"]), (22, None, False))
                if number < 2:
                    self.assertEqual((flow["kind"], flow["request_size"]), ("tcp", len(said)))
                    self.assertEqual(flow["request_sha256"], hashlib.sha256(said).hexdigest())
                    self.assertEqual(self.proxy.kept(flow["request_body"]), said)

    def test_raw_tcp_to_an_allowed_host_does_not_pass_either(self):
        connection = self.proxy.tunnel("open.example:80")
        connection.sendall(b"\x01\x02\x03")
        self.assertEqual(self.proxy.raw(b"", connection), (None, b""))
        wait_until(lambda: any(f["kind"] == "tcp" and f["host"] == "open.example" for f in self.proxy.flows()))
        self.assertFalse(any(b"\x01\x02\x03" in head for _, head, _ in self.world.http.seen))

    def test_raw_tcp_inside_tls_is_kept_and_killed(self):
        with self.proxy.tls("inner-raw.example:443") as connection:
            connection.sendall(b"\x00inside tls")
            self.assertEqual(self.proxy.raw(b"", connection)[0], None)
        flow = self.proxy.flow("inner-raw.example")
        self.assertEqual((flow["kind"], self.proxy.kept(flow["request_body"])), ("tcp", b"\x00inside tls"))

    def test_a_tunnel_with_no_request_in_it_is_recorded(self):
        self.proxy.tunnel("silent.example:9999").close()
        flow = self.proxy.flow("silent.example")
        self.assertEqual((flow["kind"], flow["method"], flow["port"], flow["allowed"]), ("connect", "CONNECT", 9999, False))
        self.assertIn("before a request", flow["error"])

    def test_a_silent_tunnel_to_an_allowed_host_names_the_rule(self):
        self.proxy.tunnel("secure.example:8443").close()
        flow = wait_until(lambda: [f for f in self.proxy.flows() if f["port"] == 8443])[0]
        self.assertEqual((flow["allowed"], flow["rule"]), (True, "GET https://secure.example:8443/*"))

    def test_a_client_that_does_not_trust_the_proxy_is_recorded(self):
        with self.assertRaises(ssl.SSLError):
            self.proxy.tls("distrusting.example:443", trusting=False)
        flow = self.proxy.flow("distrusting.example")
        self.assertEqual((flow["kind"], flow["allowed"]), ("connect", False))
        self.assertIn("TLS handshake", flow["error"])

    def test_a_tunnel_in_a_tunnel_does_not_pass(self):
        with self.proxy.tls("nested.example:443") as connection:
            connection.sendall(b"CONNECT open.example:80 HTTP/1.1\r\nHost: open.example\r\n\r\n")
            self.assertNotEqual(support.read_answer(connection)[0], 200)
        flow = self.proxy.flow("nested.example")
        self.assertEqual((flow["method"], flow["allowed"], flow["host_header"]), ("CONNECT", False, "open.example"))

    def test_what_is_spoken_at_the_proxy_and_is_not_http_is_recorded(self):
        cases = (b"\x16\x03\x01\x00\x05hello", b"EHLO malformed\r\n", b"GET\r\n\r\n", b"\x00\x00\x00")
        for said in cases:
            self.proxy.connect().sendall(said)
        for said in cases:
            digest = hashlib.sha256(said).hexdigest()
            flow = wait_until(lambda: [f for f in self.proxy.flows() if f["request_sha256"] == digest])[0]
            self.assertEqual((flow["kind"], flow["host"], flow["allowed"]), ("tcp", "", False))

    def test_malformed_http_is_recorded(self):
        for number, head in enumerate((b"GET http://open.example:port/malformed0 HTTP/1.1\r\n\r\n",
                                       b"GET ftp://open.example/malformed1 HTTP/1.1\r\n\r\n",
                                       b"GET http://open.example/malformed2 HTTP/1.1\r\nHost: open.example\r\nno colon\r\n\r\n",
                                       b"GET http://open.example/malformed3 HTTP/1.1\r\nHost: open.example\r\nBad Name: x\r\n\r\n",
                                       b"GET /malformed4 HTTP/1.1\r\n\r\n",
                                       b"GET http://open.example/malformed5 HTTP/1.1\r\nHost: open.example\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                                       b"GET ftp://open.example:21/malformed6 HTTP/1.1\r\nHost: open.example:21\r\n\r\n")):
            with self.subTest(head):
                self.assertIn(self.proxy.raw(head)[0], (400, 502))
                flow = self.proxy.flow(f"malformed{number}")
                self.assertFalse(flow["allowed"])
                self.assertEqual(self.seen(f"malformed{number}"), [])

    def test_a_head_without_end_is_cut_off(self):
        connection = self.proxy.connect()
        said = b"GET http://open.example/endless HTTP/1.1\r\nX: " + b"y" * (128 << 10)
        connection.sendall(said)
        self.assertEqual(self.proxy.raw(b"", connection)[0], 400)
        flow = wait_until(lambda: [f for f in self.proxy.flows() if f["request_size"] == len(said)])[0]
        self.assertIn("larger than", flow["rule"])

    def test_a_client_that_sends_on_without_end_is_cut_off(self):
        connection = self.proxy.connect()
        connection.sendall(b"GET http://open.example/close-pipelined HTTP/1.1\r\nHost: open.example\r\n\r\n")
        with self.assertRaises(ConnectionError):
            for _ in range(64):
                connection.sendall(b"x" * (1 << 20))
        self.assertTrue(self.proxy.flow("/close-pipelined")["error"])

    def test_a_blank_line_before_a_request_does_not_stall_it(self):
        self.assertEqual(self.proxy.raw(b"\r\nGET http://open.example/blank HTTP/1.1\r\nHost: open.example\r\n\r\n")[0], 200)


class Life(unittest.TestCase):
    def test_the_policy_is_read_again_when_it_changes_and_a_broken_one_blocks_everything(self):
        proxy = support.start("rules: []\n")
        self.addCleanup(proxy.stop)
        self.assertEqual(proxy.get("http://open.example/r1")[0], 418)
        proxy.write_policy(support.compiled(rules()))
        self.assertEqual(proxy.get("http://open.example/r2")[0], 200)
        proxy.write_policy("rules: [GET nonsense]\n")
        status, body = proxy.get("http://open.example/r3")
        self.assertEqual(status, 418)
        self.assertIn("policy file cannot be used", proxy.flow("/r3")["rule"])
        os.unlink(proxy.policy)
        self.assertEqual(proxy.get("http://open.example/r4")[0], 418)
        proxy.write_policy(support.compiled(rules()))
        self.assertEqual(proxy.get("http://open.example/r5")[0], 200)
        proxy.flow("/r5")
        self.assertEqual([f["id"] for f in proxy.flows()], [1, 2, 3, 4, 5])

    def test_only_the_guests_address_is_served_and_recorded(self):
        proxy = support.start(rules(), {"skillaudit_peer": "127.9.8.7"})
        self.addCleanup(proxy.stop)
        request = b"GET http://open.example/peer HTTP/1.1\r\nHost: open.example\r\nConnection: close\r\n\r\n"
        answers = {}
        for address in ("127.0.0.1", "127.9.8.7"):
            with socket.create_connection(("127.0.0.1", proxy.port), 10, (address, 0)) as client:
                try:
                    client.sendall(request)
                    answers[address] = client.recv(64)
                except ConnectionError:
                    answers[address] = b""
        self.assertEqual(answers["127.0.0.1"], b"")
        self.assertTrue(answers["127.9.8.7"].startswith(b"HTTP/1.1 200"), answers)
        proxy.flow("/peer")
        self.assertEqual(len(proxy.flows()), 1)

    def test_what_is_unfinished_is_written_when_the_proxy_stops(self):
        proxy = support.start("rules: []\n")
        self.addCleanup(proxy.stop)
        half = proxy.connect()
        half.sendall(b"POST http://blocked.example/half HTTP/1.1\r\nHost: blocked.example\r\nContent-Length: 9\r\n\r\nhalf")
        tunnel = proxy.tunnel("open-tunnel.example:443")
        proxy.get("http://blocked.example/sync")  # its answer shows that the two before were read
        proxy.stop()
        self.assertEqual(proxy.process.returncode, 0)
        flow = proxy.flow("/half")
        self.assertEqual((proxy.kept(flow["request_body"]), flow["status"]), (b"half", None))
        self.assertIn("proxy stopped", flow["error"])
        self.assertEqual(proxy.flow("open-tunnel.example")["kind"], "connect")
        half.close(), tunnel.close()

    def test_two_proxies_do_not_collide_and_connections_are_bounded(self):
        first, second = support.start("rules: []\n"), support.start("rules: []\n")
        self.addCleanup(first.stop)
        self.addCleanup(second.stop)
        self.assertNotEqual(first.port, second.port)
        for _ in range(256):
            first.connect()
        self.assertEqual(first.raw(b""), (None, b""))
        first.connections[0].close()
        wait_until(lambda: first.get("http://blocked.example/room-again")[0] == 418, 10, "room for another")


if __name__ == "__main__":
    unittest.main()
