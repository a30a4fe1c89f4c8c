"""The network filter of an audit: a mitmproxy 8.1 addon.

    mitmdump --mode regular --listen-host 127.0.0.1 --listen-port 0 --set confdir=CA -s filter.py \\
        --set skillaudit_policy=FILE --set skillaudit_out=DIR --set skillaudit_ready=FILE

skillaudit_policy  the rules, compiled (harness/traffic/compiled_policy.h); read again whenever the file changes
skillaudit_out     gets flows.jsonl and bodies/; a flows.jsonl must not exist before
skillaudit_ready   gets {"port": N} once the proxy listens (the system chooses N)
skillaudit_network {"resolver", "servers", "source"}: what the guest sends to these by itself comes from that source
skillaudit_keys    number of an inherited pipe with {"host:port": "key"} for the models' hosts

Every request is recorded, and decided by its real destination after its body was read. If a hook
raises an exception, mitmproxy logs it and continues as if the hook had agreed. So each hook that
decides blocks when it fails, and no connection is made without an approval (server_connect).
"""

import asyncio
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from mitmproxy import ctx, http
from mitmproxy.net.tls import is_tls_record_magic
from mitmproxy.proxy import layers
from mitmproxy.proxy.layers.http import HTTPMode
from mitmproxy.version import VERSION

import answering
import model_hosts
import names
import policy as policies
import url_rules
from answers import Turns
from exchanges import Exchanges
from flow_record import BODY_LIMIT, Recorder, clean
from guarded_layers import GuardedClientTLS, GuardedHttpLayer, SinkLayer
from resolver import forbidden_address, guard_resolver

MAX_CLIENTS = 256
FORCED_OPTIONS = {
    "block_global": True,
    "connection_strategy": "lazy",  # otherwise it connects before there is a request
    "flow_detail": 0,
    "http2": False,
    "onboarding": False,  # mitm.it, a page of the proxy itself
    "rawtcp": True,
    "ssl_insecure": False,
    "upstream_cert": False,  # otherwise it connects at the TLS handshake, before there is a request
    "validate_inbound_headers": True,
    "websocket": True,
}
# Headers between client and proxy only, or (extensions) headers that would compress what is recorded.
HOP_HEADERS = ("proxy-connection", "proxy-authorization", "proxy-authenticate", "keep-alive", "te",
               "trailer", "http2-settings", "sec-websocket-extensions")


def refusal(asked, status=403):
    """What a guest is told of a request that does not pass: what any filtering proxy says. Why, and which
    rule would allow it, is in the record."""
    said = b"Access to this address is not allowed.\n" if status == 403 else b"The request is too large.\n"
    # A response to HEAD has no body (RFC 9110, 9.3.2); the client would read one as the next response.
    return http.Response.make(status, b"" if asked.method == "HEAD" else said,
                              {"Content-Type": "text/plain; charset=utf-8"})


def failure(flow, record, error):
    """A hook that decides failed: nothing passes, and the record says so."""
    record.error = record.error or f"the filter failed: {error!r}"
    flow.response = http.Response.make(502, b"Bad Gateway\n", {"Content-Type": "text/plain; charset=utf-8"})


def make_canonical(flow, host):
    """Normalises an allowed request, so that every server reads it as this filter did."""
    data, headers = flow.request.data, flow.request.headers
    upgrade = headers.get("upgrade", "").lower() == "websocket"
    tokens = [token.strip() for token in headers.get("connection", "").split(",")]
    data.host, data.authority = host, b""
    data.path = url_rules.without_dots(data.path)
    for name in HOP_HEADERS:
        headers.pop(name, None)
    if not upgrade:
        headers.pop("upgrade", None)
    kept = [t for t in tokens if t.lower() in (("upgrade",) if upgrade else ("close", "keep-alive"))]
    headers.pop("connection", None)
    if kept:
        headers["Connection"] = ", ".join(kept)
    headers.pop("host", None)
    headers.insert(0, "Host", url_rules.host_port(host, data.port, clean(data.scheme)))
    if "transfer-encoding" in headers or "content-length" in headers:
        headers.pop("transfer-encoding", None)
        headers["Content-Length"] = str(len(data.content or b""))


