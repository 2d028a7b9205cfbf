// A loop over the bytes inside a record, by hand: it passes over what is surely well-formed at several times the speed of libxml2, so that a
// filter keeps up with a network. It only knows the plain kind of XML that the service writes: UTF-8, names of ASCII, one attribute at most, the
// five references, CDATA. Of anything else it says that it is unsure, and never that it is wrong: then the parser reads the record, and its word
// counts. So the one fault that it can have is to be sure of what the parser would refuse; Tests/Fuzz/ looks for that.
#include "skim.h"

#include <stdlib.h>
#include <string.h>

// What a byte of text is: plain, or not.
enum { PLAIN, LESS, AMPERSAND, GREATER, WIDE, NEVER };
static uint8_t kinds[256];

__attribute__((constructor)) static void name_kinds(void) {
  for (int byte = 0; byte < 256; byte++) kinds[byte] = byte >= 0x80 ? WIDE : byte < 0x20 ? NEVER : PLAIN;
  kinds['\t'] = kinds['\n'] = kinds['\r'] = PLAIN;
  kinds['<'] = LESS;
  kinds['&'] = AMPERSAND;
  kinds['>'] = GREATER;
}

// The length of a character of UTF-8 that XML allows. 0: it is cut off, -1: it is none.
static int wide(const uint8_t *at, size_t left) {
  int length = at[0] >= 0xF0 ? 4 : at[0] >= 0xE0 ? 3 : 2;
  if (at[0] < 0xC2 || at[0] > 0xF4) return -1;
  if (left < (size_t)length) return 0;
  for (int i = 1; i < length; i++)
    if ((at[i] & 0xC0) != 0x80) return -1;
  // Overlong, surrogates, U+FFFE, U+FFFF, beyond U+10FFFF.
  if ((at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F) || (at[0] == 0xEF && at[1] == 0xBF && at[2] > 0xBD)) return -1;
  if ((at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F)) return -1;
  return length;
}

