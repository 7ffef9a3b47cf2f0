// Takes a ticket only if one is left, at once: an office that serves one after another would do the same. The threads
// are not waited for.
// expect: status 0, executions 4
#include <lockstep/linearizability.hpp>

#include <atomic>
#include <ostream>
#include <thread>

std::atomic<int> tickets{1};

bool buy() {
  int left = tickets.load();
  while (left > 0 && !tickets.compare_exchange_strong(left, left - 1)) {
  }
  return left > 0;
}

struct SequentialOffice {
  int left;

  bool buy(bool bought) { return bought ? left-- > 0 : left == 0; }
  bool operator==(const SequentialOffice&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const SequentialOffice& office) {
    return out << office.left << " left";
  }
};

lockstep::check::History<SequentialOffice> history{1};

void client() { history.call("buy()", buy, &SequentialOffice::buy); }

int main() {
  std::thread(client).detach();
  client();
}
