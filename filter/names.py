"""Names that the guest looks up by itself, and the addresses that stand for them. No mitmproxy here.

Each name gets an address of its own, in the order in which they are asked for, so a connection to an
address tells the name. There are few addresses: what is asked for after the last one was given has none.
"""

import json
import struct

import url_rules

LONGEST_QUESTION = 512
_LABEL_LIMIT, _NAME_LIMIT = 63, 255
_A, _AAAA, _ANY, _IN = 1, 28, 255, 1
_OK, _FORMAT_ERROR, _SERVER_FAILURE, _NO_SUCH_NAME = 0, 1, 2, 3
_SECONDS_VALID = 300
# Names of a machine's surroundings, which no server on the internet has (RFC 6761, RFC 6762, RFC 7686).
_LOCAL = ("arpa", "corp", "home", "internal", "intranet", "invalid", "lan", "local", "localdomain", "localhost",
          "onion", "private")


class Names:
    def __init__(self, resolver="", servers=()):
        self.resolver = resolver
        self._free = list(reversed(servers))
        self._servers = frozenset(servers)
        self._by_name, self._by_address = {}, {}

    def is_server(self, address):
        return address in self._servers

    def name_of(self, address):
        """The name that the address was given for; the address itself where it was given for none."""
        return self._by_address.get(address, address)

    def given(self, name):
        """The address that was given for the name; none: 0.0.0.0."""
        return self._by_name.get(name, "0.0.0.0")

    def address_of(self, name):
        """The address of a name, or None where no address is left."""
        if name not in self._by_name and self._free:
            address = self._free.pop()
            self._by_name[name], self._by_address[address] = address, name
        return self._by_name.get(name)

    def answer(self, question):
        """The answer to a DNS message (RFC 1035), or None for what is none."""
        if not 12 <= len(question) <= LONGEST_QUESTION:
            return None
        number, flags, count = struct.unpack_from("!HHH", question)
        if flags & 0x8000:
            return None  # an answer itself
        read = _read_name(question) if count == 1 else None
        if not read or flags & 0x7800:
            return _message(number, flags, _FORMAT_ERROR)
        name, end = read
        kind, family = struct.unpack_from("!HH", question, end)
        asked = question[12:end + 4]
        if not _is_of_internet(name) or family != _IN:
            return _message(number, flags, _NO_SUCH_NAME, asked)
        if kind not in (_A, _ANY):
            return _message(number, flags, _OK, asked)
        address = self.address_of(name)
        if not address:
            return _message(number, flags, _SERVER_FAILURE, asked)
        packed = bytes(int(part) for part in address.split("."))
        record = struct.pack("!HHHIH", 0xC00C, _A, _IN, _SECONDS_VALID, len(packed)) + packed
        return _message(number, flags, _OK, asked, record)


def parse(text):
    """Names by the option that the program gives (harness/traffic/proxy.cc), and the source of direct
    connections."""
    if not text:
        return Names(), ""
    network = json.loads(text)
    return Names(network["resolver"], network["servers"]), network["source"]


def _read_name(message):
    """The name of the first question, in lower case, and where its type stands; None where it is no name."""
    labels, at = [], 12
    while at < len(message) and message[at]:
        size = message[at]
        if size > _LABEL_LIMIT or at + 1 + size > len(message):
            return None
        labels.append(message[at + 1:at + 1 + size].decode("latin-1").lower())
        at += 1 + size
    name = ".".join(labels)
    return (name, at + 1) if at + 5 <= len(message) and len(name) <= _NAME_LIMIT else None


def _is_of_internet(name):
    if "." not in name or name.rsplit(".", 1)[-1] in _LOCAL:
        return False
    try:
        return url_rules.canonical_host(name) == name and not url_rules.is_literal(name)
    except ValueError:
        return False


def _message(number, flags, code, asked=b"", record=b""):
    head = struct.pack("!HHHHHH", number, 0x8080 | (flags & 0x0100) | code, 1 if asked else 0, 1 if record else 0, 0, 0)
    return head + asked + record
