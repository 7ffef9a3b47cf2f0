// checker/machine/home.hpp: a real thread, asleep, whose thread-local variables a modelled thread has.
//
// All modelled threads run on the one operating system thread that called explore(). Each has thread-local
// variables of its own, at addresses of its own, because its thread pointer is that of a real
// thread which does nothing else. pthread_self() is that thread's too.
#pragma once

#include <pthread.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lockstep::check {

class Home {
 public:
  /// Starts the thread, in a slot of the arena that is open.
  explicit Home(std::size_t slot);

  [[nodiscard]] std::uintptr_t thread_pointer() const noexcept { return thread_pointer_; }
  [[nodiscard]] pthread_t pthread() const noexcept { return pthread_; }

  /// Makes the thread-locals of the program as they are when a thread begins: those of the executable and
  /// of its libraries, but for libc's own.
  void renew() const noexcept;

  /// The thread-locals of a module, and what they are when a thread begins.
  struct Image {
    char* block;
    const char* initial;
    std::size_t initialized;
    std::size_t size;
  };
  [[nodiscard]] const std::vector<Image>& images() const noexcept { return images_; }
  /// Of all of them, in bytes.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// The thread's errno.
  [[nodiscard]] int& error() const noexcept { return *error_; }

 private:
  static void* sleep_for_ever(void* self);
  void find_images();

  pthread_t pthread_{};
  std::uintptr_t thread_pointer_ = 0;
  int* error_ = nullptr;
  std::vector<Image> images_;
  std::size_t size_ = 0;
};

}  // namespace lockstep::check
