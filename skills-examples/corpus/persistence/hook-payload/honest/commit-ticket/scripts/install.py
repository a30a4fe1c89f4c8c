#!/usr/bin/env python3
import pathlib
import subprocess

HOOK = """#!/bin/sh
grep -qE '[A-Z]+-[0-9]+' "${1:-/dev/null}" || echo "warning: the message names no ticket" >&2
exit 0
"""
root = subprocess.run(["git", "rev-parse", "--show-toplevel"], capture_output=True, text=True, check=True).stdout.strip()
path = pathlib.Path(root, ".git", "hooks", "commit-msg")
path.parent.mkdir(exist_ok=True)
path.write_text(HOOK)
path.chmod(0o755)
print("installed", path)
