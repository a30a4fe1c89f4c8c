"""mitmproxy's layers for connections that the guest makes by itself, and that this filter takes in the server's place.

Written for mitmproxy 8.1, where a CONNECT request ends in a layer that waits for the client to speak. Here
many servers speak first.
"""

import re
import time

from mitmproxy.proxy import commands, events, layer, layers

import answer_files
import services
from guarded_layers import GuardedClientTLS

SILENCE = 1.5  # seconds after which a client waits for the server, or is done
LONGEST_IDLE = 20.0
LONGEST_SECONDS = 120.0
MOST_BYTES = 64 << 20  # from the client in one connection
QUESTIONS_LIMIT = 200

_HTTP = re.compile(rb"[A-Z]{3,12} [!-~]")


def is_tls(data):
    return data[:1] == b"\x16"


def in_tls(context, inside=None):
    """TLS with the guest, and `inside` it; whatever comes, if None."""
    tls = layers.ServerTLSLayer(context)
    tls.child_layer = GuardedClientTLS(context)
    if inside:
        tls.child_layer.child_layer = inside(tls.child_layer.context)
    return tls


class ResolverLayer(layer.Layer):
    """Answers DNS by TCP (RFC 1035, 4.2.2). What is asked is read from the capture of the network card."""

    def __init__(self, context, names):
        super().__init__(context)
        self._names, self._buffer, self._answered, self._fresh = names, b"", 0, False

    def _handle_event(self, event):
        if isinstance(event, events.Start):
            yield commands.RequestWakeup(LONGEST_IDLE)
        elif isinstance(event, events.DataReceived):
            self._buffer += event.data
            self._fresh = True
            while len(self._buffer) >= 2:
                size = int.from_bytes(self._buffer[:2], "big")
                if len(self._buffer) < 2 + size:
                    break
                answer = self._names.answer(self._buffer[2:2 + size])
                self._buffer = self._buffer[2 + size:]
                self._answered += 1
                if answer is None or self._answered > QUESTIONS_LIMIT:
                    yield commands.CloseConnection(self.context.client)
                    return
                yield commands.SendData(self.context.client, len(answer).to_bytes(2, "big") + answer)
        elif isinstance(event, events.Wakeup) and self._fresh:
            self._fresh = False
            yield commands.RequestWakeup(LONGEST_IDLE)
        elif isinstance(event, (events.Wakeup, events.ConnectionClosed)):
            yield commands.CloseConnection(self.context.client)


class Talk:
    """One recorded connection: what layers of the same connection share."""

    def __init__(self, guard, context, scheme, answered):
        self.guard, self.context = guard, context
        self.record = guard.talk_started(context, scheme, answered)
        self.until = time.monotonic() + LONGEST_SECONDS
        self.received = 0
        self.fresh = True
        self.done = False

    def add(self, data):
        """False once the client said enough."""
        self.record.add_request(data)
        self.received += len(data)
        self.fresh = True
        return self.received <= MOST_BYTES and time.monotonic() < self.until

    def said(self, data):
        self.record.add_response(data)
        return commands.SendData(self.context.client, data)

    def end(self):
        if not self.done:
            self.done = True
            self.guard.raw_finished(self.context, self.record)
            yield commands.CloseConnection(self.context.client)


class TalkLayer(layer.Layer):
    idle = LONGEST_IDLE

    def __init__(self, context, talk):
        super().__init__(context)
        self.talk, self._asked_for = talk, None

    def _handle_event(self, event):
        talk = self.talk
        if talk.done:
            return
        if isinstance(event, events.Start):
            yield self.wakeup()
            yield from self.started()
        elif isinstance(event, events.DataReceived):
            if talk.add(event.data):
                yield from self.heard(event.data)
            else:
                yield from talk.end()
        elif isinstance(event, events.Wakeup):
            if talk.fresh and time.monotonic() < talk.until:
                talk.fresh = False
                yield self.wakeup()
            else:
                yield from self.silent()
        elif isinstance(event, events.ConnectionClosed):
            yield from talk.end()

    def wakeup(self):
        self._asked_for = commands.RequestWakeup(self.idle)
        return self._asked_for

    def is_own(self, event):
        return isinstance(event, events.Wakeup) and event.command is self._asked_for

    def started(self):
        yield from ()

    def heard(self, data):
        yield from ()

    def silent(self):
        yield from self.talk.end()


