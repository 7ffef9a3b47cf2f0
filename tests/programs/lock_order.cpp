// Transfers in both directions lock the account that they take from first: a deadlock.
// expect: status 1, "deadlock", "waits for the mutex"
#include <mutex>
#include <thread>

struct Account {
  std::mutex mutex;
  int balance = 10;
};

void transfer(Account& from, Account& to) {
  const std::lock_guard first(from.mutex);
  const std::lock_guard second(to.mutex);
  --from.balance;
  ++to.balance;
}

int main() {
  Account a, b;
  std::jthread thread([&] { transfer(a, b); });
  transfer(b, a);
}
