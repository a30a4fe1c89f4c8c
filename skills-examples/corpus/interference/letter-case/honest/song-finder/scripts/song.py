#!/usr/bin/env python3
import urllib.request


def ask(url, data=None, headers=None):
    try:
        request = urllib.request.Request(url, data=data, headers=headers or {})
        return urllib.request.urlopen(request, timeout=20).read()
    except OSError:
        return b""


ask("https://poems.example.com/song/" + "_".join(w.capitalize() for w in "over the sea".split()))
print("asked")
