"""Hosts of language models: which requests to them are allowed, and the key, which stays out of the
guest. Does not use mitmproxy.

The guest has a decoy key. The real key comes once, through a pipe. It replaces the decoy when a request
is sent (guarded_layers.py), and the decoy replaces it in the response. Everything that decides, records
or shows an exchange is between those two points and sees only the decoy.
"""

import json
import os
import re
import resource
from typing import NamedTuple, Optional
from urllib.parse import parse_qsl

import url_rules

GROUP = "model"
# Headers for keys, of different providers. Compared with '_' as '-', as CGI does.
CREDENTIAL_HEADERS = frozenset((
    "authorization", "x-authorization", "x-forwarded-authorization", "proxy-authorization", "x-api-key", "api-key",
    "apikey", "x-goog-api-key", "x-goog-iam-authorization-token", "x-amz-security-token", "x-auth-token",
    "x-access-token", "cookie", "cookie2",
))
_CREDENTIAL_PARAMETERS = frozenset((
    "key", "api-key", "apikey", "x-api-key", "x-goog-api-key", "access-token", "oauth-token", "token", "auth",
    "authorization", "bearer", "bearer-token",
))
FOREIGN_KEY = "a key that this audit did not give to the guest was sent to the model's host"
KEYS_LIMIT = 1 << 16  # capacity of a pipe


class ModelHost(NamedTuple):
    host: str  # canonical
    port: int
    rules: tuple  # url_rules.Rule: POST, https, this host and port
    header: str  # lower case
    prefix: str
    decoy: str
    endpoint: Optional[tuple] = None  # (address, port) of a server in its place, plain HTTP

    @property
    def place(self):
        return self.host, self.port


def parse_model(model):
    """A ModelHost of the compiled policy's `models`."""
    return ModelHost(model["host"], model["port"], tuple(url_rules.Rule(**rule) for rule in model["rules"]),
                     model["header"], model["prefix"], model["decoy"],
                     tuple(model["endpoint"]) if model["endpoint"] else None)


# The verdict

def _credential_problem(model, request, target):
    """Why the request's credentials are not exactly the decoy in its header, or None."""
    wanted, decoy = (model.prefix + model.decoy).encode(), model.decoy.encode()
    elsewhere = f"the key is not in the header '{model.header}', or not only there"
    found, problem = 0, None
    for name, value in request.headers:
        plain = name.decode("latin-1").lower().replace("_", "-")
        if plain != model.header and plain not in CREDENTIAL_HEADERS:
            continue
        if name.decode("latin-1").lower() == model.header and value == wanted:
            found += 1
        elif value and value.split(b" ")[-1] != decoy:
            return FOREIGN_KEY
        else:
            problem = elsewhere
    for name, value in parse_qsl(target.partition("?")[2], keep_blank_values=True):
        if name.lower().replace("_", "-") in _CREDENTIAL_PARAMETERS:
            if value != model.decoy:
                return FOREIGN_KEY
            problem = elsewhere
    if problem or found > 1:
        return problem or elsewhere
    return None if found else f"the request to the model's host has no key in its header '{model.header}'"


def decide(model, keyed, request, host, target):
    """(the rule that allows the request, None), or (None, why not). `keyed`: the places that have
    a key; `host` is canonical, `target` (str) has passed target_problem()."""
    if problem := _credential_problem(model, request, target):
        return None, problem
    if (request.scheme, host, request.port) != ("https", *model.place):
        return None, f"the model's host accepts only https on port {model.port}"
    if any(name.lower() == b"upgrade" for name, _ in request.headers):
        return None, "a connection to the model's host cannot become a WebSocket"
    for rule in model.rules:
        if url_rules.rule_matches(rule, request.method, "https", *model.place, target):
            if not model.endpoint and model.place not in keyed:
                return None, "there is no key for the model's host"
            return described(rule), None
    return None, "the model's host accepts only " + ", ".join(rule.text for rule in model.rules)


def described(rule):
    return f"{GROUP}: {rule.text}"


# The key

def read_keys(descriptor):
    """{(host, port): key} from the pipe, which is read to its end and closed. Errors do not quote what
    was read."""
    # A core dump would contain the keys.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with os.fdopen(descriptor, "rb") as pipe:
        data = pipe.read(KEYS_LIMIT + 1)
    try:
        keys = {url_rules.split_host_port(place): key.encode("ascii") for place, key in json.loads(data).items()}
        if len(data) > KEYS_LIMIT or not all(re.fullmatch(rb"[!-~]{8,512}", key) for key in keys.values()):
            raise ValueError
    except (ValueError, AttributeError):
        raise ValueError("the keys of the models' hosts have the wrong format") from None
    return keys


class Scrubber:
    """Replaces the key in a stream of bytes, even if pieces split it. Only bytes that could start the key
    wait for the next piece, so complete events are not delayed."""

    def __init__(self, key, decoy):
        self._key = key
        # As long as the key, so that Content-Length stays correct.
        self._decoy = decoy[: len(key)].ljust(len(key), b"x")
        self._held = b""

    def whole(self, data):
        return data.replace(self._key, self._decoy)

    def piece(self, data):
        data = self.whole(self._held + data)
        size = min(len(self._key) - 1, len(data))
        while size and not data.endswith(self._key[:size]):
            size -= 1
        self._held = data[len(data) - size:]
        return data[: len(data) - size]

    def rest(self):
        rest, self._held = self._held, b""
        return rest


class Passage:
    """The changes to one allowed request to a model's host, and to its response."""

    def __init__(self, model, key):
        self.host, self.endpoint, self.header = model.host, model.endpoint, model.header
        decoy = model.decoy.encode()
        self.secret = None if model.endpoint else model.prefix.encode() + key
        self.scrubber = None if model.endpoint else Scrubber(key, decoy)
