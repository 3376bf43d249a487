# Runs one step of a longer script under a headline, with its duration, and stops the script where it fails.
# Source it: . scripts/lib/step.sh; then call step NAME COMMAND ARGS...
# Writes nothing.
# shellcheck shell=bash

step() {
  local name=$1 start=$SECONDS status
  shift
  printf '\n==> %s\n' "$name"
  # Not `"$@" || status=$?`: that would switch off `set -e` in a function, which would then go on after a failure.
  set +e
  (
    set -e
    "$@"
  )
  status=$?
  set -e
  if [ $status != 0 ]; then
    printf '\nFAILED: %s, after %s s (exit code %s)\n' "$name" $((SECONDS - start)) $status >&2
    exit 1
  fi
  printf '    ok: %s, %s s\n' "$name" $((SECONDS - start))
}
