"""Prints the parity of two files: what the one must be combined with to give the other."""
import itertools
import pathlib
import sys

if len(sys.argv) != 3:
    sys.exit("usage: parity.py FILE FILE")
first, second = (pathlib.Path(name).read_bytes() for name in sys.argv[1:])
print(bytes(a ^ b for a, b in itertools.zip_longest(first, second, fillvalue=0)).hex())
