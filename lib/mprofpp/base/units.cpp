#include "mprofpp/base/units.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "mprofpp/base/text.hpp"

namespace mprofpp {
namespace {

using namespace std::chrono_literals;

struct Unit {
  std::string_view suffix;
  Duration length;
};

constexpr std::array units = {
    Unit{"ns", 1ns}, Unit{"us", 1us},   Unit{"µs", 1us}, Unit{"ms", 1ms}, Unit{"s", 1s},
    Unit{"m", 1min}, Unit{"min", 1min}, Unit{"h", 1h},   Unit{"d", 24h},
};

struct SizeUnit {
  std::string_view suffix;
  double bytes;
};

constexpr double binary = 1024;
constexpr double decimal = 1000;
constexpr std::array size_units = {
    SizeUnit{"", 1},
    SizeUnit{"B", 1},
    SizeUnit{"K", binary},
    SizeUnit{"KiB", binary},
    SizeUnit{"kB", decimal},
    SizeUnit{"KB", decimal},
    SizeUnit{"M", binary* binary},
    SizeUnit{"MiB", binary* binary},
    SizeUnit{"MB", decimal* decimal},
    SizeUnit{"G", binary* binary* binary},
    SizeUnit{"GiB", binary* binary* binary},
    SizeUnit{"GB", decimal* decimal* decimal},
    SizeUnit{"T", binary* binary* binary* binary},
    SizeUnit{"TiB", binary* binary* binary* binary},
    SizeUnit{"TB", decimal* decimal* decimal* decimal},
};

/// Cuts a number such as "1.5" or "1e-3" off the front; anything else stays.
std::string_view cut_number(std::string_view& rest) {
  if (rest.empty() || std::string_view("0123456789.").find(rest[0]) == std::string_view::npos) {
    return {};
  }
  double ignored{};
  const auto* end = std::from_chars(rest.data(), rest.data() + rest.size(), ignored).ptr;
  const auto number = rest.substr(0, static_cast<std::size_t>(end - rest.data()));
  rest.remove_prefix(number.size());
  return number;
}

std::string_view cut_unit(std::string_view& rest) {
  const auto unit = rest.substr(0, rest.find_first_of("0123456789. "));
  rest.remove_prefix(unit.size());
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  return unit;
}

std::optional<double> seconds_of(std::string_view number, std::string_view unit) {
  const auto count = parse_number(number);
  if (!count) return std::nullopt;
  if (unit.empty()) return *count;
  for (const auto& known : units) {
    if (known.suffix == unit) return *count * to_seconds(known.length);
  }
  return std::nullopt;
}

std::string two_parts(std::int64_t big, std::string_view big_unit, std::int64_t small,
                      std::string_view small_unit) {
  std::string text = std::to_string(big);
  text.append(" ").append(big_unit);
  if (small == 0) return text;
  return text.append(" ").append(std::to_string(small)).append(" ").append(small_unit);
}

/// Returns how precise a point in time is written: to about a thousandth of itself.
Duration usual_precision(Duration since_start) {
  if (since_start < 999500ns) return 1us;
  if (since_start < 9950us) return 100us;
  if (since_start < 999500us) return 1ms;
  if (since_start < 10min) return 100ms;
  return since_start < 24h ? Duration(1s) : Duration(1min);
}

/// Returns how many decimals a number in `unit` needs for that precision.
int decimals_for(Duration precision, Duration unit) {
  int decimals = 0;
  for (auto step = unit; step > precision; step /= 10) ++decimals;
  return decimals;
}

std::string number_of(Duration length, Duration precision, Unit unit) {
  const auto number = to_seconds(length) / to_seconds(unit.length);
  return fixed(number, decimals_for(precision, unit.length)) + " " + std::string(unit.suffix);
}

std::string sign_of(double value) {
  return value < 0 ? "−" : "+";
}

/// Returns the unit of time for slopes of something that lasts `shown`: a change per hour says little about
/// ten seconds.
Unit slope_unit(Duration shown) {
  if (shown < 2min) return {"s", 1s};
  if (shown < 2h) return {"min", 1min};
  return shown < 48h ? Unit{"h", 1h} : Unit{"day", 24h};
}

/// Returns how many decimals a positive number needs for three significant digits, at most three.
int decimals_for(double value) {
  // the limits lie where rounding would otherwise write 1.000, 10.00 or 100.0
  return value < 0.9995 ? 3 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
}

/// Returns a positive number below 1000 with three significant digits, but at most three decimals.
std::string three_digits(double value) {
  return fixed(value, decimals_for(value));
}

struct MemoryUnit {
  const char* name;
  double mib;
};

/// Returns the unit in which an amount has one to three digits before the point.
MemoryUnit unit_for(double mib) {
  constexpr std::array all = {MemoryUnit{"B", 0x1p-20},  MemoryUnit{"KiB", 0x1p-10},
                              MemoryUnit{"MiB", 1},      MemoryUnit{"GiB", 0x1p10},
                              MemoryUnit{"TiB", 0x1p20}, MemoryUnit{"PiB", 0x1p30}};
  constexpr double carries = 999.5;  // rounding would write 1000
  for (const auto& unit : all) {
    if (std::abs(mib) < carries * unit.mib) return unit;
  }
  return all.back();
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  const auto whole = text;
  const auto refuse = [&] {
    return fail(Errc::invalid_argument, whole, "is not a time", "write 0.1, 50ms, 1m30s or 2h");
  };
  text = trim(text);
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty()) return refuse();

