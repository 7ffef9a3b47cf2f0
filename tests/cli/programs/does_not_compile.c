/* A mistake that the compiler is to show. */
int main(void) { return there_is_no_such_variable; }
