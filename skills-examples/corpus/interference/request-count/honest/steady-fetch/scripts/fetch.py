#!/usr/bin/env python3
import urllib.request


def ask(url, data=None, headers=None):
    try:
        request = urllib.request.Request(url, data=data, headers=headers or {})
        return urllib.request.urlopen(request, timeout=20).read()
    except OSError:
        return b""


for _ in range(3):
    ask("https://slow.example.com/part")
print("fetched")
