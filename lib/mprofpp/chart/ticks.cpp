#include "mprofpp/chart/ticks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "mprofpp/base/text.hpp"

namespace mprofpp::chart {
namespace {

struct Unit {
  std::string_view name;
  double mib;
};
constexpr std::array units = {Unit{" B", 0x1p-20},  Unit{" KiB", 0x1p-10}, Unit{" MiB", 1},
                              Unit{" GiB", 0x1p10}, Unit{" TiB", 0x1p20},  Unit{" PiB", 0x1p30},
                              Unit{" EiB", 0x1p40}};

/// Separates the thousands of a number of at least five digits: "20,480.5".
std::string with_thousands(std::string number) {
  constexpr std::size_t most_digits = 4;
  const auto digits = std::min(number.find('.'), number.size());
  const std::size_t sign = number.starts_with('-') ? 1 : 0;
  if (digits - sign <= most_digits) return number;
  for (auto at = digits; at > sign + 3;) number.insert(at -= 3, ",");
  return number;
}

/// Returns the smallest of 1, 2, 5, 10, 20, … (times a power of ten) that is not below `least`.
double round_step(double least) {
  const double power = std::pow(10, std::floor(std::log10(least)));
  for (const double digit : {1.0, 2.0, 5.0}) {
    // a tiny tolerance: 0.3 / 3 must be 0.1
    if (digit * power >= least * (1 - 1e-9)) return digit * power;
  }
  return 10 * power;
}

int decimals_of(double step) {
  if (step >= 1) return 0;
  return static_cast<int>(std::ceil(-std::log10(step) - 1e-9));
}

Unit unit_for(Range range, int wanted) {
  const double largest = std::max(std::abs(range.low), std::abs(range.high));
  std::size_t unit = 0;
  while (unit + 1 < units.size() && largest >= units[unit + 1].mib) ++unit;
  const auto step_in = [&](std::size_t i) { return range.length() / wanted / units[i].mib; };
  // 20.0005 GiB is hard to read
  while (unit > 0 && step_in(unit) < 0.01) --unit;
  return units[unit];
}

constexpr double minute = 60;
constexpr double hour = 3600;
constexpr double day = 86400;

double time_step(double least) {
  if (least <= 1) return round_step(least);
  constexpr std::array steps = {1.0,         2.0,         5.0,        10.0,       15.0,
                                30.0,        minute,      2 * minute, 5 * minute, 10 * minute,
                                15 * minute, 30 * minute, hour,       2 * hour,   3 * hour,
                                6 * hour,    12 * hour,   day,        2 * day,    7 * day};
  for (const double step : steps) {
    if (step >= least * (1 - 1e-9)) return step;
  }
  return day * round_step(least / day);
}

/// Returns the multiples of `step` within the range, counted from -`shift`.
std::vector<double> multiples(Range range, double step, double shift) {
  std::vector<double> values;
  const double first = std::ceil((range.low + shift) / step - 1e-9);
  const double last = std::floor((range.high + shift) / step + 1e-9);
  constexpr double most = 1000;
  for (double i = first; i <= std::min(last, first + most); ++i) values.push_back(i * step - shift);
  return values;
}

std::chrono::seconds ahead(double seconds, const TimeAxis& axis) {
  if (!axis.ahead_of_utc) return std::chrono::seconds(0);
  const auto since_start = duration_from_seconds(seconds).value_or(Duration::zero());
  return axis.ahead_of_utc(axis.start + since_start);
}

/// Returns the seconds since the epoch on the clock of the axis.
double clock_seconds(double seconds, const TimeAxis& axis) {
  return to_seconds(axis.start) + seconds + static_cast<double>(ahead(seconds, axis).count());
}

/// Returns the last multiple of `unit` on that clock: like every clock, the axis shows the second that has
/// begun. A double holds the seconds since the epoch to less than a microsecond.
double clock_seconds(double seconds, double unit, const TimeAxis& axis) {
  const double tolerance = std::min(unit / 2, 1e-6);
  return std::floor((clock_seconds(seconds, axis) + tolerance) / unit) * unit;
}

struct Date {
  int year;
  unsigned month;
  unsigned day;
};

Date date_of(double seconds, const TimeAxis& axis) {
  const auto days = static_cast<int>(clock_seconds(seconds, day, axis) / day);
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
  return {static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day())};
}

std::string two_digits(double value) {
  const auto text = std::to_string(static_cast<int>(value));
  return text.size() < 2 ? "0" + text : text;
}

void append_part(std::string& text, const std::string& part) {
  if (!text.empty()) text += ' ';
  text += part;
}

}  // namespace

