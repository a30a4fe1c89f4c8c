"""Network rules: `METHOD https://host/path*`. Pure functions, no mitmproxy.

The grammar is the one of harness/traffic/policy.h; tests/unit/traffic/data/rules.json holds the
cases that both implementations must agree on.

A spelling that an upstream server could read differently from this file is refused, not repaired:
the proxy sees one reading only, and a policy must hold for all of them.
"""

import functools
import ipaddress
import re
import socket
import unicodedata
from typing import NamedTuple, Optional
from urllib.parse import unquote_to_bytes

DEFAULT_PORT = {"http": 80, "https": 443}
EXAMPLE = "write it like 'GET https://example.com/path*'"

_METHOD = re.compile(r"[A-Z][A-Z0-9_-]{0,31}\Z")
_LABEL = re.compile(r"[a-z0-9_-]{1,63}\Z")
_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_MAX_DECODINGS = 5


class Rule(NamedTuple):
    method: str  # "*" is any
    scheme: str
    host: str  # lower case, without a trailing dot; IPv6 without brackets
    port: int
    path: str  # a pattern, with its "?query" if it has one
    group: str = "user"


class RuleError(ValueError):
    """Says what is wrong with a rule."""


def canonical_ip(text):
    """The one spelling of an address literal. An IPv4 address inside an IPv6 one becomes itself."""
    address = ipaddress.ip_address(text)
    if address.version == 6:
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return socket.inet_ntop(socket.AF_INET6, address.packed)
    return str(address)


def is_numeric_host(host):
    """True when resolvers read the name as an IPv4 address: 127.1, 0x7f000001, 2130706433."""
    last = host.rsplit(".", 1)[-1]
    return last.isdigit() or last.startswith("0x")


def canonical_host(text):
    """The one spelling of a host: ASCII, lower case, no trailing dot, addresses in full.

    Raises ValueError for what is no host."""
    host = text.lower()
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
        if ":" not in host:
            raise ValueError("brackets are for IPv6 addresses")
    if "%" in host:
        raise ValueError("a host holds no '%'")
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


def is_loopback(literal):
    return ipaddress.ip_address(literal).is_loopback


def host_port(host, port, scheme=None):
    """"host:port"; without the port where it is the scheme's own."""
    shown = f"[{host}]" if ":" in host else host
    return shown if DEFAULT_PORT.get(scheme) == port else f"{shown}:{port}"


def split_host_port(text, scheme=None):
    """("host", port) of "host:port", canonical. The port may be absent where a scheme is given."""
    match = re.fullmatch(r"(\[[^\]]*\]|[^:\[\]]+)(?::([0-9]{1,5}))?", text)
    if not match:
        raise ValueError("not host:port")
    port = int(match[2]) if match[2] is not None else DEFAULT_PORT.get(scheme, 0)
    if not 1 <= port <= 65535:
        raise ValueError("no port, or one that is not between 1 and 65535")
    return canonical_host(match[1]), port


def rule_text(rule):
    authority = host_port(rule.host, rule.port, rule.scheme)
    return f"{rule.method} {rule.scheme}://{authority}{rule.path}"


def _check_rule_path(path):
    for c in path:
        if not "!" <= c <= "~" or c in "#\\\"<>^`{|}":
            raise RuleError(f"the path holds {c!r}, which a URL cannot: percent-encode it")
    plain, _, query = path.partition("?")
    if "*" in query:
        raise RuleError("'*' stands in the query, where it has no meaning: end the path in '*' to allow any query")
    try:
        canonical_path(plain)
    except ValueError as e:
        raise RuleError(f"the path is not one that a request could have ({e})") from None


