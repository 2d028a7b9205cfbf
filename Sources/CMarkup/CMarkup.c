#define _GNU_SOURCE  // memmem
#include "CMarkup.h"

#include <libexslt/exslt.h>
#include <libxml/catalog.h>
#include <libxslt/documents.h>
#include <libxslt/extensions.h>
#include <libxslt/xsltutils.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static atomic_int asked_to_load;

int cmarkup_was_asked_to_load(void) { return atomic_load(&asked_to_load); }

// A loader that only says no would lose the entity in silence, so the request is remembered.
static xmlParserInputPtr deny(const char *url, const char *id, xmlParserCtxtPtr context) {
  (void)url;
  (void)id;
  (void)context;
  atomic_store(&asked_to_load, 1);
  return NULL;
}

ptrdiff_t cmarkup_find(const void *bytes, size_t count, const void *word, size_t length) {
  const char *found = memmem(bytes, count, word, length);
  return found == NULL ? -1 : found - (const char *)bytes;
}

static void keep(cmarkup_words *words, const char *text, int line) {
  if (words == NULL || words->lines >= 2) return;
  // Pieces of one message arrive one by one; blank ones and line ends only separate them.
  size_t used = strlen(words->text);
  if (words->count++ == 0) words->line = line;
  for (; *text != 0 && used + 2 < sizeof words->text; text++) {
    // libxslt says where on one line and what on the next; what follows is the same complaint again.
    if (*text == '\n' && ++words->lines >= 2) break;
    char c = (*text == '\n' || *text == '\r' || *text == '\t') ? ' ' : *text;
    if (c == ' ' && (used == 0 || words->text[used - 1] == ' ')) continue;
    words->text[used++] = c;
  }
  words->text[used] = 0;
}

// While a stylesheet is compiled, libxslt reports to a handler that all threads share.
static _Thread_local cmarkup_words *listening;

static void variadic(void *words, const char *format, ...) {
  char text[400];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  keep(words != NULL ? words : listening, text, 0);
}

static void structured(void *words, xmlErrorPtr error) {
  cmarkup_words *kept = words;
  if (kept == NULL || error->message == NULL || kept->count > 0) return;
  keep(kept, error->message, error->line);
}

void cmarkup_sax_error(void *data, xmlErrorPtr error) {
  (void)data;
  if (error->level < XML_ERR_ERROR) return;
  // What is merely invalid by a document's own grammar is still well-formed.
  if (error->domain == XML_FROM_DTD || error->domain == XML_FROM_VALID) return;
  // The user data is asked of the parser itself: for validity errors, libxml2 passes the parser here instead, and would have it written
  // over with the document's words.
  xmlParserCtxtPtr parser = error->ctxt;
  if (parser == NULL) return;
  cmarkup_words *words = parser->userData;
  if (words != NULL && words->count == 0) words->left = parser->input == NULL ? 0 : parser->input->end - parser->input->cur;
  structured(words, error);
}

typedef struct module {
  const char *url;
  const char *bytes;
  int length;
  struct module *next;
} module;

static module *modules;

void cmarkup_add_module(const char *url, const char *bytes, int length) {
  for (module *known = modules; known != NULL; known = known->next)
    if (strcmp(known->url, url) == 0) return;
  module *added = malloc(sizeof *added);
  if (added == NULL) abort();
  char *copy = malloc((size_t)length);
  if (copy == NULL) abort();
  memcpy(copy, bytes, (size_t)length);
  *added = (module){strdup(url), copy, length, modules};
  modules = added;
}

static const module *find(const xmlChar *url) {
  for (const module *known = modules; known != NULL; known = known->next)
    if (strcmp(known->url, (const char *)url) == 0) return known;
  return NULL;
}