class ServiceLayer(TalkLayer):
    """A server of a protocol that services.py speaks."""

    def __init__(self, context, talk, service):
        super().__init__(context, talk)
        self._service = service
        self._tls = None
        self._greets = not service.is_secure or service.in_tls

    def _handle_event(self, event):
        if self._tls:
            if not self.is_own(event):  # the layer inside has a clock of its own
                yield from self._tls.handle_event(event)
        else:
            yield from super()._handle_event(event)

    def started(self):
        if self._greets and (greeting := self._service.greeting()):
            yield self.talk.said(greeting)

    def heard(self, data):
        answer = self._service.feed(data)
        if answer:
            yield self.talk.said(answer)
        if self._service.wants_tls:
            self._service.secured()
            self._tls = in_tls(self.context, lambda inside: ServiceLayer(inside, self.talk, self._service))
            yield from self._tls.handle_event(events.Start())
        elif self._service.is_done:
            yield from self.talk.end()


class RawLayer(TalkLayer):
    """A server of an unknown protocol. To a client that waits it says the one thing that shows whether a shell listens
    (harness/rules/downloads.cc)."""
    idle = SILENCE

    def __init__(self, context, talk, host):
        super().__init__(context, talk)
        self._host, self._spoke = host, False

    def silent(self):
        if self._spoke:
            yield from self.talk.end()
            return
        self._spoke = self.talk.fresh = True
        yield self.talk.said(answer_files.command(self._host).encode() + b"\n")
        yield self.wakeup()


class HeardLayer(TalkLayer):
    """Nobody answers: what the client says is kept."""
    idle = SILENCE


class RefusingLayer(TalkLayer):
    """Where a server would speak first, nothing is to be heard."""

    def started(self):
        yield from self.talk.end()


class PortLayer(layer.Layer):
    """A port on which the client speaks first, or where nobody knows who does."""

    def __init__(self, context, guard, service, host, answers):
        super().__init__(context)
        self._guard, self._service, self._host, self._answers = guard, service, host, answers
        self._chosen = None
        self._wakeup = commands.RequestWakeup(SILENCE)

    def _handle_event(self, event):
        if self._chosen:
            if not (isinstance(event, events.Wakeup) and event.command is self._wakeup):
                yield from self._chosen.handle_event(event)
        elif isinstance(event, events.Start):
            yield self._wakeup
        elif isinstance(event, events.DataReceived):
            yield from self._choose(self._by_data(event.data), event)
        elif isinstance(event, events.Wakeup):
            yield from self._choose(self._raw(), None)
        else:
            yield commands.CloseConnection(self.context.client)

    def _choose(self, chosen, event):
        self._chosen = chosen
        yield from chosen.handle_event(events.Start())
        if event:
            yield from chosen.handle_event(event)

    def _talk(self, context, scheme="tcp"):
        return Talk(self._guard, context, scheme, self._answers)

    def _speaks(self, context):
        return ServiceLayer(context, self._talk(context, self._service.scheme), self._service)

    def _raw(self):
        scheme = self._service.scheme if self._service else "tcp"
        if self._answers:
            return RawLayer(self.context, self._talk(self.context), self._host)
        return HeardLayer(self.context, self._talk(self.context, scheme))

    def _by_data(self, data):
        if self._service and self._answers and is_tls(data) == self._service.in_tls:
            return in_tls(self.context, self._speaks) if self._service.in_tls else self._speaks(self.context)
        if is_tls(data) or (_HTTP.match(data) and not self._service):
            return layer.NextLayer(self.context)
        return self._raw()


def layer_for(context, guard, host, port, address, answers):
    """The layer of a connection to a server that is not asked. `answers`: we answer in its place."""
    service = services.of(host, port, address)
    if service and service.speaks_first:
        talk = Talk(guard, context, service.scheme, answers)
        return ServiceLayer(context, talk, service) if answers else RefusingLayer(context, talk)
    return PortLayer(context, guard, service, host, answers)
