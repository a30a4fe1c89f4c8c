"""A real mitmdump with the filter, and real servers on loopback for it to reach."""

import atexit
import contextlib
import glob
import http.server
import json
import os
import shutil
import socket
import socketserver
import ssl
import subprocess
import tempfile
import threading
import time

from ruamel.yaml import YAML

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FILTER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "filter.py")
MITMDUMP = "/usr/bin/mitmdump" if os.path.exists("/usr/bin/mitmdump") else shutil.which("mitmdump")


def compiled(text):
    """What the program gives the filter for a policy, which stands in YAML here to be read easily."""
    built = glob.glob(os.path.join(ROOT, "build", "*", "tests", "compile_policy"))
    program = os.environ.get("SKILLAUDIT_COMPILE_POLICY") or max(built, key=os.path.getmtime, default=None)
    if not program:
        raise AssertionError("build the target compile_policy first: the tests' policies are compiled by it")
    document = json.dumps(YAML(typ="safe").load(text))
    done = subprocess.run([program], input=document, capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(done.stderr)
    return done.stdout


def wait_until(condition, seconds=10, what="it"):
    end = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not happen within {seconds} s")
        time.sleep(0.02)
    return value


class Server(socketserver.ThreadingTCPServer):
    """Gives each connection to `talk(socket)`; remembers what requests it saw."""
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, talk, tls=None):
        self.seen = []
        server = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                with contextlib.suppress(OSError):
                    with tls.wrap_socket(self.request, server_side=True) if tls else self.request as connection:
                        talk(server, connection)

        super().__init__(("127.0.0.1", 0), Handler)
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()


def read_request(connection, buffer=b""):
    """(head, body) of one request; None at the end."""
    while b"\r\n\r\n" not in buffer:
        data = connection.recv(65536)
        if not data:
            return None
        buffer += data
    head, _, body = buffer.partition(b"\r\n\r\n")
    length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n")
                   if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        data = connection.recv(65536)
        if not data:
            return None
        body += data
    return head, body


def talk_http(server, connection):
    """An origin server: /big is 8 MiB, /close ends by closing and keeps the socket a while,
    /ws upgrades and echoes raw frames, /short breaks off; the rest echoes the request line."""
    while request := read_request(connection):
        head, body = request
        line = head.split(b"\r\n")[0].decode("latin-1")
        server.seen.append((line, head, body))
        path = line.split(" ")[1]
        if path.startswith("/big"):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (8 << 20))
            for _ in range(128):
                connection.sendall(b"x" * 65536)
        elif path.startswith("/close"):
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nfirst")
            time.sleep(0.3)
            connection.sendall(b"last")
            return
        elif path.startswith("/short"):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")
            return
        elif path.startswith("/ws") and b"upgrade: websocket" in head.lower():
            connection.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                               b"Connection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
            connection.sendall(b"\x81\x05hello")
            while connection.recv(65536):
                pass
            return
        else:
            answer = line.encode() + b" " + str(len(body)).encode()
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(answer))
            if not line.startswith("HEAD"):
                connection.sendall(answer)


