"""attempts.py ATTEMPT…, as root: tries each way out at once and waits for an answer to any.

    tcp:ADDRESS:PORT  udp:ADDRESS:PORT  dns:ADDRESS:NAME  tftp:ADDRESS:FILE  icmp:ADDRESS  tcp6:ADDRESS:PORT

Prints {ATTEMPT: RESULT}: "nothing" came back; "connected"; the answer's bytes as "answer HEX"; or
the name of the error, which the guest's own kernel gives where it knows no way.
"""

import errno
import json
import select
import socket
import struct
import sys
import time

WAIT_SECONDS = 6.0


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def dns_query(name):
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    return struct.pack("!HHHHHH", 0x5341, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!HH", 1, 1)


def datagram(address, port, payload):
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    if port == 69:
        opened.bind(("", 0))
        opened.sendto(payload, (address, port))  # TFTP answers from another port
    else:
        opened.connect((address, port))
        opened.send(payload)
    return opened


def start(attempt):
    kind, _, rest = attempt.partition(":")
    address, _, detail = rest.rpartition(":") if kind != "icmp" else (rest, "", "")
    if kind in ("tcp", "tcp6"):
        opened = socket.socket(socket.AF_INET6 if kind == "tcp6" else socket.AF_INET,
                               socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        code = opened.connect_ex((address, int(detail)))
        if code not in (0, errno.EINPROGRESS):
            raise OSError(code, "")
        return opened
    if kind == "icmp":
        opened = socket.socket(socket.AF_INET, socket.SOCK_RAW | socket.SOCK_NONBLOCK, socket.IPPROTO_ICMP)
        opened.connect((address, 0))
        echo = struct.pack("!BBHHH", 8, 0, 0, 0x5341, 1)
        opened.send(struct.pack("!BBHHH", 8, 0, checksum(echo), 0x5341, 1))
        return opened
    if kind == "dns":
        return datagram(address, 53, dns_query(detail))
    if kind == "tftp":
        return datagram(address, 69, b"\0\1" + detail.encode() + b"\0octet\0")
    return datagram(address, int(detail), b"anyone there?")


results, waiting, poll = {}, {}, select.poll()
for attempt in sys.argv[1:]:
    try:
        opened = start(attempt)
        results[attempt] = "nothing"
        waiting[opened.fileno()] = (attempt, opened)
        poll.register(opened, select.POLLOUT if attempt.startswith("tcp") else select.POLLIN)
    except OSError as e:
        results[attempt] = errno.errorcode.get(e.errno, str(e))
deadline = time.monotonic() + WAIT_SECONDS
while waiting and (left := deadline - time.monotonic()) > 0:
    for number, _ in poll.poll(left * 1000):
        attempt, opened = waiting.pop(number)
        poll.unregister(number)
        try:
            if attempt.startswith("tcp"):
                code = opened.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                results[attempt] = errno.errorcode[code] if code else "connected"
            else:
                results[attempt] = "answer " + opened.recv(65536).hex()
        except OSError as e:
            results[attempt] = errno.errorcode[e.errno]
print(json.dumps(results))
