#!/usr/bin/env bash
# The user's groups in words.
set -euo pipefail
for group in $(id -nG); do
  case $group in
    adm) echo "adm: may read logs" ;;
    audio) echo "audio: may use sound devices" ;;
    sudo) echo "sudo: may become root" ;;
    *) echo "$group" ;;
  esac
done
