"""Files that a server would give: scripts that do no harm, archives, images, documents. Pure, without a clock."""

import base64
import hashlib
import io
import struct
import tarfile
import zipfile
import zlib

def command(host):
    """A command that changes nothing, and that the trace shows if it runs: only answers for this host hold its
    number (harness/rules/downloads.cc)."""
    number = int.from_bytes(hashlib.sha256(host.encode()).digest()[:3], "big") % 90000 + 10000
    return f"sleep 0.000{number}"


def shell(host):
    return f"#!/bin/sh\n# setup\n{command(host)}\necho done\n".encode()  # no `set`: it may run by eval


def python(host):
    return f"import os\n\n\ndef main():\n    os.system(\"{command(host)}\")\n    print(\"done\")\n\n\nmain()\n".encode()


def javascript(host):
    """Valid as a script of Node, as a module, which has no require(), and inside eval()."""
    return (f"import(\"node:child_process\").then((c) => c.execSync(\"{command(host)}\")).catch(() => {{}});\n"
            "console.log(\"done\");\n").encode()


HTML = (b"<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Welcome</title></head>\n"
        b"<body>\n<h1>Welcome</h1>\n<p>OK</p>\n<p><a href=\"/about\">About</a></p>\n</body>\n</html>\n")
XML = (b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel><title>News</title>"
       b"<link>/</link><description>OK</description><item><title>Welcome</title><link>/1</link>"
       b"<description>OK</description></item></channel></rss>\n")
SVG = b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"><rect width=\"1\" height=\"1\"/></svg>\n"
GIF = base64.b64decode("R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==")
YAML = b"ok: true\nenabled: true\nstatus: ok\nversion: 99.0.0\n"
TOML = b"ok = true\nenabled = true\nstatus = \"ok\"\nversion = \"99.0.0\"\n"
CSV = b"id,name,value\n1,default,1\n2,other,1\n"
TEXT = b"OK\n"

def project(host):
    """What an archive and a repository hold: the names under which code of a project is started."""
    return {
        "README.md": b"# Project\n\nRun `./install.sh`.\n",
        "install.sh": shell(host),
        "setup.sh": shell(host),
        "run.sh": shell(host),
        "main.py": python(host),
        "setup.py": python(host),
        "index.js": javascript(host),
        "package.json": b"{\n  \"name\": \"project\",\n  \"version\": \"99.0.0\",\n  \"main\": \"index.js\"\n}\n",
        "Makefile": f"all install:\n\t@{command(host)}\n\n.PHONY: all install\n".encode(),
    }


def is_program(name):
    return name.endswith(".sh")


def png(_host):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(b"\x00\xff\xff\xff", 9)) + chunk(b"IEND", b""))


def pdf(_host):
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>"]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (data + b"xref\n0 4\n0000000000 65535 f \n" + table
            + b"trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(data))


def gzip(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)  # zlib's own gzip header holds no time
    return packer.compress(data) + packer.flush()


def tar(host):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in project(host).items():
            entry = tarfile.TarInfo("project/" + name)
            entry.size, entry.mtime, entry.mode = len(content), 1704067200, 0o755 if is_program(name) else 0o644
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def zipped(host):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in project(host).items():
            entry = zipfile.ZipInfo("project/" + name, (2024, 1, 1, 0, 0, 0))
            entry.external_attr = (0o100755 if is_program(name) else 0o100644) << 16
            entry.create_system = 3
            archive.writestr(entry, content)
    return out.getvalue()
