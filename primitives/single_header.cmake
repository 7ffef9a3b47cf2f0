# cmake -P single_header.cmake FILE
# Writes lockstep.hpp and async.hpp, with all that they include, as one file that can be copied into a project.
#
# Each header comes once, after those that it includes, as it is but for its includes. Those of the standard library are
# gathered before the first, behind requirements.hpp: where that refuses, they would say worse. asio.hpp stays apart, as
# it needs Asio. The license is at the end, for those who pass on nothing but this file.
# Checked by: tests/install (single_header...)
cmake_minimum_required(VERSION 3.21)
math(EXPR last "${CMAKE_ARGC} - 1")
set(output "${CMAKE_ARGV${last}}")
if(last LESS 3)
  message(FATAL_ERROR "usage: cmake -P single_header.cmake FILE")
endif()

set(taken)  # headers
set(standard)  # headers of the standard library and of Linux
set(text)

# Appends a header to `text`, behind what it includes and had not been taken.
macro(take header)
  if(NOT "${header}" IN_LIST taken)
    list(APPEND taken ${header})
    take_anew(${header})
  endif()
endmacro()
function(take_anew header)
  file(READ ${CMAKE_CURRENT_LIST_DIR}/${header} content)
  string(REGEX MATCHALL "\n#include \"lockstep/[^\"]+" includes "${content}")
  foreach(include IN LISTS includes)
    string(REGEX REPLACE ".*\"" "" include ${include})
    take(${include})
  endforeach()
  string(REGEX MATCHALL "\n#include <[^>]+>" includes "${content}")
  list(APPEND standard ${includes})
  string(REGEX REPLACE "\n#(pragma once|include (<|\"lockstep/)[^\n]*)" "" content "${content}")
  string(REGEX REPLACE "\n\n\n+" "\n\n" content "${content}")
  string(APPEND text "\n${content}")
  set(taken "${taken}" PARENT_SCOPE)
  set(standard "${standard}" PARENT_SCOPE)
  set(text "${text}" PARENT_SCOPE)
endfunction()

list(APPEND taken lockstep/os/requirements.hpp)
file(READ ${CMAKE_CURRENT_LIST_DIR}/lockstep/os/requirements.hpp requirements)
string(REPLACE "#pragma once\n\n" "" requirements "${requirements}")
take(lockstep/lockstep.hpp)
take(lockstep/async.hpp)
list(SORT standard)
list(REMOVE_DUPLICATES standard)
string(REPLACE ";" "" standard "${standard}")

file(READ ${CMAKE_CURRENT_LIST_DIR}/../LICENSE license)
string(REGEX REPLACE "\n" "\n// " license "// ${license}")
string(REGEX REPLACE " +\n" "\n" license "${license}")
string(STRIP "${license}" license)
file(WRITE "${output}" "// lockstep_single.hpp: all of Lockstep but lockstep/asio.hpp and the checker, in one file that \
single_header.cmake has
// written. The headers are the manual: read them here or, in order, in primitives/.
//
// SPDX-License-Identifier: Apache-2.0, whose text is at the end of this file.
#pragma once

${requirements}${standard}
${text}
// License
//
${license}\n")
