#include "CBuild.h"

// A string of its own, so that a new commit compiles this file alone.
#ifndef QTBX_BUILD
#define QTBX_BUILD "a commit that was not noted: built without scripts/build"
#endif

const char *cbuild_origin(void) { return QTBX_BUILD; }
