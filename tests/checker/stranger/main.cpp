#include <lockstep/check.hpp>

int main() {
  return lockstep::check::explore([] {}).passed() ? 0 : 1;
}
