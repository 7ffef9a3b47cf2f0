// The flag says that there is a message before the pointer to it is there.
// expect: status 1, "null pointer"
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

struct Message {
  int length;
};

static struct Message message;
static struct Message* _Atomic mail;
static atomic_bool has_mail;

static void* send(void* unused) {
  message.length = 3;
  atomic_store(&has_mail, 1);
  atomic_store(&mail, &message);
  return unused;
}

int main(void) {
  pthread_t sender;
  int length = 3;
  pthread_create(&sender, NULL, send, NULL);
  if (atomic_load(&has_mail)) length = atomic_load(&mail)->length;
  pthread_join(sender, NULL);
  assert(length == 3);
  return 0;
}
