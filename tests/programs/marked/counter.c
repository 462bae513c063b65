/* Counts the calls of each function that was compiled with -finstrument-functions. At the end it writes a
 * line for each function into the file COUNT_INTO: its address within its file, the number of calls, and the
 * file. Tests compare a recording with it, because it shares no code with the recorder. For programs of one
 * thread. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

enum { most = 4096 };
static struct {
  void* function;
  unsigned long begins;
} counts[most];

void __cyg_profile_func_enter(void* function, void* caller);
void __cyg_profile_func_exit(void* function, void* caller);

void __cyg_profile_func_enter(void* function, void* caller) {
  (void)caller;
  int i = 0;
  while (i < most - 1 && counts[i].function != NULL && counts[i].function != function) ++i;
  counts[i].function = function;
  ++counts[i].begins;
}

void __cyg_profile_func_exit(void* function, void* caller) {
  (void)function;
  (void)caller;
}

__attribute__((destructor)) static void tell(void) {
  FILE* file = fopen(getenv("COUNT_INTO"), "w");
  for (int i = 0; file != NULL && i < most && counts[i].function != NULL; ++i) {
    Dl_info info;
    dladdr(counts[i].function, &info);
    const long address = (char*)counts[i].function - (char*)info.dli_fbase;
    fprintf(file, "%lx %lu %s\n", (unsigned long)address, counts[i].begins, info.dli_fname);
  }
  if (file != NULL) fclose(file);
}
