// checker/hooks/printing.cpp: what explored code prints is kept for the report, and goes nowhere else.
//
// The C library is not instrumented, and its buffers outlive the execution: so nothing of it is used but
// what makes text of numbers. Streams of the execution's own, in memory, are the C library's affair.
// Checked by: tests/checker/printing_test.cpp
#include <sys/uio.h>
#include <wchar.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include "checker/hooks/outside.hpp"

namespace check = lockstep::check;
using check::Hook;
using check::Thread;
using check::Word;

#define CALL __builtin_return_address(0)

namespace {

constexpr const char* is_wide = "wide characters are not kept for the report";

bool is_standard(const std::FILE* stream) { return stream == stdout || stream == stderr; }
bool is_standard(int descriptor) { return descriptor == 1 || descriptor == 2; }

bool is_own(Thread& me, const std::FILE* stream, void* call) {
  const Hook hook(me, call);
  return hook->opened().contains(stream);
}
bool is_own(Thread&, int, void*) { return false; }  // those are open for reading

/// The thread that prints there, or null: then it is the C library's affair.
template <class File>
Thread* printing(const char* name, File to, void* call) {
  Thread* const me = check::asking(call);
  if (me == nullptr || is_standard(to)) return me;
  if (!is_own(*me, to, call)) check::refuse(*me, name, check::writes_file, call);
  me->spin.changed();
  return nullptr;
}

void print(Thread& me, std::string_view text, void* call) {
  const Hook hook(me, call);
  hook->print(me, text);
}

/// Prints bytes of the program's memory, which it reads.
void print_memory(Thread& me, const void* begin, std::size_t size, void* call) {
  if (size == 0) return;
  const Hook hook(me, call);
  hook->plain(me, reinterpret_cast<std::uintptr_t>(begin), size, false);
  hook->print(me, {static_cast<const char*>(begin), size});
}

int print_format(Thread& me, const char* format, va_list arguments, void* call) {
  const Hook hook(me, call);
  va_list again;
  va_copy(again, arguments);
  const int size = std::vsnprintf(nullptr, 0, format, arguments);
  if (size >= 0) {
    std::string text(static_cast<std::size_t>(size) + 1, '\0');
    std::vsnprintf(text.data(), text.size(), format, again);
    text.pop_back();
    hook->print(me, text);
  }
  va_end(again);
  return size;
}

}  // namespace

// With a format. Those with _chk have a word more, which asks for checks.

