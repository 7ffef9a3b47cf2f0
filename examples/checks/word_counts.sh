#!/usr/bin/env bash
# word_counts.sh [<file>...]: what producer_consumer has to print, by other means.
set -euo pipefail
export LC_ALL=C

cat "$@" | tr -cs '[:alnum:]' '\n' | tr '[:upper:]' '[:lower:]' | sort | uniq -c
