#!/usr/bin/env bash
# downloads.sh <program>: do its times match the arithmetic of the delays?
#
# However slow the machine: nothing can take less than the delays of its longest chain, and no more are served at once
# than may be. How much more it takes, and how few they are, nobody can promise.
set -euo pipefail
export LC_ALL=C
program=$1

# fetches <files> <milliseconds> <at once>
fetches() {
  "$program" "$@" | awk -v files="$1" -v delay="$2" -v limit="$3" '
    function wrong(what) { print "wrong: " what ": " $0; failed = 1 }
    BEGIN { delay /= 1000 }
    NR == 1 && $0 != sprintf("%d files, each served after %.3f s", files, delay) { wrong("title") }
    /^in turn: / { lines++; if ($3 < files * delay - 0.001) wrong("too fast"); if ($5 != 1) wrong("not in turn") }
    /^threads: / { lines++; if ($2 < delay - 0.001) wrong("too fast"); if ($4 > files) wrong("too many at once") }
    /^coroutines: / {
      lines++
      rounds = int((files + limit - 1) / limit)
      if ($2 < rounds * delay - 0.001) wrong("too fast")
      if ($4 > limit) wrong("too many at once")
    }
    END { if (NR != 4 || lines != 3) wrong("lines"); exit failed }'
}

# refuses <argument>...
refuses() {
  local message status=0
  message=$("$program" "$@" 2>&1 >/dev/null) || status=$?
  [[ $status == 2 && $message == *"expected a whole number from 1 to 1000"* ]] ||
    { echo "failed: $* gives status $status and: $message"; exit 1; }
}

fetches 10 200 10
fetches 12 50 4
for value in 0 -1 1001 x 3x ''; do
  refuses "$value"
  refuses 10 "$value"
done
