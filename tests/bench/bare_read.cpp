// bare_read FILE: the least that finding the peak of a recording can cost. Reads blocks of 256 KiB and parses
// the two numbers of each MEM line with from_chars. Prints CPU seconds and the peak.
#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstring>
#include <memory>

#include "bare.h"

namespace {

constexpr std::size_t block_size = 256 * 1024;

double take_line(const char* line, const char* end, double peak) {
  if (end - line < 8 || std::memcmp(line, "MEM ", 4) != 0) return peak;
  double mib = 0;
  double t = 0;
  const auto memory = std::from_chars(line + 4, end, mib);
  std::from_chars(memory.ptr + 1, end, t);
  return t > 0 && mib > peak ? mib : peak;
}

}  // namespace

int main(int argc, char** argv) {
  const int file = argc > 1 ? ::open(argv[1], O_RDONLY) : -1;
  if (file < 0) return 2;
  const double before = cpu_seconds();
  const auto buffer = std::make_unique<char[]>(block_size);
  double peak = 0;
  std::size_t kept = 0;
  while (true) {
    const auto got = ::read(file, buffer.get() + kept, block_size - kept);
    if (got <= 0) break;
    const char* const end = buffer.get() + kept + got;
    const char* line = buffer.get();
    while (const auto* newline = static_cast<const char*>(
               std::memchr(line, '\n', static_cast<std::size_t>(end - line)))) {
      peak = take_line(line, newline, peak);
      line = newline + 1;
    }
    kept = static_cast<std::size_t>(end - line);
    std::memmove(buffer.get(), line, kept);
  }
  std::printf("%.6f %.3f\n", cpu_seconds() - before, peak);
  return 0;
}
