// A writer that has the lock as a reader only: readers are not kept out.
// expect: status 1, "data race on"
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static int debit, credit;

static void* transfer(void* unused) {
  pthread_rwlock_rdlock(&lock);
  ++debit;
  ++credit;
  pthread_rwlock_unlock(&lock);
  return unused;
}

static void* audit(void* unused) {
  pthread_rwlock_rdlock(&lock);
  assert(debit == credit);
  pthread_rwlock_unlock(&lock);
  return unused;
}

int main(void) {
  pthread_t writer, reader;
  pthread_create(&writer, NULL, transfer, NULL);
  pthread_create(&reader, NULL, audit, NULL);
  audit(NULL);
  pthread_join(writer, NULL);
  pthread_join(reader, NULL);
  return 0;
}
