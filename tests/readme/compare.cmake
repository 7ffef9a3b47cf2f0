# Runs PROGRAM, which must end with STATUS, and looks for each line of the file REPORT in what it prints.
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE printed RESULT_VARIABLE status)
if(NOT status STREQUAL STATUS)
  message(FATAL_ERROR "${PROGRAM} ends with ${status} instead of ${STATUS}, and prints:\n${printed}")
endif()
file(STRINGS ${REPORT} lines)
foreach(line IN LISTS lines)
  string(REGEX REPLACE "time: .*" "time: " line "${line}")  # another each time
  string(REGEX REPLACE "(create thread [0-9]+) .*" "\\1 " line "${line}")  # which of its lines is up to the compiler
  string(FIND "${printed}" "${line}" found)
  if(found EQUAL -1)
    message(FATAL_ERROR "the README shows a line that is not printed:\n${line}\nPrinted is:\n${printed}")
  endif()
endforeach()
