#!/usr/bin/env bash
set -euo pipefail
git config --global core.pager 'less -FRX'
git config --global core.pager
