"""A WebSocket without a server: what the client says is recorded, and answered here.

Written for mitmproxy 8.1, whose layer passes each message on to a server.
"""

import wsproto.events
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.layers.websocket import WebsocketLayer

MOST_ANSWERS = 1000


class AnsweredWebSocket(WebsocketLayer):
    def __init__(self, context, flow, guard):
        super().__init__(context, flow)
        self._guard = guard
        self._answers = 0

    def start(self, event):
        yield from super().start(event)
        # Some clients say nothing: they wait for what they are told.
        yield from self._say()

    _handle_event = start

    def relay_messages(self, event):
        before = self.flow.metadata.get("skillaudit_messages", 0)
        for command in super().relay_messages(event):
            to_server = getattr(command, "connection", None) is self.context.server
            if not (to_server and isinstance(command, (commands.SendData, commands.CloseConnection))):
                yield command
        if isinstance(event, events.DataReceived):
            for _ in range(self.flow.metadata.get("skillaudit_messages", 0) - before):
                yield from self._say()

    def _say(self):
        text = self._guard.next_message(self.flow)
        if self._answers < MOST_ANSWERS and self.client_ws.state is wsproto.ConnectionState.OPEN:
            self._answers += 1
            yield self.client_ws.send2(wsproto.events.TextMessage(text))
