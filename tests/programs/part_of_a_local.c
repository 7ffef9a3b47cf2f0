// A member of a local is read while the thread that was given its address writes it.
// expect: status 1, "data race"
#include <pthread.h>
#include <stddef.h>

struct Pair {
  int first, second;
};

static void* set(void* pair) {
  ((struct Pair*)pair)->second = 1;
  return NULL;
}

int main(void) {
  pthread_t thread;
  struct Pair pair = {0, 0};
  pthread_create(&thread, NULL, set, &pair);
  const int seen = pair.second;
  pthread_join(thread, NULL);
  return seen;
}
