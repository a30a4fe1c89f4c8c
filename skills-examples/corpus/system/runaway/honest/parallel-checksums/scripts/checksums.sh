#!/usr/bin/env bash
# Checksums of all documents, four at a time.
set -euo pipefail
find "$HOME/documents" -type f -print0 | xargs -0 -n 1 -P 4 sha256sum | sort -k 2
