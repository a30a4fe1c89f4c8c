"""Parses the addresses of requests, and matches them with network rules. Pure functions without mitmproxy.

The program parses, checks and compiles rules (harness/traffic/compiled_policy.h); this file knows no rule
syntax. Only this file parses the address of a request. Both decode paths in the same way, and both are
tested with the cases in tests/unit/traffic/data/rules.json.

A URL that an upstream server could read differently is refused, not repaired: the proxy sees only one
reading, and a policy must hold for all of them.
"""

import functools
import ipaddress
import re
import socket
import unicodedata
from typing import NamedTuple, Optional
from urllib.parse import unquote_to_bytes

DEFAULT_PORT = {"http": 80, "https": 443}

_LABEL = re.compile(r"[a-z0-9_-]{1,63}\Z")
_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_MAX_DECODINGS = 5


class Rule(NamedTuple):
    """As harness/traffic/compiled_policy.h describes it."""
    text: str  # in its one spelling, for records
    group: str
    methods: Optional[list]  # None is any
    scheme: str
    host: str  # lower case, without a trailing dot; IPv6 without brackets
    port: int
    path: list  # the texts between the '*'
    decoded: list
    query: Optional[str]  # "?…", "" for none, None for any


def canonical_ip(text):
    """The canonical form of an address literal. An IPv4-mapped IPv6 address becomes IPv4."""
    address = ipaddress.ip_address(text)
    if address.version == 6:
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return socket.inet_ntop(socket.AF_INET6, address.packed)
    return str(address)


def is_numeric_host(host):
    """True if resolvers read the name as an IPv4 address: 127.1, 0x7f000001, 2130706433."""
    last = host.rsplit(".", 1)[-1]
    return last.isdigit() or last.startswith("0x")


def canonical_host(text):
    """The canonical form of a host: ASCII, lower case, no trailing dot, full addresses.

    Raises ValueError if it is not a host."""
    host = text.lower()
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
        if ":" not in host:
            raise ValueError("brackets are only for IPv6 addresses")
    if "%" in host:
        raise ValueError("a host cannot contain '%'")
    if ":" in host:
        return canonical_ip(host)
    if not host.isascii():
        host = host.encode("idna").decode("ascii").lower()
    if host.endswith("."):
        host = host[:-1]
    if len(host) > 253 or not all(_LABEL.match(label) for label in host.split(".")):
        raise ValueError("not a host name")
    if is_numeric_host(host):
        try:
            return socket.inet_ntoa(socket.inet_aton(host))
        except OSError:
            raise ValueError("not an IPv4 address") from None
    return host


def is_literal(host):
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def host_port(host, port, scheme=None):
    """"host:port"; without the port if it is the scheme's default."""
    shown = f"[{host}]" if ":" in host else host
    return shown if DEFAULT_PORT.get(scheme) == port else f"{shown}:{port}"


def split_host_port(text, scheme=None):
    """("host", port) of "host:port", canonical. The port is optional if there is a scheme."""
    match = re.fullmatch(r"(\[[^\]]*\]|[^:\[\]]+)(?::([0-9]{1,5}))?", text)
    if not match:
        raise ValueError("not host:port")
    port = int(match[2]) if match[2] is not None else DEFAULT_PORT.get(scheme, 0)
    if not 1 <= port <= 65535:
        raise ValueError("the port is missing, or not between 1 and 65535")
    return canonical_host(match[1]), port


def _check_segments(path):
    for segment in re.split(r"[/\\]", path):
        # Some servers cut a segment at ';' first.
        bare = segment.partition(";")[0]
        if bare in (".", ".."):
            raise ValueError("a '.' or '..' segment")


@functools.lru_cache(maxsize=64)
def canonical_path(path):
    """The path decoded until nothing changes, with backslashes as slashes and runs of slashes merged.

    Raises ValueError if servers read it differently."""
    raw = path.encode("ascii")
    if _BAD_ESCAPE.search(raw):
        raise ValueError("a '%' that does not start an escape")
    for _ in range(_MAX_DECODINGS):
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            raise ValueError("escapes that are not UTF-8") from None
        if any(c < " " or c == "\x7f" for c in text):
            raise ValueError("an escaped control character")
        _check_segments(text)
        decoded = unquote_to_bytes(raw)
        if decoded == raw:
            return re.sub(r"/+", "/", text.replace("\\", "/"))
        raw = decoded
    raise ValueError("escapes inside escapes")


def pieces_match(pieces, text):
    """Whether `text` is the pieces with any run of characters between them. Linear, so that a hostile path
    cannot make it slow."""
    first, *rest = pieces
    if not rest:
        return first == text
    *middle, last = rest
    if not text.startswith(first) or len(text) < len(first) + len(last) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for part in middle:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


def without_dots(target):
    """The target (bytes) without "/./" in its path, which every server reads as "/" (RFC 3986, 5.2.4):
    what apt asks for when a source is written `deb URL ./`. Escaped, with parameters or at the end, a
    dot stays where it is and target_problem() finds it."""
    path, mark, query = target.partition(b"?")
    return re.sub(rb"/(?:\./)+", b"/", path) + mark + query


def target_problem(target):
    """Why no rule can allow this path and query (bytes, as sent), or None."""
    if not target.startswith(b"/"):
        return "the request's target is not a path"
    if target.startswith(b"//"):
        return "the path begins with '//', which some servers read as a host"
    for byte in target:
        if not 0x21 <= byte <= 0x7E or byte in b"#\\":
            return f"the URL contains the byte 0x{byte:02x}, which is not valid in a URL"
    try:
        path = canonical_path(target.partition(b"?")[0].decode("ascii"))
        _check_segments(unicodedata.normalize("NFKC", path))  # wide dots, which some servers narrow
    except ValueError as e:
        return f"servers read the path differently ({e})"
    return None


def rule_matches(rule, method, scheme, host, port, target):
    """`target` (str) has passed target_problem(); `host` is canonical."""
    if (rule.scheme, rule.host, rule.port) != (scheme, host, port):
        return False
    if rule.methods is not None and method not in rule.methods:
        return False
    path, mark, query = target.partition("?")
    if rule.query is not None and rule.query != mark + query:
        return False
    # Both forms of the path must match: as sent, and as the server decodes it.
    return pieces_match(rule.path, path) and pieces_match(rule.decoded, canonical_path(path))


def suggestion(method, scheme, host, port, target):
    """A rule that would allow this request, as a user writes it (harness/traffic/policy.h)."""
    path, mark, query = target.partition("?")
    if len(target) > 300:
        path, mark, query = path[:200].rsplit("%", 1)[0].rsplit("/", 1)[0] + "/*", "", ""
    elif "*" in query:
        path, mark, query = path + "*", "", ""
    if any(c in "\"<>^`{|}" for c in path + query):
        path, mark, query = re.split(r"[\"<>^`{|}]", path)[0] + "*", "", ""
    return f"{method} {scheme}://{host_port(host, port, scheme)}{path}{mark}{query}"


def find_rule(rules, method, scheme, host, port, target) -> Optional[Rule]:
    for rule in rules:
        if rule_matches(rule, method, scheme, host, port, target):
            return rule
    return None
