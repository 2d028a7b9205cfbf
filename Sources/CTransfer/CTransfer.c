#define _GNU_SOURCE
#include "CTransfer.h"

#include <curl/curl.h>
#include <openssl/evp.h>
#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

const char *ctransfer_libraries(void) { return curl_version(); }

const char *ctransfer_words(int failure) { return curl_easy_strerror((CURLcode)failure); }

struct ctransfer {
  CURL *handle;
};

typedef struct {
  const ctransfer_call *call;
  size_t sent;
  int attempts;
  // When a byte was moved last, in either direction, and how many had been by then.
  time_t moved_at;
  curl_off_t moved;
  int has_stalled;
  ctransfer_take header;
  ctransfer_take body;
  ctransfer_watch watch;
  void *context;
} exchange;

// What libcurl gives back is wiped: it has sent secrets.
static void forget(void *memory) {
  if (memory == NULL) return;
  explicit_bzero(memory, malloc_usable_size(memory));
  free(memory);
}

static void *resize(void *memory, size_t size) {
  if (memory == NULL) return malloc(size);
  void *other = malloc(size);
  if (other == NULL) return NULL;
  size_t known = malloc_usable_size(memory);
  memcpy(other, memory, known < size ? known : size);
  forget(memory);
  return other;
}

int ctransfer_prepare(void) {
  // The environment must not make libcurl write the keys of the connections, and with them the password, to a file.
  unsetenv("SSLKEYLOGFILE");
  return curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, forget, resize, strdup, calloc) == CURLE_OK;
}

ctransfer *ctransfer_new(void) {
  ctransfer *transfer = calloc(1, sizeof *transfer);
  if (transfer == NULL) return NULL;
  transfer->handle = curl_easy_init();
  if (transfer->handle == NULL) {
    free(transfer);
    return NULL;
  }
  return transfer;
}

void ctransfer_free(ctransfer *transfer) {
  if (transfer == NULL) return;
  curl_easy_cleanup(transfer->handle);
  free(transfer);
}

void ctransfer_forget(ctransfer *transfer) {
  CURL *fresh = curl_easy_init();
  if (fresh == NULL) return;
  curl_easy_cleanup(transfer->handle);
  transfer->handle = fresh;
}

int ctransfer_has_input(ctransfer *transfer) {
  curl_socket_t socket = CURL_SOCKET_BAD;
  if (curl_easy_getinfo(transfer->handle, CURLINFO_ACTIVESOCKET, &socket) != CURLE_OK || socket == CURL_SOCKET_BAD) return 0;
  struct pollfd line = {.fd = socket, .events = POLLIN};
  return poll(&line, 1, 0) != 0;
}

// Seconds on a clock that nobody can set.
static time_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *data) {
  exchange *e = data;
  // libcurl counts the bytes of bodies only.
  e->moved_at = now();
  return e->header(e->context, bytes, size * count) == 0 ? size * count : 0;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *data) {
  exchange *e = data;
  return e->body(e->context, bytes, size * count) == 0 ? size * count : 0;
}

static size_t give_body(char *into, size_t size, size_t count, void *data) {
  exchange *e = data;
  size_t room = size * count;
  if (e->call->body_descriptor >= 0) {
    // What grows meanwhile must not run over into what the server takes for the next request, and half a file must not go out as a whole one.
    size_t rest = (size_t)e->call->body_descriptor_length - e->sent;
    if (rest == 0) return 0;
    ssize_t got;
    do got = read(e->call->body_descriptor, into, room < rest ? room : rest);
    while (got < 0 && errno == EINTR);
    if (got <= 0) return CURL_READFUNC_ABORT;
    e->sent += (size_t)got;
    return (size_t)got;
  }
  size_t left = e->call->body_length - e->sent;
  size_t part = left < room ? left : room;
  if (part > 0) memcpy(into, e->call->body + e->sent, part);
  e->sent += part;
  return part;
}

// A connection that is used again and dies before it has answered makes libcurl send the request once more, POST or not. It must not: the
// server may have acted on the first. It cannot, if it cannot go back to the start of a body that it has begun to send.
static int refuse_rewind(void *data, curl_off_t offset, int origin) {
  (void)data;
  (void)offset;
  (void)origin;
  return CURL_SEEKFUNC_FAIL;
}

