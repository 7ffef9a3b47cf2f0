// Dekker's lock, the first one, with a turn: seq_cst accesses exclude.
// expect: status 0
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int wants[2], turn;
static int count;

static void enter_and_leave(int me) {
  atomic_store(&wants[me], 1);
  while (atomic_load(&wants[1 - me])) {
    if (atomic_load(&turn) != me) {
      atomic_store(&wants[me], 0);
      while (atomic_load(&turn) != me) {
      }
      atomic_store(&wants[me], 1);
    }
  }
  ++count;
  atomic_store(&turn, 1 - me);
  atomic_store(&wants[me], 0);
}

static void* other(void* unused) {
  enter_and_leave(1);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, other, NULL);
  enter_and_leave(0);
  pthread_join(thread, NULL);
  assert(count == 2);
  return 0;
}
