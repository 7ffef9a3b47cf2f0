// checker/hooks/remembered.cpp: functions of the C library of which a later call depends on an earlier one, by what only
// the library knows, or which return memory of its own. They do what they do; but from there on no state of
// the execution is kept (Execution::can_be_kept), because a run that goes on from it would find what other runs left.
// Checked by: tests/checker/kept_states_test.cpp
#include "checker/hooks/outside.hpp"

namespace check = lockstep::check;
using check::Word;

#define REMEMBERED(name)                                         \
  LOCKSTEP_EXPORT_ANY(name) {                                    \
    if (check::asking(__builtin_return_address(0)) != nullptr) { \
      check::Execution::instance().note_change_of_c_library();   \
    }                                                            \
    return LOCKSTEP_CALL_REAL(name);                             \
  }

REMEMBERED(strtok)
REMEMBERED(strerror)
REMEMBERED(strsignal)
REMEMBERED(asctime)
REMEMBERED(ctime)
REMEMBERED(gmtime)
REMEMBERED(localtime)
REMEMBERED(setlocale)
REMEMBERED(uselocale)
REMEMBERED(mblen)
REMEMBERED(mbtowc)
REMEMBERED(wctomb)
REMEMBERED(getopt)
REMEMBERED(hsearch)
REMEMBERED(getopt_long)
REMEMBERED(getopt_long_only)
REMEMBERED(mbrlen)
REMEMBERED(mbrtowc)
REMEMBERED(wcrtomb)
REMEMBERED(mbsrtowcs)
REMEMBERED(wcsrtombs)
REMEMBERED(inet_ntoa)
REMEMBERED(pthread_setcancelstate)
REMEMBERED(pthread_setcanceltype)
