"""A registry as npm speaks to it, on a port of the kernel's choice, which it prints.

registry.py honest|spoiled: it has one package, tiny-agent 1.2.3. Spoiled, the archive that it sends
is not the one whose digest it gives.
"""

import base64
import hashlib
import http.server
import io
import json
import socketserver
import sys
import tarfile

NAME, VERSION = "tiny-agent", "1.2.3"
FILES = {
    "package.json": (json.dumps({"name": NAME, "version": VERSION}), 0o644),
    "index.js": ("#!/usr/bin/env node\nconsole.log('tiny ' + process.argv.slice(2))\n", 0o644),
    "lib/deep/data.txt": ("data\n", 0o600),
}


def archive(extra=b""):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for path, (text, mode) in FILES.items():
            entry = tarfile.TarInfo("package/" + path)
            entry.mode, entry.uid, entry.gid = mode, 1234, 1234
            content = text.encode() + extra
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


HONEST = archive()
SENT = archive(b"// more\n") if sys.argv[1] == "spoiled" else HONEST


class Registry(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        archive_path = f"/{NAME}/-/{NAME}-{VERSION}.tgz"
        if self.path == archive_path:
            self.answer(200, "application/octet-stream", SENT)
        elif self.path == "/" + NAME:
            digest = "sha512-" + base64.b64encode(hashlib.sha512(HONEST).digest()).decode()
            tarball = f"http://127.0.0.1:{self.server.server_address[1]}{archive_path}"
            dist = {"tarball": tarball, "integrity": digest}
            version = {"name": NAME, "version": VERSION, "dist": dist}
            about = {"name": NAME, "dist-tags": {"latest": VERSION}, "versions": {VERSION: version}}
            self.answer(200, "application/json", json.dumps(about).encode())
        else:
            self.answer(404, "application/json", b'{"error": "not_found"}')

    def answer(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


# Not HTTPServer, which asks name services for its own name.
server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Registry)
print(server.server_address[1], flush=True)
server.serve_forever()
