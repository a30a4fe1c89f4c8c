"""What the tests with a real mitmdump share: its rules, and a proxy that a class of tests has for itself."""

import unittest

import support

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
        """Asserts 403, a record of the block, and that no server saw the request."""
        self.assertEqual(answer[0], 403, answer)
        self.assertIn(b"not allowed", answer[1])
        flow = self.proxy.flow(marker)
        self.assertFalse(flow["allowed"])
        self.assertEqual(flow["status"], 403)
        self.assertEqual(self.seen(marker), [])
        for word in words:
            self.assertIn(word, flow["rule"])
        return flow
