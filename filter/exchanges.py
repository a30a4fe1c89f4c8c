"""Records the exchanges between the guest and the proxy: from mitmproxy's objects to flows.jsonl.

Also the `guard` to which guarded_layers.py reports.
"""

import answering
import own_servers
import policy as policies
import url_rules
from flow_record import LogFull, clean

NOTHING_SENT = "the tunnel was closed before a request came through it"
WEBSOCKET_MESSAGE_LIMIT = 64 << 20
DNS_PORT = 53


class Client:
    """One connection from the guest."""

    def __init__(self, direct=False):
        self.direct = direct  # the guest connected by itself, not to the proxy
        self.asks_resolver = False
        self.head = b""  # the request head that was read last
        self.tunnel = None  # the record of its CONNECT, until something came through
        self.tunnel_address = None  # (host, port) of its CONNECT
        self.tunnel_problem = None
        self.approved = set()  # (host, port) that its allowed requests connect to
        self.endpoints = set()  # (address, port) of servers in place of a model's host
        self.unread = 0  # bytes through its pipe since the last WebSocket message
        self.websocket = False
        self.records = {}  # the unfinished ones


class Exchanges:
    def __init__(self, recorder, policy_file, stop, names):
        self._recorder = recorder
        self._names = names
        self._policy_file = policy_file
        self._stop = stop  # called with the reason if evidence can no longer be stored
        self._clients = {}

    def connected(self, connection, direct):
        self._clients[connection.id] = Client(direct)

    def client(self, connection):
        # Hooks can run after the connection is closed: their changes then go to a throw-away client.
        return self._clients.get(connection.id) or Client()

    def count(self):
        return len(self._clients)

    def finish(self, client, record):
        client.records.pop(id(record), None)
        try:
            self._recorder.finish(record)
        except (OSError, LogFull) as e:
            self._stop(f"the flow log cannot be written: {e}")

    def number(self, record):
        self._or_stop(self._recorder.decided, record)

    def passes(self, record):
        self._or_stop(self._recorder.passes, record)

    def keeps_answer(self):
        return self._recorder.keeps_answer()

    def spill(self, record):
        self._or_stop(self._recorder.spill, record)

    def response_piece(self, record, data):
        record.add_response(data)
        self._or_stop(self._recorder.spill_response, record)

    def _or_stop(self, step, record):
        try:
            step(record)
        except (OSError, LogFull) as e:
            self._stop(f"the flow log cannot be written: {e}")
            raise

    # Requests

    def request(self, flow):
        """The request of a flow, as the policy reads it."""
        client, request = self.client(flow.client_conn), flow.request
        host, port = client.tunnel_address or (request.data.host, request.data.port)
        return policies.Request(
            method=clean(request.data.method),
            scheme=clean(request.data.scheme),
            host=host,
            port=port,
            target=request.data.path,
            authority=clean(request.data.authority) or None,
            headers=request.headers.fields,
            sni=flow.client_conn.sni,
            http_version=request.http_version,
            tunnel_problem=client.tunnel_problem,
        )

    def record(self, flow):
        """The record of a flow, created on first use."""
        if "skillaudit" not in flow.metadata:
            client = self.client(flow.client_conn)
            record = flow.metadata["skillaudit"] = self._open_flow(client, flow)
            client.records[id(record)] = record
        return flow.metadata["skillaudit"]

    def _open_flow(self, client, flow):
        asked = self.request(flow)
        upgrade = flow.request.headers.get("upgrade", "").lower() == "websocket"
        record = self._recorder.open("websocket" if upgrade else "http", flow.request.timestamp_start)
        self._drop_tunnel(client)
        record.head = client.head
        record.method, record.scheme, record.port = asked.method, asked.scheme, asked.port
        try:
            record.host = url_rules.canonical_host(asked.host)
        except ValueError:
            record.host = asked.host
        if policies.host_header_problem(asked, record.host):
            named = [value for name, value in asked.headers if name.lower() == b"host"]
            record.host_header = b", ".join(named) or asked.authority
        if policies.sni_problem(asked.sni, record.host):
            record.sni = asked.sni
        record.path, _, record.query = asked.target.partition(b"?")
        record.set_headers([name for name, _ in asked.headers])
        record.user_agent = flow.request.headers.get("user-agent", "")
        return record

    def finish_flow(self, flow, status=None, error=""):
        record = self.record(flow)
        record.status = status
        record.error = record.error or error
        record.rule = record.rule or "blocked: the connection closed before the request was decided"
        self.finish(self.client(flow.client_conn), record)

    # Tunnels

    def tunnel_opened(self, flow):
        client, request = self.client(flow.client_conn), flow.request
        host, port = request.data.host, request.data.port
        if client.direct and (host, port) == (self._names.resolver, DNS_PORT):
            client.asks_resolver = True
            return
        request.data.host = host = self._names.name_of(host)
        if client.direct:
            record = self._recorder.open("tcp", request.timestamp_start)
            record.scheme = "tcp"
        else:
            record = self._recorder.open("connect", request.timestamp_start)
            record.method, record.scheme, record.head = "CONNECT", "https", client.head
        try:
            host = url_rules.canonical_host(host)
        except ValueError as e:
            client.tunnel_problem = f"the host is not valid ({e})"
        asked = policies.Request("CONNECT", "https", host, port, b"", headers=request.headers.fields)
        if policies.host_header_problem(asked, host) and not self._names_host_alone(asked, host):
            client.tunnel_problem = "its CONNECT request names two hosts"
            record.host_header = request.headers.get("host", "")
        record.host, record.port = host, port
        if not client.direct:
            record.set_headers([name for name, _ in request.headers.fields])
            record.user_agent = request.headers.get("user-agent", "")
        client.tunnel, client.tunnel_address = record, (host, port)

    def own_server(self, context):
        """The layer that takes a tunnel's server's place, or None: then its content decides."""
        client = self.client(context.client)
        if client.asks_resolver:
            return own_servers.ResolverLayer(context, self._names)
        policy, _ = self._policy_file.current()
        if not policy or client.tunnel_problem or policies.tunnel_rule(policy, *client.tunnel_address):
            return None
        host, port = client.tunnel_address
        answers = policy.answers.everybody and not url_rules.is_literal(host)
        if not client.direct and not answers:
            return None
        return own_servers.layer_for(context, self, host, port, self._names.given(host), answers)

    @staticmethod
    def _names_host_alone(asked, host):
        """Some clients send CONNECT's Host header without the port."""
        named = [value.decode("latin-1") for name, value in asked.headers if name.lower() == b"host"]
        try:
            return len(named) == 1 and url_rules.canonical_host(named[0]) == host
        except ValueError:
            return False

    def _drop_tunnel(self, client):
        if client.tunnel:
            self._recorder.drop(client.tunnel)
            client.tunnel = None

    def end_tunnel(self, connection, error):
        """Records a tunnel without any traffic."""
        client = self.client(connection)
        record, client.tunnel = client.tunnel, None
        if not record:
            return
        record.error = error
        if policies.sni_problem(connection.sni, record.host):
            record.sni = connection.sni
        policy, policy_error = self._policy_file.current()
        rule = policies.tunnel_rule(policy, *client.tunnel_address)
        if client.tunnel_problem or not rule:
            why = client.tunnel_problem or policy_error or "no rule allows this host and port"
            record.rule = "blocked: " + why
        else:
            record.allowed, (record.rule, record.group) = True, rule
        self.finish(client, record)

    def disconnected(self, connection):
        client = self.client(connection)
        for record in list(client.records.values()):
            record.error = record.error or "the connection was closed"
            record.rule = record.rule or "blocked: the connection closed before the request was decided"
            self.finish(client, record)
        self.end_tunnel(connection, NOTHING_SENT)
        self._clients.pop(connection.id, None)

    def close(self):
        self._recorder.close("the proxy stopped before it was finished")

    # What guarded_layers.py reports

    def head_read(self, connection, head):
        self.client(connection).head = head

    def piped(self, connection, size):
        """False when a WebSocket message grows too large to be held."""
        client = self.client(connection)
        if client.websocket:
            client.unread += size
        return client.unread <= WEBSOCKET_MESSAGE_LIMIT

    def body_piece(self, flow, data):
        self.record(flow).add_request(data)

    def body_whole(self, flow):
        return self.record(flow).take_body()

    def is_answered(self, flow):
        return self.record(flow).answered

    def next_message(self, flow):
        """What the client of an answered WebSocket is told, and recorded as told."""
        text = answering.next_message(flow)
        self.record(flow).add_response(text.encode())
        return text

    def refused_early(self, context, flow):
        """mitmproxy answered a request by itself, without a hook."""
        if "skillaudit" not in flow.metadata:
            self.finish_flow(flow, error="the request names no host")

    def talk_started(self, context, scheme, answered):
        """What own_servers.py records: a connection with its two sides."""
        record = self.raw_started(context, "no rule allows it")
        record.scheme, record.answered = scheme, answered
        if answered:
            record.rule = "answered: as an ordinary server (no rule allows it)"
            record.keeps_response = self.keeps_answer()
        return record

    def raw_started(self, context, problem):
        client = self.client(context.client)
        self._drop_tunnel(client)
        record = self._recorder.open("tcp")
        record.scheme = "tcp"
        record.host, record.port = client.tunnel_address or ("", 0)
        record.rule = f"blocked: {problem}"
        if policies.sni_problem(context.client.sni, record.host):
            record.sni = context.client.sni
        client.records[id(record)] = record
        return record

    def raw_finished(self, context, record):
        self.finish(self.client(context.client), record)

    def malformed(self, context, data, why):
        """A request whose head cannot be parsed: its bytes are stored like a body."""
        record = self.raw_started(context, why)
        words = data.split(b"\n", 1)[0].split()
        if len(words) == 3 and words[2].startswith(b"HTTP/"):
            record.kind, record.scheme = "http", ""
            record.method, record.path = words[0], words[1][:8192]
        record.error = why
        record.add_request(data)
        self.raw_finished(context, record)
