# Runs one step of a longer script under a headline, with its duration, and stops the script where it fails.
# Source it: . scripts/lib/step.sh; then call step NAME COMMAND ARGS...
# Writes nothing.
# shellcheck shell=bash

step() {
  local name=$1 start=$SECONDS status=0
  shift
  printf '\n==> %s\n' "$name"
  "$@" || status=$?
  if [ $status != 0 ]; then
    printf '\nFAILED: %s, after %s s (exit code %s)\n' "$name" $((SECONDS - start)) $status >&2
    exit 1
  fi
  printf '    ok: %s, %s s\n' "$name" $((SECONDS - start))
}
