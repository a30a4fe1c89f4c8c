"""scan_ports.py ADDRESS, as root: a SYN to each of its 65,535 TCP ports.

Prints {"open": [ports that took the connection], "refused": how many refused it, "seconds": S}.
Raw packets, since a connection that nobody answers would cost a socket and minutes of waiting.
"""

import json
import select
import socket
import struct
import sys
import time

OWN, ADDRESS, SOURCE_PORT = "10.0.2.15", sys.argv[1], 40000
QUIET_SECONDS = 0.3
BATCH = 256
started = time.monotonic()


def words(data):
    return sum(struct.unpack(f"!{len(data) // 2}H", data))


def resolved():
    with open("/proc/net/arp", encoding="ascii") as table:
        return any(line.split()[0] == ADDRESS and line.split()[2] == "0x2" for line in table)


# Packets sent before the neighbour is known would be thrown away.
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as knock:
    knock.sendto(b"", (ADDRESS, 9))
deadline = time.monotonic() + 5
while not resolved() and time.monotonic() < deadline:
    time.sleep(0.05)

raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
raw.setsockopt(socket.SOL_SOCKET, 33, 16 << 20)  # SO_RCVBUFFORCE: an answer from every port would fit
raw.connect((ADDRESS, 0))
header = struct.Struct("!HHIIBBHHH")
pseudo = socket.inet_aton(OWN) + socket.inet_aton(ADDRESS) + struct.pack("!HH", 6, header.size)
base = words(pseudo) + words(header.pack(SOURCE_PORT, 0, 1, 0, 0x50, 0x02, 1024, 0, 0))

def send_syn(port):
    total = base + port
    total = (total & 0xFFFF) + (total >> 16)
    total = (total & 0xFFFF) + (total >> 16)
    raw.send(header.pack(SOURCE_PORT, port, 1, 0, 0x50, 0x02, 1024, ~total & 0xFFFF, 0))


found = {"open": set(), "refused": set()}
unanswered = range(1, 65536)
# Answers are lost when many come at once, and a lost one must not hide an open port: so in batches,
# and once more to the ports that did not answer, as long as any does.
for _ in range(8):
    before = len(unanswered)
    for at in range(0, before, BATCH):
        waiting = set(unanswered[at:at + BATCH])
        for port in waiting:
            send_syn(port)
        while waiting and select.select([raw], [], [], QUIET_SECONDS)[0]:
            packet = raw.recv(65536)
            tcp = packet[(packet[0] & 15) * 4:]
            port, target = struct.unpack("!HH", tcp[:4])
            if target == SOURCE_PORT:  # the rest is the SSH session
                found["refused" if tcp[13] & 0x04 else "open"].add(port)
                waiting.discard(port)
    unanswered = [port for port in unanswered if port not in found["open"] and port not in found["refused"]]
    if len(unanswered) in (0, before):
        break
print(json.dumps({"open": sorted(found["open"]), "refused": len(found["refused"]),
                  "seconds": round(time.monotonic() - started, 1)}))
