// What Swift cannot say to libxml2 and libxslt: variadic callbacks, and function pointers kept in global variables.
#ifndef CMARKUP_H
#define CMARKUP_H

#include <libxml/parser.h>
#include <libxslt/security.h>
#include <libxslt/transform.h>
#include <libxslt/xsltInternals.h>
#include <stddef.h>

#include "skim.h"

// The first complaint of a library, on one line, and where it was.
typedef struct {
  char text[400];
  int line;
  int lines;
  int count;
  // Of a parser: how many bytes it had not read yet. With none, the input may have broken off.
  ptrdiff_t left;
} cmarkup_message;

// Set up once, before any thread: no catalog, no entity loader, the safe EXSLT modules, and a loader for stylesheets that knows only the
// modules that are compiled in (see cmarkup_add_module).
void cmarkup_prepare(void);

// Non-zero once anything has asked for an external entity: the run must fail, since the parser goes on without it.
int cmarkup_was_asked_to_load(void);

// The libraries that are there, by name and version: "libxml2 2.9.14, libxslt 1.1.35". The first call is made before any thread is started.
const char *cmarkup_libraries(void);

// Makes a stylesheet module known under a URL such as qtbx:/common/vocabulary.xsl; the first one of a URL counts. The bytes are copied.
// Call before any thread is started.
void cmarkup_add_module(const char *url, const char *bytes, int length);

// Routes this thread's library errors to words, or away from standard error (NULL).
void cmarkup_listen(cmarkup_message *words);

// Forbids a stylesheet that is about to run every file, directory and network access, and collects its complaints.
void cmarkup_confine(xsltTransformContextPtr context, cmarkup_message *words);

// A SAX error callback for a parser whose user data begins with a cmarkup_message. Warnings and validity errors are not collected.
void cmarkup_sax_error(void *data, xmlErrorPtr error);

// Which of some names stand in a stylesheet, or in one of the modules that stylesheets import, as words of their own: found[i] becomes 1.
void cmarkup_mentions(const void *sheet, size_t count, const char *const *names, size_t name_count, uint8_t *found);

// Where a word begins in some bytes, -1 if it does not occur; memmem, which only GNU's headers declare.
ptrdiff_t cmarkup_find(const void *bytes, size_t count, const void *word, size_t length);

// The arguments that the program was started with, as the system handed them over: Swift's own are read from /proc, and none without it.
// Returns how many there are, 0 if they are not known.
int cmarkup_arguments(char ***arguments);

// xmlFree is a variable: Swift 6 refuses to read it.
void cmarkup_free(void *memory);

#endif