class World:
    """A folder with a CA of the servers' own, and the servers."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="filter-test-")
        self.ca = os.path.join(self.folder, "servers-ca.pem")
        self._certificate()
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls = tls
        tls.load_cert_chain(os.path.join(self.folder, "server.pem"), os.path.join(self.folder, "server.key"))
        self.http = Server(talk_http)
        self.https = Server(talk_http, tls)

    def _certificate(self):
        def openssl(*arguments):
            subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-keyout", "ca.key", "-out", self.ca, "-days", "2", "-subj", "/CN=servers of the test")
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=server")
        with open(os.path.join(self.folder, "names"), "w", encoding="ascii") as file:
            file.write("subjectAltName=DNS:secure.example,DNS:*.secure.example,IP:127.0.0.1\n")
        openssl("x509", "-req", "-in", "server.csr", "-CA", self.ca, "-CAkey", "ca.key", "-CAcreateserial",
                "-out", "server.pem", "-days", "2", "-extfile", "names")

    def close(self):
        for server in (self.http, self.https):
            server.shutdown()
            server.server_close()
        shutil.rmtree(self.folder)


class Proxy:
    """mitmdump with the filter, as the product starts it."""

    def __init__(self, world, policy, confdir, options=None, keys=None):
        self.folder = tempfile.mkdtemp(dir=world.folder)
        self.policy = os.path.join(self.folder, "policy.json")
        self.out = os.path.join(self.folder, "out")
        self.connections = []
        self.confdir = confdir
        os.mkdir(self.out)
        self.write_policy(compiled(policy))
        ready = os.path.join(self.folder, "ready.json")
        self.log = open(os.path.join(self.folder, "log"), "w+b")
        options = {"confdir": confdir, "connection_strategy": "lazy", "termlog_verbosity": "error",
                   "skillaudit_policy": self.policy, "skillaudit_out": self.out, "skillaudit_ready": ready,
                   "ssl_verify_upstream_trusted_ca": world.ca, **(options or {})}
        pipes = ()
        if keys:
            pipes = os.pipe()
            os.write(pipes[1], json.dumps(keys).encode())
            os.close(pipes[1])
            options["skillaudit_keys"] = pipes[0]
        self.process = subprocess.Popen(
            [MITMDUMP, "--mode", "regular", "--listen-host", "127.0.0.1", "--listen-port", "0", "-s", FILTER,
             *(word for name, value in options.items() for word in ("--set", f"{name}={value}"))],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, pass_fds=pipes[:1],
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"})
        if pipes:
            os.close(pipes[0])
        wait_until(lambda: os.path.exists(ready) or self.process.poll() is not None, 30, "the proxy's start")
        if self.process.poll() is not None:
            output = self.output()
            self.stop()
            raise AssertionError(f"mitmdump ended: {output}")
        with open(ready, encoding="ascii") as file:
            self.port = json.load(file)["port"]

    def output(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def write_policy(self, text):
        with open(self.policy + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(self.policy + ".new", self.policy)

    def flows(self):
        with open(os.path.join(self.out, "flows.jsonl"), encoding="ascii") as file:
            return [json.loads(line) for line in file if line.endswith("\n")]

    def flow(self, marker, seconds=10):
        """The one flow whose path or host holds `marker`; waited for."""
        found = wait_until(lambda: [f for f in self.flows() if marker in f["path"] or marker in f["host"]],
                           seconds, f"a flow with {marker}")
        if len(found) != 1:
            raise AssertionError(f"{len(found)} flows with {marker}: {found}")
        return found[0]

    def kept(self, name):
        with open(os.path.join(self.out, name), "rb") as file:
            return file.read()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)
        for connection in self.connections:
            connection.close()
        self.log.close()

    # Clients

    def connect(self):
        self.connections.append(socket.create_connection(("127.0.0.1", self.port), 20))
        return self.connections[-1]

    def raw(self, data, connection=None, whole=False):
        """Sends bytes and reads until the proxy closes, or one whole answer is there. (status, body), or
        the `whole` answer with its head."""
        connection = connection or self.connect()
        with contextlib.suppress(OSError):
            connection.sendall(data)
        return read_answer(connection, data.startswith(b"HEAD"), whole)

    def get(self, url, method="GET", headers=(), body=b""):
        """(status, body) by an absolute-form request."""
        authority = url.split("/")[2]
        lines = [f"{method} {url} HTTP/1.1", *(headers or [f"Host: {authority}"])]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        return self.raw("\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + body)

    def tunnel(self, authority):
        connection = self.connect()
        connection.sendall(f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n".encode())
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            data = connection.recv(1)
            if not data:
                raise AssertionError(f"no tunnel: {answer}")
            answer += data
        if b" 200 " not in answer:
            raise AssertionError(f"no tunnel: {answer}")
        return connection

    def tls(self, authority, sni=None, trusting=True):
        """A TLS connection through a tunnel, the proxy's certificate verified."""
        context = ssl.create_default_context(
            cafile=os.path.join(self.confdir, "mitmproxy-ca-cert.pem") if trusting else None)
        self.connections.append(context.wrap_socket(
            self.tunnel(authority), server_hostname=sni or authority.rsplit(":", 1)[0]))
        return self.connections[-1]


def read_answer(connection, head_only=False, whole=False):
    """(status, body), or the `whole` answer; status None when there is no answer."""
    data = b""
    while True:
        head, end, body = data.partition(b"\r\n\r\n")
        if end:
            status = int(head.split(b" ", 2)[1])
            if status == 100:
                data = body
                continue
            length = [int(line.split(b":")[1]) for line in head.split(b"\r\n")
                      if line.lower().startswith(b"content-length:")]
            if head_only or (length and len(body) >= length[0]):
                return data if whole else (status, body)
        try:
            piece = connection.recv(1 << 20)
        except ConnectionError:
            piece = b""
        if not piece and whole:
            return data
        if not piece:
            return (int(head.split(b" ", 2)[1]), body) if end else (None, data)
        data += piece


_world = None


def world():
    """The servers, shared by all test files of one run."""
    global _world
    if _world is None:
        _world = World()
        atexit.register(_world.close)
    return _world


def start(policy, options=None, keys=None):
    return Proxy(world(), policy, os.path.join(world().folder, "ca"), options, keys)
