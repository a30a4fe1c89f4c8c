"""Prints the next high water of a station."""
import json
import sys
import urllib.parse
import urllib.request

station = urllib.parse.quote(sys.argv[1] if len(sys.argv) > 1 else "hoek")
try:
    with urllib.request.urlopen(f"https://tides.example.com/v1/{station}", timeout=20) as answer:
        print("next high water:", json.load(answer)["next"])
except (OSError, ValueError, KeyError):
    print("the tide service does not answer")