class Filter:
    def __init__(self):
        self.policy_file = self.exchanges = None
        self.keys = {}
        self.turns = Turns()
        self.port = 0
        self.direct_source = ""
        self.stopped = ""

    # Life

    def load(self, loader):
        loader.add_option("skillaudit_policy", str, "", "The compiled policy (JSON).")
        loader.add_option("skillaudit_out", str, "", "The folder for flows.jsonl and bodies/.")
        loader.add_option("skillaudit_peer", str, "", "The only address that may connect; empty: any.")
        loader.add_option("skillaudit_network", str, "", "The resolver, the addresses for names and the source of direct "
                          "connections, as JSON.")
        loader.add_option("skillaudit_ready", str, "", "Gets the port, as JSON, once the proxy listens.")
        loader.add_option("skillaudit_keys", int, -1, "An inherited pipe that holds the models' keys, as JSON.")

    def running(self):
        try:
            if not VERSION.startswith("8.1."):
                raise RuntimeError(f"this filter needs mitmproxy 8.1, but this is {VERSION}: run the "
                                   "distribution's mitmdump")
            if ctx.options.mode != "regular":
                raise RuntimeError("the proxy's mode is not 'regular'")
            for option in ("skillaudit_policy", "skillaudit_out"):
                if not getattr(ctx.options, option):
                    raise RuntimeError(f"the option {option} is not set")
            ctx.options.update(**FORCED_OPTIONS)
            if ctx.options.skillaudit_keys >= 0:
                self.keys = model_hosts.read_keys(ctx.options.skillaudit_keys)
            loop = asyncio.get_running_loop()
            guard_resolver(loop)
            self.policy_file = policies.PolicyFile(ctx.options.skillaudit_policy)
            known, self.direct_source = names.parse(ctx.options.skillaudit_network)
            self.exchanges = Exchanges(Recorder(ctx.options.skillaudit_out), self.policy_file, self.stop, known)
            self.announcement = loop.create_task(self.announce())
        except Exception as e:
            self.stop(f"the filter cannot start: {e}")

    async def announce(self):
        # mitmproxy reloads a script whose file changes, and the new one would know nothing of earlier records.
        for script in ctx.master.addons.get("scriptloader").addons:
            if script.reloadtask:
                script.reloadtask.cancel()
        server = ctx.master.addons.get("proxyserver")
        while not server.tcp_server:
            await asyncio.sleep(0.01)
        self.port = server.tcp_server.sockets[0].getsockname()[1]
        if path := ctx.options.skillaudit_ready:
            with open(path + ".new", "w", encoding="ascii") as file:
                json.dump({"port": self.port}, file)
            os.replace(path + ".new", path)

    def done(self):
        self.stopped = self.stopped or "the proxy is stopping"
        if self.exchanges:
            self.exchanges.close()

    def stop(self, why):
        """Evidence can no longer be stored: block everything and end the proxy."""
        self.stopped = why
        print(f"skillaudit filter: {why}", file=sys.stderr, flush=True)
        asyncio.get_running_loop().call_soon(ctx.master.shutdown)

    # Connections

    def client_connected(self, client):
        direct = client.peername[0] == self.direct_source
        if ctx.options.skillaudit_peer and client.peername[0] != ctx.options.skillaudit_peer and not direct:
            # Another program on this host that tries open ports. It is not the guest: do not serve or record it.
            client.error = "only the guest may use this proxy"
        elif not self.exchanges or self.stopped or self.exchanges.count() >= MAX_CLIENTS:
            client.error = "the proxy takes no more connections"
        else:
            self.exchanges.connected(client, direct)

    def client_disconnected(self, client):
        if self.exchanges:
            self.exchanges.disconnected(client)

    def next_layer(self, nextlayer):
        context, data = nextlayer.context, nextlayer.data_client()
        if not context.layers or not data:
            return
        try:
            nextlayer.layer = self.choose_layer(context, data)
        except Exception as e:
            nextlayer.layer = SinkLayer(context, self.exchanges, f"the filter failed ({e!r})")

    def choose_layer(self, context, data):
        if len(context.layers) == 1:
            if data[0] == 0x16:
                return SinkLayer(context, self.exchanges, "the client spoke TLS to the proxy itself")
            return GuardedHttpLayer(context, HTTPMode.regular, self.exchanges, in_tunnel=False)
        inside_tls = any(isinstance(layer, layers.ClientTLSLayer) for layer in context.layers)
        if data[0] == 0x16 and not inside_tls:
            if len(data) < 3:
                return None  # called again with the next bytes
            if is_tls_record_magic(data):
                tls = layers.ServerTLSLayer(context)
                tls.child_layer = GuardedClientTLS(context)
                return tls
        if data[:1].isalpha():
            return GuardedHttpLayer(context, HTTPMode.transparent, self.exchanges, in_tunnel=True)
        return SinkLayer(context, self.exchanges, "the tunnel carries neither TLS nor HTTP")

    def http_connect(self, flow):
        try:
            self.exchanges.tunnel_opened(flow)
        except Exception:
            flow.response = http.Response.make(502, b"Bad Gateway\n")

    def tls_failed_client(self, data):
        self.exchanges.end_tunnel(data.conn, f"the TLS handshake failed: {data.conn.error}")

    def server_connect(self, data):
        try:
            address = tuple(data.server.address[:2])
            policy, _ = self.policy_file.current()
            client = self.exchanges.client(data.client)
            if self.stopped or not policy or address not in client.approved | client.endpoints:
                raise PermissionError("no allowed request goes there")
            if address not in client.endpoints:
                data.server.address = address = policy.routes.get(address, address)
            if address[1] == self.port and url_rules.is_literal(address[0]) and forbidden_address(address[0]):
                raise PermissionError("this is the proxy itself")
        except Exception as e:
            data.server.error = str(e) or repr(e)

    # Requests

    def decide(self, asked):
        if self.stopped:
            return policies.blocked(self.stopped)
        try:
            return policies.decide(*self.policy_file.current(), asked, self.keys)
        except Exception as e:
            return policies.blocked(f"the filter failed ({e!r})")

    def requestheaders(self, flow):
        flow.request.stream = False
        record = self.exchanges.record(flow)
        record.passable = record.whole = self.decide(self.exchanges.request(flow)).allowed

    async def request(self, flow):
        try:
            await self.answer(flow)
        except Exception as e:
            failure(flow, self.exchanges.record(flow), e)

    async def answer(self, flow):
        record = self.exchanges.record(flow)
        asked = self.exchanges.request(flow)
        verdict = self.decide(asked)
        status = 403
        if verdict.allowed and record.too_large:
            verdict, status = policies.blocked(f"its body is larger than {BODY_LIMIT >> 20} MiB, or too "
                                               f"much is being sent at once"), 413
        elif verdict.allowed and not record.passable:
            verdict = policies.blocked("the policy changed while its body was sent", verdict.suggestion)
        record.allowed, record.rule, record.group = verdict.allowed, verdict.rule, verdict.group
        self.exchanges.number(record)
        if not verdict.allowed:
            flow.response = refusal(asked, status)
            if status == 403:
                await self.answer_here(flow, record, asked)
            if not record.answered and verdict.suggestion:
                record.rule += f" (this one would: {verdict.suggestion})"
            return
        self.exchanges.passes(record)
        flow.response = None
        host = url_rules.canonical_host(asked.host)
        make_canonical(flow, host)
        client = self.exchanges.client(flow.client_conn)
        if verdict.model:
            passage = model_hosts.Passage(verdict.model, self.keys.get(verdict.model.place))
            flow.metadata["skillaudit_passage"] = passage
            flow.request.headers["Accept-Encoding"] = "identity"
            record.keeps_response = True
            if passage.endpoint:
                client.endpoints.add(passage.endpoint)
                return
        client.approved.add((host, asked.port))

    async def answer_here(self, flow, record, asked):
        """Answers in place of the server, where the policy says so."""
        policy, _ = self.policy_file.current()
        if self.stopped or not policy:
            return
        reply = answering.reply_to(flow, asked, policy.answers, record, self.turns)
        if not reply:
            return
        record.answered = True
        record.rule = f"answered: {reply.why} ({record.rule.removeprefix('blocked: ')})"
        record.keeps_response = self.exchanges.keeps_answer()
        await asyncio.sleep(answering.LONGEST_WAIT if reply.failure == "timeout" else reply.delay)
        if reply.failure == "none":
            flow.response = answering.response(flow, reply)
        else:
            flow.kill()
            self.exchanges.finish_flow(flow, error=f"the stub ended it: {reply.failure}")

    def responseheaders(self, flow):
        record = self.exchanges.record(flow)
        if not record.allowed or flow.response.status_code == 101:
            return  # also what was answered here: it is one piece

        def count(data):
            self.exchanges.response_piece(record, data)
            return data
        flow.response.stream = count

    def response(self, flow):
        record = self.exchanges.record(flow)
        if flow.websocket:
            self.exchanges.client(flow.client_conn).websocket = True
            record.status = flow.response.status_code
            return
        if flow.response.status_code == 101:
            # mitmproxy would pass on everything that follows.
            flow.kill()
            self.exchanges.finish_flow(flow, error="the server switched to a protocol that is not WebSocket")
            return
        if not record.allowed:
            record.add_response(flow.response.raw_content or b"")
        self.exchanges.finish_flow(flow, flow.response.status_code)

    def error(self, flow):
        self.exchanges.finish_flow(flow, error=flow.error.msg)

    def websocket_message(self, flow):
        record, client = self.exchanges.record(flow), self.exchanges.client(flow.client_conn)
        message = flow.websocket.messages[-1]
        flow.metadata["skillaudit_messages"] = flow.metadata.get("skillaudit_messages", 0) + 1
        if message.from_client:
            record.add_request(message.content)
            self.exchanges.spill(record)
            client.unread = 0
        else:
            record.response.add(message.content)
        flow.websocket.messages.clear()

    def websocket_end(self, flow):
        self.exchanges.finish_flow(flow, flow.response.status_code)


addons = [Filter()]
