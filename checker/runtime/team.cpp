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

constexpr std::chrono::milliseconds between_workers{5};  // a fork costs about one

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
    : count_(records_for(jobs)), last_begun_(std::chrono::steady_clock::now()) {
  void* const memory = mmap(nullptr, sizeof(Shared) + count_ * sizeof(Record),
                            PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  shared_ = new (memory) Shared;
  records_ = new (shared_ + 1) Record[count_];
  shared_->idle = static_cast<int>(std::max(jobs, 1U)) - 1;
  mine().state = State::working;
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

void Team::stop() noexcept { shared_->is_stopped.store(true, std::memory_order_relaxed); }

bool Team::is_stopped() const noexcept {
  return shared_->is_stopped.load(std::memory_order_relaxed);
}

void Team::renew() noexcept {
  shared_->is_renewed = true;
  stop();
}

/// After wait(), when there are no workers any more.
void Team::begin_anew() noexcept {
  shared_->is_renewed = shared_->is_stopped = false;
  lost_.clear();
  mine().runs = 0;
  mine().state = State::working;
  --shared_->idle;
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
         std::chrono::steady_clock::now() - last_begun_ >= between_workers;
}

bool Team::take_idle() noexcept {
  int idle = shared_->idle;
  while (idle > 0) {
    if (shared_->idle.compare_exchange_weak(idle, idle - 1)) return true;
  }
  return false;
}

std::optional<std::size_t> Team::take_record() noexcept {
  for (std::size_t i = 1; i < count_; ++i) {
    State state = State::free;
    if (!records_[i].state.compare_exchange_strong(state, State::working)) continue;
    records_[i].parent = me_;
    records_[i].runs = 0;
    records_[i].time = 0;
    return i;
  }
  return std::nullopt;
}

bool Team::begin_worker(const Search::Part& part) {
  last_begun_ = std::chrono::steady_clock::now();
  lost_.push_back(part);  // unless a worker begins
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
    if (record) records_[*record].state = State::free;
    ++shared_->idle;
    return false;
  }
  workers_.push_back({pid, *record, found, std::move(lost_.back())});
  lost_.pop_back();
  return false;
}

void Team::become_worker(std::size_t record, int found, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(EXIT_FAILURE);  // it died before it would have been noticed
  for (const Worker& sibling : workers_) close(sibling.found);
  workers_.clear();
  lost_.clear();
  me_ = record;
  found_ = found;
  collected_time_ = {};
}

std::vector<const Search::Part*> Team::parts() const {
  std::vector<const Search::Part*> all;
  for (const Worker& worker : workers_) all.push_back(&worker.part);
  for (const Search::Part& part : lost_) all.push_back(&part);
  return all;
}

// Ending

void Team::report(const Result& found) const {
  write_all(found_, packed(found));
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
  const bool is_whole = add_packed(content_of(worker.found), result);
  close(worker.found);
  if (!is_whole) {
    std::fprintf(stderr, "lockstep: worker process %d died; its part is explored again\n",
                 static_cast<int>(worker.pid));
    lost_.push_back(std::move(worker.part));
    return lose(worker.record);
  }
  Record& record = records_[worker.record];
  const auto time = result.time - time_before;
  collected_time_ += time;
  mine().runs += record.runs.exchange(0);
  mine().time += time.count();
  record.time = 0;
  record.state = State::free;
}

void Team::lose(std::size_t record) noexcept {
  if (records_[record].state.exchange(State::lost) == State::working) ++shared_->idle;
  lose_orphans();
}

/// Whoever works for one that is lost is lost too, or soon will be.
void Team::lose_orphans() noexcept {
  for (bool is_more = true; is_more;) {
    is_more = false;
    for (std::size_t i = 1; i < count_; ++i) {
      const State state = records_[i].state;
      if (state != State::working && state != State::waiting) continue;
      if (records_[records_[i].parent].state != State::lost) continue;
      if (records_[i].state.exchange(State::lost) == State::working) ++shared_->idle;
      is_more = true;
    }
  }
}

std::optional<Search::Part> Team::wait(Result& result, const std::function<void()>& meanwhile) {
  State state = State::working;
  if (mine().state.compare_exchange_strong(state, State::waiting)) ++shared_->idle;
  while (true) {
    collect(result);
    const bool is_left = !lost_.empty() && !is_stopped();
    if (is_left && take_idle()) {
      state = State::waiting;
      mine().state.compare_exchange_strong(state, State::working);
      Search::Part part = std::move(lost_.back());
      lost_.pop_back();
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