// The same for a request that needs no going back, without a body or with one that goes out with its headers: a second attempt within one
// exchange is not made.
static int once(void *data, char *to, char *from, int port_there, int port_here) {
  (void)to;
  (void)from;
  (void)port_there;
  (void)port_here;
  exchange *e = data;
  e->attempts++;
  // Until here it was the connection that was waited for, and that has a limit of its own.
  e->moved_at = now();
  return e->attempts == 1 ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

static int watch(void *data, curl_off_t expected, curl_off_t received, curl_off_t upload, curl_off_t uploaded) {
  (void)upload;
  exchange *e = data;
  // libcurl's own limit of speed is a mean over some seconds, and comes late where it is short.
  if (received + uploaded != e->moved) {
    e->moved = received + uploaded;
    e->moved_at = now();
  } else if (e->attempts > 0 && now() - e->moved_at >= e->call->stall_seconds) {
    e->has_stalled = 1;
    return 1;
  }
  return e->watch(e->context, received, expected);
}

ctransfer_outcome ctransfer_perform(ctransfer *transfer, const ctransfer_call *call, ctransfer_take header, ctransfer_take body, ctransfer_watch watching, void *context) {
  CURL *handle = transfer->handle;
  exchange e = {.call = call, .moved_at = now(), .header = header, .body = body, .watch = watching, .context = context};
  ctransfer_outcome outcome = {0};
  struct curl_slist *headers = NULL;
  int has_body = call->body != NULL || call->body_descriptor >= 0;
  long long length = call->body_descriptor >= 0 ? call->body_descriptor_length : (long long)call->body_length;
  // Goes out with the headers, in one piece: two cost the server a second look, and each exchange some time.
  int is_short = call->body != NULL && length <= 1 << 14;

  // Everything is set anew; the connections, the sessions and the cookies that nobody asked for stay in the handle.
  curl_easy_reset(handle);
  curl_easy_setopt(handle, CURLOPT_URL, call->url);
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  // Plain http is for this machine, and the password would go to the proxy in clear.
  if (call->is_direct) curl_easy_setopt(handle, CURLOPT_PROXY, "");
  if (call->authorities != NULL) curl_easy_setopt(handle, CURLOPT_CAINFO, call->authorities);
  curl_easy_setopt(handle, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
  curl_easy_setopt(handle, CURLOPT_USERNAME, call->user);
  curl_easy_setopt(handle, CURLOPT_PASSWORD, call->password);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, call->connect_seconds);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT, call->total_seconds);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, outcome.reason);
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "qtbx");
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &e);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &e);
  curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, 1L << 18);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, watch);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &e);
  curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, once);
  curl_easy_setopt(handle, CURLOPT_PREREQDATA, &e);
  // Answers are read as they are: a length that lies must be seen.
  curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, NULL);
  curl_easy_setopt(handle, CURLOPT_TCP_KEEPALIVE, 1L);

  headers = curl_slist_append(headers, "X-Requested-With: qtbx");
  // No waiting for "100 Continue", and nothing that the proxy should not see.
  headers = curl_slist_append(headers, "Expect:");
  curl_easy_setopt(handle, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
  char type[256];
  if (has_body) {
    strcpy(type, "Content-Type: ");
    strncat(type, call->content_type, sizeof type - 20);
    headers = curl_slist_append(headers, type);
    curl_easy_setopt(handle, CURLOPT_POST, 1L);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
    if (is_short) {
      curl_easy_setopt(handle, CURLOPT_POSTFIELDS, call->body);
    } else {
      curl_easy_setopt(handle, CURLOPT_READFUNCTION, give_body);
      curl_easy_setopt(handle, CURLOPT_READDATA, &e);
      curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, refuse_rewind);
    }
  }
  if (strcmp(call->method, has_body ? "POST" : "GET") != 0) curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, call->method);
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);

  // Without signals of its own, libcurl does not ignore this one, and a server that leaves would end the program. It is held back for this thread
  // alone: others may be at work, and standard output is theirs to lose.
  sigset_t pipe, before, pending;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, &before);
  CURLcode code = curl_easy_perform(handle);
  sigpending(&pending);
  if (sigismember(&pending, SIGPIPE) && !sigismember(&before, SIGPIPE)) {
    struct timespec none = {0, 0};
    while (sigtimedwait(&pipe, NULL, &none) < 0 && errno == EINTR) {}
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  outcome.failure = (int)code;
  if (e.has_stalled) {
    outcome.failure = CURLE_OPERATION_TIMEDOUT;
    snprintf(outcome.reason, sizeof outcome.reason, "Timeout was reached: not a byte for %ld seconds", call->stall_seconds);
  }
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &outcome.status);
  curl_easy_getinfo(handle, CURLINFO_HTTP_CONNECTCODE, &outcome.proxy_status);
  // A request without its last byte is none; one without a body, or with one that goes out with them, is whole with its headers. What was said
  // to a proxy before does not count.
  outcome.may_have_arrived = e.attempts > 0 && (!has_body || is_short || (long long)e.sent >= length);
  if (code != CURLE_OK && outcome.reason[0] == 0) strncpy(outcome.reason, curl_easy_strerror(code), sizeof outcome.reason - 1);
  curl_slist_free_all(headers);
  // The handle must not keep pointers into this call, nor its password.
  curl_easy_reset(handle);
  return outcome;
}

ctransfer_digest *ctransfer_digest_new(void) {
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  if (context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1) {
    EVP_MD_CTX_free(context);
    context = NULL;
  }
  return (ctransfer_digest *)context;
}

void ctransfer_digest_add(ctransfer_digest *digest, const void *bytes, size_t count) { EVP_DigestUpdate((EVP_MD_CTX *)digest, bytes, count); }

void ctransfer_digest_finish(ctransfer_digest *digest, uint8_t *into) {
  unsigned length = 0;
  EVP_DigestFinal_ex((EVP_MD_CTX *)digest, into, &length);
}

void ctransfer_digest_free(ctransfer_digest *digest) { EVP_MD_CTX_free((EVP_MD_CTX *)digest); }
