// One HTTP exchange after the other on one libcurl handle: what Swift cannot say is curl_easy_setopt, which is variadic.
#ifndef CTRANSFER_H
#define CTRANSFER_H

#include <stddef.h>
#include <stdint.h>

typedef struct ctransfer ctransfer;

// The libraries that are there: "libcurl/7.88.1 OpenSSL/3.0.17", and what these stand on.
const char *ctransfer_libraries(void);

// What libcurl says of all failures with this number: nothing of the call is in it.
const char *ctransfer_words(int failure);

// What is sent. Strings are borrowed for the length of the call; NULL where there is none.
typedef struct {
  const char *method;
  const char *url;
  const char *user;
  const char *password;
  const char *content_type;
  // The body: bytes, or a descriptor from which so many are read (-1: none).
  const char *body;
  size_t body_length;
  int body_descriptor;
  long long body_descriptor_length;
  // A file of certificate authorities that are trusted besides the system's; NULL: none.
  const char *authorities;
  long connect_seconds;
  // The exchange fails if not a byte moves for so long.
  long stall_seconds;
  long total_seconds;
  // Non-zero: no proxy, whatever the environment says.
  int is_direct;
} ctransfer_call;

typedef struct {
  // 0, or libcurl's error number.
  int failure;
  // What libcurl says about it.
  char reason[256];
  // The HTTP status; 0 if no answer has begun.
  long status;
  // What a proxy has answered to CONNECT; 0 without one.
  long proxy_status;
  // Non-zero if the server may have got the whole request: then only it knows what became of it.
  int may_have_arrived;
} ctransfer_outcome;

// Called with each header line and each piece of the body; anything but 0 ends the exchange. The context is the caller's.
typedef int (*ctransfer_take)(void *context, const char *bytes, size_t count);
// Called while waiting; anything but 0 ends the exchange.
typedef int (*ctransfer_watch)(void *context, long long received, long long expected);

// Once, before any thread. 0 if libcurl cannot be used.
int ctransfer_prepare(void);
ctransfer *ctransfer_new(void);
void ctransfer_free(ctransfer *transfer);
// Closes its connections: the next exchange begins a new one.
void ctransfer_forget(ctransfer *transfer);
// Whether something has come through its connection that no exchange has read, or its end: 0 if there is none.
int ctransfer_has_input(ctransfer *transfer);
ctransfer_outcome ctransfer_perform(ctransfer *transfer, const ctransfer_call *call, ctransfer_take header, ctransfer_take body, ctransfer_watch watch, void *context);

// SHA-256, in pieces. NULL if libcrypto fails.
typedef struct ctransfer_digest ctransfer_digest;
ctransfer_digest *ctransfer_digest_new(void);
void ctransfer_digest_add(ctransfer_digest *digest, const void *bytes, size_t count);
// Writes 32 bytes.
void ctransfer_digest_finish(ctransfer_digest *digest, uint8_t *into);
void ctransfer_digest_free(ctransfer_digest *digest);

#endif
