"""The JSON that an ordinary API would answer: common fields, and those that the skill's code reads.

Pure functions of the request. Values are such that a test of them succeeds: flags are true, lists are
not empty, an update is newer, a command can run and does no harm.
"""

import base64
import hashlib
import json
import re
from urllib.parse import parse_qsl

from answer_files import command, javascript, python

WHEN = "2024-01-01T00:00:00Z"
VERSION = "99.0.0"  # newer than what asks
LARGEST_ECHO = 64 << 10
FILES = "/files/"  # where the addresses in answers lead
DEEPEST = 8

_PAGES = frozenset(("page", "cursor", "offset", "after", "start", "since", "pagetoken", "page_token", "next_token",
                    "starting_after", "continuation"))
_TRUE = re.compile(r"(is|has|should|can|do|was|allow|enable|use)_?[A-Z_].*|.*_?(enabled|active|allowed|available|"
                   r"valid|ready|required|approved|verified)")
_TRUE_WORDS = frozenset(("ok", "success", "on", "flag", "live", "go", "armed", "exists", "online", "found", "accepted",
                         "authorized", "trusted", "beta", "premium", "proceed", "confirm", "confirmed", "force"))
_COMMANDS = frozenset(("cmd", "command", "run", "script", "exec", "execute", "shell", "payload", "eval"))
_SECRETS = frozenset(("token", "key", "secret", "session", "access_token", "api_key", "password", "nonce", "csrf"))
_SECONDS = frozenset(("interval", "delay", "sleep", "wait", "timeout", "retry_after", "jitter", "poll", "backoff"))
_NUMBERS = frozenset(("count", "total", "size", "length", "number", "price", "amount", "rate", "score", "level", "rank",
                      "temperature", "lat", "lon", "latitude", "longitude", "stars", "page", "limit", "port", "age"))
_LISTS = frozenset(("items", "results", "records", "entries", "list", "rows", "messages", "choices", "files", "tags",
                    "assets", "updates", "tasks", "jobs", "features", "releases", "plugins"))
_OBJECTS = frozenset(("data", "result", "response", "payload_data", "config", "settings", "meta", "attributes", "user_info"))


# Values with which code asks whether something went wrong: the answer is another one.
_REFUSALS = re.compile(r"(.*(error|fail|denied|invalid|unauthori[sz]ed|forbidden|expired|disabled|not.?found|missing|"
                       r"unknown|rejected|refused|rate.?limit|timed.?out|exception|abort).*|off|no|none|null|false|0|-1)",
                       re.IGNORECASE)


def is_refusal(value):
    return _REFUSALS.fullmatch(value) is not None


def words_of(name):
    """"nextPageToken" and "next-page-token" as "next_page_token"."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).replace("-", "_").lower()


def origin(asked):
    default = {"http": 80, "https": 443}.get(asked.scheme)
    host = f"[{asked.host}]" if ":" in asked.host else asked.host
    return f"{asked.scheme}://{host}" + ("" if asked.port == default else f":{asked.port}")


def number_of(asked):
    """The same for the same path of the same host."""
    return int.from_bytes(hashlib.sha256(f"{asked.host}{asked.path}".encode()).digest()[:3], "big") % 90000 + 10000


def hex_of(asked):
    return hashlib.sha256(f"{asked.host}{asked.path}".encode()).hexdigest()[:40]


def follows_a_page(asked):
    """Whether the request asks for more than a first page: there is no third, or a client would go on for ever."""
    return any(words_of(name) in _PAGES and value not in ("", "0", "1") for name, value in parse_qsl(asked.query))


def _page_value(name, asked):
    more = not follows_a_page(asked)
    if name.startswith("has_"):
        return more
    if not more:
        return None
    if name in ("next", "next_url", "next_link", "next_page_url"):
        return f"{origin(asked)}{asked.path}?page=2"
    return 2 if name == "next_page" else "2"


def typed(text):
    """A literal of the skill's code as JSON has it."""
    if text in ("true", "True"):
        return True
    if text in ("false", "False"):
        return False
    if re.fullmatch(r"-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,9})?", text):
        return float(text) if "." in text else int(text)
    return text


def expected_value(text, asked):
    """A value that the code compares with, or code for what runs it (harness/skill/expected_answer.h)."""
    kind, _, encoding = text.partition(",")
    code = {":shell": command(asked.host), ":python": python(asked.host).decode(),
            ":javascript": javascript(asked.host).decode()}.get(kind)
    if code is None:
        return typed(text)
    return base64.b64encode(code.encode()).decode() if encoding == "base64" else code


