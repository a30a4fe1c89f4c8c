"""Hosts of models, inside a real mitmdump and with real servers: what passes, and where the key goes."""

import hashlib
import json
import os
import sys
import threading
import types
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from mitmproxy import connection, http
from mitmproxy.proxy.layers.http import RequestHeaders

import guarded_layers
import model_hosts
import policy as policies
import support
from with_models import DECOY, FOREIGN, HOST, KEY, POLICY, WithModels, chunk


class Keys(WithModels):
    def test_the_key_takes_the_decoys_place_on_its_way_out_and_nothing_records_it(self):
        status, body = self.ask("/v1/messages/key", body=b'{"model": "m"}')
        self.assertEqual(status, 200)
        [head] = self.seen("/messages/key")
        self.assertIn(b"\r\nx-api-key: " + KEY.encode() + b"\r\n", head)
        self.assertNotIn(DECOY.encode(), head)
        self.assertIn(b"\r\nAccept-Encoding: identity", head)
        self.assertNotIn(KEY.encode(), body)  # the server echoes what it got
        self.assertIn(b"x-api-key: " + DECOY.encode(), body)
        flow = self.proxy.flow("/messages/key")
        self.assertEqual((flow["allowed"], flow["group"], flow["rule"]),
                         (True, "model", f"model: POST https://{HOST}/v1/messages*"))
        self.assertEqual(self.proxy.kept(flow["response_body"]), body)
        self.assertEqual(flow["response_sha256"], hashlib.sha256(body).hexdigest())
        self.assertEqual(self.proxy.kept(flow["request_body"]), b'{"model": "m"}')
        self.assertIn(b"x-api-key: " + DECOY.encode(), self.proxy.kept(flow["request_head"]))

    def test_a_prefix_stands_before_both(self):
        answer = self.ask("/v1/responses", [f"Authorization: Bearer {DECOY}"], "bearer.secure.example")
        self.assertEqual(answer[0], 200)
        self.assertIn(b"\r\nAuthorization: Bearer " + KEY.encode(), self.seen("/v1/responses")[0])

    def test_one_connection_serves_one_request_after_another(self):
        connection = self.proxy.tls(f"{HOST}:443")
        for number in range(3):
            self.assertEqual(self.ask(f"/v1/messages/kept-alive-{number}", connection=connection)[0], 200)
            self.assertIn(KEY.encode(), self.seen(f"kept-alive-{number}")[0])

    def test_a_host_without_a_key_is_not_asked(self):
        answer = self.ask("/v1/responses", host="keyless.secure.example")
        self.assertEqual(answer[0], 403)
        self.assertIn("no key for the model's host", self.proxy.flow("keyless")["rule"])

    def test_the_key_goes_to_nobody_who_cannot_prove_to_be_the_host(self):
        answer = self.ask("/v1/messages", host="impostor.example")
        self.assertEqual(answer[0], 502)
        self.assertIn("ertificate", self.proxy.flow("impostor.example")["error"])
        self.assertEqual([head for head in self.seen("") if b"impostor" in head], [])

    def test_a_key_in_a_responses_head_is_replaced_and_cookies_stay_out(self):
        self.tls.answers["/head-echo"] = [b"HTTP/1.1 401 bad " + KEY.encode() + b"\r\nX-Key: " + KEY.encode()
                                          + b"\r\nSet-Cookie: a=b\r\nContent-Length: 2\r\n\r\nno"]
        connection = self.proxy.tls(f"{HOST}:443")
        connection.sendall(f"POST /v1/messages/head-echo HTTP/1.1\r\nHost: {HOST}\r\nx-api-key: {DECOY}\r\n\r\n".encode())
        data = b""
        while not data.endswith(b"no"):
            data += connection.recv(4096)
        self.assertTrue(data.startswith(b"HTTP/1.1 401 bad " + DECOY.encode()), data)
        self.assertNotIn(KEY.encode(), data)
        self.assertNotIn(b"cookie", data.lower())

    def test_a_key_that_is_cut_into_pieces_is_replaced(self):
        for number, framing in enumerate((b"Transfer-Encoding: chunked", b"Content-Length: 46")):
            parts = [b"before " + KEY.encode()[:9], KEY.encode()[9:20], KEY.encode()[20:] + b" after" + KEY.encode()[:2]]
            gates = [threading.Event(), threading.Event()]
            sent = [chunk(part) if number == 0 else part for part in parts]
            self.tls.answers[f"/split-{number}"] = [b"HTTP/1.1 200 OK\r\n" + framing + b"\r\n\r\n", sent[0], gates[0],
                                                    sent[1], gates[1], sent[2], b"0\r\n\r\n" if number == 0 else b""]
            connection = self.proxy.tls(f"{HOST}:443")
            connection.sendall(f"POST /v1/messages/split-{number} HTTP/1.1\r\nHost: {HOST}\r\n"
                               f"x-api-key: {DECOY}\r\n\r\n".encode())
            data = b""
            while b"before" not in data:
                data += connection.recv(4096)
            for gate in gates:
                gate.set()
            end = b"0\r\n\r\n" if number == 0 else b"after" + KEY.encode()[:2]
            while not data.endswith(end):
                piece = connection.recv(4096)
                self.assertTrue(piece, data)
                data += piece
            flow = self.proxy.flow(f"/split-{number}")
            kept = self.proxy.kept(flow["response_body"])
            self.assertEqual(kept, b"before " + DECOY.encode().ljust(len(KEY), b"x") + b" after" + KEY.encode()[:2])
            self.assertEqual(flow["error"], "")
            self.assertNotIn(KEY.encode(), data)

    def test_a_key_in_what_is_no_http_stays_out_of_the_error(self):
        for number, said in enumerate((b"HTTP/1.1 2x0 " + KEY.encode() + b"\r\nconnection: close\r\n\r\n",
                                       b"HTTP/1.1 200 OK\r\nBad Name: " + KEY.encode() + b"\r\nconnection: close\r\n\r\n",
                                       b"HTTP/1.1 200 OK close " + KEY.encode(),
                                       b"HTTP/1.1 200 OK\r\nconnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                                       + KEY.encode() + b"\r\n")):
            with self.subTest(said):
                self.tls.answers[f"/garbage-{number}"] = [said]
                answer = self.ask(f"/v1/messages/garbage-{number}")
                self.assertNotIn(KEY.encode(), answer[1])
                flow = self.proxy.flow(f"/garbage-{number}")
                self.assertTrue(flow["error"])
                self.assertNotIn(KEY, flow["error"])

    def test_a_response_that_cannot_be_searched_does_not_pass(self):
        for number, header in enumerate((b"Content-Encoding: gzip\r\nContent-Length: 4", b"Transfer-Encoding: gzip, chunked")):
            self.tls.answers[f"/packed-{number}"] = [b"HTTP/1.1 200 OK\r\n" + header + b"\r\n\r\n4\r\nabcd\r\n0\r\n\r\n"]
            answer = self.ask(f"/v1/messages/packed-{number}")
            self.assertEqual(answer[0], 502)
            self.assertIn("cannot be searched", self.proxy.flow(f"/packed-{number}")["error"])

    def test_events_arrive_one_by_one(self):
        gates = [threading.Event(), threading.Event()]
        events = [b"event: %d\ndata: {}\n\n" % number for number in range(3)]
        self.tls.answers["/events"] = [b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                                       b"Transfer-Encoding: chunked\r\n\r\n", chunk(events[0]), gates[0],
                                       chunk(events[1]), gates[1], chunk(events[2]) + b"0\r\n\r\n"]
        connection = self.proxy.tls(f"{HOST}:443")
        connection.sendall(f"POST /v1/messages/events?beta=true HTTP/1.1\r\nHost: {HOST}\r\n"
                           f"x-api-key: {DECOY}\r\n\r\n".encode())
        data = b""
        for event, gate in zip(events, [*gates, None]):  # the server waits for what only this event opens
            while event not in data:
                piece = connection.recv(4096)
                self.assertTrue(piece, data)
                data += piece
            if gate:
                gate.set()
        flow = self.proxy.flow("/events")
        self.assertEqual(self.proxy.kept(flow["response_body"]), b"".join(events))
        self.assertEqual(flow["rule"], f"model: POST https://{HOST}/v1/messages*?beta=true")


class Blocked(WithModels):
    def test_a_key_of_the_attackers_own_does_not_pass(self):
        own = "sk-test-attackers-own-key"
        for number, headers in enumerate(([f"x-api-key: {own}"],
                                          [f"x-api-key: {DECOY}", f"x-api-key: {own}"],
                                          [f"x-api-key: {DECOY}", f"Authorization: Bearer {own}"],
                                          [f"x-api-key: {DECOY}", f"X_Api_Key: {own}"],
                                          [f"x-api-key: {DECOY}", "Cookie: session=1"],
                                          [f"x-api-key: {DECOY}", f"Proxy-Authorization: Basic {own}"],
                                          [f"x-api-key: {DECOY}", f"api-key: {own}"],
                                          [f"x-api-key: {DECOY}{own}"],
                                          [f"x-goog-api-key: {own}"])):
            with self.subTest(headers):
                self.blocked(f"/foreign-{number}-", self.ask(f"/v1/messages/foreign-{number}-", headers), FOREIGN)
        self.blocked("/v1/files-own", self.ask("/v1/files-own", [f"x-api-key: {own}"]), FOREIGN)
        self.blocked("/get-own", self.ask("/v1/get-own", [f"x-api-key: {own}"], method="GET", body=b""), FOREIGN)

    def test_a_key_in_the_query_does_not_pass(self):
        for number, name in enumerate(("key", "KEY", "api_key", "access_token", "k%65y")):
            self.blocked(f"/query-{number}", self.ask(f"/v1/messages/query-{number}?{name}=sk-test-own"), FOREIGN)
        self.blocked("/query-other", self.ask("/v1/messages/query-other?x=y"), "accepts only POST")

    def test_the_decoy_passes_in_its_own_place_alone(self):
        for number, headers in enumerate(([f"x-api-key: {DECOY}", f"Authorization: Bearer {DECOY}"],
                                          [f"Authorization: Bearer {DECOY}"], [f"X_API_KEY: {DECOY}"],
                                          [f"x-api-key: {DECOY}", f"x-api-key: {DECOY}"],
                                          [f"x-api-key: Bearer {DECOY}"], [f"x-api-key: {DECOY}", "Authorization:"])):
            with self.subTest(headers):
                self.blocked(f"/place-{number}", self.ask(f"/v1/messages/place-{number}", headers), "header 'x-api-key'")
        self.blocked("/without-key", self.ask("/v1/messages/without-key", []), "has no key in its header")

    def test_no_other_method_or_path_passes_and_no_rule_of_the_user_opens_one(self):
        self.blocked("/v1/messages/got", self.ask("/v1/messages/got", method="GET", body=b""), "accepts only")
        self.blocked("/v1/batches", self.ask("/v1/batches"), "accepts only", f"POST https://{HOST}/v1/messages*")
        self.blocked("climb", self.ask("/v1/messages/../climb"), "path")

    def test_no_other_port_or_scheme_of_the_host_passes(self):
        answer = self.proxy.get(f"http://{HOST}/v1/messages/plain", "POST", [f"Host: {HOST}", f"x-api-key: {DECOY}"])
        self.blocked("/v1/messages/plain", answer, "accepts only https on port 443")
        answer = self.proxy.get(f"http://{HOST}/v1/messages/plain-own", "POST", [f"Host: {HOST}", "x-api-key: mine"])
        self.blocked("/v1/messages/plain-own", answer, FOREIGN)

    def test_a_websocket_does_not_pass(self):
        headers = [f"x-api-key: {DECOY}", "Connection: Upgrade", "Upgrade: websocket"]
        self.blocked("/v1/messages/socket", self.ask("/v1/messages/socket", headers), "WebSocket")

    def test_a_silent_tunnel_is_the_models(self):
        self.proxy.tunnel(f"{HOST}:443").close()
        flow = support.wait_until(lambda: [f for f in self.proxy.flows() if f["kind"] == "connect"])[0]
        self.assertEqual((flow["allowed"], flow["group"]), (True, "model"))


class Endpoints(WithModels):
    def test_an_endpoint_answers_in_the_hosts_place_by_plain_http(self):
        host = "scripted.secure.example"
        self.assertEqual(self.ask("/v1/messages", host=host, body=b"hello")[0], 200)
        [(line, head, body)] = self.plain.seen
        self.assertEqual((line, body), ("POST /v1/messages HTTP/1.1", b"hello"))
        self.assertIn(f"\r\nHost: {host}\r\n".encode(), head)
        self.assertIn(f"\r\nx-api-key: {DECOY}".encode(), head)
        flow = self.proxy.flow(host)
        self.assertEqual((flow["scheme"], flow["host"], flow["port"], flow["group"], flow["status"]),
                         ("https", host, 443, "model", 200))
        self.assertIn(b"x-api-key", self.proxy.kept(flow["response_body"]))

    def test_the_guest_cannot_ask_the_endpoint_for_anything_else(self):
        host = "scripted.secure.example"
        connection = self.proxy.tls(f"{host}:443")
        self.blocked("/else", self.ask("/else", host=host, connection=connection), "accepts only")
        place = f"127.0.0.1:{self.plain.port}"
        answer = self.proxy.get(f"http://{place}/direct", "POST", [f"Host: {place}", f"x-api-key: {DECOY}"])
        self.blocked("/direct", answer, "no rule allows it")


class Life(unittest.TestCase):
    def test_keys_that_cannot_be_read_end_the_proxy_without_a_word_of_them(self):
        for keys in ({HOST: KEY}, {f"{HOST}:443": KEY + "\n"}, [KEY]):
            with self.subTest(keys), self.assertRaises(AssertionError) as caught:
                support.start("rules: []\n", keys=keys)
            self.assertIn("the keys of the models' hosts have the wrong format", str(caught.exception))
            self.assertNotIn(KEY, str(caught.exception))


class Pure(unittest.TestCase):
    def test_the_scrubber_finds_a_key_at_every_cut_and_holds_nothing_else_back(self):
        key, decoy = b"sk-sk-key", b"decoy"
        text = b"a sk-" + key + b"sk-sk-k" + key + b" s"
        expected = text.replace(key, b"decoyxxxx")
        for first in range(len(text)):
            for second in range(first, len(text)):
                scrubber = model_hosts.Scrubber(key, decoy)
                pieces = [scrubber.piece(part) for part in (text[:first], text[first:second], text[second:])]
                self.assertEqual(b"".join(pieces) + scrubber.rest(), expected)
        scrubber = model_hosts.Scrubber(key, decoy)
        self.assertEqual(scrubber.piece(b"data: {}\n\n"), b"data: {}\n\n")
        self.assertEqual((scrubber.piece(b"a sk-sk"), scrubber.piece(b"!")), (b"a ", b"sk-sk!"))

    def test_the_key_is_put_into_a_copy_and_only_for_who_has_proved_to_be_the_host(self):
        model = model_hosts.ModelHost("h.example", 443, (), "x-api-key", "Key ", DECOY)
        passage = model_hosts.Passage(model, KEY.encode())
        request = http.Request.make("POST", "https://h.example/v1", headers={"X-Api-Key": "Key " + DECOY})
        server = connection.Server(("h.example", 443))
        stream = types.SimpleNamespace(context=types.SimpleNamespace(server=server))
        event = RequestHeaders(1, request, False)
        for name, established in ((None, 1.0), ("h.example", None), ("other.example", 1.0)):
            server.sni, server.timestamp_tls_setup = name, established
            with self.subTest(name), self.assertRaises(PermissionError):
                guarded_layers.leaving(stream, passage, event)
        server.sni, server.timestamp_tls_setup = "h.example", 1.0
        sent = guarded_layers.leaving(stream, passage, event)
        self.assertEqual(sent.request.headers.get_all("x-api-key"), ["Key " + KEY])
        self.assertEqual(request.headers.get_all("x-api-key"), ["Key " + DECOY])

    def test_models_that_are_damaged_are_no_policy(self):
        text = support.compiled(POLICY.format(host=HOST, decoy=DECOY, http=1, https=2, endpoint=3))
        models = policies.parse_policy(text).models
        self.assertEqual(models[HOST].place, (HOST, 443))
        self.assertEqual(models["scripted.secure.example"].endpoint, ("127.0.0.1", 3))
        for key in json.loads(text)["models"][0]:
            document = json.loads(text)
            del document["models"][0][key]
            with self.subTest(key), self.assertRaises(Exception):
                policies.parse_policy(json.dumps(document))


if __name__ == "__main__":
    unittest.main()
