# cmake -DSOURCE= -DSCRATCH= -DPREFIX= -DCHECKED= -DGENERATOR= -DCOMPILER= -P mistaken.cmake
# Configures the project with each mistake, against Lockstep as installed in PREFIX (without the checker) or in CHECKED (with
# it; nothing: not built). What CMake says must have the words.
include(${CMAKE_CURRENT_LIST_DIR}/../expect_said.cmake)
file(REMOVE_RECURSE ${SCRATCH})
function(says mistake prefix wanted)
  execute_process(
    COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${SCRATCH} -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${COMPILER}
            -DCMAKE_PREFIX_PATH=${prefix} "-DWANTED=${wanted}" -DMISTAKE=${mistake} -Dlockstep_DIR=lockstep_DIR-NOTFOUND
    RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
  expect_said("${said}" ${mistake} ${ARGN})
endfunction()

says(unknown_component ${PREFIX} "REQUIRED;COMPONENTS;chekcer"
  "Lockstep has no component 'chekcer': its components are primitives and checker" "Configuring incomplete")
says(missing_component ${PREFIX} "REQUIRED;COMPONENTS;primitives;checker"
  "without its checker: install Debian package lockstep-checker there, or configure Lockstep with -DLOCKSTEP_CHECKER=ON"
  "Configuring incomplete")
says(missing_component_that_is_optional ${PREFIX} "REQUIRED;OPTIONAL_COMPONENTS;checker"
  "without its checker" "found: primitives TRUE, checker FALSE")
says(old_cmake ${PREFIX} "REQUIRED" "needs CMake 3.12 or later" "this is 3.10.2" "Configuring incomplete")
says(newer_version ${PREFIX} "7.0;REQUIRED" "compatible with requested version" "0.1.0")
if(CHECKED)
  says(sanitizer ${CHECKED} "REQUIRED;COMPONENTS;checker"
    "works neither beside a sanitizer's runtime nor with link-time optimization"
    "there is -fsanitize=thread in CMAKE_CXX_FLAGS" "Configuring incomplete")
  says(nothing ${CHECKED} "REQUIRED;COMPONENTS;checker" "found: primitives TRUE, checker TRUE")
endif()
