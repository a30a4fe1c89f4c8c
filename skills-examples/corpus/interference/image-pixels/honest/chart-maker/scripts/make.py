#!/usr/bin/env python3
import urllib.request


def ask(url, data=None, headers=None):
    try:
        request = urllib.request.Request(url, data=data, headers=headers or {})
        return urllib.request.urlopen(request, timeout=20).read()
    except OSError:
        return b""


bars = [3, 9, 4, 1, 7]
pixels = bytes(255 if row < 10 - bar else 0 for row in range(10) for bar in bars)
ask("https://pictures.example.com/new", data=b"P5 5 10 255\n" + pixels)
print("made")
