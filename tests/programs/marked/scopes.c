/* Makes marks of every kind, in C and in C++: two nested scopes, a function, a begin and its end, and a point
 * in time. Prints its pid. */
#include <stdio.h>
#include <unistd.h>

#include "mprofpp.h"

static void load(void) {
  MPROFPP_FUNCTION();
}

int main(void) {
  printf("%d\n", (int)getpid());
  {
    MPROFPP_SCOPE("outer, with spaces");
    MPROFPP_SCOPE("innen: größer");
    load();
  }
  MPROFPP_BEGIN("request");
  MPROFPP_MARK("phase 2");
  MPROFPP_END("request");
  return 0;
}
