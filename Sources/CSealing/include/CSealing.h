// AES-256, PBKDF2 and HMAC of libcrypto, in calls that Swift can make.
#ifndef CSEALING_H
#define CSEALING_H

#include <stddef.h>
#include <stdint.h>

void csealing_wipe(void *memory, size_t size);

// These return 0 if libcrypto fails.
int csealing_random(uint8_t *into, size_t count);
// PBKDF2 with SHA-256.
int csealing_derive(const void *passphrase, size_t length, const uint8_t *salt, size_t salt_length, int rounds, uint8_t *into, size_t count);
// HMAC with SHA-256: writes 32 bytes.
int csealing_authenticate(const uint8_t *key, size_t key_length, const void *bytes, size_t count, uint8_t *into);
// In a time that does not depend on what they are.
int csealing_is_same(const void *one, const void *other, size_t count);
// AES-256-CBC with the padding of PKCS #7. Returns the length of what it has written, -1 if it fails. `into` has room for 16 bytes more than `bytes`.
long csealing_encrypt(const uint8_t *key, const uint8_t *iv, const void *bytes, size_t count, uint8_t *into);
long csealing_decrypt(const uint8_t *key, const uint8_t *iv, const void *bytes, size_t count, uint8_t *into);

// From here on, this process leaves no core file, and no other process of the same user can look into it.
void csealing_close_process(void);

#endif
