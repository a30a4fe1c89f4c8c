"""Says which host names are well-formed (RFC 1123)."""
import re
import sys

LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)", re.I)
for name in sys.argv[1:]:
    good = len(name) <= 253 and all(LABEL.fullmatch(label) for label in name.split("."))
    print(f"{name}: {'well-formed' if good else 'malformed'}")
