#!/usr/bin/python3
"""Measures what it costs to include each public header, beside what people would include instead.

    headers.py INCLUDE_FOLDER REPETITIONS > headers.json

The compiler is $CXX, or g++. A header that is not installed is left out.
"""
import json
import os
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import tempfile

# Header, and the least that one does with it.
USES = {
    "lockstep/lock.hpp": "void use(lockstep::Lock& lock) { lock.acquire(); lock.release(); }",
    "lockstep/rlock.hpp": "void use(lockstep::RLock& lock) { lock.acquire(); lock.release(); }",
    "lockstep/condition.hpp": "void use(lockstep::Condition& condition) { condition.wait(); condition.notify(); }",
    "lockstep/semaphore.hpp": "void use(lockstep::Semaphore& semaphore) { semaphore.acquire(); semaphore.release(); }",
    "lockstep/bounded_semaphore.hpp":
        "void use(lockstep::BoundedSemaphore& semaphore) { semaphore.acquire(); semaphore.release(); }",
    "lockstep/event.hpp": "void use(lockstep::Event& event) { event.set(); event.wait(); }",
    "lockstep/barrier.hpp": "void use(lockstep::Barrier& barrier) { barrier.wait(); }",
    "lockstep/timer.hpp": "void use(lockstep::Timer& timer) { timer.start(); timer.cancel(); }",
    "lockstep/lockstep.hpp": "void use(lockstep::Lock& lock) { lock.acquire(); lock.release(); }",
    "lockstep/async.hpp": "lockstep::Task<> use(lockstep::Task<>& task) { co_await task; }",
    "lockstep/asio.hpp": "",
    "mutex": "void use(std::mutex& mutex) { mutex.lock(); mutex.unlock(); }",
    "condition_variable": "void use(std::condition_variable& condition, std::unique_lock<std::mutex>& guard)"
                          " { condition.wait(guard); condition.notify_one(); }",
    "semaphore": "void use(std::counting_semaphore<>& semaphore) { semaphore.acquire(); semaphore.release(); }",
    "latch": "void use(std::latch& latch) { latch.count_down(); latch.wait(); }",
    "barrier": "void use(std::barrier<>& barrier) { barrier.arrive_and_wait(); }",
    "absl/synchronization/mutex.h": "void use(absl::Mutex& mutex) { mutex.Lock(); mutex.Unlock(); }",
    "nsync.h": "void use(nsync::nsync_mu& mutex) { nsync::nsync_mu_lock(&mutex); nsync::nsync_mu_unlock(&mutex); }",
    "oneapi/tbb/mutex.h": "void use(tbb::mutex& mutex) { mutex.lock(); mutex.unlock(); }",
    "boost/fiber/mutex.hpp": "void use(boost::fibers::mutex& mutex) { mutex.lock(); mutex.unlock(); }",
    "asio/awaitable.hpp": "asio::awaitable<void> use(asio::awaitable<void>& task) { co_await std::move(task); }",
}


class Compiler:
    def __init__(self, include_folder):
        self.command = [os.environ.get("CXX", "g++"), "-std=c++20", "-I", include_folder, "-x", "c++", "-"]

    def run(self, source, *options, check=True):
        return subprocess.run([*self.command, *options], input=source, capture_output=True, text=True, check=check)

    def seconds(self, source, repetitions, *options):
        """Processor time: the median."""
        times = []
        for _ in range(repetitions):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            self.run(source, *options)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        return statistics.median(times)


def bytes_of_code(compiler, source, folder):
    compiled = pathlib.Path(folder, "use.o")
    compiler.run(source, "-O2", "-DNDEBUG", "-c", "-o", str(compiled))
    sections = subprocess.run(["objdump", "--section-headers", "--wide", compiled], capture_output=True, text=True,
                              check=True).stdout
    return sum(int(size, 16) for size in re.findall(r"^ *\d+ \.text\S* +([0-9a-f]+)", sections, re.MULTILINE))


def measure(compiler, header, use, repetitions, folder):
    alone = f"#include <{header}>\n"
    preprocessed = compiler.run(alone, "-E", "-P").stdout
    return {
        "header": header,
        "lines": preprocessed.count("\n"),
        "syntax": compiler.seconds(alone, repetitions, "-fsyntax-only"),
        "compile": compiler.seconds(alone + use, repetitions, "-O2", "-c", "-o", "/dev/null"),
        "text": bytes_of_code(compiler, alone + use, folder),
    }


def main(include_folder, repetitions):
    compiler = Compiler(include_folder)
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps([measure(compiler, header, use, int(repetitions), folder) for header, use in USES.items()
                          if compiler.run(f"#include <{header}>\n", "-E", check=False).returncode == 0], indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
