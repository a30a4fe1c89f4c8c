#!/usr/bin/env bash
# Waits for nothing in particular, for ever.
while :; do
  sleep 300
done
