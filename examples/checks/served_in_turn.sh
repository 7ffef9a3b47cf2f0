#!/usr/bin/env bash
# served_in_turn.sh <windows> <clients> <seconds>: can the output of ticket_office, read here, be right?
#
# Each client has to be there once. And whatever the machine does meanwhile: when m * seconds have not
# passed since the opening, no more than (m - 1) * windows clients can have been served.
set -euo pipefail
export LC_ALL=C

lines=$(cat)
diff <(grep --only-matching '^client [0-9]*' <<<"$lines" | sort) \
  <(seq --format='client %g' 0 $(($2 - 1)) | sort)
sed --quiet 's/^client .*: //p' <<<"$lines" | sort --general-numeric-sort |
  awk -v windows="$1" -v seconds="$3" '
    $1 < (int((NR - 1) / windows) + 1) * seconds - 0.001 {
      print "served too early: number " NR ", at " $1 > "/dev/stderr"
      wrong = 1
    }
    END { exit wrong }'
