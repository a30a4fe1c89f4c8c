#!/usr/bin/env bash
set -euo pipefail
mv ~/notes ~/notes.trial
ls ~/notes.trial | wc -l
mv ~/notes.trial ~/notes
