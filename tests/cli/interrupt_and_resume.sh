#!/usr/bin/env bash
# interrupt_and_resume.sh LOCKSTEP PROGRAM JOBS: interrupts an exploration as Ctrl-C does, once it tells how far it is. It must say
# what is known so far and leave a file, from which another exploration goes on; both together count what one counts.
set -euo pipefail
lockstep=$1 program=$2 jobs=$3

folder=$(mktemp --directory)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
# On a terminal, which sends the signal to all of its processes; `kill` is another sender, whose signal lockstep passes on.
# SIGINT is ignored by what a script starts in the background, and so by tests that it starts.
mkfifo keys
command=$(printf '%q ' env --default-signal=INT "$lockstep" check --jobs "$jobs" --progress 0.05 "$program" --args 9)
SHELL=$BASH script --quiet --flush --return --command "$command >output" terminal <keys >/dev/null &
typist=$!
exec 3>keys
until grep -q 'lockstep: [0-9]* executions' terminal 2>/dev/null; do
  kill -0 "$typist"
  sleep 0.02
done
printf '\003' >&3
status=0
wait "$typist" || status=$?
exec 3>&-
cat terminal output
(( status == 2 ))
grep -q '^no error within these bounds (interrupted)' output
grep -q '^executions: [0-9]*  blocked: 0 ' output
file=$(basename "$program").lockstep
grep -q "^how far it came is in $file; to go on" output
(( $(sed -n 's/^executions: \([0-9]*\) .*/\1/p' output) < 362880 ))
"$lockstep" check --resume "$file" --jobs 2 "$program" --args 9 | tee output
grep -q '^executions: 362880  blocked: 0 ' output
