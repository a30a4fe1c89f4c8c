"""mitmproxy's protocol layers with limits, for a hostile client.

Written for mitmproxy 8.1 (Debian 12). These classes derive from its layers where it has no option or
hook; filter.py installs them in the next_layer hook. They are needed because in mitmproxy:
 - the HTTP/1 reader buffers a request head, and pipelined data, of any size;
 - the stream buffers a request body of any size, and body_size_limit would refuse large *responses*;
 - no useful hook sees a head that cannot be parsed, or a tunnel without HTTP;
 - a hook's changes to a request are in the flow, where they can be shown or recorded. The key of a
   model must not be.
"""

import re
import time

from mitmproxy.proxy import commands, events, layer
from mitmproxy.proxy.layers.http import (GetHttpConnection, HttpLayer, HttpStream, RequestData,
                                         RequestEndOfMessage, RequestHeaders, RequestProtocolError, ResponseData,
                                         ResponseEndOfMessage, ResponseHeaders, ResponseProtocolError, SendHttp)
from mitmproxy.proxy.layers.http._base import ReceiveHttp
from mitmproxy.proxy.layers.http._http1 import Http1Server
from mitmproxy.proxy.layers.tls import ClientTLSLayer

import url_rules
from answered_websocket import AnsweredWebSocket

HEAD_LIMIT = 64 << 10
PIPELINE_LIMIT = 1 << 20
CLIENT_HELLO_LIMIT = 64 << 10
QUIET_SECONDS = 1.0  # a client that is silent for this long is done
LONGEST_SECONDS = 10.0

_OWN_NAME = re.compile(rb"\r\nServer: mitmproxy [^\r\n]*")  # in the error pages of mitmproxy

BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_HEAD_END = re.compile(rb"\n\r?\n")
_REQUEST_LINE = re.compile(rb"[!-~]+ +[!-\xff]+ +HTTP/[0-9]\.[0-9]\r?\Z")


def head_problem(data):
    """Why these first bytes cannot start a valid request, or None so far."""
    line, newline, _ = data.partition(b"\n")
    if _CONTROL.search(line.rstrip(b"\r")) or (newline and not _REQUEST_LINE.match(line)):
        return "it is not an HTTP request"
    end = _HEAD_END.search(data)
    if (end.end() if end else len(data)) > HEAD_LIMIT:
        return f"its head is larger than {HEAD_LIMIT} bytes"
    return None


class Sink:
    """Stores what a client sends that goes to no server, then closes the connection."""

    def __init__(self, guard, context, problem):
        self._guard, self._context = guard, context
        self._record = guard.raw_started(context, problem)
        self._until = time.monotonic() + LONGEST_SECONDS
        self._fresh = False
        self.done = False

    def start(self, data):
        self._record.add_request(data)
        yield commands.RequestWakeup(QUIET_SECONDS)

    def handle(self, event, goodbye=b""):
        if self.done:
            return
        if isinstance(event, events.DataReceived):
            self._record.add_request(event.data)
            self._fresh = True
        elif isinstance(event, events.Wakeup) and self._fresh and time.monotonic() < self._until:
            self._fresh = False
            yield commands.RequestWakeup(QUIET_SECONDS)
        elif isinstance(event, (events.Wakeup, events.ConnectionClosed)):
            self.done = True
            self._guard.raw_finished(self._context, self._record)
            if goodbye and isinstance(event, events.Wakeup):
                yield commands.SendData(self._context.client, goodbye)
            yield commands.CloseConnection(self._context.client)


class SinkLayer(layer.Layer):
    """A tunnel with neither TLS nor HTTP: nothing is passed on."""

    def __init__(self, context, guard, problem):
        super().__init__(context)
        self._sink = Sink(guard, context, problem)
        self._started = False

    def _handle_event(self, event):
        if isinstance(event, events.DataReceived) and not self._started:
            self._started = True
            yield from self._sink.start(event.data)
        elif not isinstance(event, events.Start):
            yield from self._sink.handle(event)


