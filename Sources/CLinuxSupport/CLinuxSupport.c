// Nothing to compile: the header declares what the C library defines. The package manager wants a source file in each target.

#include "CLinuxSupport.h"
