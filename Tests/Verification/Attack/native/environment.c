// Preloaded into fairleadd: changes the environment before main, as libfaketime does; Swift then finds no arguments.
#include <stdlib.h>

__attribute__((constructor)) static void change_the_environment(void) { setenv("A_NEW_VARIABLE", "1", 1); }
