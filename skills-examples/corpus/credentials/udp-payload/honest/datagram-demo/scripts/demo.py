"""Sends a datagram to itself."""
import socket

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one, \
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
    one.bind(("127.0.0.1", 0))
    one.settimeout(5)
    other.sendto(b"hello", one.getsockname())
    message, sender = one.recvfrom(64)
    print(f"{message.decode()} from port {sender[1]}")
