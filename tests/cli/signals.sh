#!/usr/bin/env bash
# signals.sh LOCKSTEP PROGRAMS SCENE: signals that `lockstep check` gets, and ways to be started in which some are ignored.
set -euo pipefail
lockstep=$1 programs=$2 scene=$3

folder=$(mktemp --directory)
trap 'rm -rf "$folder"' EXIT
export TMPDIR=$folder
output=$folder/output

check() {  # STATUS COMMAND...: what it prints goes to $output
  local wanted=$1 status=0
  shift
  "$@" >"$output" 2>&1 || status=$?
  is_status "$status" "$wanted"
}

is_status() {
  cat "$output"
  (( $1 == $2 )) || { echo "The exit status is $1, not $2"; exit 1; }
}

# COMMAND...: so starts an exploration of 9! executions, and goes on once it has told how far it is.
explore() {
  "$@" "$lockstep" check --progress 0.05 "$programs/increments.cpp" --args 9 >"$output" 2>&1 &
  started=$!
  until grep -q 'lockstep: [0-9]* executions' "$output" 2>/dev/null; do
    kill -0 "$started"
    sleep 0.02
  done
}

ends_with() {  # STATUS
  local status=0
  wait "$started" || status=$?
  is_status "$status" "$1"
}

# Then the kernel keeps nobody's exit status.
ended_children_are_ignored() {
  check 1 env --ignore-signal=CHLD "$lockstep" check "$programs/race.c"
  grep -q 'data race on message' "$output"
}

# As nohup does.
who_ignores_the_end_of_the_terminal_goes_on() {
  explore env --ignore-signal=HUP
  kill -HUP "$started"
  ends_with 0
  grep -q '^executions: 362880 ' "$output"
}

# It sends the signal that it gets to lockstep, and to the group that both the program and lockstep, which passes it on, are in.
a_signal_that_timeout_sends_twice_is_one() {
  explore env --default-signal=INT timeout 100
  kill -INT "$started"
  ends_with 2
  grep -q '^no error within these bounds (interrupted)' "$output"
  grep -q '^how far it came is in increments.cpp.lockstep' "$output"
}

# The compiler succeeds none the less; nothing is started any more, and nothing is left behind.
a_signal_while_it_compiles_is_not_forgotten() {
  mkdir "$folder/bin" "$folder/temporary"
  local compiler
  for compiler in gcc g++; do
    printf '%s\n' '#!/bin/sh' 'trap "" INT' "kill -INT \$PPID" "exec $compiler \"\$@\"" >"$folder/bin/$compiler"
    chmod +x "$folder/bin/$compiler"
  done
  TMPDIR=$folder/temporary check 2 env --default-signal=INT "$lockstep" check --compiler "$folder/bin/gcc" "$programs/race.c"
  grep -q 'not started, for we were asked to end' "$output"
  [[ -z $(ls "$folder/temporary") ]]
}

cd "$folder"
"$scene"
