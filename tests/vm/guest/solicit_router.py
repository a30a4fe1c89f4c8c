"""solicit_router.py, as root: asks for an IPv6 router and prints how many answers came."""

import select
import socket
import struct
import time

link = socket.if_nametoindex([name for _, name in socket.if_nameindex() if name != "lo"][0])
icmp = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
icmp.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
icmp.sendto(struct.pack("!BBHI", 133, 0, 0, 0), ("ff02::2", 0, 0, link))  # RFC 4861, 4.1
answers, deadline = 0, time.monotonic() + 4
while (left := deadline - time.monotonic()) > 0 and select.select([icmp], [], [], left)[0]:
    answers += icmp.recv(65536)[0] == 134
print(answers)
