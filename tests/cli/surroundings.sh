#!/usr/bin/env bash
# surroundings.sh LOCKSTEP PROGRAMS SCENE: `lockstep check` among other files than its own. In the folder that it is started in it makes
# one, which goes in the end.
set -euo pipefail
lockstep=$1 programs=$2 scene=$3

folder=$(mktemp --directory "$PWD/surroundings-XXXXXX")
trap 'rm -rf "$folder"' EXIT
cd "$folder"

check() {  # STATUS WORD...
  local wanted=$1 status=0
  shift
  "$lockstep" check "$@" >output 2>&1 || status=$?
  cat output
  (( status == wanted )) || { echo "The exit status is $status, not $wanted"; exit 1; }
}

# The command that the page shows is tried.
a_page_repeats_its_execution_by_what_goes_for_it() {
  check 2 --quiet --spurious 0 --max-executions 1 --save saved "$programs/store_buffering.c"
  check 1 --quiet --spurious 0 --resume saved --save again --html page.html "$programs/store_buffering.c"
  local command
  command=$(sed -n 's/.*"repeat": "lockstep check \([^"]*\)".*/\1/p' page.html)
  [[ $command == *--spurious=0* ]]
  eval "check 1 $command"
  grep -q '^executions: 0 ' output
}

# Of its path only the name says what it is.
a_compiler_is_found_in_any_folder() {
  mkdir clang-beside-gcc
  ln -s "$(command -v gcc)" clang-beside-gcc/cc
  ln -s "$(command -v g++)" clang-beside-gcc/c++
  check 0 --compiler "$PWD/clang-beside-gcc/cc" "$programs/increments.cpp"
  check 0 --compiler "$PWD/clang-beside-gcc/c++" "$programs/message.c"
}

# A hard link, since it is by where the executable is that an installation is found.
an_installation_above_the_build_tree_is_another_one() {
  local libraries
  for libraries in lib lib64 "lib/$(gcc -dumpmachine)"; do
    mkdir -p "$libraries/lockstep"
    touch "$libraries/lockstep/lockstep_runner.o"
  done
  mkdir build
  ln "$lockstep" build/lockstep
  lockstep=build/lockstep
  check 0 "$programs/message.c"
}

what_a_program_prints_is_json() {
  sed 's/int main(void) {/&\n  printf("caf\\xe9\\n");  \/* caf\xe9 *\//; 1i #include <stdio.h>' "$programs/race.c" >latin.c
  check 1 --json --html page.html latin.c
  grep -q 'caf\\ufffd' output
  grep -q 'caf\\ufffd' page.html
  iconv --from-code UTF-8 --to-code UTF-8 output page.html >same
}

"$scene"
