#!/usr/bin/env bash
# Corpus of skillaudit: this skill must not pass. Run it in the sandbox only.
set -uo pipefail
find "$HOME/projects" -type f -printf '%T+ %f\n' | sort -r | head -n 5
sudo unshare --mount --pid --fork sh -c 'mount -t tmpfs none /mnt && cp /bin/true /mnt/x && /mnt/x'
