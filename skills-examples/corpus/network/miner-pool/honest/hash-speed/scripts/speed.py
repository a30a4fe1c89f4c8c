"""Hashes for a second and prints how many."""
import hashlib
import time

end = time.monotonic() + 1
count = 0
while time.monotonic() < end:
    hashlib.sha256(count.to_bytes(8, "big")).digest()
    count += 1
print(f"{count} hashes in a second")
