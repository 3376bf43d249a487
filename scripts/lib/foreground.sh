# Runs what lasts until Ctrl-C, which is its proper end.
# Source it: . scripts/lib/foreground.sh; then call until_stopped COMMAND ARGS...
# Writes nothing.
# shellcheck shell=bash

until_stopped() {
  local status=0
  if [ -t 0 ]; then
    # In a process group of its own, so that Ctrl-C does not reach make, which would call it a failure.
    set -m
    "$@" || status=$?
  else
    trap 'kill $! 2>/dev/null || true' INT TERM
    "$@" &
    wait $! || status=$?
    wait $! 2>/dev/null || true
  fi
  # Ended by Ctrl-C or by kill: as meant.
  case $status in 130 | 143) status=0 ;; esac
  return $status
}
