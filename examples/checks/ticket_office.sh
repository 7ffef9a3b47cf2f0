#!/usr/bin/env bash
# ticket_office.sh <program>: does it serve everybody in turn, and say what is wrong with its arguments?
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
program=$1

serves() {
  local windows=$1 clients=$2 time=$3 seconds=$4
  "$program" --windows "$windows" --clients "$clients" --service-time "$time" |
    ./served_in_turn.sh "$windows" "$clients" "$seconds" ||
    failed "--windows $windows --clients $clients --service-time $time"
}

# refuses <what the message has to name> [<argument>...]
refuses() {
  local message status=0
  message=$("$program" "${@:2}" 2>&1 >/dev/null) || status=$?
  [[ $status == 2 && $message == *"$1"* ]] || failed "$* gives status $status and: $message"
}

failures=0
failed() {
  echo "failed: $1"
  failures=$((failures + 1))
}

"$program" | ./served_in_turn.sh 3 5 1 || failed "without arguments"
serves 3 5 100ms 0.1
serves 1 4 0.05s 0.05
serves 7 50 20ms 0.02
serves 8 3 10ms 0.01
serves 2 20 0s 0
"$program" --help | grep --quiet '^usage: ticket_office' || failed --help

for option in --windows --clients; do
  for value in 0 -1 1001 99999999999999999999 3x x 1.5 ' 3' ''; do
    refuses "$option '$value': expected a whole number from 1 to 1000" "$option" "$value"
  done
  refuses "$option '': expected" "$option"
done
for value in 1 s 1h -1s 3601s 1e400s inf nan infs nans 1..5s 1s1s ' 1s' '1 s' 0x1s ''; do
  refuses "--service-time '$value': expected a time from 0s to 3600s" --service-time "$value"
done
refuses "--service-time '': expected" --service-time
refuses "'--window': expected --windows" --window 3
refuses "'5': expected --windows" 5
refuses "'extra': expected --windows" --clients 1 extra
exit $((failures > 0))
