// What the programs were made of, as scripts/build knows it.
#ifndef CBUILD_H
#define CBUILD_H

// The commit, its day and the compiler: "3f2a9c1b2c3d of 2026-11-27, Swift 6.3.1". Says that nobody knows where a build was not made by scripts/build.
const char *cbuild_origin(void);

#endif
