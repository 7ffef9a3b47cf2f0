/* A program without a beginning. */
int value(void) { return 1; }
