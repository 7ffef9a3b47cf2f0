#include "checker/machine/home.hpp"

#include <dlfcn.h>
#include <link.h>
#include <semaphore.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <string_view>

#include "checker/machine/arch.hpp"
#include "checker/machine/arena.hpp"

namespace lockstep::check {
namespace {

/// Posted by the new thread when its thread-locals are known.
sem_t is_asleep;

using Create = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);

/// The C library's pthread_create; ours models.
Create real_pthread_create() {
  static const auto create = reinterpret_cast<Create>(dlsym(RTLD_NEXT, "pthread_create"));
  if (create == nullptr)
    throw std::runtime_error("lockstep::check: no pthread_create in the C library");
  return create;
}

bool is_libc(std::string_view path) {
  const auto name = path.substr(path.rfind('/') + 1);
  return name.starts_with("libc.so") || name.starts_with("libc-") || name.starts_with("ld-");
}

}  // namespace

Home::Home(std::size_t slot) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstack(&attributes, reinterpret_cast<void*>(arena::home(slot)),
                        arena::home_top(slot) - arena::home(slot));
  sem_init(&is_asleep, 0, 0);
  const int failed = real_pthread_create()(&pthread_, &attributes, &sleep_for_ever, this);
  pthread_attr_destroy(&attributes);
  if (failed != 0) {
    throw std::runtime_error(std::string("lockstep::check: pthread_create: ") +
                             std::strerror(failed));
  }
  while (sem_wait(&is_asleep) != 0) {
  }
  sem_destroy(&is_asleep);
}

void* Home::sleep_for_ever(void* self) {
  auto& home = *static_cast<Home*>(self);
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  home.thread_pointer_ = lockstep_thread_pointer();
  home.error_ = &errno;
  home.find_images();
  sem_post(&is_asleep);
  lockstep_sleep_for_ever();
}

/// Called by the thread itself: dl_iterate_phdr tells each thread where its own blocks are.
void Home::find_images() {
  const auto add = [](dl_phdr_info* info, std::size_t, void* home) {
    if (info->dlpi_tls_data == nullptr || is_libc(info->dlpi_name)) return 0;
    for (int i = 0; i < info->dlpi_phnum; ++i) {
      const auto& header = info->dlpi_phdr[i];
      if (header.p_type != PT_TLS) continue;
      static_cast<Home*>(home)->images_.push_back(
          {static_cast<char*>(info->dlpi_tls_data),
           reinterpret_cast<const char*>(info->dlpi_addr + header.p_vaddr), header.p_filesz,
           header.p_memsz});
      static_cast<Home*>(home)->size_ += header.p_memsz;
    }
    return 0;
  };
  dl_iterate_phdr(add, this);
}

void Home::renew() const noexcept {
  for (const Image& image : images_) {
    std::memcpy(image.block, image.initial, image.initialized);
    std::memset(image.block + image.initialized, 0, image.size - image.initialized);
  }
}

}  // namespace lockstep::check
