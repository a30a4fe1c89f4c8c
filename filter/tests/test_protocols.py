"""Responses, WebSockets, tunnels and what is not HTTP, through a real mitmdump."""

import base64
import hashlib
import os
import ssl
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import support
from support import wait_until
from with_proxy import WithProxy


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


if __name__ == "__main__":
    unittest.main()
