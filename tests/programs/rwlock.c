// Two readers and a writer at a read-write lock: nobody sees half of a transfer.
// 14 = places of the writer: 3 in each of the 2 orders of readers one after the other, 2 in each of the 4
// ways in which they overlap.
// expect: status 0, executions 14
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static int debit, credit;

static void* transfer(void* unused) {
  pthread_rwlock_wrlock(&lock);
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
