# Installation of the checker, component `checker`: lockstep::checker for find_package(lockstep COMPONENTS checker), the
# same for pkg-config, and the command `lockstep`. It needs the headers' component, `primitives`, beside it.
#
#   bin/lockstep                              finds the rest from where it is itself (cli/installation.cpp)
#   include/lockstep/check.hpp ...
#   lib/liblockstep_checker.a
#   lib/lockstep/                             what nobody includes or links with by name
#     lockstep_runner.o, probe.c              for the command
#     include/bits/atomic_wait.h              before libstdc++'s
#     one_command/libtsan.a                   empty: see below
#   lib/pkgconfig/lockstep-checker.pc, lockstep-checker-clang.pc
#   share/cmake/lockstep/lockstepCheckerTargets.cmake, obstacle.cmake
include(GNUInstallDirs)
set(data_dir ${CMAKE_INSTALL_LIBDIR}/lockstep)
set(package_dir ${CMAKE_INSTALL_DATADIR}/cmake/lockstep)

install(DIRECTORY include/lockstep TYPE INCLUDE COMPONENT checker)
install(DIRECTORY ${without_spinning}/ DESTINATION ${data_dir}/include COMPONENT checker)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/cli/lockstep_runner.o cli/probe.c DESTINATION ${data_dir} COMPONENT checker)
install(TARGETS lockstep_cli RUNTIME COMPONENT checker)

target_include_directories(lockstep_checker INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_include_directories(lockstep_checker SYSTEM INTERFACE
  $<INSTALL_INTERFACE:$<INSTALL_PREFIX>/${data_dir}/include>)
target_compile_options(lockstep_checker INTERFACE "$<INSTALL_INTERFACE:$<$<CXX_COMPILER_ID:GNU>:-include;\
$<INSTALL_PREFIX>/${CMAKE_INSTALL_INCLUDEDIR}/${memory_functions}>>")

# Libraries that were found as files: by their names once installed, which may be on another machine.
set(library_names)
get_target_property(libraries lockstep_checker INTERFACE_LINK_LIBRARIES)
set_property(TARGET lockstep_checker PROPERTY INTERFACE_LINK_LIBRARIES)
foreach(library IN LISTS libraries)
  if(IS_ABSOLUTE "${library}")
    get_filename_component(name ${library} NAME_WE)
    string(REGEX REPLACE "^lib" "" name ${name})
    list(APPEND library_names ${name})
    target_link_libraries(lockstep_checker INTERFACE $<BUILD_INTERFACE:${library}> $<INSTALL_INTERFACE:${name}>)
  endif()
endforeach()

set_property(GLOBAL PROPERTY lockstep_checker_library_names ${library_names})  # for packages that depend on them

set_target_properties(lockstep_checker PROPERTIES EXPORT_NAME checker)
install(TARGETS lockstep_checker EXPORT lockstepCheckerTargets ARCHIVE COMPONENT checker)
install(EXPORT lockstepCheckerTargets NAMESPACE lockstep:: DESTINATION ${package_dir} COMPONENT checker)
install(FILES obstacle.cmake DESTINATION ${package_dir} COMPONENT checker)

# pkg-config does not know which compiler asks: one file for each. Whoever compiles and links in one command gives
# -fsanitize=thread to the linker too. g++ then looks for -ltsan, and finds an empty library first; clang does not hear of
# it but in its compiler proper.
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/one_command/libtsan.a "!<arch>\n")
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/one_command/libtsan.a DESTINATION ${data_dir}/one_command COMPONENT checker)
file(RELATIVE_PATH up /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" up ${up})
list(TRANSFORM library_names PREPEND -l OUTPUT_VARIABLE library_options)
list(JOIN library_options " " library_options)
function(lockstep_checker_pc name compiler)
  list(JOIN ARGN " " options)
  configure_file(lockstep-checker.pc.in ${name}.pc @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT checker)
endfunction()
lockstep_checker_pc(lockstep-checker g++ ${instrumentation} ${instrumentation_gnu}
  -include "\${includedir}/${memory_functions}")
set(instrumentation_clang_only ${instrumentation} ${instrumentation_clang})
list(REMOVE_ITEM instrumentation_clang_only -fsanitize=thread -fno-sanitize-thread-func-entry-exit)
lockstep_checker_pc(lockstep-checker-clang clang++ ${instrumentation_clang_only} -Xclang=-fsanitize=thread
  -mllvm=-tsan-instrument-func-entry-exit=0)
