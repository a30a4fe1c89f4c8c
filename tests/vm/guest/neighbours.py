"""neighbours.py: prints, as a JSON list, which addresses of 10.0.2.0/24 somebody answers for."""

import json
import socket
import subprocess
import time

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as knock:
    for number in range(1, 255):
        if number != 15:  # the guest's own
            knock.sendto(b"", (f"10.0.2.{number}", 9))
deadline = time.monotonic() + 30
while time.monotonic() < deadline:
    lines = subprocess.run(["ip", "-4", "neigh", "show"], capture_output=True, text=True, check=True).stdout
    states = {line.split()[0]: line.split()[-1] for line in lines.splitlines()}
    if "INCOMPLETE" not in states.values():  # the kernel asks three times, a second apart
        break
    time.sleep(0.2)
print(json.dumps(sorted(address for address, state in states.items() if state not in ("FAILED", "INCOMPLETE"))))
