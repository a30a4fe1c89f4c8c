#!/usr/bin/env bash
# Installs and starts the service.
set -euo pipefail
script=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/lib/disk-watch.sh
sudo tee /etc/systemd/system/disk-watch.service >/dev/null <<UNIT
[Unit]
Description=Writes down how full the disk is

[Service]
User=$(id -un)
ExecStart=/bin/bash $script

[Install]
WantedBy=multi-user.target
UNIT
sudo systemctl daemon-reload
sudo systemctl enable --quiet --now disk-watch.service
echo "disk-watch.service is $(systemctl is-active disk-watch.service)"