def parse_rule(text, group="user"):
    """A Rule, or RuleError with what is wrong."""
    words = [word for word in re.split(r"[ \t]+", text) if word]
    if len(words) != 2:
        raise RuleError("a rule is a method and a URL, with a space between")
    method, url = words
    if method != "*" and not _METHOD.match(method):
        raise RuleError(f"'{method}' is not a method: methods are upper case, '*' is any")
    if method == "CONNECT":
        raise RuleError("CONNECT cannot be allowed: allow the requests that go through the tunnel")
    scheme, separator, rest = url.partition("://")
    if not separator:
        raise RuleError("the URL has no scheme")
    if scheme in ("ws", "wss"):
        raise RuleError(f"a WebSocket is allowed as the request that opens it: write "
                        f"{'https' if scheme == 'wss' else 'http'}://")
    if scheme not in DEFAULT_PORT:
        raise RuleError(f"'{scheme}' is not a scheme that can be allowed: use http or https")
    end = re.search(r"[/?#]", rest)
    if not end or rest[end.start()] != "/":
        raise RuleError("the URL has no path: end it in '/*' to allow all of the host")
    authority, path = rest[: end.start()], rest[end.start():]
    if "@" in authority:
        raise RuleError("the URL holds a user name or password: leave it out")
    if "*" in authority:
        raise RuleError("'*' stands in the host, where it has no meaning: write one rule for each host")
    try:
        host, port = split_host_port(authority, scheme)
        if not authority.isascii():
            raise ValueError("write the ASCII form, xn--…")
        if is_literal(host) and ":" not in host and not authority.startswith(host):
            raise ValueError(f"write the address as {host}")
    except ValueError as e:
        raise RuleError(f"'{authority}' is not a host ({e})") from None
    _check_rule_path(path)
    return Rule(method, scheme, host, port, path, group)


def _check_segments(path):
    for segment in re.split(r"[/\\]", path):
        # Some servers cut a segment at ';' before they look at it.
        bare = segment.partition(";")[0]
        if bare in (".", ".."):
            raise ValueError("a '.' or '..' segment")


@functools.lru_cache(maxsize=64)
def canonical_path(path):
    """The path decoded until nothing is left to decode, backslashes as slashes, slashes merged.

    Raises ValueError where servers disagree on how to read it."""
    raw = path.encode("ascii")
    if _BAD_ESCAPE.search(raw):
        raise ValueError("a '%' that begins no escape")
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


def glob_matches(pattern, text):
    """'*' is any run of characters. Linear, so that a hostile path cannot make it slow."""
    first, *rest = pattern.split("*")
    if not rest:
        return pattern == text
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
            return f"the URL holds the byte 0x{byte:02x}, which a URL cannot"
    try:
        path = canonical_path(target.partition(b"?")[0].decode("ascii"))
        _check_segments(unicodedata.normalize("NFKC", path))  # wide dots, which some servers narrow
    except ValueError as e:
        return f"servers differ on how to read the path ({e})"
    return None


def method_matches(rule, method):
    return rule.method in ("*", method) or (rule.method == "GET" and method == "HEAD")


def rule_matches(rule, method, scheme, host, port, target):
    """`target` (str) has passed target_problem(); `host` is canonical."""
    if (rule.scheme, rule.host, rule.port) != (scheme, host, port) or not method_matches(rule, method):
        return False
    path, mark, query = target.partition("?")
    pattern, rule_mark, rule_query = rule.path.partition("?")
    if rule_mark:
        if not mark or query != rule_query:
            return False
    elif mark and not pattern.endswith("*"):
        return False
    # Both readings of the path must be inside the rule: as sent, and as decoded by the server.
    return glob_matches(pattern, path) and glob_matches(canonical_path(pattern), canonical_path(path))


def suggestion(method, scheme, host, port, target):
    """A rule that would allow this request."""
    path, mark, query = target.partition("?")
    if len(target) > 300:
        path, mark, query = path[:200].rsplit("%", 1)[0].rsplit("/", 1)[0] + "/*", "", ""
    elif "*" in query:
        path, mark, query = path + "*", "", ""
    if any(c in "\"<>^`{|}" for c in path + query):
        path, mark, query = re.split(r"[\"<>^`{|}]", path)[0] + "*", "", ""
    return rule_text(Rule(method, scheme, host, port, path + mark + query))


def find_rule(rules, method, scheme, host, port, target) -> Optional[Rule]:
    for rule in rules:
        if rule_matches(rule, method, scheme, host, port, target):
            return rule
    return None
