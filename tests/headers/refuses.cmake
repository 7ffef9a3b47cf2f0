# cmake -DCOMPILER= -DFLAGS= -DHEADERS= -DSAYS= -P refuses.cmake
# Each of the headers, compiled alone with these flags, must be refused by an error that says SAYS, a regular expression,
# and by nothing else but the one that stops the compiler there.
foreach(header IN LISTS HEADERS)
  execute_process(
    COMMAND sh -c [[printf '#include <%s>\n' "$1" | { shift; exec "$@"; }]]
      sh ${header} ${COMPILER} ${FLAGS} -fsyntax-only -x c++ -
    RESULT_VARIABLE status OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(status EQUAL 0)
    message(FATAL_ERROR "<${header}> is compiled")
  endif()
  string(REGEX MATCHALL "error: [^\n]*" errors "${said}")
  list(LENGTH errors count)
  list(POP_FRONT errors first last)
  if(NOT count EQUAL 2 OR NOT first MATCHES "${SAYS}" OR NOT last MATCHES "because of the error above")
    message(FATAL_ERROR "<${header}> is not refused by \"${SAYS}\" alone, but so:\n${said}")
  endif()
endforeach()
