// What skim.c says of bytes, without a parser.
#ifndef CMARKUP_SKIM_H
#define CMARKUP_SKIM_H

#include <stddef.h>
#include <stdint.h>

// Where the first control character stands that XML does not allow, NUL among them; `count` if there is none.
size_t cmarkup_control(const void *bytes, size_t count);

// How many line feeds there are in some bytes.
size_t cmarkup_lines(const void *bytes, size_t count);

// How far the inside of an element has been skimmed, and the names that are open in it. `at` and the names count from the `<` of the element.
typedef struct {
  size_t at;
  // Behind the last tag.
  size_t tag;
  int depth;
  struct {
    uint32_t start;
    uint32_t length;
  } names[256];
  // The digests of all names of elements and attributes that have been met, in this element or in others: NULL before the first. A parser, and
  // whoever makes a tree of what was skimmed, never forgets a name, so their number has a limit.
  uint64_t *known;
  int known_count;
} cmarkup_skimmer;

typedef enum { cmarkup_needs_more, cmarkup_at_end_tag, cmarkup_is_unsure } cmarkup_skimmed;

// Goes on through the inside of an element, up to its own end tag: what is surely well-formed is passed, at several times the speed of a
// parser. Of anything rare (comments, references by number, colons, a second attribute, the 600th name, whatever is wrong) it says that it is unsure, and
// the parser must read the element. `bytes` begin at the `<` of the element; `room` is how many levels it may go down.
cmarkup_skimmed cmarkup_skim(cmarkup_skimmer *skimmer, const void *bytes, size_t count, int room);

// An element that holds one plain text or nothing, as an offset of its `<` and of what follows its `>`, and how many line feeds stand before it.
typedef struct {
  uint32_t start;
  uint32_t end;
  uint32_t line;
} cmarkup_element;

// The elements with which some bytes begin, as long as each has one of some names, no attribute, and a text of ASCII without references, and
// nothing but white space stands between two. Returns how many there are, at most `room`: of anything else, and of what is not whole, it says nothing.
size_t cmarkup_run(const void *bytes, size_t count, const char *const *names, size_t name_count, cmarkup_element *found, size_t room);

// Gives back what it has allocated.
void cmarkup_skimmer_end(cmarkup_skimmer *skimmer);

#endif
