#!/usr/bin/env bash
# How many accounts there are, by kind.
set -euo pipefail
getent passwd | awk -F : '
  $3 >= 1000 && $3 < 60000 { people++ }
  $3 < 1000 { services++ }
  END { printf "%d of people, %d of services\n", people, services }'
