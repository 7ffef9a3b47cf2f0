// lock_scopes: two ways to hold a Lock for a while, and what a release too many does.
//
// Prints
//   by hand: locked
//   in a scope: locked
//   afterwards: free
//   released once more: Lock::release: the lock is not held
#include <iostream>
#include <lockstep/error.hpp>
#include <lockstep/lock.hpp>
#include <mutex>
#include <string_view>

lockstep::Lock lock;

void report(std::string_view when) {
  std::cout << when << ": " << (lock.locked() ? "locked" : "free") << '\n';
}

int main() {
  lock.acquire();
  try {
    report("by hand");
  } catch (...) {
    lock.release();  // every way out has to be thought of...
    throw;
  }
  lock.release();

  {
    const std::scoped_lock guard(lock);  // ...or none
    report("in a scope");
  }
  report("afterwards");

  try {
    lock.release();
  } catch (const lockstep::NotAcquiredError& error) {
    std::cout << "released once more: " << error.what() << '\n';
  }
}
