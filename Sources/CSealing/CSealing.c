#define _GNU_SOURCE
#include "CSealing.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

void csealing_wipe(void *memory, size_t size) { explicit_bzero(memory, size); }

int csealing_random(uint8_t *into, size_t count) { return count <= INT_MAX && RAND_bytes(into, (int)count) == 1; }

int csealing_derive(const void *passphrase, size_t length, const uint8_t *salt, size_t salt_length, int rounds, uint8_t *into, size_t count) {
  return length <= INT_MAX && PKCS5_PBKDF2_HMAC(passphrase, (int)length, salt, (int)salt_length, rounds, EVP_sha256(), (int)count, into) == 1;
}

int csealing_authenticate(const uint8_t *key, size_t key_length, const void *bytes, size_t count, uint8_t *into) {
  unsigned length = 0;
  return HMAC(EVP_sha256(), key, (int)key_length, bytes, count, into, &length) != NULL && length == 32;
}

int csealing_is_same(const void *one, const void *other, size_t count) { return CRYPTO_memcmp(one, other, count) == 0; }

static long crypt(int encrypts, const uint8_t *key, const uint8_t *iv, const void *bytes, size_t count, uint8_t *into) {
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  int first = 0, last = 0;
  int is_done = context != NULL && count < INT_MAX - 32 && EVP_CipherInit_ex(context, EVP_aes_256_cbc(), NULL, key, iv, encrypts) == 1
    && EVP_CipherUpdate(context, into, &first, bytes, (int)count) == 1 && EVP_CipherFinal_ex(context, into + first, &last) == 1;
  // This wipes the key in it.
  EVP_CIPHER_CTX_free(context);
  return is_done ? (long)first + last : -1;
}

long csealing_encrypt(const uint8_t *key, const uint8_t *iv, const void *bytes, size_t count, uint8_t *into) {
  return crypt(1, key, iv, bytes, count, into);
}

long csealing_decrypt(const uint8_t *key, const uint8_t *iv, const void *bytes, size_t count, uint8_t *into) {
  return crypt(0, key, iv, bytes, count, into);
}

void csealing_close_process(void) {
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
}
