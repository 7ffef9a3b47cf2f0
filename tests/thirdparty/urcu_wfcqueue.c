// liburcu 0.13: its wait-free queue, whose exchange is inline assembly on x86. (Since 0.15 it can be built with the compiler's
// atomics instead.)
// expect: status 2, "atomic instruction that is not instrumented", "urcu/uatomic/x86.h"
#define _LGPL_SOURCE
#include <pthread.h>
#include <urcu/wfcqueue.h>

static struct __cds_wfcq_head head;
static struct cds_wfcq_tail tail;
static struct cds_wfcq_node first, second;

static void* put(void* node) {
  cds_wfcq_enqueue(&head, &tail, node);
  return NULL;
}

int main(void) {
  __cds_wfcq_init(&head, &tail);
  cds_wfcq_node_init(&first);
  cds_wfcq_node_init(&second);
  pthread_t thread;
  pthread_create(&thread, NULL, put, &first);
  put(&second);
  return pthread_join(thread, NULL);
}
