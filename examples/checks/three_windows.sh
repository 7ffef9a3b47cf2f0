#!/usr/bin/env bash
# three_windows.sh <program>: does it serve five clients in turn, at three windows, each for 100 ms?
set -euo pipefail

"$1" | "$(dirname "${BASH_SOURCE[0]}")/served_in_turn.sh" 3 5 0.1
