#include "checker/runtime/team.hpp"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include "checker/runtime/tally.hpp"

namespace lockstep::check {
namespace {

/// A fork costs about one. Tests say 0, so that workers begin in short explorations too.
std::chrono::milliseconds between_workers() {
  const char* const asked = std::getenv("LOCKSTEP_WORKERS_APART");
  return std::chrono::milliseconds(asked == nullptr ? 5 : std::strtoul(asked, nullptr, 10));
}

/// Also those that only wait for others have a record.
std::size_t records_for(unsigned jobs) { return jobs <= 1 ? 1 : 64 + std::size_t{8} * jobs; }

std::string content_of(int file) {
  std::string text(static_cast<std::size_t>(std::max<off_t>(lseek(file, 0, SEEK_END), 0)), '\0');
  std::size_t read = 0;
  while (read < text.size()) {
    const ssize_t n = pread(file, text.data() + read, text.size() - read, static_cast<off_t>(read));
    if (n <= 0 && errno != EINTR) break;
    read += static_cast<std::size_t>(std::max<ssize_t>(n, 0));
  }
  return text;
}

void write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = write(file, text.data(), text.size());
    if (n < 0 && errno != EINTR) return;  // what is there is not whole, which the parent sees
    text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
  }
}

bool has_ended(pid_t pid) {
  const pid_t ended = waitpid(pid, nullptr, WNOHANG);
  return ended == pid || (ended < 0 && errno == ECHILD);
}

}  // namespace

