"""The compiled network policy, and the verdict on one request. Does not use mitmproxy.

Every doubt blocks: a policy that cannot be read, a request that can be read in two ways.
"""

import json
import os
import re
from dataclasses import dataclass, field
from typing import Optional

import model_hosts
import url_rules
from answers import Answers, parse as parse_answers
from url_rules import canonical_host, host_port, split_host_port

# Headers by which a client asks some servers to act on another host, path or method than the
# request line names. Compared with '_' as '-', as CGI does.
REROUTING_HEADERS = frozenset((
    "forwarded", "x-forwarded-host", "x-forwarded-server", "x-forwarded-proto", "x-forwarded-port",
    "x-forwarded-scheme", "x-forwarded-prefix", "x-original-url", "x-original-host", "x-original-uri",
    "x-rewrite-url", "x-host", "x-http-host-override", "x-http-method", "x-http-method-override",
    "x-method-override",
))
POLICY_LIMIT = 32 << 20  # with the bodies of stubs
FORMAT = 1  # harness/traffic/compiled_policy.cc


@dataclass
class Policy:
    rules: list = field(default_factory=list)
    routes: dict = field(default_factory=dict)  # (host, port) -> (address, port)
    models: dict = field(default_factory=dict)  # host -> model_hosts.ModelHost
    answers: Answers = Answers()


@dataclass
class Request:
    """What the verdict depends on, as the client sent it."""
    method: str
    scheme: str
    host: str  # as addressed: CONNECT's target, or the request line's, never the Host header
    port: int
    target: bytes  # path and query
    authority: Optional[str] = None  # of an absolute-form target inside a tunnel
    headers: tuple = ()  # (name, value) as bytes
    sni: Optional[str] = None
    http_version: str = "HTTP/1.1"
    tunnel_problem: Optional[str] = None


@dataclass
class Verdict:
    allowed: bool
    rule: str  # the rule that allowed it, or "blocked: " and why
    group: str = ""
    suggestion: str = ""  # a rule that would allow it; empty where none can
    model: Optional[model_hosts.ModelHost] = None  # whose host an allowed request is for


def blocked(why, suggestion=""):
    return Verdict(False, "blocked: " + why, "", suggestion)


def parse_policy(text):
    """The policy as harness/traffic/compiled_policy.h describes it. The program has checked it, so a damaged one
    may raise any exception."""
    document = json.loads(text)
    if document["format"] != FORMAT:
        raise ValueError(f"its format is {document['format']!r}, and this filter's is {FORMAT}")
    return Policy([url_rules.Rule(**rule) for rule in document["rules"]],
                  {(route["host"], route["port"]): tuple(route["to"]) for route in document["routes"]},
                  {model["host"]: model_hosts.parse_model(model) for model in document["models"]},
                  parse_answers(document["answers"]))


class PolicyFile:
    """The current content of the policy file. A missing or invalid file is a policy error; the previous
    policy is never used."""

    def __init__(self, path):
        self.path = path
        self._seen = None
        self._policy = None
        self._error = "it has not been read"

    def current(self):
        """(Policy, None), or (None, why not)."""
        try:
            state = os.stat(self.path)
            seen = (state.st_mtime_ns, state.st_ino, state.st_size, state.st_ctime_ns)
            if seen != self._seen:
                self._policy, self._error = None, "it could not be read"
                with open(self.path, encoding="utf-8") as file:
                    self._policy = parse_policy(file.read(POLICY_LIMIT))
                self._error, self._seen = None, seen
        except Exception as e:  # any error: nothing is allowed
            self._policy, self._seen = None, None
            self._error = f"{type(e).__name__}: {e}"
        return self._policy, self._error


def _same_host(text, host, port, scheme):
    try:
        return split_host_port(text, scheme) == (host, port)
    except ValueError:
        return False


def host_header_problem(request, host):
    """Why the request line and the headers name two hosts, or None. `host` is the canonical form."""
    shown = host_port(host, request.port, request.scheme)
    values = [value for name, value in request.headers if name.lower() == b"host"]
    if len(values) > 1:
        return "it has more than one Host header"
    if values and not _same_host(values[0].decode("latin-1").strip(" \t"), host, request.port, request.scheme):
        return f"its Host header names another host than {shown}"
    if request.authority and not _same_host(request.authority, host, request.port, request.scheme):
        return "its request line names another host than the tunnel it came through"
    return None


def sni_problem(sni, host):
    """Why the TLS handshake names another host than `host`, or None."""
    if not sni:
        return None
    try:
        same = canonical_host(sni) == host
    except ValueError:
        same = False
    return None if same else "its TLS handshake (SNI) names another host than the one addressed"


def header_problem(request):
    for name, value in request.headers:
        if any(byte in value for byte in b"\r\n\0"):
            return "a header contains a line break or NUL"
        if name.decode("latin-1").lower().replace("_", "-") in REROUTING_HEADERS:
            return f"the header {name.decode('latin-1')} can make a server act on another address or method"
    return None


def decide(policy, policy_error, request, keyed=()):
    """The verdict on a request. `keyed`: the (host, port) of models that have a key."""
    if policy is None:
        return blocked(f"the policy file cannot be used ({policy_error}), so nothing is allowed")
    if request.http_version not in ("HTTP/1.0", "HTTP/1.1"):
        return blocked("it is not HTTP/1.0 or HTTP/1.1")
    if request.scheme not in url_rules.DEFAULT_PORT:
        return blocked(f"the scheme {request.scheme!r} is neither http nor https")
    try:
        host = canonical_host(request.host)
    except ValueError as e:
        return blocked(f"the host is not valid ({e})")
    target = url_rules.without_dots(request.target)
    problem = (request.tunnel_problem or host_header_problem(request, host)
               or sni_problem(request.sni, host) or header_problem(request)
               or url_rules.target_problem(target))
    if not problem and not re.fullmatch(r"[A-Z][A-Z0-9_-]{0,31}", request.method):
        problem = "the method must consist of upper-case letters"
    if not problem and request.method == "CONNECT":
        problem = "a tunnel inside a tunnel"
    if problem:
        return blocked(problem)
    # Before the rules: with their own key, a skill's author could store data at a model's host.
    if model := policy.models.get(host):
        rule, problem = model_hosts.decide(model, keyed, request, host, target.decode("ascii"))
        return blocked(problem) if problem else Verdict(True, rule, model_hosts.GROUP, model=model)
    asked = (request.method, request.scheme, host, request.port, target.decode("ascii"))
    rule = url_rules.find_rule(policy.rules, *asked)
    if rule:
        return Verdict(True, rule.text, rule.group)
    return blocked("no rule allows it", url_rules.suggestion(*asked))


def tunnel_rule(policy, host, port):
    """(text, group) of the first rule that could allow some request through a tunnel to host:port, or
    None."""
    if not policy:
        return None
    if model := policy.models.get(host):
        return (model_hosts.described(model.rules[0]), model_hosts.GROUP) if model.port == port else None
    for rule in policy.rules:
        if (rule.host, rule.port) == (host, port):
            return rule.text, rule.group
    return None
