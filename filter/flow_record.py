"""flows.jsonl: one line for each exchange, and the bodies beside it. No mitmproxy here.

Fields are those of harness/evidence/flow.h. Everything recorded comes from the guest, so all of it
is bounded: the list of headers, the bytes kept in memory, the bytes and lines on disk.
"""

import hashlib
import json
import os
import time
from typing import Optional

KEPT_BODY = 8 << 20  # of each request that never left: an upload of more than a megabyte is no rarity
BODY_LIMIT = 64 << 20  # a request that would be passed on; larger is refused
# What left is kept whole, or something could hide in the part that nobody reads. Its bound on disk
# leaves half of DISK_LIMIT to what was blocked; beyond it the first KEPT_BODY bytes are kept.
PASSED_LIMIT = 512 << 20
# Of the responses of models, which are kept too. Together with the above a quarter of DISK_LIMIT is left.
ANSWERED_LIMIT = 256 << 20
ANSWERS_KEPT = 2000  # answers of this filter's own whose bodies are kept; they are alike, and each is a file
RESPONSE_SPILL = 64 << 10  # bytes of a response held before they are written
SPILL = 1 << 20  # of a body that grows after it was allowed (WebSocket), bytes held before they are written
MEMORY_LIMIT = 256 << 20  # of all requests that are being read
DISK_LIMIT = 1 << 30  # of all kept bodies and heads
FLOW_LIMIT = 100_000
HEADER_NAMES = 200
TEXT_LIMIT = 300


def clean(text, limit=None):
    """UTF-8 text of bytes or str: what is not UTF-8 becomes \\xff, half surrogates \\udcff."""
    if isinstance(text, str):
        text = text.encode("utf-8", "backslashreplace")
    text = text.decode("utf-8", "backslashreplace")
    return text if limit is None or len(text) <= limit else text[:limit] + "…"


class Bytes:
    """Counts and hashes what passes."""

    def __init__(self):
        self.size = 0
        self._hash = hashlib.sha256()

    def add(self, data):
        self.size += len(data)
        self._hash.update(data)

    def digest(self):
        return self._hash.hexdigest() if self.size else ""


class Memory:
    """One budget for the request bytes that all connections hold at once."""

    def __init__(self, limit=MEMORY_LIMIT):
        self.free = limit

    def take(self, size):
        if size > self.free:
            return False
        self.free -= size
        return True

    def give(self, size):
        self.free += size


class Record:
    """One exchange while it goes on. A Recorder writes it once, when it is finished."""

    def __init__(self, memory, kind, started=None):
        self.id: Optional[int] = None
        self.kind = kind
        self.time = started or time.time()
        self.method = self.scheme = self.host = self.host_header = self.sni = ""
        self.port = 0
        self.path = self.query = self.user_agent = self.error = ""
        self.status: Optional[int] = None
        self.allowed = False
        self.answered = False  # by this filter, in place of the server: nothing left
        self.rule = self.group = ""
        self.header_names = []
        self.head = b""
        self.request = Bytes()
        self.response = Bytes()
        self.kept = bytearray()
        self.written = 0  # bytes of the body that are on disk
        self.keeps_response = False
        self.kept_response = bytearray()
        self.response_written = 0
        self.passable = False  # by its head, the policy lets it pass
        self.whole = False  # so all of its body is held until it can be passed on
        self.passed = False  # it was allowed, and what is sent on from now on leaves
        self.too_large = False
        self.done = False
        self._memory = memory
        self._taken = 0

    def set_headers(self, names):
        self.header_names = [clean(name, TEXT_LIMIT) for name in names[:HEADER_NAMES]]
        if len(names) > HEADER_NAMES:
            self.header_names.append(f"… and {len(names) - HEADER_NAMES} more")

    def add_request(self, data):
        """A piece of the request's body."""
        self.request.add(data)
        if self.whole and self.request.size > BODY_LIMIT:
            self._refuse()
        room = (BODY_LIMIT if self.passed else KEPT_BODY) - self.written - len(self.kept)
        piece = data if self.whole else data[: max(0, room)]
        if not piece:
            return
        if self._memory.take(len(piece)):
            self._taken += len(piece)
            self.kept += piece
        elif self.whole:
            self._refuse()
        else:
            self.error = self.error or "the body was not kept: too much is being sent at once"

    def add_response(self, data):
        """A piece of the response's body."""
        self.response.add(data)
        if self.keeps_response:
            self.kept_response += data

    def _refuse(self):
        self.too_large, self.whole = True, False
        surplus = len(self.kept) - KEPT_BODY
        if surplus > 0:
            del self.kept[KEPT_BODY:]
            self._memory.give(surplus)
            self._taken -= surplus

    def take_body(self):
        """All of the body, to be passed on. Its share of the memory is given back at the end: mitmproxy
        holds it until then."""
        body = bytes(self.kept) if self.whole else b""
        self.whole = False
        return body

    def let_go(self):
        """The bytes held are on disk. Of an HTTP body mitmproxy holds its own copy until the end."""
        self.kept = bytearray()
        if self.kind == "websocket":
            self.release()

    def release(self):
        self._memory.give(self._taken)
        self._taken = 0
        self.kept = bytearray()

    def line(self, body_file, head_file, response_file):
        return {
            "id": self.id,
            "time": round(self.time, 6),
            "kind": self.kind,
            "method": clean(self.method, TEXT_LIMIT),
            "scheme": clean(self.scheme, TEXT_LIMIT),
            "host": clean(self.host, TEXT_LIMIT),
            "host_header": clean(self.host_header, TEXT_LIMIT),
            "sni": clean(self.sni, TEXT_LIMIT),
            "port": self.port,
            "path": clean(self.path),
            "query": clean(self.query),
            "status": self.status,
            "allowed": self.allowed,
            "answered": self.answered,
            "rule": clean(self.rule),
            "group": self.group,
            "request_headers": self.header_names,
            "user_agent": clean(self.user_agent, TEXT_LIMIT),
            "request_size": self.request.size,
            "response_size": self.response.size,
            "request_sha256": self.request.digest(),
            "response_sha256": self.response.digest(),
            "request_body": body_file,
            "request_head": head_file,
            "response_body": response_file,
            "error": clean(self.error, TEXT_LIMIT),
        }


