#!/usr/bin/env bash
# State and files of a service.
set -euo pipefail
systemctl show --property ActiveState,UnitFileState,FragmentPath,DropInPaths "${1:-cron.service}"
