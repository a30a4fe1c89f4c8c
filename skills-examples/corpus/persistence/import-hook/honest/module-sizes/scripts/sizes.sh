#!/usr/bin/env bash
set -euo pipefail
python3 -c 'import sys; print("\n".join(p for p in sys.path if p.endswith("-packages")))' |
  while read -r folder; do du -sh "$folder"; done