class LogFull(Exception):
    pass


class Recorder:
    """The log in `folder`. Any error of writing is the caller's to turn into a stop: evidence that
    cannot be kept must not go unnoticed."""

    def __init__(self, folder):
        self.memory = Memory()
        self._bodies = os.path.join(folder, "bodies")
        os.makedirs(self._bodies, exist_ok=True)
        # A log that exists already belongs to another run: its numbers would repeat.
        self._file = open(os.path.join(folder, "flows.jsonl"), "x", encoding="ascii")
        self._last_id = 0
        self._disk = DISK_LIMIT
        self._passed = PASSED_LIMIT
        self._answered = ANSWERED_LIMIT
        self._answers = ANSWERS_KEPT
        self._open = {}
        self._closed = False

    @property
    def full(self):
        return self._last_id >= FLOW_LIMIT

    def open(self, kind, started=None):
        record = Record(self.memory, kind, started)
        self._open[id(record)] = record
        return record

    def drop(self, record):
        """Forgets a record that another one stands for."""
        self._open.pop(id(record), None)
        record.done = True

    def decided(self, record):
        """Gives the record its number: flows are numbered in the order in which they are decided."""
        if record.id is None:
            if self.full:
                raise LogFull(f"more than {FLOW_LIMIT} exchanges")
            self._last_id += 1
            record.id = self._last_id

    def keeps_answer(self):
        """Whether the body of one more answer of the filter's own is kept."""
        self._answers -= 1
        return self._answers >= 0

    def passes(self, record):
        """The record was allowed: its body is on disk before it leaves."""
        record.passed = True
        self.spill(record, 0)

    def spill(self, record, threshold=SPILL):
        """Writes what is held of a body that leaves, once it is more than `threshold` bytes."""
        if record.passed and len(record.kept) > threshold:
            before = record.written
            self._write_body(record, max(self._passed, KEPT_BODY - before))
            self._passed = max(0, self._passed - (record.written - before))

    def finish(self, record):
        """Writes the record. Doing so twice is harmless."""
        if record.done or self._closed:
            return
        self.decided(record)
        record.done = True
        self._open.pop(id(record), None)
        self.spill(record, 0)
        if not record.passed:
            self._write_body(record, KEPT_BODY)
        record.release()
        self.spill_response(record, 0)
        if record.keeps_response and record.response_written < record.response.size:
            cut = f"only {record.response_written} bytes of the response were kept"
            record.error = f"{record.error}; {cut}" if record.error else cut
        line = record.line(f"bodies/{record.id}.bin" if record.written else "", self._keep_head(record),
                           f"bodies/{record.id}.response" if record.response_written else "")
        self._file.write(json.dumps(line, ensure_ascii=True) + "\n")
        self._file.flush()

    def spill_response(self, record, threshold=RESPONSE_SPILL):
        """Writes what is held of a response that is kept, once it is more than `threshold` bytes."""
        if len(record.kept_response) <= threshold:
            return
        room = max(0, min(BODY_LIMIT - record.response_written, self._answered, self._disk))
        piece, record.kept_response = record.kept_response[:room], bytearray()
        if not piece:
            return
        self._answered -= len(piece)
        self._disk -= len(piece)
        name = os.path.join(self._bodies, f"{record.id}.response")
        with open(name, "ab" if record.response_written else "xb") as file:
            file.write(piece)
        record.response_written += len(piece)

    def _write_body(self, record, limit):
        """Moves at most `limit` of the bytes held to the body's file; the rest is dropped, which the
        record's size tells from what is in the file."""
        piece = memoryview(record.kept)[: max(0, limit)]
        if self._fits(len(piece), record) and piece:
            with open(os.path.join(self._bodies, f"{record.id}.bin"), "ab" if record.written else "xb") as file:
                file.write(piece)
            record.written += len(piece)
        piece.release()
        record.let_go()

    def _keep_head(self, record):
        if not record.head or not self._fits(len(record.head), record):
            return ""
        with open(os.path.join(self._bodies, f"{record.id}.head"), "xb") as file:
            file.write(record.head)
        return f"bodies/{record.id}.head"

    def _fits(self, size, record):
        if size > self._disk:
            record.error = record.error or "not kept: the log has reached its size limit"
            return False
        self._disk -= size
        return True

    def close(self, why):
        """Writes what is unfinished. Nothing is written afterwards."""
        for record in list(self._open.values()):
            record.error = record.error or why
            record.rule = record.rule or "blocked: the connection closed before the request was decided"
            self.finish(record)
        self._closed = True
        self._file.close()
