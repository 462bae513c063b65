/* What a build of CPython without its lock says of itself. Goes before its library. */
const char* Py_GetVersion(void);

const char* Py_GetVersion(void) {
  return "3.13.0 experimental free-threading build (main, Oct  7 2024, 00:00:00) [GCC 12.2.0]";
}
