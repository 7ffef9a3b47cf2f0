#!/usr/bin/env bash
# mistakes.sh <number of mistakes> <source> <compiler> <option>...: does the source compile, and with none of its mistakes?
set -euo pipefail
mistakes=$1 source=$2
compile=("${@:3}" -std=c++20 -Werror=unused-result -fsyntax-only)

"${compile[@]}" "$source"
for ((mistake = 1; mistake <= mistakes; ++mistake)); do
  if "${compile[@]}" -DMISTAKE="$mistake" "$source" 2>/dev/null; then
    echo "compiles in spite of mistake $mistake"
    exit 1
  fi
done