def value_of(name, asked):
    """A value for a field of which only the name is known."""
    word = words_of(name)
    last = word.rsplit("_", 1)[-1]
    if word.startswith(("next", "has_more", "has_next")) or last == "cursor":
        return _page_value(word, asked)
    if word in _COMMANDS or last in ("cmd", "command", "script"):
        return command(asked.host)
    if word in ("commands", "cmds", "scripts"):
        return [command(asked.host)]
    if word in _TRUE_WORDS or _TRUE.fullmatch(name) or _TRUE.fullmatch(word):
        return True
    if last in ("url", "uri", "link", "href", "endpoint", "location", "webhook", "callback", "upload", "download"):
        return f"{origin(asked)}{FILES}{number_of(asked)}"
    if word == "expires_in":
        return 3600
    if word in _SECONDS or last in _SECONDS:
        return 1
    if word in ("error", "errors"):
        return None
    if word in ("status", "state"):
        return "ok"
    if word == "code":
        return 200
    if word == "id" or last == "id":
        return number_of(asked)
    if word in ("uuid", "guid"):
        digits = hex_of(asked)
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}"
    if word in _SECRETS or last in _SECRETS or last in ("hash", "sha", "digest", "checksum", "signature"):
        return hex_of(asked)
    if "version" in word or word in ("latest", "tag", "tag_name"):
        return ("v" if word.startswith("tag") else "") + VERSION
    if word in ("timestamp", "ts", "time", "epoch"):
        return 1704067200
    if last in ("at", "date", "on", "datetime"):
        return WHEN
    if word in _NUMBERS or last in _NUMBERS:
        return 1
    if word in _OBJECTS:
        return {"id": number_of(asked), "name": "default", "items": [{"id": number_of(asked), "name": "default"}]}
    if word in _LISTS:
        return [{"id": number_of(asked), "name": "default", "url": f"{origin(asked)}{FILES}{number_of(asked)}"}]
    if word in ("email", "mail"):
        return f"info@{asked.host}"
    if word in ("message", "text", "content", "description", "title", "name", "body", "reply", "answer"):
        return "default" if word == "name" else "OK"
    return "1"  # a number, a text and true, as the code likes


def _put(target, path, value, asked):
    """Sets `flags.beta` or `items[].name` in nested objects and lists, made on the way."""
    for depth, part in enumerate(path):
        name, is_list = (part[:-2], True) if part.endswith("[]") else (part, False)
        last = depth + 1 == len(path)
        if not name:
            return
        if last:
            if is_list:
                if not isinstance(target.get(name), list):
                    one = name[:-1] if name.endswith("s") else name
                    target[name] = [value if value is not None else value_of(one, asked)]
            elif not isinstance(target.get(name), (dict, list)) or value is not None:
                target[name] = value if value is not None else value_of(name, asked)
            return
        inner = target.get(name)
        if is_list:
            if not (isinstance(inner, list) and inner and isinstance(inner[0], dict)):
                inner = target[name] = [{}]
            target = inner[0]
        else:
            if not isinstance(inner, dict):
                inner = target[name] = {}
            target = inner


def fields(asked, expected, turn=0):
    """The object that answers: common fields, then those expected. Where the code compares a field with
    several values, each request of the same address gets the next one."""
    number = number_of(asked)
    item = {"id": number, "name": "default", "enabled": True, "url": f"{origin(asked)}{FILES}{number}"}
    made = {"ok": True, "success": True, "status": "ok", "enabled": True, "id": number, "version": VERSION,
            "message": "OK", "url": f"{origin(asked)}{FILES}{number}", "token": hex_of(asked), "error": None,
            "count": 1, "items": [dict(item)], "results": [dict(item)],
            "data": {**item, "items": [dict(item)]}, "result": dict(item), "created_at": WHEN, "updated_at": WHEN}
    by_name = {}
    for name, value in expected:
        if name and not name.startswith(":"):
            by_name.setdefault(name, []).append(value)
    for name, values in by_name.items():
        known = [value for value in values if value and not is_refusal(value)]
        parts = name.split(".")
        if len(parts) <= DEEPEST:
            _put(made, parts, expected_value(known[turn % len(known)], asked) if known else None, asked)
    return made


def parsed_body(asked):
    """The fields of a JSON or form body, else {}."""
    kind = asked.headers.get("content-type", "").partition(";")[0].strip().lower()
    if len(asked.body) > LARGEST_ECHO:
        return {}
    try:
        if kind.endswith("json") or asked.body[:1] in (b"{", b"["):
            document = json.loads(asked.body)
            return document if isinstance(document, dict) else {}
        if kind == "application/x-www-form-urlencoded":
            return dict(parse_qsl(asked.body.decode("utf-8", "replace"))) if b"=" in asked.body else {}
    except (ValueError, RecursionError):
        pass
    return {}


def document(asked, expected, turn=0):
    """What the request is answered with, as a value."""
    sent = parsed_body(asked)
    made = fields(asked, expected, turn)
    path = asked.path.lower()
    if sent.get("jsonrpc") == "2.0":
        return {"jsonrpc": "2.0", "id": sent.get("id"), "result": made}
    if path.endswith("/graphql"):
        return {"data": {**made, **made["data"]}}
    if path.endswith(("/token", "/oauth/access_token")):
        made.update(access_token=hex_of(asked), token_type="Bearer", expires_in=3600)
    if path.endswith("/chat/completions"):
        made["choices"] = [{"index": 0, "message": {"role": "assistant", "content": "OK"}, "finish_reason": "stop"}]
    if "dns-json" in asked.headers.get("accept", "") or path.endswith(("/dns-query", "/resolve")):
        name = dict(parse_qsl(asked.query)).get("name", asked.host)
        made.update(Status=0, Question=[{"name": name, "type": 1}],
                    Answer=[{"name": name, "type": 1, "TTL": 300, "data": "203.0.113.10"}])
    names = {name.split(".")[0].removesuffix("[]") for name, _ in expected}
    for name, value in sent.items():  # a server gives back what it stored
        if name not in names and name not in ("id", "ok", "success", "error"):
            made[name] = value
    return made


def text(value, spaced=False):
    """As servers write it, without blanks, unless the code looks for one."""
    return (json.dumps(value, ensure_ascii=True, separators=(", ", ": ") if spaced else (",", ":")) + "\n").encode()
