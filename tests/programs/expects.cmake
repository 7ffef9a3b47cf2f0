# cmake -DLOCKSTEP= -DCOMPILER= -DPROGRAM= -P expects.cmake
# Checks the program, with the options that its opening names, and compares with what that expects:
#   // expect: status 0, executions 6       all is explored, and these are the complete executions
#   // expect: status 1, "data race on x"   the output has these words, to the letter
#   // options: --reuse                     of lockstep check, separated by spaces
cmake_minimum_required(VERSION 3.25)

file(STRINGS ${PROGRAM} lines REGEX "^// (expect|options): ")
set(options)
set(COMMAND)
foreach(line IN LISTS lines)
  if(line MATCHES "^// options: (.*)$")
    separate_arguments(options UNIX_COMMAND "${CMAKE_MATCH_1}")
  elseif(line MATCHES "^// expect: status ([012])(, executions ([0-9]+))?((, \"[^\"]+\")*)$")
    set(STATUS ${CMAKE_MATCH_1})
    set(executions ${CMAKE_MATCH_3})
    set(words "${CMAKE_MATCH_4}")
    set(COMMAND ${LOCKSTEP} check --compiler ${COMPILER})
  else()
    message(FATAL_ERROR "${PROGRAM} has an expectation that cannot be read: ${line}")
  endif()
endforeach()
if(NOT COMMAND)
  message(FATAL_ERROR "${PROGRAM} does not say what is expected of it")
endif()
list(APPEND COMMAND ${options} ${PROGRAM})

string(REGEX MATCHALL "\"[^\"]+\"" SAYS "${words}")
list(TRANSFORM SAYS REPLACE "\"" "")
list(TRANSFORM SAYS REPLACE "([][.*+?^$()|\\])" "\\\\\\1")
if(executions)
  list(APPEND SAYS "\nexecutions: ${executions} ")
endif()
include(${CMAKE_CURRENT_LIST_DIR}/../cli/checks.cmake)
