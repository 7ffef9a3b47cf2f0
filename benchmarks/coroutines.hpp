// benchmarks/coroutines.hpp: coroutines without anything around them, so that what is measured is the
// waiting: they begin at once, end by themselves, belong to no task, and have no scheduler.
#pragma once

#include <coroutine>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <new>

#include "lockstep/wait/owner.hpp"

namespace bench {

/// Bytes in the frames of all bare coroutines that exist.
inline std::size_t frame_bytes = 0;

struct Coroutine {
  struct promise_type {
    static void* operator new(std::size_t size) {
      frame_bytes += size;
      return ::operator new(size);
    }
    static void operator delete(void* frame, std::size_t size) noexcept {
      frame_bytes -= size;
      ::operator delete(frame, size);
    }
    Coroutine get_return_object() noexcept { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
};

/// The same with an identity, which it takes to own an RLock. Whoever calls it acts for `owner`.
struct OwningCoroutine {
  struct promise_type : Coroutine::promise_type {
    template <class... Arguments>
    explicit promise_type(lockstep::Owner owner, Arguments&...) noexcept : owner_(owner) {}
    OwningCoroutine get_return_object() noexcept { return {}; }
    [[nodiscard]] lockstep::Owner owner() const noexcept { return owner_; }

   private:
    lockstep::Owner owner_;
  };
};

}  // namespace bench
