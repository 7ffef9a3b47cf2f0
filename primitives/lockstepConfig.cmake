# What find_package(lockstep COMPONENTS ...) reads once Lockstep is installed: the headers, lockstep::lockstep, which are
# the component `primitives` and always there; and, if it was installed and is asked for, lockstep::checker.
set(lockstep_primitives_FOUND FALSE)
set(lockstep_checker_FOUND FALSE)

# Refuses a component, and all of Lockstep if it is required.
macro(lockstep_refuse component why)
  set(lockstep_${component}_FOUND FALSE)
  if(lockstep_FIND_REQUIRED_${component})
    set(lockstep_FOUND FALSE)
    string(APPEND lockstep_NOT_FOUND_MESSAGE "${why}\n")
  elseif(NOT lockstep_FIND_QUIETLY)
    message(STATUS "${why}")
  endif()
endmacro()

if(CMAKE_VERSION VERSION_LESS 3.12)  # the first that knows what cxx_std_20 is
  set(lockstep_FOUND FALSE)
  set(lockstep_NOT_FOUND_MESSAGE "Lockstep needs CMake 3.12 or later, which knows C++20; this is ${CMAKE_VERSION}")
  return()
endif()

include(CMakeFindDependencyMacro)
find_dependency(Threads)
include(${CMAKE_CURRENT_LIST_DIR}/lockstepTargets.cmake)
set(lockstep_primitives_FOUND TRUE)

foreach(lockstep_component IN LISTS lockstep_FIND_COMPONENTS)
  if(lockstep_component STREQUAL checker)
    if(NOT EXISTS ${CMAKE_CURRENT_LIST_DIR}/lockstepCheckerTargets.cmake)
      lockstep_refuse(checker "Lockstep is installed in ${CMAKE_CURRENT_LIST_DIR} without its checker: install Debian \
package lockstep-checker there, or configure Lockstep with -DLOCKSTEP_CHECKER=ON")
      continue()
    endif()
    include(${CMAKE_CURRENT_LIST_DIR}/obstacle.cmake)
    lockstep_checker_obstacle(lockstep_obstacle)
    if(lockstep_obstacle)
      lockstep_refuse(checker "Lockstep's checker works neither beside a sanitizer's runtime nor with link-time \
optimization, and only with g++ or clang++: there is ${lockstep_obstacle}")
      continue()
    endif()
    include(${CMAKE_CURRENT_LIST_DIR}/lockstepCheckerTargets.cmake)
    set(lockstep_checker_FOUND TRUE)
  elseif(NOT lockstep_component STREQUAL primitives)
    lockstep_refuse(${lockstep_component}
      "Lockstep has no component '${lockstep_component}': its components are primitives and checker")
  endif()
endforeach()
