# cmake -DPORT_DIR= -DSCRATCH= -DGENERATOR= -DCOMPILER= [-DFEATURES=] -P vcpkg.cmake
# Runs the port's portfile.cmake as vcpkg does, into SCRATCH/packages. Debian 12 has no vcpkg: the functions that the
# portfile calls are defined here, after vcpkg's documentation, and do what they do for a release build on Linux. Each refuses
# arguments that it does not know and paths at which there is nothing; so does the end what vcpkg's post-build checks refuse.
#
# Not found in this way: a function that is here and not in vcpkg, and the ports that vcpkg.json names.
cmake_minimum_required(VERSION 3.21)
file(REMOVE_RECURSE ${SCRATCH})
set(CURRENT_PACKAGES_DIR ${SCRATCH}/packages)
file(READ ${PORT_DIR}/vcpkg.json manifest)
string(JSON PORT GET "${manifest}" name)
set(ENV{DESTDIR})

function(run)
  execute_process(COMMAND ${ARGN} OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# OUT_FEATURE_OPTIONS variable FEATURES (feature option)...
function(vcpkg_check_features out variable features)
  set(options)
  list(POP_FRONT ARGN feature option)
  while(feature)
    string(JSON described ERROR_VARIABLE unknown GET "${manifest}" features ${feature})
    if(unknown)
      message(FATAL_ERROR "vcpkg.json has no feature ${feature}")
    endif()
    string(COMPARE NOTEQUAL "${FEATURES}" "" any)
    if(any AND feature IN_LIST FEATURES)
      list(APPEND options -D${option}=ON)
    else()
      list(APPEND options -D${option}=OFF)
    endif()
    set(feature)
    list(POP_FRONT ARGN feature option)
  endwhile()
  set(${variable} ${options} PARENT_SCOPE)
endfunction()

function(vcpkg_cmake_configure)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "SOURCE_PATH" "OPTIONS")
  run(${CMAKE_COMMAND} -S ${arg_SOURCE_PATH} -B ${SCRATCH}/build -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${COMPILER}
    -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=${CURRENT_PACKAGES_DIR} -DCMAKE_INSTALL_LIBDIR=lib ${arg_OPTIONS})
  file(STRINGS ${SCRATCH}/build/CMakeCache.txt cache)
  foreach(option IN LISTS arg_OPTIONS)
    string(REGEX REPLACE "^-D([A-Z_]+)=(.*)$" "\\1:BOOL=\\2" entry ${option})
    if(NOT entry IN_LIST cache)
      message(FATAL_ERROR "Lockstep has no option for ${option}")
    endif()
  endforeach()
endfunction()

function(vcpkg_cmake_install)
  run(${CMAKE_COMMAND} --build ${SCRATCH}/build --target install)
endfunction()

# Moves the configuration to share/<port>, one folder higher than it was made for.
function(vcpkg_cmake_config_fixup)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "CONFIG_PATH" "")
  file(RENAME ${CURRENT_PACKAGES_DIR}/${arg_CONFIG_PATH} ${CURRENT_PACKAGES_DIR}/share/${PORT})
  file(REMOVE_RECURSE ${CURRENT_PACKAGES_DIR}/share/cmake)
  file(GLOB targets ${CURRENT_PACKAGES_DIR}/share/${PORT}/*Targets.cmake)
  set(step "get_filename_component(_IMPORT_PREFIX \"\${_IMPORT_PREFIX}\" PATH)")
  foreach(file IN LISTS targets)
    file(READ ${file} content)
    string(REPLACE "${step}\n${step}\n${step}" "${step}\n${step}" content "${content}")
    file(WRITE ${file} "${content}")
  endforeach()
endfunction()

# Moves what is in share/pkgconfig to lib/pkgconfig, and says where the prefix is from there.
function(vcpkg_fixup_pkgconfig)
  file(GLOB_RECURSE files ${CURRENT_PACKAGES_DIR}/*.pc)
  foreach(file IN LISTS files)
    get_filename_component(name ${file} NAME)
    file(READ ${file} content)
    string(REGEX REPLACE "prefix=[^\n]*" "prefix=\${pcfiledir}/../.." content "${content}")
    file(REMOVE ${file})
    file(WRITE ${CURRENT_PACKAGES_DIR}/lib/pkgconfig/${name} "${content}")
  endforeach()
  file(REMOVE_RECURSE ${CURRENT_PACKAGES_DIR}/share/pkgconfig)
endfunction()

function(vcpkg_copy_tools)
  cmake_parse_arguments(PARSE_ARGV 0 arg "AUTO_CLEAN" "" "TOOL_NAMES")
  foreach(tool IN LISTS arg_TOOL_NAMES)
    file(COPY ${CURRENT_PACKAGES_DIR}/bin/${tool} DESTINATION ${CURRENT_PACKAGES_DIR}/tools/${PORT})
    file(REMOVE ${CURRENT_PACKAGES_DIR}/bin/${tool})
  endforeach()
  file(REMOVE ${CURRENT_PACKAGES_DIR}/bin)
endfunction()

function(vcpkg_install_copyright)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "FILE_LIST")
  file(COPY_FILE ${arg_FILE_LIST} ${CURRENT_PACKAGES_DIR}/share/${PORT}/copyright)
endfunction()

include(${PORT_DIR}/portfile.cmake)

# What a package must have, and must not.
foreach(wanted IN ITEMS include/lockstep/lockstep.hpp share/${PORT}/copyright share/${PORT}/usage
    share/${PORT}/lockstepConfig.cmake lib/pkgconfig/lockstep.pc)
  if(NOT EXISTS ${CURRENT_PACKAGES_DIR}/${wanted})
    message(FATAL_ERROR "The package has no ${wanted}")
  endif()
endforeach()
foreach(unwanted IN ITEMS bin debug lib/cmake share/cmake share/pkgconfig)
  if(EXISTS ${CURRENT_PACKAGES_DIR}/${unwanted})
    message(FATAL_ERROR "vcpkg would not accept that the package has ${unwanted}")
  endif()
endforeach()
