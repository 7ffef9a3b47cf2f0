#!/usr/bin/env bash
# prints.sh <program> <expected> [<filter>]: does the program end well, and print the file `expected`? The output
# goes through the shell command `filter` first.
set -euo pipefail
export LC_ALL=C

"$1" | bash -euo pipefail -c "${3:-cat}" | diff --unified "$2" -
