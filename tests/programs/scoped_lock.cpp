// Transfers in both directions that lock both accounts at once: std::scoped_lock never waits with a lock in hand.
// It tries instead, and two of it may get into each other's way for ever; so this cannot be explored to the end.
// expect: status 2, "no error within these bounds (max_events)"
// options: --max-events 60
#include <cassert>
#include <mutex>
#include <thread>

struct Account {
  std::mutex mutex;
  int balance = 10;
};

void transfer(Account& from, Account& to) {
  const std::scoped_lock both(from.mutex, to.mutex);
  --from.balance;
  ++to.balance;
}

int main() {
  Account a, b;
  std::thread thread([&] { transfer(a, b); });
  transfer(b, a);
  thread.join();
  assert(a.balance == 10 && b.balance == 10);
}
