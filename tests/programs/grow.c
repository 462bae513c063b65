/* grow MIB STEP_MS STEPS: takes MIB more every STEP_MS milliseconds and keeps all of it. */
#include "touch.h"

int main(int argc, char** argv) {
  if (argc < 4) return 98;
  for (int step = 0; step < atoi(argv[3]); ++step) {
    map_touched(mebibytes(argv[1]));
    sleep_ms(atol(argv[2]));
  }
  return 0;
}
