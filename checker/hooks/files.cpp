// checker/hooks/files.cpp: what explored code may read: files that are there, which it opens itself.
//
// Each execution opens them anew and finds them the same. What was open before the exploration would be
// further on in each execution; a terminal, a device or a pipe gives what it gives once: they are refused.
// Checked by: tests/checker/files_test.cpp
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "checker/hooks/outside.hpp"

namespace check = lockstep::check;
using check::Hook;
using check::Thread;
using check::Word;

#define CALL __builtin_return_address(0)

namespace {

constexpr const char* is_no_file = "only files and folders are the same each time they are read";
constexpr const char* is_not_its_own =
    "the execution did not open it, so the next finds it changed; open it within the execution";
constexpr const char* standard_input =
    "what is read from there is gone in the next execution; read it before explore()";

const char* text(Word word) { return reinterpret_cast<const char*>(word); }
std::FILE* stream(Word word) { return reinterpret_cast<std::FILE*>(word); }
int number(Word word) { return static_cast<int>(word); }

bool is_input(const std::FILE* stream) { return stream == stdin; }
bool is_input(int descriptor) { return descriptor == 0; }

/// Does this give the same to all who read it?
bool is_repeatable(int folder, const char* path) {
  struct stat status{};
  if (fstatat(folder, path, &status, 0) != 0) return true;  // it will not be opened
  constexpr unsigned memory_devices = 1, null = 3, zero = 5;
  if (S_ISCHR(status.st_mode) && major(status.st_rdev) == memory_devices) {
    return minor(status.st_rdev) == null || minor(status.st_rdev) == zero;
  }
  return S_ISREG(status.st_mode) || S_ISDIR(status.st_mode);
}

void check_path(Thread& me, const char* name, int folder, const char* path, void* call) {
  bool is_fine = true;
  {
    const check::NativeScope native;
    is_fine = is_repeatable(folder, path);
  }
  if (!is_fine) check::refuse(me, name, is_no_file, call);
}

void check_flags(Thread& me, const char* name, int flags, void* call) {
  const bool reads = (flags & O_ACCMODE) == O_RDONLY && (flags & (O_CREAT | O_TRUNC)) == 0;
  if (!reads) check::refuse(me, name, check::writes_file, call);
}

void check_mode(Thread& me, const char* name, const char* mode, void* call) {
  if (std::strpbrk(mode, "wa+") != nullptr) check::refuse(me, name, check::writes_file, call);
}

template <class File>
void note_opened(Thread& me, File file, void* call) {
  const Hook hook(me, call);
  hook->opened().add(file);
}

/// Refuses what reads from, or moves in, a file that is not the execution's own.
template <class File>
void check_own(Thread& me, const char* name, File file, void* call) {
  const Hook hook(me, call);
  me.spin.changed();  // where it is in the file is no memory of the program's
  if (is_input(file)) check::refuse(me, name, standard_input, call);
  if (!hook->opened().contains(file)) check::refuse(me, name, is_not_its_own, call);
}

template <class File>
void close_own(Thread& me, const char* name, File file, void* call) {
  check_own(me, name, file, call);
  const Hook hook(me, call);
  hook->opened().remove(file);
}

/// The C library writes there what it reads.
void fill(Thread& me, Word begin, Word size, void* call) {
  const Hook hook(me, call);
  if (size > 0) {
    hook->plain(me, static_cast<std::uintptr_t>(begin), static_cast<std::size_t>(size), true);
  }
}

}  // namespace

// Opening

