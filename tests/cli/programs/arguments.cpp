// Each execution has the arguments as they were given, though the program changes them.
#include <lockstep/check.hpp>

#include <string_view>

int main(int argc, char** argv) {
  lockstep::check::require(argc == 3 && std::string_view(argv[1]) == "one" &&
                           std::string_view(argv[2]) == "--two" && argv[3] == nullptr);
  argv[1][lockstep::check::choose(3)] = 'X';
  argv[2] = nullptr;
}
