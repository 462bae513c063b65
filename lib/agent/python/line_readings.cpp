#include "python/line_readings.hpp"

#include "core/environment.hpp"
#include "core/high_water.hpp"
#include "core/process.hpp"
#include "core/readings.hpp"
#include "mprofpp/wire/names.hpp"
#include "python/line_growth.hpp"

namespace mprofpp::agent::python {
namespace {

constinit bool has_readings_of_their_own = true;
constinit bool has_peaks = false;
constinit HighWater high_water;
constinit std::uint32_t generation_of_high_water = 0;

[[gnu::noinline]] void take_peak(LineCall* call) {
  if (!process().lines().is_open() || process().is_quiet()) return;
  if (generation_of_high_water != process().generation()) {
    high_water.forget();
    generation_of_high_water = process().generation();
  }
  const auto mark = high_water.read();
  process().lines().note_highest(mark);
  if (!high_water.reset()) {
    process().lines().add_fact(wire::peaks_refused);
    has_peaks = false;
    return;
  }
  const auto ours = process().memory_of_agent();
  if (call != nullptr) raise_peak(*call, mark > ours ? mark - ours : 0);
}

}  // namespace

void prepare_line_readings() {
  has_readings_of_their_own = !environment().wants_lines(wire::reuse_word);
  has_peaks = environment().wants_lines(wire::peaks_word);
}

void end_line_readings() {
  high_water.forget();
  has_peaks = false;
}

bool has_line_peaks() {
  return has_peaks;
}

bool may_reuse_readings() {
  return !has_readings_of_their_own && !has_peaks;
}

std::uint64_t exact_reading(LineCall* call) {
  const auto memory = memory_now(this_thread());
  note_memory(memory);
  if (has_peaks) take_peak(call);
  return memory;
}

std::uint64_t recent_reading(Thread& thread, std::uint64_t time) {
  const auto memory = recent_memory(thread, time);
  note_memory(memory);
  return memory;
}

}  // namespace mprofpp::agent::python
