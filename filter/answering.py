"""From mitmproxy's request to answers.py and back."""

from mitmproxy import http
from wsproto.utilities import generate_accept_token

import answers
import url_rules
from flow_record import clean

BODY_READ = 1 << 20  # of a request, for its answer
LONGEST_WAIT = 600  # of a stub that never answers


def reply_to(flow, asked, known, record, turns):
    """The answers.Answer to what `asked` (policy.Request) says, or None. `flow` keeps what a WebSocket needs."""
    if not (known.everybody or known.stubs) or asked.method == "CONNECT":
        return None
    if asked.scheme not in url_rules.DEFAULT_PORT:
        return None
    try:
        host = url_rules.canonical_host(asked.host)
    except ValueError:
        return None
    path, _, query = url_rules.without_dots(asked.target).partition(b"?")
    headers = {clean(name).lower(): clean(value) for name, value in asked.headers}
    read = answers.Asked(asked.method, asked.scheme, host, asked.port, clean(path), clean(query), headers,
                         bytes(record.kept[:BODY_READ]))
    reply = answers.answer(known, read, turns)
    if reply and opens_websocket(flow, reply):
        flow.metadata["skillaudit_asked"] = (read, answers.expected_of(known, host))
    return reply


def opens_websocket(flow, reply):
    headers = flow.request.headers
    return (flow.request.method == "GET" and headers.get("upgrade", "").lower() == "websocket"
            and headers.get("sec-websocket-version") == "13" and "sec-websocket-key" in headers
            and reply.failure == "none" and reply.status in (101, 200))


def response(flow, reply):
    if "skillaudit_asked" in flow.metadata:
        key = flow.request.headers["sec-websocket-key"].encode("utf-8", "surrogateescape")
        made = http.Response.make(101, b"", {"Upgrade": "websocket", "Connection": "Upgrade",
                                             "Sec-WebSocket-Accept": generate_accept_token(key).decode("ascii")})
        offered = flow.request.headers.get("sec-websocket-protocol", "").partition(",")[0].strip()
        if offered:
            made.headers["Sec-WebSocket-Protocol"] = offered
        del made.headers["content-length"]
        return made
    fields = [(name.encode("utf-8"), value.encode("utf-8")) for name, value in reply.headers]
    if reply.body and not any(name.lower() == b"content-type" for name, _ in fields):
        kind = b"application/json" if reply.body.lstrip()[:1] in (b"{", b"[") else b"text/plain; charset=utf-8"
        fields.append((b"Content-Type", kind))
    bare = flow.request.method == "HEAD" or reply.status in (204, 304)
    made = http.Response.make(reply.status, b"" if bare else reply.body, http.Headers(fields))
    made.headers.pop("transfer-encoding", None)
    if reply.status == 204:
        made.headers.pop("content-length", None)
    else:
        made.headers["Content-Length"] = str(len(reply.body))
    return made


def next_message(flow):
    asked, expected = flow.metadata["skillaudit_asked"]
    turn = flow.metadata["skillaudit_said"] = flow.metadata.get("skillaudit_said", -1) + 1
    return answers.message(asked, expected, turn)
