// mimalloc, which takes the place of the C library's malloc in a program that is linked with it: docs/decisions.
#include <mimalloc.h>
