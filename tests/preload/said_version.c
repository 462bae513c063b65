/* Makes a CPython report a version that is not its own. Must be loaded before CPython's library. */
#include <stdlib.h>

const char* Py_GetVersion(void);

const char* Py_GetVersion(void) {
  const char* said = getenv("SAID_VERSION");
  return said == NULL ? "3.13.0 (main, Oct  7 2024, 00:00:00) [GCC 12.2.0]" : said;
}
