"""Answers in place of servers that the guest cannot reach. No mitmproxy here.

An answer depends only on the request, on what the compiled policy says (harness/traffic/answers.h) and on
how often the same address was asked before: two audits that ask the same get the same. It never says no
where a server could say yes, so that code behind the answer runs.
"""

import base64
import re
import zlib
from dataclasses import dataclass, field
from typing import NamedTuple

import answer_files as files
import answer_git as git
import answer_json
import url_rules

COUNTED_LIMIT = 10_000  # addresses whose requests are counted
DELAY_LIMIT = 60.0


@dataclass
class Answer:
    status: int = 200
    headers: list = field(default_factory=list)  # (name, value)
    body: bytes = b""
    delay: float = 0.0
    failure: str = "none"  # or "close", "timeout"
    why: str = ""  # for the record


class Asked(NamedTuple):
    """The request. Header names are lower case."""
    method: str
    scheme: str
    host: str
    port: int
    path: str
    query: str
    headers: dict
    body: bytes


class Stub(NamedTuple):
    request: url_rules.Rule
    replies: list  # of Answer


class Answers(NamedTuple):
    """As harness/traffic/compiled_policy.h describes it."""
    everybody: bool = False
    stubs: tuple = ()
    expected: tuple = ()  # (name, value)


def parse(document):
    stubs = []
    for stub in document["stubs"]:
        replies = [Answer(reply["status"], [tuple(header) for header in reply["headers"]],
                          base64.b64decode(reply["body"], validate=True), min(reply["delay"], DELAY_LIMIT),
                          reply["failure"]) for reply in stub["replies"]]
        if not replies:
            raise ValueError("a stub without replies")
        stubs.append(Stub(url_rules.Rule(**stub["request"]), replies))
    return Answers(document["everybody"], tuple(stubs), tuple(tuple(entry) for entry in document["expected"]))


def expected_of(answers, host):
    """(name, value) of what is expected of answers of this host. A name can be led by the host that it is of.
    Fields of other hosts come last: code can get the address from elsewhere than its own text."""
    fields = [(*name.rpartition(" ")[::2], value) for name, value in answers.expected]
    own = [(name, value) for of, name, value in fields if of == host]
    rest = [(name, value) for of, name, value in fields if of != host]
    known = {name for name, _ in own}
    return tuple(own + [(name, value) for name, value in rest
                        if name not in known and not (own and (not name or name.startswith(":")))])


class Turns:
    """How often each address was asked. It outlives the policy, which can be replaced."""

    def __init__(self):
        self._counts = {}

    def next(self, key):
        turn = self._counts.get(key, 0)
        if key in self._counts or len(self._counts) < COUNTED_LIMIT:
            self._counts[key] = turn + 1
        return turn


def answer(answers, asked, turns):
    """The Answer to a request that does not leave this host, or None: it is blocked then."""
    target = asked.path + ("?" + asked.query if asked.query else "")
    if url_rules.target_problem(target.encode("latin-1", "replace")) is None:
        for stub in answers.stubs:
            if url_rules.rule_matches(stub.request, asked.method, asked.scheme, asked.host, asked.port, target):
                reply = stub.replies[min(turns.next(("stub", stub.request.text)), len(stub.replies) - 1)]
                return Answer(reply.status, list(reply.headers), reply.body, reply.delay, reply.failure,
                              f"the stub {stub.request.text}")
    if not answers.everybody:
        return None
    made = ordinary(asked, expected_of(answers, asked.host), turns.next((asked.host, asked.port, asked.path)))
    made.why = "as an ordinary server"
    return made


# Ordinary servers

