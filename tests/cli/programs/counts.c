/* More events than a thread may have by default. */
#include <stdatomic.h>

int main(void) {
  atomic_int count = 0;
  for (int i = 0; i < 2000; ++i) atomic_fetch_add(&count, 1);
  return 0;
}
