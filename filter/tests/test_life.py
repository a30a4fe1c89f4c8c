"""How the filter lives: policies that change, guests that it does not serve, its end."""

import os
import socket
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import support
from support import wait_until
from with_proxy import rules


class Life(unittest.TestCase):
    def test_the_policy_is_read_again_when_it_changes_and_a_broken_one_blocks_everything(self):
        proxy = support.start("rules: []\n")
        self.addCleanup(proxy.stop)
        self.assertEqual(proxy.get("http://open.example/r1")[0], 403)
        proxy.write_policy(support.compiled(rules()))
        self.assertEqual(proxy.get("http://open.example/r2")[0], 200)
        proxy.write_policy("rules: [GET nonsense]\n")
        status, body = proxy.get("http://open.example/r3")
        self.assertEqual(status, 403)
        self.assertIn("policy file cannot be used", proxy.flow("/r3")["rule"])
        os.unlink(proxy.policy)
        self.assertEqual(proxy.get("http://open.example/r4")[0], 403)
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
        wait_until(lambda: first.get("http://blocked.example/room-again")[0] == 403, 10, "room for another")


if __name__ == "__main__":
    unittest.main()
