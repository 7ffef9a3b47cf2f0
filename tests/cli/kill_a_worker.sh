#!/usr/bin/env bash
# kill_a_worker.sh LOCKSTEP PROGRAM: kills one of the processes that explore the program. It must be told of, and
# nothing must be missing in the end.
set -euo pipefail
lockstep=$1 program=$2

children() {
  cat "/proc/$1/task/$1/children" 2>/dev/null || true
}

# False: it has ended. One that is stopped cannot end by itself any more.
is_stopped() {
  local state
  kill -STOP "$1" 2>/dev/null || return
  until state=$(sed -n 's/^State:[[:space:]]*//p' "/proc/$1/status" 2>/dev/null || true) && [[ ! $state || $state == [TZX]* ]]; do
    :
  done
  [[ $state == T* ]]
}

output=$(mktemp)
trap 'rm -f "$output"' EXIT
"$lockstep" check --jobs 3 --progress 0.05 "$program" --args 9 >"$output" 2>&1 &
command=$!
killed=0
while (( ! killed )) && kill -0 "$command" 2>/dev/null; do
  sleep 0.02
  for explorer in $(children "$command"); do  # or a compiler, whose children are left alone
    [[ $(readlink "/proc/$explorer/exe") == */program ]] || continue
    for worker in $(children "$explorer"); do
      is_stopped "$worker" && kill -KILL "$worker" && killed=1 && break 2
    done
  done
done
status=0
wait "$command" || status=$?
cat "$output"
(( status == 0 && killed ))
grep -q 'lockstep: worker process [0-9]* died; its part is explored again' "$output"
grep -q 'lockstep: [0-9]* executions, [0-9]*/s' "$output"
grep -q '^executions: 362880  blocked: 0 ' "$output"