def unnamed(made):
    """The commands, in which no error page names this proxy."""
    for command in made:
        if isinstance(command, commands.SendData):
            command.data = _OWN_NAME.sub(b"", command.data, 1)
        yield command


class GuardedHttp1Server(Http1Server):
    """Reads requests from the client, with limits for heads and pipelined data."""

    def __init__(self, context, guard, in_tunnel):
        super().__init__(context)
        self._guard, self._in_tunnel = guard, in_tunnel
        self._sink = None

    def _handle_event(self, event):
        if (isinstance(event, events.DataReceived) and self.state == self.wait
                and len(self.buf) + len(event.data) > PIPELINE_LIMIT):
            yield commands.CloseConnection(self.conn)
            return
        if (isinstance(event, events.DataReceived) and self.state == self.passthrough
                and not self._guard.piped(self.context.client, len(event.data))):
            yield commands.CloseConnection(self.conn)
            return
        yield from super()._handle_event(event)

    def send(self, event):
        is_page = isinstance(event, ResponseProtocolError)
        yield from unnamed(super().send(event)) if is_page else super().send(event)

    def read_headers(self, event):
        yield from unnamed(self._read_headers(event))

    def _read_headers(self, event):
        while self._skip_blank():
            pass
        data = bytes(self.buf)
        if isinstance(event, events.DataReceived):
            problem = head_problem(data) if data else None
            if problem:
                self.state = self.swallow
                self._sink = Sink(self._guard, self.context, problem)
                yield from self._sink.start(data)
                return
            end = _HEAD_END.search(data)
            if end:
                self._guard.head_read(self.context.client, data[: end.end()])
        elif data.strip():
            self._guard.malformed(self.context, data, "the connection was closed within a request's head")
        yield from super().read_headers(event)
        if isinstance(event, events.DataReceived) and self.state == self.done and self.request is None:
            self._guard.malformed(self.context, data, "the request's head cannot be parsed")

    def _skip_blank(self):
        """mitmproxy stalls on a blank line before a request until more data comes."""
        for blank in (b"\r\n", b"\n"):
            if bytes(self.buf).startswith(blank):
                self.buf.maybe_extract_at_most(len(blank))
                return True
        return False

    def swallow(self, event):
        self.buf.maybe_extract_at_most(len(self.buf))
        yield from self._sink.handle(event, b"" if self._in_tunnel else BAD_REQUEST)

    def read_body(self, event):
        try:
            yield from super().read_body(event)
        except NotImplementedError as e:
            # Trailers: mitmproxy raises an exception inside its layers, and the client would wait forever.
            yield commands.CloseConnection(self.conn)
            yield ReceiveHttp(RequestProtocolError(self.stream_id, str(e), 400))


class GuardedStream(HttpStream):
    """One exchange. The record holds the body instead of the stream: with a limit, and hashed."""

    def __init__(self, context, stream_id, guard):
        super().__init__(context, stream_id)
        self._guard = guard

    def state_wait_for_request_headers(self, event):
        yield from super().state_wait_for_request_headers(event)
        if self.client_state == self.state_errored:
            self._guard.refused_early(self.context, self.flow)

    def check_killed(self, emit_error_hook):
        # The client disconnected while a hook was deciding: mitmproxy would discard what is still in
        # the queue.
        if any(isinstance(event, RequestProtocolError) for event in self._paused_event_queue):
            for event in self._paused_event_queue:
                if isinstance(event, RequestData):
                    self._guard.body_piece(self.flow, event.data)
        return (yield from super().check_killed(emit_error_hook))

    def state_consume_request_body(self, event):
        if isinstance(event, RequestData):
            self._guard.body_piece(self.flow, event.data)
            return
        if isinstance(event, RequestEndOfMessage):
            self.request_body_buf = self._guard.body_whole(self.flow)
        yield from super().state_consume_request_body(event)

    def flow_done(self):
        if self.flow.websocket and self._guard.is_answered(self.flow):
            self.child_layer = AnsweredWebSocket(self.context, self.flow, self._guard)
            yield from self.child_layer.handle_event(events.Start())
            self._handle_event = self.passthrough
            yield SendHttp(ResponseEndOfMessage(self.stream_id), self.context.client)
        else:
            yield from super().flow_done()

    def handle_connect_regular(self):
        yield from super().handle_connect_regular()
        opened = 200 <= self.flow.response.status_code < 300
        if opened and (server := self._guard.own_server(self.context)):
            self.child_layer = server
            yield from self.passthrough(events.Start())

    def passage(self):
        return self.flow.metadata.get("skillaudit_passage") if hasattr(self, "flow") else None

    def make_server_connection(self):
        passage = self.passage()
        if not passage or not passage.endpoint:
            return (yield from super().make_server_connection())
        # The flow still shows what the guest requested; only the connection differs.
        connection, problem = yield GetHttpConnection(passage.endpoint, False, None)
        if problem:
            yield from self.handle_protocol_error(ResponseProtocolError(self.stream_id, problem))
            return False
        self.context.server = self.flow.server_conn = connection
        return True