#define PRINTS_LIST(name, to, parameters, arguments)              \
  LOCKSTEP_EXPORT int any_##name parameters asm(#name);           \
  LOCKSTEP_EXPORT int any_##name parameters {                     \
    if (Thread* const me = printing(#name, to, CALL)) {           \
      return print_format(*me, format, list, CALL);               \
    }                                                             \
    static auto* const real = check::real<int parameters>(#name); \
    return real arguments;                                        \
  }
PRINTS_LIST(vprintf, stdout, (const char* format, va_list list), (format, list))
PRINTS_LIST(vfprintf, to, (std::FILE * to, const char* format, va_list list), (to, format, list))
PRINTS_LIST(vdprintf, to, (int to, const char* format, va_list list), (to, format, list))
PRINTS_LIST(__vprintf_chk, stdout, (int flag, const char* format, va_list list),
            (flag, format, list))
PRINTS_LIST(__vfprintf_chk, to, (std::FILE * to, int flag, const char* format, va_list list),
            (to, flag, format, list))
PRINTS_LIST(__vdprintf_chk, to, (int to, int flag, const char* format, va_list list),
            (to, flag, format, list))

#define PRINTS(name, to, parameters, with_list, ...)                                \
  LOCKSTEP_EXPORT int any_##name parameters asm(#name);                             \
  LOCKSTEP_EXPORT int any_##name parameters {                                       \
    va_list list;                                                                   \
    va_start(list, format);                                                         \
    int size = 0;                                                                   \
    if (Thread* const me = printing(#name, to, CALL)) {                             \
      size = print_format(*me, format, list, CALL);                                 \
    } else {                                                                        \
      static auto* const real = check::real<decltype(any_##with_list)>(#with_list); \
      size = real(__VA_ARGS__, list);                                               \
    }                                                                               \
    va_end(list);                                                                   \
    return size;                                                                    \
  }
PRINTS(printf, stdout, (const char* format, ...), vprintf, format)
PRINTS(fprintf, to, (std::FILE * to, const char* format, ...), vfprintf, to, format)
PRINTS(dprintf, to, (int to, const char* format, ...), vdprintf, to, format)
PRINTS(__printf_chk, stdout, (int flag, const char* format, ...), __vprintf_chk, flag, format)
PRINTS(__fprintf_chk, to, (std::FILE * to, int flag, const char* format, ...), __vfprintf_chk, to,
       flag, format)
PRINTS(__dprintf_chk, to, (int to, int flag, const char* format, ...), __vdprintf_chk, to, flag,
       format)

// As it is. `text` and `size` are what is printed, `result` what comes back.

#define PRINTS_TEXT(name, to, text, size, result)                    \
  LOCKSTEP_EXPORT_ANY(name) {                                        \
    if (Thread* const me = printing(#name, to, CALL)) {              \
      print_memory(*me, text, static_cast<std::size_t>(size), CALL); \
      return result;                                                 \
    }                                                                \
    return LOCKSTEP_CALL_REAL(name);                                 \
  }
#define STREAM(word) reinterpret_cast<std::FILE*>(word)
#define TEXT(word) reinterpret_cast<const char*>(word)
PRINTS_TEXT(write, static_cast<int>(a), TEXT(b), c, c)
PRINTS_TEXT(fwrite, STREAM(d), TEXT(a), b* c, b == 0 ? 0 : c)
PRINTS_TEXT(fwrite_unlocked, STREAM(d), TEXT(a), b* c, b == 0 ? 0 : c)
PRINTS_TEXT(fputs, STREAM(b), TEXT(a), std::strlen(TEXT(a)), 1)
PRINTS_TEXT(fputs_unlocked, STREAM(b), TEXT(a), std::strlen(TEXT(a)), 1)

#define PRINTS_CHARACTER(name, to, character)                      \
  LOCKSTEP_EXPORT_ANY(name) {                                      \
    if (Thread* const me = printing(#name, to, CALL)) {            \
      const auto byte = static_cast<unsigned char>(character);     \
      print(*me, {reinterpret_cast<const char*>(&byte), 1}, CALL); \
      return byte;                                                 \
    }                                                              \
    return LOCKSTEP_CALL_REAL(name);                               \
  }
PRINTS_CHARACTER(putchar, stdout, a)
PRINTS_CHARACTER(putchar_unlocked, stdout, a)
PRINTS_CHARACTER(fputc, STREAM(b), a)
PRINTS_CHARACTER(putc, STREAM(b), a)
PRINTS_CHARACTER(fputc_unlocked, STREAM(b), a)
PRINTS_CHARACTER(putc_unlocked, STREAM(b), a)
PRINTS_CHARACTER(__overflow, STREAM(a), b)

LOCKSTEP_EXPORT_ANY(puts) {
  if (Thread* const me = printing("puts", stdout, CALL)) {
    print_memory(*me, TEXT(a), std::strlen(TEXT(a)), CALL);
    print(*me, "\n", CALL);
    return 1;
  }
  return LOCKSTEP_CALL_REAL(puts);
}

LOCKSTEP_EXPORT_ANY(writev) {
  if (Thread* const me = printing("writev", static_cast<int>(a), CALL)) {
    Word size = 0;
    for (const iovec *part = reinterpret_cast<iovec*>(b), *end = part + c; part != end; ++part) {
      print_memory(*me, part->iov_base, part->iov_len, CALL);
      size += static_cast<Word>(part->iov_len);
    }
    return size;
  }
  return LOCKSTEP_CALL_REAL(writev);
}

LOCKSTEP_EXPORT_ANY(perror) {
  if (Thread* const me = printing("perror", stderr, CALL)) {
    const char* const error = std::strerror(errno);
    const std::string_view subject = a == 0 ? "" : TEXT(a);
    if (!subject.empty()) {
      print(*me, subject, CALL);
      print(*me, ": ", CALL);
    }
    print(*me, error, CALL);
    print(*me, "\n", CALL);
    return 0;
  }
  return LOCKSTEP_CALL_REAL(perror);
}

#define REFUSES_WIDE(name, to)                                                                  \
  LOCKSTEP_EXPORT_ANY(name) {                                                                   \
    if (Thread* const me = printing(#name, to, CALL)) check::refuse(*me, #name, is_wide, CALL); \
    return LOCKSTEP_CALL_REAL(name);                                                            \
  }
REFUSES_WIDE(putwc, STREAM(b))
REFUSES_WIDE(fputwc, STREAM(b))
REFUSES_WIDE(putwchar, stdout)
REFUSES_WIDE(fputws, STREAM(b))
REFUSES_WIDE(vwprintf, stdout)
REFUSES_WIDE(vfwprintf, STREAM(a))
REFUSES_WIDE(__vwprintf_chk, stdout)
REFUSES_WIDE(__vfwprintf_chk, STREAM(a))

#define REFUSES_WIDE_FORMAT(name, to, parameters, with_list, types, ...)                        \
  LOCKSTEP_EXPORT int any_##name parameters asm(#name);                                         \
  LOCKSTEP_EXPORT int any_##name parameters {                                                   \
    if (Thread* const me = printing(#name, to, CALL)) check::refuse(*me, #name, is_wide, CALL); \
    static auto* const real = check::real<int types>(#with_list);                               \
    va_list list;                                                                               \
    va_start(list, format);                                                                     \
    const int size = real(__VA_ARGS__, list);                                                   \
    va_end(list);                                                                               \
    return size;                                                                                \
  }
#define WIDE const wchar_t*
REFUSES_WIDE_FORMAT(wprintf, stdout, (WIDE format, ...), vwprintf, (WIDE, va_list), format)
REFUSES_WIDE_FORMAT(fwprintf, to, (std::FILE * to, WIDE format, ...), vfwprintf,
                    (std::FILE*, WIDE, va_list), to, format)
REFUSES_WIDE_FORMAT(__wprintf_chk, stdout, (int flag, WIDE format, ...), __vwprintf_chk,
                    (int, WIDE, va_list), flag, format)
REFUSES_WIDE_FORMAT(__fwprintf_chk, to, (std::FILE * to, int flag, WIDE format, ...),
                    __vfwprintf_chk, (std::FILE*, int, WIDE, va_list), to, flag, format)

// There is nothing to flush, and no buffer. Of all streams, the others are for reading.

#define HAS_NO_BUFFER(name)                                                                      \
  LOCKSTEP_EXPORT_ANY(name) {                                                                    \
    if (a == 0 ? check::asking(CALL) != nullptr : printing(#name, STREAM(a), CALL) != nullptr) { \
      return 0;                                                                                  \
    }                                                                                            \
    return LOCKSTEP_CALL_REAL(name);                                                             \
  }
HAS_NO_BUFFER(fflush)
HAS_NO_BUFFER(fflush_unlocked)
HAS_NO_BUFFER(setvbuf)
HAS_NO_BUFFER(setbuf)
HAS_NO_BUFFER(setbuffer)
HAS_NO_BUFFER(setlinebuf)

// std::ios_base::sync_with_stdio: whether the standard streams have buffers of their own, which they must not.
LOCKSTEP_EXPORT_ANY(_ZNSt8ios_base15sync_with_stdioEb) {
  if (check::asking(CALL) != nullptr) return 1;
  return LOCKSTEP_CALL_REAL(_ZNSt8ios_base15sync_with_stdioEb);
}
