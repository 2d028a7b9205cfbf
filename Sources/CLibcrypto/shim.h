// libcrypto, which libcurl brings along: SHA-256 for the floor Transfer.
#include <openssl/evp.h>
