#!/usr/bin/env bash
# demo.sh <build folder>: runs ticket_office, and producer_consumer on this project's own sources, and compares
# what they print with what they should. Ends with a table; the exit status is 1 if anything differs.
set -euo pipefail
examples=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
programs=$(realpath "$1")/examples
work=$(mktemp --directory)
trap 'rm --recursive --force "$work"' EXIT

# measure <command>...: runs it, and leaves in `seconds` how long that took
measure() {
  local start=$EPOCHREALTIME
  "$@"
  seconds=$(awk "BEGIN { print $EPOCHREALTIME - $start }")
}

table=()
different=0

# compare <program> <items> <command>...: adds a line to the table; the command says whether the result is right
compare() {
  local result=equal
  "${@:3}" || { result=DIFFERENT different=1; }
  table+=("$(printf '%-18s %-32s %7.3f s  %s' "$1" "$2" "$seconds" "$result")")
}

echo '$ ticket_office --windows 3 --clients 5 --service-time 1s'
measure "$programs/ticket_office" --windows 3 --clients 5 --service-time 1s >"$work/clients"
cat "$work/clients"
compare ticket_office '5 clients' "$examples/checks/served_in_turn.sh" 3 5 1 <"$work/clients"

cd "$examples/.."
find . \( -path ./build -o -path ./.git \) -prune -o -type f -print0 | sort --zero-terminated |
  xargs --null cat >"$work/sources"
while (( $(stat --format=%s "$work/input" 2>/dev/null || echo 0) < 32 * 1024 * 1024 )); do
  cat "$work/sources" >>"$work/input"
done
measure "$programs/producer_consumer" "$work/input" >"$work/counts"
"$examples/checks/word_counts.sh" "$work/input" >"$work/reference"

echo
echo '$ producer_consumer <the sources of this project, many times> | sort -nr | head -n 5'
sort --numeric-sort --reverse "$work/counts" | sed 5q
compare producer_consumer \
  "$(wc --lines <"$work/input") lines, $(stat --format=%s "$work/input") bytes" \
  cmp "$work/counts" "$work/reference"

echo
printf '%-18s %-32s %9s  %s\n' program items time 'against the reference'
printf '%s\n' "${table[@]}"
exit $different
