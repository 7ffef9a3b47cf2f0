// checker/hooks/outside.cpp: calls that reach out of the execution: to other processes, to files that stay
// changed, to what is not the same twice. They are refused, and never done.
//
// What an execution changes there cannot be put back, and what it finds there need not be the same when it is
// repeated. Read instead of this: files.cpp for what may be read, printing.cpp for what may be said.
// Checked by: tests/checker/outside_test.cpp
#include "checker/hooks/outside.hpp"

#include <csignal>
#include <cstdarg>
#include <vector>

namespace check = lockstep::check;
using check::Thread;
using check::Word;

#define CALL __builtin_return_address(0)

#define REFUSE(why, name)                                                             \
  LOCKSTEP_EXPORT_ANY(name) {                                                         \
    if (Thread* const me = check::asking(CALL)) check::refuse(*me, #name, why, CALL); \
    return LOCKSTEP_CALL_REAL(name);                                                  \
  }

// A preprocessor does not repeat itself: so many rounds, of which each does a name.
#define ROUNDS(...) ROUNDS_64(ROUNDS_64(__VA_ARGS__))
#define ROUNDS_64(...) ROUNDS_16(ROUNDS_16(ROUNDS_16(ROUNDS_16(__VA_ARGS__))))
#define ROUNDS_16(...) ROUNDS_4(ROUNDS_4(__VA_ARGS__))
#define ROUNDS_4(...) ROUND(ROUND(ROUND(ROUND(__VA_ARGS__))))
#define ROUND(...) __VA_ARGS__
#define FIRST(why, name, ...) REFUSE(why, name) __VA_OPT__(REST PARENTHESES(why, __VA_ARGS__))
#define PARENTHESES ()
#define REST() FIRST
#define OUTSIDE(why, ...) ROUNDS(FIRST(why, __VA_ARGS__))

OUTSIDE("other processes are no part of an execution; have a thread play the other side", socket,
        socketpair, connect, bind, listen, accept, accept4, shutdown, send, sendto, sendmsg,
        sendmmsg, recv, __recv_chk, recvfrom, recvmsg, recvmmsg, getaddrinfo, pipe, pipe2, mkfifo,
        mkfifoat, mknod, mknodat, sem_open, sem_unlink, shm_open, shm_unlink, shmget, shmat, shmctl,
        semget, semop, semctl, msgget, msgsnd, msgrcv, mq_open, mq_send, mq_receive, mq_timedsend,
        mq_timedreceive, mq_unlink, kill, killpg, sigqueue, pidfd_open, ptrace, wait, wait3, wait4,
        waitid, waitpid)

OUTSIDE(
    "it waits for what is outside of the execution; wait on a condition variable or a semaphore "
    "that a thread posts",
    poll, __poll_chk, ppoll, __ppoll_chk, select, pselect, epoll_create, epoll_create1, epoll_ctl,
    epoll_wait, epoll_pwait, eventfd, eventfd_read, eventfd_write, timerfd_create, timerfd_settime,
    signalfd, inotify_init, inotify_init1, flock, lockf, lockf64, sigwait, sigwaitinfo,
    sigtimedwait, sigsuspend)

OUTSIDE(
    "a process of its own is no part of the execution; start it before explore() or leave it out",
    fork, execve, execv, execvp, execvpe, fexecve, posix_spawn, posix_spawnp, system, popen, daemon,
    unshare, setns)

OUTSIDE(
    "C11's threads are not; use std::thread and std::mutex, or pthread_create and pthread_mutex_t",
    thrd_create, thrd_join, thrd_detach, thrd_exit, thrd_sleep, thrd_yield, mtx_init, mtx_lock,
    mtx_trylock, mtx_timedlock, mtx_unlock, mtx_destroy, cnd_init, cnd_wait, cnd_timedwait,
    cnd_signal, cnd_broadcast, cnd_destroy, tss_create, tss_set, tss_get, tss_delete, call_once)

OUTSIDE("pthread_join is; use it", pthread_tryjoin_np, pthread_timedjoin_np, pthread_clockjoin_np)

OUTSIDE("signals come at no time that could be repeated; have a thread do what the handler does",
        signal, sigaction, __sysv_signal, bsd_signal, sigvec, siginterrupt, sigaltstack,
        sigprocmask, alarm, ualarm, setitimer, timer_create, pthread_kill, pause)

OUTSIDE("a thread ends when its function returns; ask it to by an atomic flag or a std::stop_token",
        pthread_cancel)

OUTSIDE(
    "what it changes outside stays changed in the next execution; keep it in memory, or do it "
    "outside of explore()",
    creat, creat64, freopen, freopen64, tmpfile, tmpfile64, tmpnam, tempnam, mkstemp, mkstemp64,
    mkostemp, mkostemp64, mkstemps, mkdtemp, unlink, unlinkat, remove, rename, renameat, renameat2,
    mkdir, mkdirat, rmdir, link, linkat, symlink, symlinkat, truncate, truncate64, ftruncate,
    ftruncate64, fallocate, fallocate64, posix_fallocate, posix_fallocate64, chmod, fchmod,
    fchmodat, chown, fchown, lchown, fchownat, utime, utimes, futimes, utimensat, futimens,
    setxattr, fsetxattr, pwrite, pwrite64, pwritev, pwritev64, sendfile, sendfile64,
    copy_file_range, splice, tee, vmsplice, sync, fsync, fdatasync, syncfs, mount, umount, chroot)

OUTSIDE("it changes the process, also for the next execution; do it before explore()", setenv,
        unsetenv, putenv, clearenv, chdir, fchdir, umask, setuid, seteuid, setreuid, setresuid,
        setgid, setegid, setregid, setresgid, setgroups, setsid, setpgid, setrlimit, setrlimit64,
        prlimit, prlimit64, setpriority, nice, prctl, personality, sched_setaffinity,
        sched_setscheduler, dup, dup2, dup3, fcntl, fcntl64, seed48, lcong48, initstate, setstate)

OUTSIDE("memory from elsewhere than the heap is not put back after an execution; use malloc or new",
        mmap, mmap64, munmap, mremap, mprotect, msync, brk, sbrk, mlock, mlockall, memfd_create,
        pkey_mprotect, userfaultfd)

OUTSIDE("a library would stay loaded in the next execution; load it before explore()", dlopen,
        dlmopen, dlclose)

OUTSIDE(
    "it is not the same in each run; rand() and std::mt19937 are, or lockstep::check::choose for "
    "all values",
    getrandom, getentropy, arc4random, arc4random_buf, arc4random_uniform)

OUTSIDE("what is read from there is gone in the next execution; read it before explore()", getchar,
        getchar_unlocked, gets, vscanf, __isoc99_vscanf, __isoc23_vscanf, getwchar, vwscanf,
        __isoc99_vwscanf)

#undef OUTSIDE

namespace {

constexpr const char* new_process =
    "a process of its own is no part of the execution; start it before explore() or leave it out";
constexpr const char* signals =
    "signals come at no time that could be repeated; have a thread do what the handler does";

/// The words of a list that ends with a null pointer, of which `first` is the first.
std::vector<char*> words_of(const char* first, va_list& others) {
  std::vector<char*> words{const_cast<char*>(first)};
  while (words.back() != nullptr) words.push_back(va_arg(others, char*));
  return words;
}

}  // namespace

#define REFUSE_WITH_LIST(name, with_array, last, ...)                                           \
  LOCKSTEP_EXPORT int any_##name(const char* path, const char* first, ...) asm(#name);          \
  LOCKSTEP_EXPORT int any_##name(const char* path, const char* first, ...) {                    \
    if (Thread* const me = check::asking(CALL)) check::refuse(*me, #name, new_process, CALL);   \
    va_list others;                                                                             \
    va_start(others, first);                                                                    \
    const std::vector<char*> words = words_of(first, others);                                   \
    [[maybe_unused]] char** const environment = last;                                           \
    va_end(others);                                                                             \
    static auto* const real = check::real<int(const char*, char* const*, char**)>(#with_array); \
    return real(path, words.data(), environment);                                               \
  }
REFUSE_WITH_LIST(execl, execv, nullptr)
REFUSE_WITH_LIST(execlp, execvp, nullptr)
REFUSE_WITH_LIST(execle, execve, va_arg(others, char**))

// Seven words.
LOCKSTEP_EXPORT Word __recvfrom_chk(Word a, Word b, Word c, Word d, Word e, Word f, Word g) {
  constexpr const char* why =
      "other processes are no part of an execution; have a thread play the other side";
  if (Thread* const me = check::asking(CALL)) check::refuse(*me, "recvfrom", why, CALL);
  static auto* const real = check::real<decltype(__recvfrom_chk)>("__recvfrom_chk");
  return real(a, b, c, d, e, f, g);
}

// The child of a vfork returns first, on its parent's stack: from here it could not. A fork does the same.
LOCKSTEP_EXPORT pid_t any_vfork() asm("vfork");
LOCKSTEP_EXPORT pid_t any_vfork() {
  if (Thread* const me = check::asking(CALL)) check::refuse(*me, "vfork", new_process, CALL);
  static auto* const real = check::real<pid_t()>("fork");
  return real();
}

LOCKSTEP_EXPORT int raise(int signal) noexcept {
  if (Thread* const me = check::asking(CALL)) {
    if (signal != SIGABRT) check::refuse(*me, "raise", signals, CALL);
    const check::Hook hook(*me, CALL);
    hook->fail(*me, check::Wrong::aborted, "SIGABRT was raised");
  }
  static auto* const real = check::real<int(int)>("raise");
  return real(signal);
}

// Reads the processor's random numbers, without a call of the C library.
#define RANDOM_DEVICE \
  _ZNSt13random_device7_M_initERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE
LOCKSTEP_EXPORT void RANDOM_DEVICE(void* self, const void* token) {
  constexpr const char* why = "it is not the same in each run; std::mt19937 is";
  if (Thread* const me = check::asking(CALL)) check::refuse(*me, "std::random_device", why, CALL);
#define NAME_AGAIN(name) #name
#define NAME_OF(name) NAME_AGAIN(name)
  static auto* const real = check::real<void(void*, const void*)>(NAME_OF(RANDOM_DEVICE));
  real(self, token);
}