Team::Team(unsigned jobs)
    : count_(records_for(jobs)),
      between_workers_(between_workers()),
      last_begun_(std::chrono::steady_clock::now()) {
  void* const memory = mmap(nullptr, sizeof(Shared) + count_ * sizeof(Record),
                            PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  shared_ = new (memory) Shared;
  records_ = new (shared_ + 1) Record[count_];
  shared_->idle.store(static_cast<int>(std::max(jobs, 1U)) - 1, std::memory_order_relaxed);
  mine().state.store(State::working, std::memory_order_relaxed);
}

/// There are workers still if an exception ended the search.
Team::~Team() {
  for (const Worker& worker : workers_) {
    kill(worker.pid, SIGKILL);
    while (waitpid(worker.pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    close(worker.found);
  }
  munmap(shared_, sizeof(Shared) + count_ * sizeof(Record));
}

// Of all processes

void Team::stop() noexcept { shared_->is_stopped.store(true, std::memory_order_release); }  // (3)

void Team::pause() noexcept {
  shared_->is_paused.store(true, std::memory_order_relaxed);
  stop();
}

bool Team::is_stopped() const noexcept {
  return shared_->is_stopped.load(std::memory_order_acquire);  // (3)
}

void Team::renew() noexcept {
  shared_->is_renewed.store(true, std::memory_order_relaxed);
  stop();
}

/// After wait(), when there are no workers any more.
void Team::begin_anew() noexcept {
  shared_->is_renewed.store(false, std::memory_order_relaxed);
  shared_->is_paused.store(false, std::memory_order_relaxed);
  shared_->is_stopped.store(false, std::memory_order_relaxed);
  undone_.clear();
  rests_.clear();
  mine().runs.store(0, std::memory_order_relaxed);
  mine().state.store(State::working, std::memory_order_relaxed);
  shared_->idle.fetch_sub(1, std::memory_order_relaxed);
}

std::uint64_t Team::runs() const noexcept {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    if (records_[i].state.load(std::memory_order_relaxed) != State::lost) {
      sum += records_[i].runs.load(std::memory_order_relaxed);
    }
  }
  return sum;
}

std::chrono::microseconds Team::time() const noexcept {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < count_; ++i) sum += records_[i].time.load(std::memory_order_relaxed);
  return std::chrono::microseconds(sum);
}

// Beginning

bool Team::wants_work() const noexcept {
  return shared_->idle.load(std::memory_order_relaxed) > 0 &&
         std::chrono::steady_clock::now() - last_begun_ >= between_workers_;
}

bool Team::take_idle() noexcept {
  int idle = shared_->idle.load(std::memory_order_relaxed);
  while (idle > 0) {
    if (shared_->idle.compare_exchange_weak(idle, idle - 1, std::memory_order_relaxed)) return true;
  }
  return false;
}

bool Team::change(Record& record, State from, State to) noexcept {
  return record.state.compare_exchange_strong(from, to, std::memory_order_relaxed);
}

std::optional<std::size_t> Team::take_record() noexcept {
  for (std::size_t i = 1; i < count_; ++i) {
    if (!change(records_[i], State::free, State::working)) continue;
    records_[i].parent.store(me_, std::memory_order_relaxed);
    records_[i].runs.store(0, std::memory_order_relaxed);
    records_[i].time.store(0, std::memory_order_relaxed);
    return i;
  }
  return std::nullopt;
}

void Team::free_record(std::size_t record) noexcept {
  records_[record].parent.store(0, std::memory_order_relaxed);
  records_[record].time.store(0, std::memory_order_relaxed);
  records_[record].state.store(State::free, std::memory_order_release);  // (1)
}

bool Team::begin_worker(const Search::Part& part) {
  last_begun_ = std::chrono::steady_clock::now();
  undone_.push_back(part);  // unless a worker begins
  if (!take_idle()) return false;
  const auto record = take_record();
  const int found = record ? memfd_create("lockstep worker", MFD_CLOEXEC) : -1;
  const pid_t parent = getpid();
  const pid_t pid = found < 0 ? -1 : fork();
  if (pid == 0) {
    become_worker(*record, found, parent);
    return true;
  }
  if (pid < 0) {
    if (found >= 0) close(found);
    if (record) free_record(*record);
    let_one_more_begin();
    return false;
  }
  workers_.push_back({pid, *record, found, std::move(undone_.back())});
  undone_.pop_back();
  return false;
}

void Team::become_worker(std::size_t record, int found, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(EXIT_FAILURE);  // it died before it would have been noticed
  for (const Worker& sibling : workers_) close(sibling.found);
  workers_.clear();
  undone_.clear();
  rests_.clear();
  me_ = record;
  found_ = found;
  collected_time_ = {};
}

std::vector<const Search::Part*> Team::parts() const {
  std::vector<const Search::Part*> all;
  for (const Worker& worker : workers_) all.push_back(&worker.part);
  for (const Search::Part& part : undone_) all.push_back(&part);
  return all;
}

// Ending

void Team::report(const Result& found, const std::vector<std::string>& rests) const {
  write_all(found_, packed(found, rests));
  _exit(EXIT_SUCCESS);
}

void Team::collect(Result& result) {
  for (std::size_t i = 0; i < workers_.size();) {
    if (!has_ended(workers_[i].pid)) {
      ++i;
      continue;
    }
    add_found(workers_[i], result);
    workers_.erase(workers_.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

void Team::add_found(Worker& worker, Result& result) {
  const auto time_before = result.time;
  const bool is_whole = add_packed(content_of(worker.found), result, rests_);
  close(worker.found);
  if (!is_whole) {
    std::fprintf(stderr, "lockstep: worker process %d died; its part is explored again\n",
                 static_cast<int>(worker.pid));
    undone_.push_back(std::move(worker.part));
    return lose(worker.record);
  }
  Record& record = records_[worker.record];
  const auto time = result.time - time_before;
  collected_time_ += time;
  mine().runs.fetch_add(record.runs.exchange(0, std::memory_order_relaxed),
                        std::memory_order_relaxed);
  mine().time.fetch_add(time.count(), std::memory_order_relaxed);
  free_record(worker.record);
}

void Team::mark_lost(Record& record) noexcept {
  const State before = record.state.exchange(State::lost, std::memory_order_relaxed);
  if (before == State::working) let_one_more_begin();
}

void Team::lose(std::size_t record) noexcept {
  mark_lost(records_[record]);
  lose_orphans();
}

/// Whoever works for one that is lost is lost too, or soon will be.
void Team::lose_orphans() noexcept {
  for (bool is_more = true; is_more;) {
    is_more = false;
    for (std::size_t i = 1; i < count_; ++i) {
      const State state = records_[i].state.load(std::memory_order_acquire);  // (2)
      if (state != State::working && state != State::waiting) continue;
      const Record& parent = records_[records_[i].parent.load(std::memory_order_relaxed)];
      if (parent.state.load(std::memory_order_relaxed) != State::lost) continue;
      mark_lost(records_[i]);
      is_more = true;
    }
  }
}

std::optional<Search::Part> Team::wait(Result& result, const std::function<void()>& meanwhile) {
  if (change(mine(), State::working, State::waiting)) let_one_more_begin();
  while (true) {
    collect(result);
    const bool is_left = !undone_.empty() && !is_stopped();
    if (is_left && take_idle()) {
      static_cast<void>(change(mine(), State::waiting, State::working));
      Search::Part part = std::move(undone_.back());
      undone_.pop_back();
      return part;
    }
    if (!is_left && workers_.empty()) return std::nullopt;
    lose_orphans();
    meanwhile();
    constexpr timespec millisecond{0, 1'000'000};
    nanosleep(&millisecond, nullptr);
  }
}

}  // namespace lockstep::check
