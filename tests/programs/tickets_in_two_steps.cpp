// Looks whether a ticket is left, and then takes it: two buy the last one. No assertion says so, but an office that
// serves one after another.
// expect: status 1, "not linearizable", "A  thread 1  buy() = true", "which begins as 1 left", ", and is then 0 left", "buy() = true"
#include <lockstep/linearizability.hpp>

#include <atomic>
#include <ostream>
#include <thread>

std::atomic<int> tickets{1};

bool buy() {
  if (tickets.load() == 0) return false;
  tickets.fetch_sub(1);
  return true;
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
  std::thread first(client), second(client);
  first.join();
  second.join();
}