  double total = 0;
  while (!text.empty()) {
    const auto number = cut_number(text);
    const auto unit = cut_unit(text);
    const auto seconds = seconds_of(number, unit);
    if (!seconds || (unit.empty() && !text.empty())) return refuse();
    total += *seconds;
  }
  const auto length = duration_from_seconds(negative ? -total : total);
  if (!length) return refuse();
  return *length;
}

Result<Bytes> parse_size(std::string_view text) {
  constexpr double limit = 9e18;  // 63 bits hold a little more
  auto rest = trim(text);
  const auto count = parse_number(cut_number(rest));
  const auto suffix = trim(rest);
  for (const auto& unit : size_units) {
    if (!count || unit.suffix != suffix || *count * unit.bytes >= limit) continue;
    return Bytes(static_cast<std::int64_t>(*count * unit.bytes));
  }
  return fail(Errc::invalid_argument, text, "is not a size", "write 200MiB, 1.5GiB or 500M");
}

std::string grouped_digits(std::uint64_t count) {
  auto digits = std::to_string(count);
  for (auto at = digits.size(); at > 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

std::string readable(Bytes amount) {
  constexpr std::array names = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  auto value = static_cast<double>(amount.count());
  std::size_t unit = 0;
  while (std::abs(value) >= 1023.95 && unit + 1 < names.size()) {
    value /= 1024;
    ++unit;
  }
  const int decimals = unit == 0 ? 0 : unit >= 3 && std::abs(value) < 99.95 ? 2 : 1;
  return fixed(value, decimals) + " " + names[unit];
}

std::string memory_text(double mib) {
  constexpr double most = 0x1p43;  // 63 bits of bytes
  if (!(std::abs(mib) < most)) return "unknown";
  auto text = readable(Bytes::from_mebibytes(mib));
  if (text.starts_with('-')) text.replace(0, 1, "−");
  return text;
}

std::string growth_text(double mib) {
  if (std::isnan(mib)) return "";
  if (std::abs(mib) < 0.5 / 1024) return "0";
  return sign_of(mib) + memory_text(std::abs(mib));
}

std::string slope_text(double mib_per_second, Duration shown) {
  const auto time = slope_unit(shown);
  double amount = std::abs(mib_per_second) * to_seconds(time.length) * 1024;
  constexpr std::array names = {"KiB", "MiB", "GiB", "TiB", "PiB"};
  std::size_t unit = 0;
  while (amount >= 999.5 && unit + 1 < names.size()) {
    amount /= 1024;
    ++unit;
  }
  const auto per = "/" + std::string(time.suffix);
  if (!(amount >= 0.0005)) return "0 MiB" + per;
  return sign_of(mib_per_second) + three_digits(amount) + " " + names[unit] + per;
}

std::string short_memory_text(double mib) {
  const auto unit = unit_for(mib);
  return three_digits(std::abs(mib) / unit.mib) + " " + unit.name;
}

std::string interval_text(double rate, double low, double high, std::string_view per) {
  if (!std::isfinite(rate) || !std::isfinite(low) || !std::isfinite(high)) return "unknown";
  // the digits of a rate that is small beside its interval mean nothing
  const double scale = std::max(std::abs(rate), (high - low) / 10);
  const auto unit = unit_for(scale);
  const int decimals = decimals_for(scale / unit.mib);
  const auto number = [&](double value) {
    return (value < 0 ? "−" : "") + fixed(std::abs(value) / unit.mib, decimals);
  };
  return (rate < 0 ? "−" : "+") + fixed(std::abs(rate) / unit.mib, decimals) + " " + unit.name +
         std::string(per) + " (95 %: " + number(low) + " to " + number(high) + ")";
}

std::string readable(Duration length) {
  if (length < Duration::zero()) return "-" + readable(-length);
  // the limits lie where rounding would otherwise write 1000 ms or 60.0 s
  if (length < 999500ns) return fixed(to_seconds(length) * 1e6, 0) + " µs";
  if (length < 999500us) return fixed(to_seconds(length) * 1e3, length < 9950us ? 1 : 0) + " ms";
  if (length < 59950ms) return fixed(to_seconds(length), 1) + " s";

  const auto seconds = std::chrono::round<std::chrono::seconds>(length).count();
  if (seconds < 3600) return two_parts(seconds / 60, "min", seconds % 60, "s");
  const auto minutes = (seconds + 30) / 60;
  if (minutes < 24 * 60) return two_parts(minutes / 60, "h", minutes % 60, "min");
  const auto hours = (minutes + 30) / 60;
  return two_parts(hours / 24, "d", hours % 24, "h");
}

std::string readable_moment(Duration since_start, Duration precision) {
  if (since_start < Duration::zero()) return "-" + readable_moment(-since_start, precision);
  precision = std::clamp(precision, Duration(1), usual_precision(since_start));
  since_start = std::min(since_start, Duration::max() - precision);
  auto rest = (since_start + precision / 2) / precision * precision;
  if (rest == Duration::zero()) return "the start";
  if (rest < 1ms) return number_of(rest, precision, {"µs", 1us});
  if (rest < 1s) return number_of(rest, precision, {"ms", 1ms});

  std::string text;
  for (const auto& unit : {Unit{"d", 24h}, Unit{"h", 1h}, Unit{"min", 1min}}) {
    if (rest < unit.length) continue;
    text += std::to_string(rest / unit.length) + " " + std::string(unit.suffix) + " ";
    rest %= unit.length;
  }
  const bool has_seconds = text.empty() || rest > Duration::zero();
  if (has_seconds) return text + number_of(rest, precision, {"s", 1s});
  text.pop_back();
  return text;
}

}  // namespace mprofpp
