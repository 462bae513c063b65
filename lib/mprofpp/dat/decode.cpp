#include "mprofpp/dat/decode.hpp"

#include <array>
#include <cmath>
#include <string>

#include "mprofpp/base/text.hpp"
#include "mprofpp/dat/escape.hpp"

namespace mprofpp::dat {
namespace {

constexpr std::array<std::int64_t, 10> nanoseconds_per_digit = {
    1'000'000'000, 100'000'000, 10'000'000, 1'000'000, 100'000, 10'000, 1'000, 100, 10, 1};

/// Seconds since the epoch as an instant, every digit kept: a double has none left for the
/// nanoseconds of an epoch time. Nothing where integers do not reach.
std::optional<Instant> to_instant(Decimal seconds) {
  if (seconds.places >= static_cast<int>(nanoseconds_per_digit.size())) return std::nullopt;
  const auto unit = nanoseconds_per_digit[static_cast<std::size_t>(seconds.places)];
  std::int64_t nanoseconds = 0;
  if (__builtin_mul_overflow(seconds.digits, unit, &nanoseconds)) return std::nullopt;
  return instant_at(Duration(nanoseconds));
}

/// What 63 bits of bytes hold. A digit turned over in a file must not blow up a chart's axis. What is
/// no number at all (NaN) is a reading that failed.
bool can_be_memory(double mib) {
  return std::isnan(mib) || std::abs(mib) < 0x1p43;
}

/// The name of the first field that was missing or wrong; null for a good line. (A Result would
/// cost as much as reading the numbers: it is made once, where a line was bad.)
using Verdict = const char*;

/// Reads the fields of one line from left to right. The first field that is missing or wrong is
/// remembered, later ones are not looked at: the line is good or it is not.
class Fields {
 public:
  explicit Fields(std::string_view rest) : rest_(rest) {}

  std::string text(const char* name) { return decode_field(word(name)); }

  template <class T>
  T integer(const char* name) {
    const auto value = parse_integer<T>(word(name));
    if (!value) refuse(name);
    return value.value_or(T{});
  }

  double number(const char* name) {
    const auto before = rest_;
    if (const auto decimal = cut_decimal(rest_)) {
      if (const auto value = to_double(*decimal)) return *value;
      rest_ = before;
    }
    const auto value = parse_number(word(name));
    if (!value) refuse(name);
    return value.value_or(0);
  }

  double memory(const char* name) {
    const double mib = number(name);
    if (!can_be_memory(mib)) refuse(name);
    return mib;
  }

  std::optional<double> memory_or_dash(const char* name) {
    const auto field = word(name);
    if (field == "-") return std::nullopt;
    const auto value = parse_number(field);
    if (!value || !can_be_memory(*value)) refuse(name);
    return value;
  }

  Instant time(const char* name) {
    const auto before = rest_;
    if (const auto decimal = cut_decimal(rest_)) {
      if (const auto t = to_instant(*decimal)) return *t;
      rest_ = before;
    }
    const auto seconds = parse_number(word(name));
    const auto t = seconds ? instant_from_seconds(*seconds) : std::nullopt;
    if (!t) refuse(name);
    return t.value_or(Instant{});
  }

  std::string_view word(const char* name) {
    const auto field = next_word(rest_);
    if (field.empty()) refuse(name);
    return field;
  }

  /// The `key=value` fields that follow. One that is something else is of a later version, and
  /// skipped.
  std::vector<model::Reading> readings() {
    std::vector<model::Reading> found;
    while (!rest_.empty()) {
      const auto field = next_word(rest_);
      const auto sign = field.find('=');
      if (sign == 0 || sign == std::string_view::npos) continue;
      auto metric = decode_field(field.substr(0, sign));
      const auto mib = parse_number(field.substr(sign + 1));
      const bool is_number = mib && !std::isnan(*mib) && can_be_memory(*mib);
      if (is_number && metric.find('=') == std::string::npos)
        found.push_back({std::move(metric), *mib});
    }
    return found;
  }

  bool all_there() const { return wrong_ == nullptr; }
  bool at_end() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

