"""The upstream servers of the VM tests, on loopback: python3 servers.py FOLDER

Makes two certificate authorities and what is served, all below FOLDER, then writes

    FOLDER/ready.json   {"http": PORT, "https": PORT, "untrusted": PORT}
    FOLDER/ca.pem       the authority of "https"
    FOLDER/other-ca.pem the authority of "untrusted"
    FOLDER/seen.jsonl   one line for each request: port, method, path, Host header, all headers

and serves until its parent ends.
"""

import http.server
import json
import lzma
import os
import ssl
import subprocess
import sys
import threading
import zipfile

NAMES = ("allowed.example.com", "git.example.test", "tls-only.example.com", "untrusted.example.com",
         "blocked.example.org", "model.example.com")
UNTIL_CLOSE = b"".join(b"line %d\n" % n for n in range(2000)) + b"the end\n"


def run(*argv, cwd=None):
    environment = {"PATH": os.environ["PATH"], "HOME": FOLDER, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(argv, cwd=cwd, env=environment, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.PIPE)


def make_authority(name):
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-days", "2", "-subj", f"/CN=Test authority {name}", "-keyout", f"{name}.key", "-out", f"{name}.pem",
        "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
        cwd=FOLDER)


def make_certificate(authority, name):
    run("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
        "/CN=upstream", "-keyout", f"{name}.key", "-out", f"{name}.csr", cwd=FOLDER)
    with open(os.path.join(FOLDER, f"{name}.ext"), "w", encoding="ascii") as file:
        file.write("subjectAltName=" + ",".join("DNS:" + host for host in NAMES) + "\n")
    run("openssl", "x509", "-req", "-in", f"{name}.csr", "-CA", f"{authority}.pem", "-CAkey", f"{authority}.key",
        "-CAcreateserial", "-days", "2", "-extfile", f"{name}.ext", "-out", f"{name}.pem", cwd=FOLDER)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(FOLDER, f"{name}.pem"), os.path.join(FOLDER, f"{name}.key"))
    return context


def write(path, content):
    path = os.path.join(ROOT, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)


def make_content():
    write("hello.txt", b"hello from upstream\n")
    # A repository for git's dumb protocol, which is plain files.
    work = os.path.join(FOLDER, "work")
    run("git", "init", "-q", "-b", "main", work)
    with open(os.path.join(work, "README"), "w", encoding="ascii") as file:
        file.write("cloned\n")
    run("git", "add", "README", cwd=work)
    run("git", "-c", "user.name=T", "-c", "user.email=t@example.com", "commit", "-q", "-m", "first", cwd=work)
    bare = os.path.join(ROOT, "repo.git")
    run("git", "clone", "-q", "--bare", work, bare)
    run("git", "update-server-info", cwd=bare)
    # A package index as pip reads it (PEP 503), with one wheel.
    os.makedirs(os.path.join(ROOT, "simple/tinypkg"))
    wheel = "tinypkg-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(ROOT, "simple/tinypkg", wheel), "w") as archive:
        archive.writestr("tinypkg.py", "value = 1\n")
        archive.writestr("tinypkg-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tinypkg\nVersion: 1.0\n")
        archive.writestr("tinypkg-1.0.dist-info/WHEEL",
                         "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("tinypkg-1.0.dist-info/RECORD", "")
    write("simple/tinypkg/index.html", f'<a href="{wheel}">{wheel}</a>\n'.encode())
    # A flat repository as apt reads it, under the name that apt tries first: it waits half a minute, and
    # connects anew, for the answer to its sixth request on one TLS connection.
    write("flat/Packages.xz", lzma.compress(
        b"Package: tiny\nVersion: 1.0\nArchitecture: all\nMaintainer: T <t@example.com>\n"
        b"Filename: ./tiny.deb\nSize: 1\nDescription: tiny\n"))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        seen = {"port": self.server.server_address[1], "method": self.command, "path": self.path,
                "host": self.headers.get("Host", ""),
                "headers": {name.lower(): value for name, value in self.headers.items()}}
        with SEEN_LOCK, open(os.path.join(FOLDER, "seen.jsonl"), "a", encoding="utf-8") as file:
            file.write(json.dumps(seen) + "\n")
        path = self.path.partition("?")[0]
        if path == "/until-close":
            self.close_connection = True
            self.send_response(200)
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(UNTIL_CLOSE)
            return
        if path == "/echo":
            self.send(200, json.dumps({**seen, "body": body.decode("latin-1")}).encode())
            return
        if path == "/split-echo":
            self.echo_in_pieces(self.headers.get("x-api-key", "").encode())
            return
        file = os.path.join(ROOT, path.lstrip("/"))
        if path.endswith("/"):
            file = os.path.join(file, "index.html")
        if not os.path.isfile(file):
            self.send(404, b"not here\n")
            return
        with open(file, "rb") as content:
            self.send(200, content.read(), "text/html" if file.endswith(".html") else "application/octet-stream")

    def echo_in_pieces(self, text):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in (b"data: " + text[:7], text[7:] + b"\n\n"):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")

    def send(self, status, body, kind="text/plain"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = answer


class TlsServer(http.server.ThreadingHTTPServer):
    """The handshake is the connection's own thread's: a client that hangs in it holds nobody up."""

    def __init__(self, context):
        super().__init__(("127.0.0.1", 0), Handler)
        self.context = context

    def finish_request(self, request, client_address):
        try:
            with self.context.wrap_socket(request, server_side=True) as connection:
                super().finish_request(connection, client_address)
        except OSError:
            pass  # the proxy hangs up on a certificate that it does not trust


FOLDER = os.path.abspath(sys.argv[1])
ROOT = os.path.join(FOLDER, "root")
SEEN_LOCK = threading.Lock()
os.makedirs(ROOT)
make_content()
make_authority("ca")
make_authority("other-ca")
servers = {"http": http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler),
           "https": TlsServer(make_certificate("ca", "server")),
           "untrusted": TlsServer(make_certificate("other-ca", "untrusted-server"))}
for server in servers.values():
    threading.Thread(target=server.serve_forever, daemon=True).start()
with open(os.path.join(FOLDER, "ready.json.new"), "w", encoding="ascii") as ready:
    json.dump({name: server.server_address[1] for name, server in servers.items()}, ready)
os.replace(os.path.join(FOLDER, "ready.json.new"), os.path.join(FOLDER, "ready.json"))
threading.Event().wait()
