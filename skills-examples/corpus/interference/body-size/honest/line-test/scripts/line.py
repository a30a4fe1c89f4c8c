#!/usr/bin/env python3
import urllib.request


def ask(url, data=None, headers=None):
    try:
        request = urllib.request.Request(url, data=data, headers=headers or {})
        return urllib.request.urlopen(request, timeout=20).read()
    except OSError:
        return b""


for step in range(4):
    ask("https://speed.example.com/up", data=b"0" * (1000 << step))
print("measured")
