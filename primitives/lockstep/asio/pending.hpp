// lockstep/asio/pending.hpp: one wait for a primitive on behalf of a completion handler.
//
// It is what wait/await.hpp is to a coroutine: an AsyncWait and what its context offers.
//   schedule      post to the executor of the handler: never inside somebody's release()
//   alarm clock   a timer on that executor (clock.hpp)
//   cancellation  the handler's cancellation slot, where Asio has those. As Asio's rule is, signals are
//                 emitted on the handler's executor, so cancelling and completing do not overlap.
// The executor has outstanding work as long as it waits. Memory: that of the handler's allocator or, if
// it has none of its own, of the service, and given back before the handler is called.
//
// Checked by: tests/unit/asio_test.cpp, tests/unit/asio_shutdown_test.cpp
#pragma once

#include <exception>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "lockstep/asio/binding.hpp"
#include "lockstep/asio/clock.hpp"
#include "lockstep/asio/service.hpp"
#include "lockstep/error.hpp"
#include "lockstep/wait/async_wait.hpp"
#include "lockstep/wait/bounds.hpp"
#include "lockstep/wait/context.hpp"

namespace lockstep {
inline namespace LOCKSTEP_OVER_ASIO {
namespace asio_waits {

/// With what a handler is called: an exception, or else what the wait gave.
template <class Result>
struct Completion {
  using Signature = void(std::exception_ptr, Result);

  template <class Give>
  void set(Give give) {
    result = give();
  }
  template <class Handler>
  void tell(Handler&& handler) {
    std::forward<Handler>(handler)(std::move(error), std::move(result));
  }

  std::exception_ptr error;
  Result result{};
};
template <>
struct Completion<void> {
  using Signature = void(std::exception_ptr);

  template <class Give>
  void set(Give give) {
    give();
  }
  template <class Handler>
  void tell(Handler&& handler) {
    std::forward<Handler>(handler)(std::move(error));
  }

  std::exception_ptr error;
};

/// What a wait that was cancelled ends with.
[[nodiscard]] inline std::exception_ptr aborted() {
  return std::make_exception_ptr(
      NetSystemError(NetError(net::error::operation_aborted), "lockstep"));
}

/// The allocator of a handler; where that is the standard one, the service's is better.
template <class Handler>
[[nodiscard]] auto allocator_of(const Handler& handler, WaitService& service) noexcept {
  const auto own = net::get_associated_allocator(handler);
  using Own = std::remove_const_t<decltype(own)>;
  using Standard = std::allocator<typename std::allocator_traits<Own>::value_type>;
  if constexpr (std::is_same_v<Own, Standard>) {
    return PoolAllocator<void>(service);
  } else {
    return own;
  }
}

template <class Handler, class Operation, class Bounds>
class Pending final : public PendingWait {
 public:
  using Result = typename Operation::Result;

  /// Begins to wait; in the end `handler` is called, on its executor.
  static void begin(Handler&& handler, Operation&& operation, Bounds&& bounds) {
    const Executor executor = net::get_associated_executor(handler);
    auto& service = net::use_service<WaitService>(context_of(with_context(executor)));
    Allocator allocator(allocator_of(handler, service));
    auto const memory = Traits::allocate(allocator, 1);
    Pending* const pending = ::new (static_cast<void*>(std::to_address(memory)))
        Pending(service, allocator, executor, handler, operation, bounds);
    pending->begin();
  }

 private:
  using Executor = typename net::associated_executor<Handler>::type;
  using Allocator = typename std::allocator_traits<decltype(allocator_of(
      std::declval<const Handler&>(),
      std::declval<WaitService&>()))>::template rebind_alloc<Pending>;
  using Traits = std::allocator_traits<Allocator>;

  /// What Asio queues when its fate is decided. If that is destroyed without being called, so is the
  /// wait.
  class Posted {
   public:
    using allocator_type = Allocator;
    explicit Posted(Pending& pending) noexcept
        : pending_(&pending), allocator_(pending.allocator_) {}
    Posted(Posted&& other) noexcept
        : pending_(std::exchange(other.pending_, nullptr)), allocator_(other.allocator_) {}
    Posted& operator=(Posted&&) = delete;
    ~Posted() {
      if (pending_ != nullptr) pending_->destroy();
    }

    [[nodiscard]] allocator_type get_allocator() const noexcept { return allocator_; }
    void operator()() { std::exchange(pending_, nullptr)->complete(); }

   private:
    Pending* pending_;
    Allocator allocator_;
  };

  Pending(WaitService& service, const Allocator& allocator, const Executor& executor,
          Handler& handler, Operation& operation, Bounds& bounds)
      : PendingWait(nullptr),  // what runs is Posted
        service_(service),
        allocator_(allocator),
        handler_(std::move(handler)),
        executor_(executor),
        work_(executor),
        operation_(std::move(operation)),
        bounds_(std::move(bounds)),
        clock_(executor_, service),
        wait_(operation_, bounds_, *this) {}
  ~Pending() {
    if (has_it_already_) operation_.abandon(wait::Fate::granted);
  }

  void begin() noexcept {
    has_it_already_ = operation_.try_now();
    if (has_it_already_) return service_.post_at_once(*this);
    if (!service_.add(*this)) return destroy();
    if (!suspend()) service_.schedule(*this);
  }

  /// True: it waits, or this may even be gone. False: it is decided.
  [[nodiscard]] bool suspend() noexcept {
    try {
      listen();
      return wait_.suspend(wait::Context(offer_, this));
    } catch (...) {
      failure_ = std::current_exception();
      return false;
    }
  }

  void post() noexcept override {
    const Executor executor = executor_;
    net::post(executor, Posted(*this));
  }

  /// On the handler's executor.
  void complete() {
    listen_no_more();
    Completion<Result> completion = outcome();
    const auto work = std::move(work_);
    Handler handler(std::move(handler_));
    destroy();
    completion.tell(std::move(handler));
  }

  [[nodiscard]] Completion<Result> outcome() noexcept {
    Completion<Result> completion;
    completion.error = std::move(failure_);
    if (completion.error) return completion;
    try {
      completion.set([&] {
        return std::exchange(has_it_already_, false) ? operation_.finish_at_once() : wait_.result();
      });
    } catch (const CancelledError&) {
      completion.error = aborted();
    } catch (...) {
      completion.error = std::current_exception();
    }
    return completion;
  }

  void destroy() noexcept override {
    Allocator allocator = allocator_;
    auto const memory = std::pointer_traits<typename Traits::pointer>::pointer_to(*this);
    this->~Pending();
    Traits::deallocate(allocator, memory, 1);
  }

#if LOCKSTEP_ASIO_HAS_SLOTS
  struct OnSignal {
    explicit OnSignal(wait::Cancellation& cancellation) noexcept : cancellation_(&cancellation) {}
    void operator()(net::cancellation_type type) const noexcept {
      if (type != net::cancellation_type::none) cancellation_->request();
    }
    wait::Cancellation* cancellation_;
  };

  /// A wait that was withdrawn has changed nothing: so every type of cancellation will do.
  void listen() {
    if (slot_.is_connected()) slot_.template emplace<OnSignal>(cancellation_);
  }
  void listen_no_more() {
    if (slot_.is_connected()) slot_.clear();
  }
#else
  void listen() noexcept {}
  void listen_no_more() noexcept {}
#endif

  struct NoClock {
    NoClock(const Executor&, WaitService&) noexcept {}
  };
  static constexpr bool has_deadline_ = !std::is_same_v<Bounds, wait::Unbounded>;
  using Clock = std::conditional_t<has_deadline_, TimerClock<Executor>, NoClock>;

  static Pending& at(void* subject) noexcept { return *static_cast<Pending*>(subject); }

  static void schedule_this(void* subject, wait::Ready&) noexcept {
    Pending& pending = at(subject);
    pending.service_.schedule(pending);
  }
  static void unschedule_this(void* subject, wait::Ready&) noexcept {
    Pending& pending = at(subject);
    pending.service_.unschedule(pending);
  }
  static wait::Cancellation* cancellation_of(void* subject) noexcept {
    return &at(subject).cancellation_;
  }
  static wait::AlarmClock* clock_of(void* subject) noexcept {
    if constexpr (has_deadline_) {
      return &at(subject).clock_;
    } else {
      return nullptr;
    }
  }
  static constexpr wait::Offer offer_{
      .schedule = &schedule_this,
      .unschedule = &unschedule_this,
      .stop_token = nullptr,
      .owner = nullptr,
      .cancellation = &cancellation_of,
      .alarm_clock = &clock_of,
  };

  WaitService& service_;
  [[no_unique_address]] Allocator allocator_;
  Handler handler_;
  Executor executor_;
  net::executor_work_guard<Executor> work_;
#if LOCKSTEP_ASIO_HAS_SLOTS
  typename net::associated_cancellation_slot<Handler>::type slot_ =
      net::get_associated_cancellation_slot(handler_);
#endif
  wait::Cancellation cancellation_;
  std::exception_ptr failure_;   // what was wrong with the call
  bool has_it_already_ = false;  // it did not have to wait
  Operation operation_;
  [[no_unique_address]] Bounds bounds_;
  [[no_unique_address]] Clock clock_;
  wait::AsyncWait<Operation, Bounds> wait_;
};

}  // namespace asio_waits
}  // namespace LOCKSTEP_OVER_ASIO
}  // namespace lockstep
