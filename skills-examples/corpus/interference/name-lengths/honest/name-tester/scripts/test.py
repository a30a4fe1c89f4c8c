#!/usr/bin/env python3
import socket

for name in ("www.example.com", "mail.example.com"):
    try:
        socket.getaddrinfo(name, 80)
    except OSError:
        print(name, "does not resolve")
