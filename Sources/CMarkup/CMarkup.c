#define _GNU_SOURCE  // memmem
#include "CMarkup.h"

#include <ctype.h>
#include <libexslt/exslt.h>
#include <libxml/catalog.h>
#include <libxslt/documents.h>
#include <libxslt/extensions.h>
#include <libxslt/extra.h>
#include <libxslt/xslt.h>
#include <libxslt/xsltutils.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static atomic_int asked_to_load;

int cmarkup_was_asked_to_load(void) { return atomic_load(&asked_to_load); }

const char *cmarkup_libraries(void) {
  static char words[80];
  // 20914 is 2.9.14.
  int xml = atoi(xmlParserVersion), xslt = xsltLibxsltVersion;
  snprintf(words, sizeof words, "libxml2 %d.%d.%d, libxslt %d.%d.%d", xml / 10000, xml / 100 % 100, xml % 100, xslt / 10000, xslt / 100 % 100, xslt % 100);
  return words;
}

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

static void keep(cmarkup_message *words, const char *text, int line) {
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
static _Thread_local cmarkup_message *listening;

static void variadic(void *words, const char *format, ...) {
  char text[400];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  keep(words != NULL ? words : listening, text, 0);
}

static void structured(void *words, xmlErrorPtr error) {
  cmarkup_message *kept = words;
  if (kept == NULL || error->message == NULL || kept->count > 0) return;
  keep(kept, error->message, error->line);
}

// Whether a name may go on at this byte.
static int in_name(char c) {
  unsigned char byte = (unsigned char)c;
  return byte >= 0x80 || isalnum(byte) || byte == '_' || byte == '-' || byte == '.';
}

// The parser's words without what they quote of the document: of a password that is written without its escapes, the rest is a tag, an attribute
// or an entity to it.
static void anonymous(char *text, size_t size, const xmlError *error) {
  // What went wrong inside of the parser is told by a text of its own.
  const char *own = error->code == XML_ERR_INTERNAL_ERROR ? NULL : error->str1;
  const char *quoted[] = {own, error->str2, error->str3};
  const char *from = error->message;
  size_t used = 0;
  while (*from != 0 && used + 4 < size) {
    size_t length = 0;
    for (size_t at = 0; at < 3; at++) {
      size_t count = quoted[at] == NULL ? 0 : strlen(quoted[at]);
      if (count <= length || strncmp(from, quoted[at], count) != 0) continue;
      // The words themselves may have its letters.
      if ((from == error->message || !in_name(from[-1])) && !in_name(from[count])) length = count;
    }
    if (length == 0) {
      text[used++] = *from++;
    } else {
      memcpy(text + used, "\xE2\x80\xA6", 3);
      used += 3;
      from += length;
    }
  }
  text[used] = 0;
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
  cmarkup_message *words = parser->userData;
  if (words == NULL || words->count > 0 || error->message == NULL) return;
  words->left = parser->input == NULL ? 0 : parser->input->end - parser->input->cur;
  char text[1000];
  anonymous(text, sizeof text, error);
  keep(words, text, error->line);
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

static int is_in_word(unsigned char byte) { return (byte | 0x20) - 'a' < 26u || byte - '0' < 10u || byte == '_' || byte == '-' || byte == '.' || byte >= 0x80; }

// A name's place in the table: most words are told from all names by it.
static unsigned char place_of(const char *word, size_t length) {
  return (unsigned char)(length * 31 + (unsigned char)word[0] + (unsigned char)word[length - 1] * 7);
}

void cmarkup_mentions(const void *sheet, size_t count, const char *const *names, size_t name_count, uint8_t *found) {
  // Names by their places, each with the number of the next one of the same place; 0: none.
  size_t first[256] = {0};
  size_t *next = calloc(name_count + 1, sizeof *next);
  if (next == NULL) abort();
  for (size_t i = 0; i < name_count; i++) {
    size_t length = strlen(names[i]);
    if (length == 0) continue;
    unsigned char place = place_of(names[i], length);
    next[i + 1] = first[place];
    first[place] = i + 1;
  }
  const module *other = modules;
  for (const char *text = sheet; text != NULL;) {
    for (size_t at = 0; at < count;) {
      size_t start = at;
      while (at < count && is_in_word((unsigned char)text[at])) at++;
      if (at > start)
        for (size_t i = first[place_of(text + start, at - start)]; i != 0; i = next[i])
          if (strlen(names[i - 1]) == at - start && memcmp(names[i - 1], text + start, at - start) == 0) found[i - 1] = 1;
      at++;
    }
    text = other == NULL ? NULL : other->bytes;
    count = other == NULL ? 0 : (size_t)other->length;
    other = other == NULL ? NULL : other->next;
  }
  free(next);
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
  // Not common (exsl:document writes files) but for node-set, not dynamic, functions, crypto.
  xsltRegisterExtModuleFunction(BAD_CAST "node-set", BAD_CAST "http://exslt.org/common", xsltFunctionNodeSet);
  exsltMathRegister();
  exsltSetsRegister();
  exsltStrRegister();
  exsltDateRegister();
}

void cmarkup_listen(cmarkup_message *words) {
  listening = words;
  xmlSetStructuredErrorFunc(words, structured);
  xmlSetGenericErrorFunc(words, variadic);
}

void cmarkup_confine(xsltTransformContextPtr context, cmarkup_message *words) {
  xsltSetCtxtSecurityPrefs(preferences, context);
  xsltSetTransformErrorFunc(context, words, variadic);
}

void cmarkup_free(void *memory) { xmlFree(memory); }

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