// xsl:import and xsl:include reach here; so would document(), which the security preferences stop before.
static xmlDocPtr load_module(const xmlChar *url, xmlDictPtr dictionary, int options, void *context, xsltLoadType type) {
  (void)context;
  (void)options;
  if (type != XSLT_LOAD_STYLESHEET) return NULL;
  const module *found = find(url);
  if (found == NULL) return NULL;
  xmlParserCtxtPtr parser = xmlNewParserCtxt();
  if (parser == NULL) return NULL;
  if (dictionary != NULL) {
    xmlDictFree(parser->dict);
    parser->dict = dictionary;
    xmlDictReference(dictionary);
  }
  xmlDocPtr document = xmlCtxtReadMemory(parser, found->bytes, found->length, (const char *)url, NULL, XML_PARSE_NONET | XML_PARSE_NOCDATA);
  xmlFreeParserCtxt(parser);
  return document;
}

static int only_modules(xsltSecurityPrefsPtr preferences, xsltTransformContextPtr context, const char *url) {
  (void)preferences;
  (void)context;
  return find((const xmlChar *)url) != NULL;
}

static xsltSecurityPrefsPtr preferences;

void cmarkup_prepare(void) {
  // Plug-ins for unknown extension namespaces would be loaded from there.
  unsetenv("LIBXSLT_PLUGINS_PATH");
  xmlInitParser();
  xmlCatalogSetDefaults(XML_CATA_ALLOW_NONE);
  xmlSetExternalEntityLoader(deny);
  preferences = xsltNewSecurityPrefs();
  if (preferences == NULL) abort();
  xsltSetSecurityPrefs(preferences, XSLT_SECPREF_READ_FILE, only_modules);
  xsltSetSecurityPrefs(preferences, XSLT_SECPREF_READ_NETWORK, only_modules);
  xsltSetSecurityPrefs(preferences, XSLT_SECPREF_WRITE_FILE, xsltSecurityForbid);
  xsltSetSecurityPrefs(preferences, XSLT_SECPREF_CREATE_DIRECTORY, xsltSecurityForbid);
  xsltSetSecurityPrefs(preferences, XSLT_SECPREF_WRITE_NETWORK, xsltSecurityForbid);
  xsltSetDefaultSecurityPrefs(preferences);
  xsltSetLoaderFunc(load_module);
  xsltSetGenericErrorFunc(NULL, variadic);
  // Not common (exsl:document writes files), not dynamic, functions, crypto.
  exsltMathRegister();
  exsltSetsRegister();
  exsltStrRegister();
  exsltDateRegister();
}

void cmarkup_listen(cmarkup_words *words) {
  listening = words;
  xmlSetStructuredErrorFunc(words, structured);
  xmlSetGenericErrorFunc(words, variadic);
}

void cmarkup_confine(xsltTransformContextPtr context, cmarkup_words *words) {
  xsltSetCtxtSecurityPrefs(preferences, context);
  xsltSetTransformErrorFunc(context, words, variadic);
}

void cmarkup_free(void *memory) { xmlFree(memory); }

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

// glibc hands them to what runs before main.
static int argument_count;
static char **argument_values;

__attribute__((constructor)) static void keep_arguments(int count, char **values) {
  argument_count = count;
  argument_values = values;
}

int cmarkup_arguments(char ***arguments) {
  *arguments = argument_values;
  return argument_values == NULL || argument_count < 1 ? 0 : argument_count;
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
static size_t past_start_tag(const uint8_t *b, size_t at, size_t count, uint32_t *length, int *is_empty, int *verdict) {
  size_t start = ++at;
  *verdict = cmarkup_needs_more;
  if (at < count && !begins_name(b[at])) *verdict = cmarkup_is_unsure;
  while (at < count && is_in_name(b[at])) at++;
  *length = (uint32_t)(at - start);
  if (*length > 1000) *verdict = cmarkup_is_unsure;
  size_t named = at;
  while (at < count && is_blank(b[at])) at++;
  if (at < count && at > named && begins_name(b[at])) {
    size_t attribute = at;
    while (at < count && is_in_name(b[at])) at++;
    if (at - attribute >= 5 && memcmp(b + attribute, "xmlns", 5) == 0) *verdict = cmarkup_is_unsure;
    if (at + 1 >= count || *verdict == cmarkup_is_unsure) return count;
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
      size_t end = past_start_tag(b, at, count, &length, &is_empty, &verdict);
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