_TYPES = {
    "sh": "text/x-shellscript", "bash": "text/x-shellscript", "py": "text/x-python",
    "js": "text/javascript", "mjs": "text/javascript", "cjs": "text/javascript",
    "html": "text/html; charset=utf-8", "htm": "text/html; charset=utf-8",
    "xml": "application/xml", "rss": "application/rss+xml", "svg": "image/svg+xml", "css": "text/css",
    "yaml": "application/yaml", "yml": "application/yaml", "toml": "application/toml", "csv": "text/csv",
    "txt": "text/plain; charset=utf-8", "md": "text/markdown; charset=utf-8", "ini": "text/plain; charset=utf-8",
    "png": "image/png", "ico": "image/png", "gif": "image/gif", "pdf": "application/pdf",
    "zip": "application/zip", "whl": "application/zip", "jar": "application/java-archive",
    "tar": "application/x-tar", "tgz": "application/gzip", "gz": "application/gzip",
    "bin": "application/octet-stream", "run": "application/octet-stream", "appimage": "application/octet-stream",
}
_FIXED = {
    "html": files.HTML, "htm": files.HTML, "xml": files.XML, "rss": files.XML,
    "svg": files.SVG, "css": b"body { margin: 0; }\n", "yaml": files.YAML, "yml": files.YAML, "toml": files.TOML,
    "csv": files.CSV, "txt": files.TEXT, "md": b"# Welcome\n\nOK\n", "ini": b"[main]\nenabled = true\n",
    "gif": files.GIF,
}
_MADE = {"sh": files.shell, "bash": files.shell, "py": files.python, "js": files.javascript, "mjs": files.javascript,
         "cjs": files.javascript, "bin": files.shell, "run": files.shell, "appimage": files.shell,
         "png": files.png, "ico": files.png, "pdf": files.pdf, "zip": files.zipped, "whl": files.zipped,
         "jar": files.zipped, "tar": files.tar}
_BY_INTERPRETER = {"sh": "sh", "python": "py", "javascript": "js"}
_SCRIPT_NAMES = frozenset(("install", "setup", "bootstrap", "get", "init", "installer", "install-script"))
_PACKAGE_CLIENT = re.compile(r"(pip|npm|pnpm|yarn|bun|cargo|bundler|rubygems|poetry|uv|composer|debian apt|gem|"
                             r"apache-maven|gradle|nuget|conda|go-http-client/1\.1 \(go)[/ ,\-(]", re.IGNORECASE)
_OF_API = re.compile(r"/(api|v[0-9]+|config|settings|status|state|flags?|features?|items|update|updates|version|users?|"
                     r"me|jobs?|tasks?|commands?|search|query|info|check|ping|health)(/|$)", re.IGNORECASE)
_PROGRAM = re.compile(r"(linux|darwin|x86[_-]64|amd64|arm64|aarch64)", re.IGNORECASE)


def ordinary(asked, expected, turn):
    """The answer of a server that takes part in nothing but HTTP."""
    if asked.method == "OPTIONS":
        allowed = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
        return Answer(204, [("Allow", allowed), ("Access-Control-Allow-Origin", "*"),
                            ("Access-Control-Allow-Methods", allowed), ("Access-Control-Allow-Headers", "*")])
    return _git(asked) or _packages(asked) or _content(asked, expected, turn)


def _of(kind, body, status=200):
    return Answer(status, [("Content-Type", kind)], body)


def _not_found(asked):
    if "json" in asked.headers.get("accept", ""):
        return _of("application/json", b'{"error":"Not found"}\n', 404)
    return _of("text/html; charset=utf-8", b"<!DOCTYPE html>\n<title>Not Found</title>\n<h1>Not Found</h1>\n", 404)


def _git(asked):
    service = re.search(r"(?:^|&)service=(git-upload-pack|git-receive-pack)(?:&|$)", asked.query)
    fresh = [("Cache-Control", "no-cache")]
    if asked.path.endswith("/info/refs") and service:
        name = service[1]
        return Answer(200, [("Content-Type", f"application/x-{name}-advertisement"), *fresh],
                      git.advertisement(name.encode(), asked.host))
    for name, talk in (("git-upload-pack", git.fetched), ("git-receive-pack", git.pushed)):
        if asked.method == "POST" and asked.path.endswith("/" + name):
            body = asked.body
            if asked.headers.get("content-encoding") == "gzip":
                body = _unpacked(body)
            return Answer(200, [("Content-Type", f"application/x-{name}-result"), *fresh], talk(body, asked.host))
    return None


def _unpacked(body):
    try:
        return zlib.decompressobj(31).decompress(body, 1 << 20)
    except zlib.error:
        return b""


def _packages(asked):
    """Registries know no package of which nothing is known here."""
    agent = asked.headers.get("user-agent", "")
    if asked.path == "/v2/":
        return Answer(200, [("Content-Type", "application/json"), ("Docker-Distribution-Api-Version", "registry/2.0")],
                      b"{}\n")
    oci = re.match(r"/v2/.+/(manifests|blobs|tags)/", asked.path)
    if (oci or _PACKAGE_CLIENT.match(agent) or "npm-command" in asked.headers or "/@v/" in asked.path
            or re.match(r"/simple/[^/]+/?$", asked.path)):
        if asked.method in ("GET", "HEAD"):
            if oci:
                return _of("application/json", b'{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}\n', 404)
            return _not_found(asked)
    return None


