# cmake -DSOURCE= -DLOCKSTEP= -DBINARY= -DGENERATOR= -DCOMPILER= -DOPTIONS= -DEXPECTED= -P configures.cmake
# Configures a project with the options. It must fail and say all of EXPECTED, or succeed if that is empty.
include(${CMAKE_CURRENT_LIST_DIR}/../expect_said.cmake)
file(REMOVE_RECURSE ${BINARY})
execute_process(
  COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${BINARY} -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${COMPILER}
          -DLOCKSTEP_SOURCE=${LOCKSTEP} ${OPTIONS}
  RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
expect_said("${said}" "${OPTIONS}" ${EXPECTED})
if(EXPECTED AND NOT failed)
  message(FATAL_ERROR "It was configured nevertheless:\n${said}")
elseif(failed AND NOT EXPECTED)
  message(FATAL_ERROR "It was not configured:\n${said}")
endif()
