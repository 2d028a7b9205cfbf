// libcurl, for the floor Transfer alone.
#include <curl/curl.h>
