/* Programs of SV-COMP bring a reach_error() of their own. */
#include <assert.h>

void reach_error(void) { assert(0); }

int main(void) { reach_error(); }