static int begins_name(uint8_t byte) { return (byte | 0x20) - 'a' < 26u || byte == '_'; }
static int is_in_name(uint8_t byte) { return begins_name(byte) || byte - '0' < 10u || byte == '-' || byte == '.'; }
static int is_blank(uint8_t byte) { return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r'; }

// So many different names are known here; no list of the service has half as many. The parser counts those of records that it is shown.
enum { PLACES = 1024, MOST_NAMES = 600 };

// Whether a name is one of those that have been met, and of a new one, whether there is room for it.
static int knows(cmarkup_skimmer *s, const uint8_t *name, size_t length) {
  uint64_t digest = length * 0x9E3779B97F4A7C15;
  for (; length >= 8; name += 8, length -= 8) {
    uint64_t word;
    memcpy(&word, name, 8);
    digest = (digest ^ word) * 0x9E3779B97F4A7C15;
    digest ^= digest >> 29;
  }
  uint64_t rest = 1;
  while (length > 0) rest = rest << 8 | name[--length];
  digest = (digest ^ rest) * 0x9E3779B97F4A7C15;
  digest ^= digest >> 32;
  if (digest == 0) digest = 1;
  if (s->known == NULL) s->known = calloc(PLACES, sizeof *s->known);
  if (s->known == NULL) return 0;
  size_t at = digest % PLACES;
  while (s->known[at] != 0) {
    if (s->known[at] == digest) return 1;
    at = (at + 1) % PLACES;
  }
  if (s->known_count >= MOST_NAMES) return 0;
  s->known[at] = digest;
  s->known_count++;
  return 1;
}

void cmarkup_skimmer_end(cmarkup_skimmer *s) {
  free(s->known);
  s->known = NULL;
}

// The length of one of XML's own references. 0: it is cut off, -1: it is another one.
static int reference(const uint8_t *at, size_t left) {
  static const char *const known[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
  int could = 0;
  for (int i = 0; i < 5; i++) {
    size_t length = strlen(known[i]);
    if (memcmp(at, known[i], left < length ? left : length) != 0) continue;
    if (left >= length) return (int)length;
    could = 1;
  }
  return could ? 0 : -1;
}

size_t cmarkup_lines(const void *bytes, size_t count) {
  const uint8_t *b = bytes;
  size_t lines = 0;
  while (count > 0) {
    // As many as a byte can count, so that many bytes are counted at once.
    size_t part = count < 255 ? count : 255;
    uint8_t some = 0;
    for (size_t at = 0; at < part; at++) some += b[at] == '\n';
    lines += some;
    b += part;
    count -= part;
  }
  return lines;
}

static int is_control(uint8_t byte) { return byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r'; }

size_t cmarkup_control(const void *bytes, size_t count) {
  const uint8_t *b = bytes;
  for (size_t start = 0; start < count; start += 256) {
    size_t end = count - start < 256 ? count : start + 256;
    // Without a way out of the loop, so that many bytes are looked at at once.
    uint8_t found = 0;
    for (size_t at = start; at < end; at++) found |= (uint8_t)is_control(b[at]);
    if (!found) continue;
    for (size_t at = start; at < end; at++)
      if (is_control(b[at])) return at;
  }
  return count;
}

// Past the characters that may stand in a CDATA section or, up to a quote, in the value of an attribute. Stops at the first other byte.
static size_t past_characters(const uint8_t *b, size_t at, size_t count, uint8_t end, int *verdict) {
  *verdict = cmarkup_needs_more;
  while (at < count) {
    uint8_t byte = b[at];
    if (byte == end) break;
    if (kinds[byte] == WIDE) {
      int length = wide(b + at, count - at);
      if (length < 0) *verdict = cmarkup_is_unsure;
      if (length <= 0) return count;
      at += (size_t)length;
    } else if (kinds[byte] == NEVER || (end != ']' && (byte == '<' || byte == '&'))) {
      *verdict = cmarkup_is_unsure;
      return count;
    } else {
      at++;
    }
  }
  return at;
}

// Past a start tag. Of an empty element, `is_empty` is set.
static size_t past_start_tag(cmarkup_skimmer *s, const uint8_t *b, size_t at, size_t count, uint32_t *length, int *is_empty, int *verdict) {
  size_t start = ++at;
  *verdict = cmarkup_needs_more;
  if (at < count && !begins_name(b[at])) *verdict = cmarkup_is_unsure;
  while (at < count && is_in_name(b[at])) at++;
  *length = (uint32_t)(at - start);
  if (*length > 1000) *verdict = cmarkup_is_unsure;
  size_t named = at;
  // Behind it stands another byte, so it is whole.
  if (at < count && *verdict != cmarkup_is_unsure && !knows(s, b + start, named - start)) *verdict = cmarkup_is_unsure;
  while (at < count && is_blank(b[at])) at++;
  if (at < count && at > named && begins_name(b[at])) {
    size_t attribute = at;
    while (at < count && is_in_name(b[at])) at++;
    if (at - attribute >= 5 && memcmp(b + attribute, "xmlns", 5) == 0) *verdict = cmarkup_is_unsure;
    if (at + 1 >= count || *verdict == cmarkup_is_unsure) return count;
    if (!knows(s, b + attribute, at - attribute)) {
      *verdict = cmarkup_is_unsure;
      return count;
    }
    uint8_t quote = b[at + 1];
    if (b[at] != '=' || (quote != '"' && quote != '\'')) {
      *verdict = cmarkup_is_unsure;
      return count;
    }
    at = past_characters(b, at + 2, count, quote, verdict) + 1;
    if (at > count) return count;
    while (at < count && is_blank(b[at])) at++;
  }
  *is_empty = at < count && b[at] == '/';
  if (*is_empty) at++;
  if (at >= count || *verdict == cmarkup_is_unsure) return count;
  if (b[at] == '>') return at + 1;
  *verdict = cmarkup_is_unsure;
  return count;
}

cmarkup_skimmed cmarkup_skim(cmarkup_skimmer *s, const void *bytes, size_t count, int room) {
  const uint8_t *b = bytes;
  // Longer texts, tags and sections are rare, and have limits that the parser's way knows.
  const size_t patience = 1 << 20;
  size_t at = s->at;
  int verdict = cmarkup_needs_more;
  while (at < count) {
    s->at = at;
    if (at - s->tag > patience) return cmarkup_is_unsure;
    switch (kinds[b[at]]) {
    case PLAIN:
      do at++;
      while (at < count && kinds[b[at]] == PLAIN);
      continue;
    case GREATER:
      if (b[at - 1] == ']' && b[at - 2] == ']') return cmarkup_is_unsure;
      at++;
      continue;
    case WIDE:
    case AMPERSAND: {
      int length = kinds[b[at]] == WIDE ? wide(b + at, count - at) : reference(b + at, count - at);
      if (length <= 0) return length < 0 ? cmarkup_is_unsure : cmarkup_needs_more;
      at += (size_t)length;
      continue;
    }
    case NEVER: return cmarkup_is_unsure;
    default: break;
    }
    if (at + 1 >= count) return cmarkup_needs_more;
    if (b[at + 1] == '/') {
      if (s->depth == 0) return cmarkup_at_end_tag;
      uint32_t length = s->names[s->depth - 1].length;
      if (count - at < length + 3) return cmarkup_needs_more;
      if (memcmp(b + at + 2, b + s->names[s->depth - 1].start, length) != 0 || b[at + 2 + length] != '>') return cmarkup_is_unsure;
      s->depth--;
      at += length + 3;
      s->tag = at;
    } else if (b[at + 1] == '!') {
      if (count - at < 9) return cmarkup_needs_more;
      if (memcmp(b + at, "<![CDATA[", 9) != 0) return cmarkup_is_unsure;
      size_t end = at + 9;
      while (1) {
        end = past_characters(b, end, count, ']', &verdict);
        if (verdict == cmarkup_is_unsure) return cmarkup_is_unsure;
        if (end + 2 >= count) return count - at > patience ? cmarkup_is_unsure : cmarkup_needs_more;
        if (b[end + 1] == ']' && b[end + 2] == '>') break;
        end++;
      }
      at = end + 3;
    } else {
      uint32_t length = 0;
      int is_empty = 0;
      size_t end = past_start_tag(s, b, at, count, &length, &is_empty, &verdict);
      if (verdict == cmarkup_is_unsure) return cmarkup_is_unsure;
      if (end >= count) return count - at > patience ? cmarkup_is_unsure : cmarkup_needs_more;
      if (!is_empty) {
        if (s->depth >= room || s->depth >= 256) return cmarkup_is_unsure;
        s->names[s->depth].start = (uint32_t)at + 1;
        s->names[s->depth].length = length;
        s->depth++;
      }
      at = end;
      s->tag = at;
    }
  }
  s->at = at;
  return cmarkup_needs_more;
}

size_t cmarkup_run(const void *bytes, size_t count, const char *const *names, size_t name_count, cmarkup_element *found, size_t room) {
  const uint8_t *b = bytes;
  size_t at = 0, number = 0;
  uint32_t line = 0;
  while (number < room) {
    for (; at < count && is_blank(b[at]); at++) line += b[at] == '\n';
    if (at >= count || b[at] != '<') return number;
    size_t name = 0, length = 0;
    for (; name < name_count; name++) {
      length = strlen(names[name]);
      if (count - at > length + 1 && memcmp(b + at + 1, names[name], length) == 0 && b[at + 1 + length] == '>') break;
    }
    if (name == name_count) return number;
    found[number] = (cmarkup_element){(uint32_t)at, 0, line};
    at += length + 2;
    for (; at < count && kinds[b[at]] == PLAIN; at++) line += b[at] == '\n';
    if (count - at < length + 3 || b[at] != '<' || b[at + 1] != '/' || memcmp(b + at + 2, names[name], length) != 0 || b[at + 2 + length] != '>')
      return number;
    at += length + 3;
    found[number++].end = (uint32_t)at;
  }
  return number;
}
