"""Requests to the filter inside a real mitmdump, with real servers."""

import hashlib
import os
import socket
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import support
from with_proxy import WithProxy


class Requests(WithProxy):
    def test_an_allowed_request_passes_and_is_recorded(self):
        status, body = self.proxy.get("http://open.example/allowed-get?x=1&y=%20", headers=[
            "Host: open.example", "User-Agent: tester/1", "X-Two: a", "X-Two: b"])
        self.assertEqual((status, body), (200, b"GET /allowed-get?x=1&y=%20 HTTP/1.1 0"))
        flow = self.proxy.flow("/allowed-get")
        flow.pop("id"), flow.pop("time"), flow.pop("request_head")
        self.assertEqual(flow, {
            "kind": "http", "method": "GET", "scheme": "http", "host": "open.example", "host_header": "", "sni": "",
            "port": 80, "path": "/allowed-get", "query": "x=1&y=%20", "status": 200, "allowed": True, "answered": False,
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

    def test_a_blocked_request_is_recorded_with_the_rule_that_would_allow_it(self):
        answer = self.proxy.get("http://blocked.example/needs-rule?q=1")
        flow = self.blocked("/needs-rule", answer)
        self.assertEqual(flow["rule"], "blocked: no rule allows it (this one would: GET http://blocked.example/needs-rule?q=1)")

    def test_no_answer_of_the_proxy_names_it(self):
        answers = [self.proxy.raw(head + b"\r\n\r\n", whole=True) for head in (
            b"GET http://blocked.example/named-1 HTTP/1.1\r\nHost: blocked.example",
            b"GET http://localhost.localdomain/rebind-named HTTP/1.1\r\nHost: localhost.localdomain",
            b"GET ftp://blocked.example/named-2 HTTP/1.1", b"GET /named-3 HTTP/1.1", b"EHLO named-4")]
        for answer in answers:
            with self.subTest(answer):
                self.assertRegex(answer, rb"\AHTTP/1\.1 [45]\d\d ")
                for name in (b"skillaudit", b"mitmproxy", b"rule"):
                    self.assertNotIn(name, answer.lower())

    def test_a_blocked_head_leaves_the_connection_in_step(self):
        connection = self.proxy.connect()
        head = b"HEAD http://blocked.example/head-step HTTP/1.1\r\nHost: blocked.example\r\n\r\n"
        self.assertEqual(self.proxy.raw(head, connection)[0], 403)
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
        body = os.urandom(9 << 20)
        answer = self.proxy.get("http://blocked.example/body-kept", "POST", body=body)
        flow = self.blocked("/body-kept", answer)
        self.assertEqual((flow["request_size"], flow["request_sha256"]), (len(body), hashlib.sha256(body).hexdigest()))
        self.assertEqual(flow["request_body"], f"bodies/{flow['id']}.bin")
        self.assertEqual(self.proxy.kept(flow["request_body"]), body[: 8 << 20])

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
        self.assertEqual(self.proxy.raw(b"last", connection)[0], 403)
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
        self.assertEqual(os.path.getsize(os.path.join(self.proxy.out, flow["request_body"])), 8 << 20)
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
                self.assertEqual(answer[0], 403)
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


if __name__ == "__main__":
    unittest.main()
