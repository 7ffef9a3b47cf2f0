# cmake -DSOURCE= -DLOCKSTEP= -DBINARY= -DGENERATOR= -DCOMPILER= -DOPTIONS= -DEXPECTED= -P configures.cmake
# Configures a project with the options. It must fail and say all of EXPECTED, or succeed if that is empty.
file(REMOVE_RECURSE ${BINARY})
execute_process(
  COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${BINARY} -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${COMPILER}
          -DLOCKSTEP_SOURCE=${LOCKSTEP} ${OPTIONS}
  RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
string(REGEX REPLACE "[ \n]+" " " said "${said}")
foreach(words IN LISTS EXPECTED)
  string(FIND "${said}" "${words}" found)
  if(found EQUAL -1)
    message(FATAL_ERROR "It does not say \"${words}\", but:\n${said}")
  endif()
endforeach()
if(EXPECTED AND NOT failed)
  message(FATAL_ERROR "It was configured nevertheless:\n${said}")
elseif(failed AND NOT EXPECTED)
  message(FATAL_ERROR "It was not configured:\n${said}")
endif()