def leaving(stream, passage, event):
    """The request as the model's host gets it: a copy with the key, which only the connection sees."""
    server = stream.context.server
    if not server.tls_established or not server.sni or url_rules.canonical_host(server.sni) != passage.host:
        raise PermissionError("the key would go to a host that is not the model's")
    request = event.request.copy()
    request.headers[passage.header] = passage.secret.decode("ascii")
    return RequestHeaders(event.stream_id, request, event.end_stream)


def coming_in(passage, event):
    """The response of a model's host, without the key."""
    scrub = passage.scrubber
    if isinstance(event, ResponseHeaders):
        headers = event.response.headers
        if (headers.get("content-encoding", "identity").strip().lower() != "identity"
                or headers.get("transfer-encoding", "chunked").strip().lower() != "chunked"):
            return [ResponseProtocolError(event.stream_id, "the model's host answered in an encoding in which "
                                                           "its response cannot be searched")]
        # A cookie would be a credential that this audit did not give to the guest.
        headers.pop("set-cookie", None)
        if scrub:
            event.response.data.reason = scrub.whole(event.response.data.reason)
            headers.fields = tuple((scrub.whole(name), scrub.whole(value)) for name, value in headers.fields)
    elif scrub and isinstance(event, ResponseData):
        data = scrub.piece(event.data)
        return [ResponseData(event.stream_id, data)] if data else []
    elif scrub and isinstance(event, ResponseEndOfMessage):
        data = scrub.rest()
        return [ResponseData(event.stream_id, data), event] if data else [event]
    elif scrub and isinstance(event, ResponseProtocolError):
        # These messages quote the server after a colon.
        return [ResponseProtocolError(event.stream_id, event.message.partition(":")[0], event.code)]
    return [event]


class GuardedHttpLayer(HttpLayer):
    def __init__(self, context, mode, guard, in_tunnel):
        super().__init__(context, mode)
        self._guard = guard
        self.connections = {context.client: GuardedHttp1Server(context.fork(), guard, in_tunnel)}

    def event_to_child(self, child, event):
        """Sees all events, from the server's connection to the stream and back."""
        events_now = [event]
        stream = self.streams.get(getattr(event, "stream_id", None))
        if passage := stream and stream.passage():
            if child is stream:
                events_now = coming_in(passage, event)
            elif isinstance(event, RequestHeaders) and passage.secret:
                events_now = [leaving(stream, passage, event)]
        for each in events_now:
            yield from super().event_to_child(child, each)

    def make_stream(self, stream_id):
        self.streams[stream_id] = GuardedStream(self.context.fork(), stream_id, self._guard)
        yield from self.event_to_child(self.streams[stream_id], events.Start())


class GuardedClientTLS(ClientTLSLayer):
    def receive_handshake_data(self, data):
        if not self.client_hello_parsed and len(self.recv_buffer) + len(data) > CLIENT_HELLO_LIMIT:
            return False, f"the ClientHello is larger than {CLIENT_HELLO_LIMIT} bytes"
        return (yield from super().receive_handshake_data(data))