#define OPENS(name, folder, path, flags)                              \
  LOCKSTEP_EXPORT_ANY(name) {                                         \
    Thread* const me = check::asking(CALL);                           \
    if (me != nullptr) {                                              \
      check_flags(*me, #name, number(flags), CALL);                   \
      check_path(*me, #name, number(folder), text(path), CALL);       \
    }                                                                 \
    const int opened = number(LOCKSTEP_CALL_REAL(name));              \
    if (me != nullptr && opened >= 0) note_opened(*me, opened, CALL); \
    return opened;                                                    \
  }
OPENS(open, AT_FDCWD, a, b)
OPENS(open64, AT_FDCWD, a, b)
OPENS(__open_2, AT_FDCWD, a, b)
OPENS(__open64_2, AT_FDCWD, a, b)
OPENS(openat, a, b, c)
OPENS(openat64, a, b, c)
OPENS(__openat_2, a, b, c)
OPENS(__openat64_2, a, b, c)

#define OPENS_STREAM(name, checks)                                            \
  LOCKSTEP_EXPORT_ANY(name) {                                                 \
    Thread* const me = check::asking(CALL);                                   \
    if (me != nullptr) checks;                                                \
    const Word opened = LOCKSTEP_CALL_REAL(name);                             \
    if (me != nullptr && opened != 0) note_opened(*me, stream(opened), CALL); \
    return opened;                                                            \
  }
#define CHECK_MODE_AND_PATH(name) \
  (check_mode(*me, name, text(b), CALL), check_path(*me, name, AT_FDCWD, text(a), CALL))
OPENS_STREAM(fopen, CHECK_MODE_AND_PATH("fopen"))
OPENS_STREAM(fopen64, CHECK_MODE_AND_PATH("fopen"))
OPENS_STREAM(fdopen,
             (check_mode(*me, "fdopen", text(b), CALL), check_own(*me, "fdopen", number(a), CALL)))
OPENS_STREAM(fmemopen, (text(c)[0] == 'r' || a == 0 ? void() : fill(*me, a, b, CALL)))
OPENS_STREAM(open_memstream,
             (fill(*me, a, sizeof(char*), CALL), fill(*me, b, sizeof(std::size_t), CALL)))

// Reading, moving and closing. `effect` is what it does to memory.

#define USES(name, use, file, effect)             \
  LOCKSTEP_EXPORT_ANY(name) {                     \
    if (Thread* const me = check::asking(CALL)) { \
      use(*me, #name, file, CALL);                \
      effect;                                     \
    }                                             \
    return LOCKSTEP_CALL_REAL(name);              \
  }
#define NOTHING (void)0
#define FILL(begin, size) fill(*me, begin, size, CALL)
USES(read, check_own, number(a), FILL(b, c))
USES(__read_chk, check_own, number(a), FILL(b, c))
USES(pread, check_own, number(a), FILL(b, c))
USES(pread64, check_own, number(a), FILL(b, c))
USES(__pread_chk, check_own, number(a), FILL(b, c))
USES(__pread64_chk, check_own, number(a), FILL(b, c))
USES(lseek, check_own, number(a), NOTHING)
USES(lseek64, check_own, number(a), NOTHING)
USES(close, close_own, number(a), NOTHING)
USES(fread, check_own, stream(d), FILL(a, b* c))
USES(fread_unlocked, check_own, stream(d), FILL(a, b* c))
USES(__fread_chk, check_own, stream(e), FILL(a, c* d))
USES(__fread_unlocked_chk, check_own, stream(e), FILL(a, c* d))
USES(fgets, check_own, stream(c), FILL(a, b))
USES(fgets_unlocked, check_own, stream(c), FILL(a, b))
USES(__fgets_chk, check_own, stream(d), FILL(a, c))
USES(__fgets_unlocked_chk, check_own, stream(d), FILL(a, c))
USES(getline, check_own, stream(c), (FILL(a, sizeof(char*)), FILL(b, sizeof(std::size_t))))
USES(getdelim, check_own, stream(d), (FILL(a, sizeof(char*)), FILL(b, sizeof(std::size_t))))
USES(__getdelim, check_own, stream(d), (FILL(a, sizeof(char*)), FILL(b, sizeof(std::size_t))))
USES(fgetc, check_own, stream(a), NOTHING)
USES(getc, check_own, stream(a), NOTHING)
USES(fgetc_unlocked, check_own, stream(a), NOTHING)
USES(getc_unlocked, check_own, stream(a), NOTHING)
USES(__uflow, check_own, stream(a), NOTHING)
USES(ungetc, check_own, stream(b), NOTHING)
USES(fgetwc, check_own, stream(a), NOTHING)
USES(getwc, check_own, stream(a), NOTHING)
USES(ungetwc, check_own, stream(b), NOTHING)
USES(vfscanf, check_own, stream(a), NOTHING)
USES(__isoc99_vfscanf, check_own, stream(a), NOTHING)
USES(__isoc23_vfscanf, check_own, stream(a), NOTHING)
USES(fseek, check_own, stream(a), NOTHING)
USES(fseeko, check_own, stream(a), NOTHING)
USES(fseeko64, check_own, stream(a), NOTHING)
USES(rewind, check_own, stream(a), NOTHING)
USES(fclose, close_own, stream(a), NOTHING)

// Those with `...`, which may be more than any function has.

#define SCANS_STREAM(name, with_list)                                                         \
  LOCKSTEP_EXPORT int any_##name(std::FILE* from, const char* format, ...) asm(#name);        \
  LOCKSTEP_EXPORT int any_##name(std::FILE* from, const char* format, ...) {                  \
    if (Thread* const me = check::asking(CALL)) check_own(*me, #name, from, CALL);            \
    static auto* const real = check::real<int(std::FILE*, const char*, va_list)>(#with_list); \
    va_list arguments;                                                                        \
    va_start(arguments, format);                                                              \
    const int read = real(from, format, arguments);                                           \
    va_end(arguments);                                                                        \
    return read;                                                                              \
  }
SCANS_STREAM(fscanf, vfscanf)
SCANS_STREAM(__isoc99_fscanf, __isoc99_vfscanf)
SCANS_STREAM(__isoc23_fscanf, __isoc23_vfscanf)

#define SCANS(name, with_list)                                                                   \
  LOCKSTEP_EXPORT int any_##name(const char* format, ...) asm(#name);                            \
  LOCKSTEP_EXPORT int any_##name(const char* format, ...) {                                      \
    if (Thread* const me = check::asking(CALL)) check::refuse(*me, #name, standard_input, CALL); \
    static auto* const real = check::real<int(const char*, va_list)>(#with_list);                \
    va_list arguments;                                                                           \
    va_start(arguments, format);                                                                 \
    const int read = real(format, arguments);                                                    \
    va_end(arguments);                                                                           \
    return read;                                                                                 \
  }
SCANS(scanf, vscanf)
SCANS(__isoc99_scanf, __isoc99_vscanf)
SCANS(__isoc23_scanf, __isoc23_vscanf)
