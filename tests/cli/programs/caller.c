/* Of two files, one in C and one in C++: this one calls the other. */
#include <assert.h>

extern int twice(int number);

int main(int argc, char** argv) {
  (void)argv;
  assert(twice(argc) == 2 * FACTOR);
}
