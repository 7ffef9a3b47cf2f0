#!/usr/bin/env bash
# interrupt_and_resume.sh LOCKSTEP PROGRAM JOBS: interrupts an exploration as Ctrl-C does, once it tells how far it is. It must say
# what is known so far and leave a file, from which another exploration goes on; both together count what one counts.
set -euo pipefail
lockstep=$1 program=$2 jobs=$3

folder=$(mktemp --directory)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
# A group of its own, as a terminal has it; a shell script's background jobs would ignore SIGINT.
setsid bash -c 'trap - INT; exec "$@"' run env --default-signal=INT \
  "$lockstep" check --jobs "$jobs" --progress 0.3 "$program" --args 9 >output 2>&1 &
command=$!
until grep -q 'lockstep: [0-9]* executions' output; do
  kill -0 "$command"
  sleep 0.02
done
kill -INT -- "-$command"
status=0
wait "$command" || status=$?
cat output
(( status == 2 ))
grep -q '^no error within these bounds (interrupted)' output
grep -q '^executions: [0-9]*  blocked: 0 ' output
file=$(basename "$program").lockstep
grep -q "^how far it came is in $file; to go on" output
(( $(sed -n 's/^executions: \([0-9]*\) .*/\1/p' output) < 362880 ))
"$lockstep" check --resume "$file" --jobs 2 "$program" --args 9 | tee output
grep -q '^executions: 362880  blocked: 0 ' output
