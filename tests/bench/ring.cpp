// ring FOLDER: what it costs to write one record into the ring, including the clock but without a reading of
// memory. Prints the median of bursts in nanoseconds per record, and the cost of reading the clock alone.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "bare.h"
#include "mprofpp/wire/writer.hpp"

using namespace mprofpp::wire;

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  constexpr int bursts = 50;
  constexpr std::uint32_t records = first_slots / 2 - 1;  // fewer than ring the bell
  std::vector<double> with_record, clock_alone;
  for (std::uint64_t burst = 0; burst < bursts; ++burst) {
    Writer writer;
    if (!writer.begin({argv[1], 1, 1, 1, burst})) return 1;
    Event event{};
    event.kind = Kind::enter;
    auto begin = now_ns();
    for (std::uint32_t i = 0; i < records; ++i) {
      event.time = static_cast<std::uint64_t>(now_ns());
      event.call = i;
      writer.write(event);
    }
    with_record.push_back(static_cast<double>(now_ns() - begin) / records);
    begin = now_ns();
    std::uint64_t sum = 0;
    for (std::uint32_t i = 0; i < records; ++i) sum += static_cast<std::uint64_t>(now_ns());
    clock_alone.push_back(sum != 0 ? static_cast<double>(now_ns() - begin) / records : 0);
    writer.forget();
  }
  std::sort(with_record.begin(), with_record.end());
  std::sort(clock_alone.begin(), clock_alone.end());
  std::printf("%.2f %.2f\n", with_record[bursts / 2], clock_alone[bursts / 2]);
}
