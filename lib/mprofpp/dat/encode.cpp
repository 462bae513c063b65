#include "mprofpp/dat/encode.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "mprofpp/base/text.hpp"
#include "mprofpp/dat/call_flags.hpp"
#include "mprofpp/dat/end_reason.hpp"
#include "mprofpp/dat/escape.hpp"
#include "mprofpp/dat/lane.hpp"
#include "mprofpp/dat/line_facts.hpp"
#include "mprofpp/dat/loss.hpp"
#include "mprofpp/dat/settings.hpp"

namespace mprofpp::dat {
namespace {

// Each tick writes a line per process, up to a thousand of them every 10 ms, so the two numbers of
// a sample are written as integers: 20 ns instead of the 150 of to_chars.

constexpr std::int64_t millionths = 1'000'000;
constexpr double largest_fast = 9e12;  ///< in millionths of a MiB; fits in an int64

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

/// Appends seconds since the epoch with six decimals: finer than any interval, and still exact in
/// the double into which mprof reads them.
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

/// Builds one line: its kind, and a space before each field.
class Line {
 public:
  Line(std::string& out, std::string_view kind) : out_(out) { out_ += kind; }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  ~Line() { out_ += '\n'; }

  Line& text(std::string_view value) {
    append_field(space(), value);
    return *this;
  }
  Line& raw(std::string_view value) {
    space() += value;
    return *this;
  }
  template <std::integral T>
  Line& number(T value) {
    append_integer(space(), value);
    return *this;
  }
  /// Appends a number to the previous field.
  template <std::integral T>
  Line& adjacent(T value) {
    append_integer(out_, value);
    return *this;
  }
  Line& mib(double value) {
    append_mib(space(), value);
    return *this;
  }
  Line& mib(const std::optional<double>& value) { return value ? mib(*value) : raw("-"); }
  Line& keyed(std::string_view key, double value) {
    append_field(space(), key);
    append_mib(out_ += '=', value);
    return *this;
  }
  Line& keyed(const std::vector<model::Reading>& readings) {
    for (const auto& reading : readings) keyed(name_of(reading.metric), reading.mib);
    return *this;
  }
  Line& time(Instant value) {
    append_time(space(), value);
    return *this;
  }

 private:
  std::string& space() { return out_ += ' '; }
  std::string& out_;
};

}  // namespace

void append_line(std::string& out, const model::Sample& sample) {
  Line line(out, "MEM");
  line.mib(sample.mib).time(sample.t);
  if (sample.ticks) line.raw("ticks=").adjacent(*sample.ticks);
  line.keyed(sample.extra_readings);
}

void append_line(std::string& out, const model::ChildSample& sample) {
  Line(out, "CHLD").number(sample.pid).mib(sample.mib).time(sample.t).keyed(sample.extra_readings);
}

void append_line(std::string& out, const model::CommandLine& command) {
  Line(out, "CMDLINE").raw(command.text);
}

void append_line(std::string& out, const model::Settings& settings) {
  for (const auto& [key, values] : meta_lines(settings)) {
    Line line(out, "META");
    line.text(key);
    for (const auto& value : values) line.text(value);
  }
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
  line.number(call.pid)
      .text(lane_text(call.lane))
      .mib(call.rss_in)
      .mib(call.rss_out)
      .text(flags_text(call.flags));
}

void append_line(std::string& out, const model::OpenCall& call) {
  Line(out, "OPEN")
      .time(call.t_in)
      .number(call.pid)
      .text(lane_text(call.lane))
      .number(call.level)
      .mib(call.rss_in)
      .text(call.name);
}

void append_line(std::string& out, const model::CallGroup& group) {
  Line(out, "CALLS")
      .text(group.name)
      .number(group.pid)
      .text(lane_text(group.lane))
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

void append_line(std::string& out, const model::Title& title) {
  Line(out, "TITLE").number(title.pid).time(title.t).text(title.text);
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
  Line(out, "LOST").time(lost.t).text(loss_text(lost.what)).number(lost.count);
}

void append_line(std::string& out, const model::Suspended& suspended) {
  Line(out, "LOST").time(suspended.t).raw("suspended").raw(fixed(to_seconds(suspended.length), 6));
}

void append_line(std::string& out, const model::Limit& limit) {
  Line(out, "LIMIT").time(limit.t).text(limit.what).mib(limit.mib).number(limit.pid);
}

void append_line(std::string& out, const model::Line& line) {
  Line(out, "LINE")
      .number(line.pid)
      .text(line.function)
      .text(line.file)
      .number(line.first_line)
      .number(line.line)
      .number(line.count)
      .mib(line.max_mib)
      .mib(line.increment_mib)
      .raw(line_facts_text(line));
}

void append_line(std::string& out, const model::ObjectCount& objects) {
  Line(out, "OBJ")
      .time(objects.t)
      .number(objects.pid)
      .text(objects.type)
      .number(objects.count)
      .number(objects.bytes);
}

void append_line(std::string& out, const model::End& end) {
  Line(out, "END")
      .time(end.t)
      .text(end_reason_text(end.reason))
      .number(end.samples)
      .mib(end.peak_mib)
      .time(end.t_peak);
}

}  // namespace mprofpp::dat
