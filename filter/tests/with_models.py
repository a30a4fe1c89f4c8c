"""What the tests of models' hosts share: a policy, a server, and a proxy with keys."""

import os
import threading
import unittest

import support
from support import read_request

KEY = "sk-test-the-real-key-0123456789"
DECOY = "sk-test-worthless-decoy"
FOREIGN = "a key that this audit did not give to the guest was sent to the model's host"
HOST = "model.secure.example"

POLICY = """
rules:
  - GET https://{host}/*
  - POST https://{host}/*
  - POST http://{host}/*
  - POST https://scripted.secure.example/*
  - POST https://bearer.secure.example/*
  - POST https://keyless.secure.example/*
routes:
  "{host}:443": "127.0.0.1:{https}"
  "{host}:80": "127.0.0.1:{http}"
  "bearer.secure.example:443": "127.0.0.1:{https}"
  "keyless.secure.example:443": "127.0.0.1:{https}"
  "impostor.example:443": "127.0.0.1:{https}"
  "127.0.0.1:{endpoint}": "127.0.0.1:{https}"  # an endpoint is not led elsewhere
models:
  - host: {host}:443
    paths: ["/v1/messages*", "/v1/messages*?beta=true"]
    header: x-api-key
    decoy: {decoy}
  - {{host: "bearer.secure.example:443", paths: [/v1/responses], header: authorization, prefix: "Bearer ", decoy: {decoy}}}
  - {{host: "keyless.secure.example:443", paths: [/v1/responses], header: x-api-key, decoy: {decoy}}}
  - {{host: "impostor.example:443", paths: [/v1/messages], header: x-api-key, decoy: {decoy}}}
  - host: scripted.secure.example:443
    paths: [/v1/messages]
    header: x-api-key
    decoy: {decoy}
    endpoint: 127.0.0.1:{endpoint}
"""
KEYS = {f"{HOST}:443": KEY, "bearer.secure.example:443": KEY, "impostor.example:443": KEY}


class ModelServer(support.Server):
    """Answers each request to a path of ANSWERS with its pieces, each a write of its own; others with the
    head of the request. A piece that is an Event is waited for."""

    def __init__(self, tls=None):
        self.answers = {}
        super().__init__(self.talk, tls)

    @staticmethod
    def talk(server, connection):
        while request := read_request(connection):
            head, body = request
            line = head.split(b"\r\n")[0].decode("latin-1")
            server.seen.append((line, head, body))
            pieces = next((pieces for marker, pieces in server.answers.items() if marker in line), None)
            if pieces is None:
                echo = head + b"\n" + body
                pieces = [b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(echo), echo]
            for piece in pieces:
                if isinstance(piece, threading.Event):
                    piece.wait(20)
                else:
                    connection.sendall(piece)
            if b"close" in pieces[0]:
                return


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


class WithModels(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        world = support.world()
        cls.tls, cls.plain = ModelServer(world.tls), ModelServer()
        cls.text = POLICY.format(host=HOST, decoy=DECOY, http=cls.plain.port, https=cls.tls.port,
                                 endpoint=cls.plain.port)
        cls.proxy = support.start(cls.text, keys=KEYS)
        cls.addClassCleanup(cls.proxy.stop)
        for server in (cls.tls, cls.plain):
            cls.addClassCleanup(server.server_close)
            cls.addClassCleanup(server.shutdown)

    @classmethod
    def tearDownClass(cls):
        if output := cls.proxy.output():
            raise AssertionError(f"mitmdump reported: {output}")
        cls.assert_no_key_in(cls.proxy)

    @staticmethod
    def assert_no_key_in(proxy):
        """Neither in a file of the proxy's nor in what other processes see of it."""
        places = [os.path.join(folder, name) for folder, _, names in os.walk(proxy.folder) for name in names]
        places += [f"/proc/{proxy.process.pid}/{name}" for name in ("cmdline", "environ")]
        for place in places:
            with open(place, "rb") as file:
                if KEY.encode() in file.read():
                    raise AssertionError(f"the key is in {place}")

    def ask(self, path, headers=(f"x-api-key: {DECOY}",), host=HOST, method="POST", body=b"{}", connection=None):
        """(status, body) of one request through a tunnel."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *headers, f"Content-Length: {len(body)}"]
        connection = connection or self.proxy.tls(f"{host}:443")
        return self.proxy.raw("\r\n".join(lines).encode() + b"\r\n\r\n" + body, connection)

    def seen(self, marker):
        return [head for server in (self.tls, self.plain) for line, head, _ in server.seen if marker in line]

    def blocked(self, marker, answer, *words):
        self.assertEqual(answer[0], 403, answer)
        flow = self.proxy.flow(marker)
        self.assertEqual((flow["allowed"], flow["group"], flow["response_body"]), (False, "", ""))
        self.assertEqual(self.seen(marker), [])
        for word in words:
            self.assertIn(word, flow["rule"])
