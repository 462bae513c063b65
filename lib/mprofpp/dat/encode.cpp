#include "mprofpp/dat/encode.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "mprofpp/base/text.hpp"
#include "mprofpp/dat/escape.hpp"

namespace mprofpp::dat {
namespace {

// The tick writes a line per process, a thousand of them every 10 ms if it must be, so the two numbers
// of a sample go through integers: 20 ns in place of to_chars's 150.

constexpr std::int64_t millionths = 1'000'000;
constexpr double largest_fast = 9e12;  ///< millionths of it still fit an int64

void append_padded(std::string& out, std::int64_t value, int width) {
  std::array<char, 20> digits;
  for (int i = width - 1; i >= 0; --i) {
    digits[static_cast<std::size_t>(i)] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  out.append(digits.data(), static_cast<std::size_t>(width));
}

void append_mib(std::string& out, double mib) {
  if (!(mib >= 0 && mib < largest_fast / millionths)) {
    append_fixed(out, mib, 6);
    return;
  }
  const auto scaled = static_cast<std::int64_t>(std::llround(mib * millionths));
  append_integer(out, scaled / millionths);
  out += '.';
  append_padded(out, scaled % millionths, 6);
}

/// Seconds since the epoch with six decimals: finer than any interval, and still exact in the double
/// that mprof reads it into.
void append_time(std::string& out, Instant t) {
  const auto micros = std::chrono::round<std::chrono::microseconds>(t.time_since_epoch()).count();
  if (micros < 0) {
    append_fixed(out, to_seconds(t), 6);
    return;
  }
  append_integer(out, micros / millionths);
  out += '.';
  append_padded(out, micros % millionths, 6);
}

/// Builds one line: fields with a blank in front of each but the first.
class Line {
 public:
  Line(std::string& out, std::string_view kind) : out_(out) { out_ += kind; }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  ~Line() { out_ += '\n'; }

  Line& text(std::string_view value) {
    append_field(blank(), value);
    return *this;
  }
  Line& raw(std::string_view value) {
    blank() += value;
    return *this;
  }
  template <std::integral T>
  Line& number(T value) {
    append_integer(blank(), value);
    return *this;
  }
  Line& mib(double value) {
    append_mib(blank(), value);
    return *this;
  }
  Line& mib(const std::optional<double>& value) { return value ? mib(*value) : raw("-"); }
  Line& keyed(std::string_view key, double value) {
    append_field(blank(), key);
    append_mib(out_ += '=', value);
    return *this;
  }
  Line& keyed(const std::vector<model::Reading>& readings) {
    for (const auto& reading : readings) keyed(reading.metric, reading.mib);
    return *this;
  }
  Line& time(Instant value) {
    append_time(blank(), value);
    return *this;
  }

 private:
  std::string& blank() { return out_ += ' '; }
  std::string& out_;
};

}  // namespace

void append_line(std::string& out, const model::Sample& sample) {
  Line(out, "MEM").mib(sample.mib).time(sample.t).keyed(sample.others);
}

void append_line(std::string& out, const model::ChildSample& sample) {
  Line(out, "CHLD").number(sample.pid).mib(sample.mib).time(sample.t).keyed(sample.others);
}

void append_line(std::string& out, const model::CommandLine& command) {
  Line(out, "CMDLINE").raw(command.text);
}

void append_line(std::string& out, const model::Meta& meta) {
  Line line(out, "META");
  line.text(meta.key);
  for (const auto& value : meta.values) line.text(value);
}

void append_line(std::string& out, const model::Process& process) {
  Line(out, "PROC")
      .number(process.id.pid)
      .number(process.id.start)
      .number(process.parent)
      .time(process.t)
      .text(process.name)
      .text(process.command);
}

void append_line(std::string& out, const model::Call& call) {
  Line line(out, "FUNC");
  line.text(call.name).mib(call.mib_in).time(call.t_in).mib(call.mib_out).time(call.t_out);
  line.number(call.level.value_or(0));
  line.number(call.pid).text(call.lane).mib(call.rss_in).mib(call.rss_out).text(call.flags);
}

void append_line(std::string& out, const model::OpenCall& call) {
  Line(out, "OPEN")
      .time(call.t_in)
      .number(call.pid)
      .text(call.lane)
      .number(call.level)
      .mib(call.rss_in)
      .text(call.name);
}

void append_line(std::string& out, const model::CallGroup& group) {
  Line(out, "CALLS")
      .text(group.name)
      .number(group.pid)
      .text(group.lane)
      .number(group.level)
      .time(group.t_from)
      .time(group.t_to)
      .number(group.count)
      .raw(fixed(group.seconds, 6))
      .mib(group.rss_min)
      .mib(group.rss_max)
      .mib(group.growth);
}

void append_line(std::string& out, const model::PointMark& mark) {
  Line(out, "MARK").time(mark.t).number(mark.pid).text(mark.text);
}

void append_line(std::string& out, const model::Exit& exit) {
  Line line(out, "EXIT");
  line.number(exit.pid).time(exit.t);
  if (exit.status)
    line.number(*exit.status);
  else
    line.raw("-");
}

void append_line(std::string& out, const model::KernelPeak& peak) {
  Line line(out, "PEAK");
  line.number(peak.pid).mib(peak.mib).raw(name_of(peak.source));
  if (peak.vms) line.keyed("vms", *peak.vms);
}

void append_line(std::string& out, const model::Lost& lost) {
  Line(out, "LOST").time(lost.t).text(lost.what).number(lost.count);
}

void append_line(std::string& out, const model::Suspended& suspended) {
  Line(out, "LOST").time(suspended.t).raw("suspended").raw(fixed(to_seconds(suspended.length), 6));
}

void append_line(std::string& out, const model::End& end) {
  Line(out, "END").time(end.t).text(end.why).number(end.samples).mib(end.peak_mib).time(end.t_peak);
}

}  // namespace mprofpp::dat