std::vector<Tick> memory_ticks(Range range, int wanted) {
  if (!(range.length() > 0)) return {};
  const auto unit = unit_for(range, wanted);
  const Range in_units{range.low / unit.mib, range.high / unit.mib};
  double step = round_step(in_units.length() / wanted);
  // a single tick does not show how high anything is
  while (multiples(in_units, step, 0).size() < 2) step = round_step(step * 0.4);
  std::vector<Tick> ticks;
  for (const double value : multiples(in_units, step, 0)) {
    const bool is_zero = std::abs(value) < step / 2;
    auto text =
        is_zero ? "0" : with_thousands(fixed(value, decimals_of(step))) + std::string(unit.name);
    if (text.starts_with('-')) text.replace(0, 1, "−");
    ticks.push_back({is_zero ? 0 : value * unit.mib, std::move(text)});
  }
  return ticks;
}

std::string short_duration(double seconds, double precision) {
  if (seconds < 0) return "−" + short_duration(-seconds, precision);
  // what rounds up to a minute is 1m, not 60s
  const double unit = precision >= minute ? minute : std::min(precision, 1.0);
  double rest = std::round(seconds / unit) * unit;
  if (rest < unit / 2) return "0";
  if (rest < 0.9995 && precision < 0.0009)
    return fixed(rest * 1e3, decimals_of(precision * 1e3)) + "ms";
  if (rest < 0.9995 && precision < 0.1) return fixed(rest * 1e3, 0) + "ms";

  std::string text;
  struct TimeUnit {
    double length;
    char letter;
  };
  for (const auto [length, letter] :
       {TimeUnit{day, 'd'}, TimeUnit{hour, 'h'}, TimeUnit{minute, 'm'}}) {
    const double count = std::floor(rest / length + 1e-9);
    if (count > 0) append_part(text, fixed(count, 0) + letter);
    rest = std::max(0.0, rest - count * length);
  }
  if (text.empty() || rest > unit / 2) append_part(text, fixed(rest, decimals_of(unit)) + "s");
  return text;
}

std::string clock_time(double seconds, double precision, const TimeAxis& axis) {
  const double unit = std::min(precision, 1.0);
  const double since_epoch = clock_seconds(seconds, unit, axis);
  const double of_day = since_epoch - std::floor(since_epoch / day) * day;
  auto text = two_digits(std::floor(of_day / hour)) + ":" +
              two_digits(std::floor(std::fmod(of_day, hour) / minute));
  if (precision >= minute) return text;
  const double rest = std::fmod(of_day, minute);
  text += ":" + two_digits(std::floor(rest + 1e-9));
  if (precision < 1)
    text += fixed(rest - std::floor(rest + 1e-9), decimals_of(precision)).substr(1);
  return text;
}

std::string clock_day(double seconds, const TimeAxis& axis) {
  constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto date = date_of(seconds, axis);
  return std::to_string(date.day) + " " + months[date.month - 1];
}

std::string clock_date(double seconds, const TimeAxis& axis) {
  return clock_day(seconds, axis) + " " + std::to_string(date_of(seconds, axis).year);
}

std::string clock_dates(Range range, const TimeAxis& axis) {
  const auto first = clock_date(range.low, axis);
  const auto last = clock_date(range.high, axis);
  return first == last ? first : first + " – " + last;
}

namespace {

Tick moment_tick(double seconds, const TimeAxis& axis) {
  constexpr double precision = 1;
  const bool is_elapsed = axis.kind == TimeAxis::Kind::elapsed;
  return {seconds,
          is_elapsed ? short_duration(seconds, precision) : clock_time(seconds, precision, axis)};
}

}  // namespace

std::vector<Tick> time_ticks(Range range, int wanted, const TimeAxis& axis) {
  if (range.low == range.high) return {moment_tick(range.low, axis)};
  if (!(range.length() > 0)) return {};
  const double step = time_step(range.length() / wanted);
  std::vector<Tick> ticks;
  if (axis.kind == TimeAxis::Kind::elapsed) {
    for (const double value : multiples(range, step, 0)) {
      ticks.push_back({value, short_duration(value, step)});
    }
    return ticks;
  }
  // counted from midnight on the clock of the axis, so that 12:30 is a tick and 12:29:17 is not
  const double epoch = clock_seconds(range.low, axis) - range.low;
  for (const double value : multiples(range, step, epoch - std::floor(epoch / day) * day)) {
    const double of_day = std::fmod(clock_seconds(value, axis) + 1e-6, day);
    const bool is_midnight = of_day < std::min(step, minute) / 2;
    ticks.push_back({value, is_midnight || step >= day ? clock_day(value, axis)
                                                       : clock_time(value, step, axis)});
  }
  return ticks;
}

}  // namespace mprofpp::chart
