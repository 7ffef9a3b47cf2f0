#!/usr/bin/env bash
# producer_consumer.sh <program>: does it count as the reference does, whatever it reads, and say what it cannot do?
set -euo pipefail
program=$1
checks=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
work=$(mktemp --directory)
trap 'rm --recursive --force "$work"' EXIT
cd "$work"

failures=0
failed() {
  echo "failed: $1"
  failures=$((failures + 1))
}

# counts <file>... [-- <option>...]: the same as the reference?
counts() {
  local files=()
  while (( $# > 0 )) && [[ $1 != -- ]]; do
    files+=("$1")
    shift
  done
  "$program" "${@:2}" "${files[@]}" </dev/null >output || failed "status $? for ${files[*]:0:5}"
  "$checks/word_counts.sh" "${files[@]}" </dev/null >reference
  cmp output reference || failed "${files[*]:0:5} ${*:2}"
}

counts_as_input() {
  "$program" <"$1" >output || failed "status $? for <$1"
  "$checks/word_counts.sh" <"$1" >reference
  cmp output reference || failed "<$1"
}

# gives <status> <what the message has to name> [<argument>...]; leaves what is printed in `output`
gives() {
  local message status=0
  message=$("$program" "${@:3}" 2>&1 >output </dev/null) || status=$?
  [[ $status == "$1" && $message == *"$2"* ]] || failed "${*:3} gives status $status and: $message"
}

: >empty
echo >newline
printf '\n\n\n' >newlines
printf ' ' >blank
printf 'The cat saw the other CAT.\nthe end 42 x86 x86\n' >text
printf 'one two' >unended
printf 'fish Two' >continued
printf '\r\nDOS line\r\nline\r\n' >crlf
printf 'a\0b\0\0A\n\0' >nul
printf '\0' >only_nul
printf 'caf\303\251 na\357ve \377\376 Stra\303\237e' >not_ascii
cp "$program" binary
head --bytes=200000 /dev/zero | sed 's/\x0/Word after word; /g' >long_line
head --bytes=3000000 /dev/zero | tr '\0' Q >long_word
seq 50000 | sed 's/.*/& line & of 50000/' >many_lines
for n in {0..255}; do printf %b "\\0$(printf %o "$n")a"; done >all_bytes

for file in *; do
  counts "$file"
  counts "$file" -- --consumers 1 --capacity 1
  counts_as_input "$file"
done
counts text crlf nul text
counts unended continued
counts empty unended empty continued empty text
counts empty newline text
counts many_lines text -- --consumers 16 --capacity 3
cat many_lines text unended | "$program" | cmp - <("$checks/word_counts.sh" many_lines text unended) ||
  failed "a pipe"

mapfile -d '' sources < <(find "$checks/../../primitives" "$checks/.." -type f -print0)
counts "${sources[@]}" -- --consumers 3

gives 1 "'no such file': No such file" text 'no such file' unended
cmp output <("$checks/word_counts.sh" text unended) || failed "what can be read beside a missing file"
gives 1 "'.': Is a directory" unended . continued
cmp output <("$checks/word_counts.sh" unended continued) || failed "what can be read beside a directory"
gives 1 "''" ''
if [[ -w /dev/full ]] && "$program" text >/dev/full 2>/dev/null; then
  failed "a full disk goes unnoticed"
fi

for value in 0 -1 1001 99999999999999999999 3x x 1.5 ' 3' ''; do
  gives 2 "--consumers '$value': expected a whole number from 1 to 1000" --consumers "$value"
done
for value in 0 -1 1000001 x ''; do
  gives 2 "--capacity '$value': expected a whole number from 1 to 1000000" --capacity "$value"
done
gives 2 "--capacity '': expected" text --capacity
gives 2 "'--consumer': expected --consumers" --consumer 3 text
gives 0 '' --help
grep --quiet '^usage: producer_consumer' output || failed --help
exit $((failures > 0))
