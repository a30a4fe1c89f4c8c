"""Sorts the lines of a file by way of an anonymous file in memory."""
import os
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    lines = sorted(file)
with os.fdopen(os.memfd_create("lines"), "w+", encoding="utf-8") as memory:
    memory.writelines(lines)
    memory.seek(0)
    sys.stdout.write(memory.read())
