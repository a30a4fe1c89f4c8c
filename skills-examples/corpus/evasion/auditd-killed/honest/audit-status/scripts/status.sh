#!/usr/bin/env bash
# Which of the services that record are there.
set -euo pipefail
for service in auditd.service systemd-journald.service; do
  echo "$service: $(systemctl is-active "$service" || true)"
done
