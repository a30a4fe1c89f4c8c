"""Sizes of files, read in threads."""
import concurrent.futures
import pathlib
import sys

with concurrent.futures.ThreadPoolExecutor(4) as pool:
    for name, data in zip(sys.argv[1:], pool.map(lambda name: pathlib.Path(name).read_bytes(), sys.argv[1:])):
        print(f"{name}: {len(data)} bytes")