def _ending(path):
    name = path.rsplit("/", 1)[-1].lower()
    if name.endswith((".tar.gz", ".tar.xz", ".tar.bz2")):
        return "tgz" if name.endswith(".gz") else name.rsplit(".", 1)[-1]
    return name.rsplit(".", 1)[-1] if "." in name.lstrip(".") else ""


def _file(ending, host):
    kind = _TYPES[ending]
    if ending == "tgz":
        return _of(kind, files.gzip(files.tar(host)))
    if ending == "gz":
        return _of(kind, files.gzip(files.TEXT))
    return _of(kind, _FIXED[ending] if ending in _FIXED else _MADE[ending](host))


def _status(asked, expected):
    """Success as the code tests for it; 200 where it does not say."""
    tested = [int(value) for name, value in expected if name == ":status" and re.fullmatch("2[0-9]{2}", value)]
    return tested[0] if tested and 200 not in tested and asked.method != "GET" else 200


def _json(asked, expected, turn):
    return _of("application/json", _json_text(asked, expected, turn), _status(asked, expected))


def _json_text(asked, expected, turn):
    spaced = any(name == ":spaced" for name, _ in expected)
    return answer_json.text(answer_json.document(asked, expected, turn), spaced)


def _accepts(asked):
    """The media types of Accept without wildcards, in their order."""
    kinds = [part.partition(";")[0].strip().lower() for part in asked.headers.get("accept", "").split(",")]
    return [kind for kind in kinds if kind and kind != "*/*"]


def _content(asked, expected, turn):
    ending = _ending(asked.path)
    if asked.path == "/robots.txt":
        return _of(_TYPES["txt"], b"User-agent: *\nDisallow:\n")
    if asked.method in ("GET", "HEAD") and ending in _TYPES:
        if ending in ("txt", "md") and (bare := _bare(expected, turn)):
            return _of(_TYPES[ending], bare)
        return _file(ending, asked.host)
    if asked.method in ("GET", "HEAD") and asked.path.startswith("/.well-known/acme"):
        return _not_found(asked)
    for kind in _accepts(asked):
        if "json" in kind:
            return _json(asked, expected, turn)
        if kind == "text/event-stream":
            data = _json_text(asked, expected, turn)
            return _of(kind, b"data: " + data + b"\n")
        if kind == "application/dns-message" and asked.body[:2]:
            return _of(kind, asked.body[:2] + b"\x81\x80" + asked.body[4:6] + b"\0\0\0\0\0\0" + asked.body[12:512])
        by_kind = {"text/html": "html", "application/xml": "xml", "text/xml": "xml", "application/pdf": "pdf",
                   "text/csv": "csv", "application/zip": "zip"}
        if kind in by_kind and asked.method in ("GET", "HEAD"):
            return _file(by_kind[kind], asked.host)
        if kind.startswith("image/"):
            return _file("png", asked.host)
    if asked.method not in ("GET", "HEAD") or ending == "json":
        return _json(asked, expected, turn)
    return _of_unknown_kind(asked, expected, turn)


def _bare(expected, turn):
    """The text with which code compares a whole answer."""
    texts = [value for name, value in expected if not name and value and not answer_json.is_refusal(value)]
    return texts[turn % len(texts)].encode("utf-8", "backslashreplace") if texts else b""


def _of_unknown_kind(asked, expected, turn):
    """A GET of `*/*` without an ending: what the skill's code does with the answer tells, else the address."""
    named = any(each and not each.startswith(":") for each, _ in expected)
    if named and (_OF_API.search(asked.path) or asked.host.startswith("api.")):
        return _json(asked, expected, turn)
    runs = next((value for name, value in expected if name == ":interpreter"), "")
    if runs in _BY_INTERPRETER:
        return _file(_BY_INTERPRETER[runs], asked.host)
    if asked.path.startswith(answer_json.FILES):
        return _file("bin", asked.host)  # an address of our own answers, which somebody follows
    name = asked.path.rstrip("/").rsplit("/", 1)[-1].lower()
    if name in _SCRIPT_NAMES or (not name and asked.host.startswith(("get.", "install.", "sh."))):
        return _file("sh", asked.host)
    if _PROGRAM.search(name):
        return _file("bin", asked.host)
    if not named and (bare := _bare(expected, turn)):
        return _of(_TYPES["txt"], bare)
    return _json(asked, expected, turn)


def message(asked, expected, turn):
    """What a server says on a WebSocket, after it was told something."""
    return _json_text(asked, expected, turn).rstrip().decode("ascii")
