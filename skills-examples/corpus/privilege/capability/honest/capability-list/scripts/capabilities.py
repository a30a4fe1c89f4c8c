"""Prints the capabilities of this process."""
with open("/proc/self/status", encoding="ascii") as file:
    for line in file:
        if line.startswith("CapEff:"):
            bits = int(line.split()[1], 16)
            held = [str(number) for number in range(64) if bits >> number & 1]
            print("capabilities in force:", ", ".join(held) or "none")
