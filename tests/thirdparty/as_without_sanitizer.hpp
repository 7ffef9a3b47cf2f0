// tests/thirdparty/as_without_sanitizer.hpp: included first, has the libraries after it believe that ThreadSanitizer is
// off, whose instrumentation the checker uses.
//
// Where it is on, some take stronger orders than they ship with, some keep their plain accesses from being seen, and some
// call functions of its runtime. They know by this macro of g++'s; of clang they ask __has_feature, which cannot be
// taken back.
#pragma once

#undef __SANITIZE_THREAD__