  void refuse(const char* name) {
    if (wrong_ == nullptr) wrong_ = name;
  }

  /// Hands the record on when every field of it was there.
  template <class Record>
  Verdict give(model::Sink& sink, const Record& record) const {
    if (wrong_ == nullptr) sink.take(record);
    return wrong_;
  }

 private:
  std::string_view rest_;
  const char* wrong_ = nullptr;
};

Verdict decode_sample(Fields& fields, model::Sink& sink) {
  model::Sample sample;
  sample.mib = fields.memory("memory");
  sample.t = fields.time("time");
  if (!fields.at_end()) sample.others = fields.readings();
  return fields.give(sink, sample);
}

Verdict decode_child_sample(Fields& fields, model::Sink& sink) {
  model::ChildSample sample;
  sample.pid = fields.integer<pid_t>("pid");
  sample.mib = fields.memory("memory");
  sample.t = fields.time("time");
  // mprof writes `CHLD 0 0.000000 T` when a child ended while it was read. Older versions number the
  // children from 0: with memory it is a child.
  if (sample.pid == 0 && sample.mib == 0 && fields.all_there()) return nullptr;
  if (!fields.at_end()) sample.others = fields.readings();
  return fields.give(sink, sample);
}

Verdict decode_command(Fields& fields, model::Sink& sink) {
  return fields.give(sink, model::CommandLine{std::string(fields.rest())});
}

Verdict decode_meta(Fields& fields, model::Sink& sink) {
  model::Meta meta;
  meta.key = fields.text("key");
  while (!fields.at_end()) meta.values.push_back(fields.text("value"));
  return fields.give(sink, meta);
}

Verdict decode_process(Fields& fields, model::Sink& sink) {
  model::Process process;
  process.id.pid = fields.integer<pid_t>("pid");
  process.id.start = fields.integer<std::uint64_t>("start time");
  process.parent = fields.integer<pid_t>("parent");
  process.t = fields.time("time");
  process.name = fields.text("name");
  process.command = fields.text("command line");
  return fields.give(sink, process);
}

Verdict decode_call(Fields& fields, model::Sink& sink) {
  model::Call call;
  call.name = fields.text("name");
  call.mib_in = fields.memory("memory");
  call.t_in = fields.time("time");
  call.mib_out = fields.memory("memory");
  call.t_out = fields.time("time");
  if (!fields.at_end()) call.level = fields.integer<int>("level");
  if (!fields.at_end()) call.pid = fields.integer<pid_t>("pid");
  if (!fields.at_end()) call.lane = fields.text("lane");
  if (!fields.at_end()) call.rss_in = fields.memory_or_dash("memory");
  if (!fields.at_end()) call.rss_out = fields.memory_or_dash("memory");
  if (!fields.at_end()) call.flags = fields.text("flags");
  return fields.give(sink, call);
}

Verdict decode_open_call(Fields& fields, model::Sink& sink) {
  model::OpenCall call;
  call.t_in = fields.time("time");
  call.pid = fields.integer<pid_t>("pid");
  call.lane = fields.text("lane");
  call.level = fields.integer<int>("level");
  call.rss_in = fields.memory_or_dash("memory");
  call.name = fields.text("name");
  return fields.give(sink, call);
}

Verdict decode_call_group(Fields& fields, model::Sink& sink) {
  model::CallGroup group;
  group.name = fields.text("name");
  group.pid = fields.integer<pid_t>("pid");
  group.lane = fields.text("lane");
  group.level = fields.integer<int>("level");
  group.t_from = fields.time("time");
  group.t_to = fields.time("time");
  group.count = fields.integer<std::uint64_t>("count");
  group.seconds = fields.number("seconds");
  group.rss_min = fields.memory_or_dash("memory");
  group.rss_max = fields.memory_or_dash("memory");
  group.growth = fields.memory_or_dash("growth");
  return fields.give(sink, group);
}

Verdict decode_mark(Fields& fields, model::Sink& sink) {
  model::PointMark mark;
  mark.t = fields.time("time");
  mark.pid = fields.integer<pid_t>("pid");
  mark.text = fields.text("text");
  return fields.give(sink, mark);
}

Verdict decode_exit(Fields& fields, model::Sink& sink) {
  model::Exit exit;
  exit.pid = fields.integer<pid_t>("pid");
  exit.t = fields.time("time");
  const auto status = fields.word("status");
  if (status != "-") {
    exit.status = parse_integer<int>(status);
    if (!exit.status) fields.refuse("status");
  }
  return fields.give(sink, exit);
}

Verdict decode_peak(Fields& fields, model::Sink& sink) {
  using Source = model::KernelPeak::Source;
  model::KernelPeak peak;
  peak.pid = fields.integer<pid_t>("pid");
  peak.mib = fields.memory("memory");
  const auto source = fields.word("source");
  if (source == "rusage")
    peak.source = Source::rusage;
  else if (source == "tree-max")
    peak.source = Source::tree_max;
  else if (source != "hwm")
    fields.refuse("source");
  for (const auto& reading : fields.readings()) {
    if (reading.metric == "vms") peak.vms = reading.mib;
  }
  return fields.give(sink, peak);
}

Verdict decode_suspended(Instant t, Fields& fields, model::Sink& sink) {
  const auto length = duration_from_seconds(fields.number("seconds"));
  if (!length || *length < Duration::zero()) fields.refuse("seconds");
  return fields.give(sink, model::Suspended{t, length.value_or(Duration::zero())});
}

Verdict decode_lost(Fields& fields, model::Sink& sink) {
  model::Lost lost;
  lost.t = fields.time("time");
  lost.what = fields.text("kind");
  if (lost.what == "suspended") return decode_suspended(lost.t, fields, sink);
  lost.count = fields.integer<std::uint64_t>("count");
  return fields.give(sink, lost);
}

Verdict decode_end(Fields& fields, model::Sink& sink) {
  model::End end;
  end.t = fields.time("time");
  end.why = fields.text("reason");
  end.samples = fields.integer<std::uint64_t>("count");
  end.peak_mib = fields.memory("memory");
  end.t_peak = fields.time("time");
  return fields.give(sink, end);
}

struct Kind {
  std::string_view word;
  Verdict (*decode)(Fields&, model::Sink&);
};

// most frequent first: it is searched from the front
constexpr std::array kinds = {
    Kind{"MEM", decode_sample},      Kind{"CHLD", decode_child_sample},
    Kind{"FUNC", decode_call},       Kind{"CALLS", decode_call_group},
    Kind{"PROC", decode_process},    Kind{"EXIT", decode_exit},
    Kind{"PEAK", decode_peak},       Kind{"LOST", decode_lost},
    Kind{"OPEN", decode_open_call},  Kind{"MARK", decode_mark},
    Kind{"CMDLINE", decode_command}, Kind{"META", decode_meta},
    Kind{"END", decode_end},
};

Failure malformed(Verdict wrong) {
  return fail(Errc::malformed, "", std::string("no ") + wrong + " where one should be");
}

inline Result<Known> known_unless(Verdict wrong) {
  if (wrong != nullptr) return malformed(wrong);
  return Known::yes;
}

bool is_newer_format(std::string_view meta) {
  return next_word(meta) == "format" && next_word(meta) != "1";
}

Failure newer_format(std::string_view meta) {
  next_word(meta);
  const auto format = meta.empty() ? std::string("unknown") : decode_field(meta);
  return fail(Errc::unsupported, "", "was written by a newer mprofpp (format " + format + ")",
              "update mprofpp to read it");
}

}  // namespace

Result<Known> decode_line(std::string_view line, model::Sink& sink) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  constexpr std::string_view sample = "MEM ";  // nine lines of ten: they are not searched for
  if (line.starts_with(sample)) {
    Fields fields(line.substr(sample.size()));
    return known_unless(decode_sample(fields, sink));
  }
  auto rest = line;
  const auto word = next_word(rest);
  for (const auto& kind : kinds) {
    if (word != kind.word) continue;
    if (word == "META" && is_newer_format(rest)) return newer_format(rest);
    Fields fields(rest);
    return known_unless(kind.decode(fields, sink));
  }
  return Known::no;
}

}  // namespace mprofpp::dat
