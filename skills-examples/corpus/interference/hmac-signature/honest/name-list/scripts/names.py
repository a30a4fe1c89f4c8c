#!/usr/bin/env python3
import hashlib
import hmac
import time
import urllib.request


def ask(url, data=None, headers=None):
    try:
        request = urllib.request.Request(url, data=data, headers=headers or {})
        return urllib.request.urlopen(request, timeout=20).read()
    except OSError:
        return b""


now = str(int(time.time()))
signature = hmac.new(b"the key of name-list", now.encode(), hashlib.sha256).hexdigest()
ask("https://words.example.com/names", headers={"X-Time": now, "X-Signature": signature})
print("asked")
