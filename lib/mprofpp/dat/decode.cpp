#include "mprofpp/dat/decode.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

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

constexpr std::array<std::int64_t, 10> nanoseconds_per_digit = {
    1'000'000'000, 100'000'000, 10'000'000, 1'000'000, 100'000, 10'000, 1'000, 100, 10, 1};

/// Converts seconds since the epoch to an instant and keeps every digit: a double has none left for
/// the nanoseconds of an epoch time. Returns nothing if integers do not suffice.
std::optional<Instant> to_instant(Decimal seconds) {
  if (seconds.places >= static_cast<int>(nanoseconds_per_digit.size())) return std::nullopt;
  const auto unit = nanoseconds_per_digit[static_cast<std::size_t>(seconds.places)];
  std::int64_t nanoseconds = 0;
  if (__builtin_mul_overflow(seconds.digits, unit, &nanoseconds)) return std::nullopt;
  return instant_at(Duration(nanoseconds));
}

/// Returns true for an amount that fits in 63 bits of bytes: a damaged digit in a file must not
/// blow up a chart's axis. NaN is a reading that failed, and is accepted.
bool can_be_memory(double mib) {
  return std::isnan(mib) || std::abs(mib) < 0x1p43;
}

/// More ticks than pass between two lines of a sparse recording, which are at most ten seconds apart: a
/// damaged digit must not become the weight of a mean.
constexpr std::uint64_t most_ticks = 1'000'000'000;

/// More objects than fit in the address space: a damaged digit must not become a growth.
constexpr std::uint64_t most_objects = std::uint64_t{1} << 44;
constexpr std::uint64_t most_bytes = std::uint64_t{1} << 48;

/// The name of the first field that was missing or wrong; null for a good line. (A Result would
/// cost as much as reading the numbers, so it is made only for a bad line.)
using Verdict = const char*;

/// The verdict on a good line that says something which this version does not know.
constexpr char of_later_version[] = "";

/// Reads the fields of one line from left to right and remembers the first one that is missing or
/// wrong: then the whole line is bad.
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

  /// Reads the number of ticks that a line of a sparse recording stands for, if that is the next field.
  std::optional<std::uint64_t> ticks() {
    constexpr std::string_view key = "ticks=";
    if (!rest_.starts_with(key)) return std::nullopt;
    rest_.remove_prefix(key.size());
    const auto ticks = integer<std::uint64_t>("number of ticks");
    if (ticks > most_ticks) refuse("number of ticks");
    return ticks;
  }

  /// Reads the remaining `key=value` fields. Skips any other field, because a later version
  /// may have written it.
  std::vector<model::Reading> readings() {
    std::vector<model::Reading> found;
    while (!rest_.empty()) {
      const auto field = next_word(rest_);
      const auto sign = field.find('=');
      if (sign == 0 || sign == std::string_view::npos) continue;
      const auto metric = model::metric_of(field.substr(0, sign));
      const auto mib = parse_number(field.substr(sign + 1));
      const bool is_number = mib && !std::isnan(*mib) && can_be_memory(*mib);
      if (is_number && metric) found.push_back({*metric, *mib});
    }
    return found;
  }

  bool all_there() const { return wrong_ == nullptr; }
  bool at_end() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

  void refuse(const char* name) {
    if (wrong_ == nullptr) wrong_ = name;
  }

  /// Passes the record on if every field of it was good.
  template <class Record>
  Verdict pass_on(model::Sink& sink, const Record& record) const {
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
  if (!fields.at_end()) {
    sample.ticks = fields.ticks();
    sample.extra_readings = fields.readings();
  }
  return fields.pass_on(sink, sample);
}

Verdict decode_child_sample(Fields& fields, model::Sink& sink) {
  model::ChildSample sample;
  sample.pid = fields.integer<pid_t>("pid");
  sample.mib = fields.memory("memory");
  sample.t = fields.time("time");
  // mprof writes `CHLD 0 0.000000 T` for a child that ended while it was read. Older versions
  // number the children from 0, so a line with memory is a child.
  constexpr double least_written = 0.5e-6;
  const bool is_zero = std::abs(sample.mib) < least_written;
  if (sample.pid == 0 && is_zero && fields.all_there()) return nullptr;
  if (!fields.at_end()) sample.extra_readings = fields.readings();
  return fields.pass_on(sink, sample);
}

Verdict decode_command(Fields& fields, model::Sink& sink) {
  return fields.pass_on(sink, model::CommandLine{std::string(fields.rest())});
}

Verdict decode_meta(Fields& fields, model::Sink& sink) {
  MetaLine line;
  line.key = fields.text("key");
  while (!fields.at_end()) line.values.push_back(fields.text("value"));
  model::Settings settings;
  const auto reading = read_meta(line, settings);
  if (reading == MetaReading::unknown && fields.all_there()) return of_later_version;
  if (reading == MetaReading::malformed) fields.refuse("value");
  return fields.pass_on(sink, settings);
}

Verdict decode_process(Fields& fields, model::Sink& sink) {
  model::Process process;
  process.id.pid = fields.integer<pid_t>("pid");
  process.id.start = fields.integer<std::uint64_t>("start time");
  process.parent = fields.integer<pid_t>("parent");
  process.t = fields.time("time");
  process.name = fields.text("name");
  process.command = fields.text("command line");
  return fields.pass_on(sink, process);
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
  if (!fields.at_end()) call.lane = to_lane(fields.word("lane"));
  if (!fields.at_end()) call.rss_in = fields.memory_or_dash("memory");
  if (!fields.at_end()) call.rss_out = fields.memory_or_dash("memory");
  if (!fields.at_end()) call.flags = to_flags(fields.word("flags"));
  return fields.pass_on(sink, call);
}

Verdict decode_open_call(Fields& fields, model::Sink& sink) {
  model::OpenCall call;
  call.t_in = fields.time("time");
  call.pid = fields.integer<pid_t>("pid");
  call.lane = to_lane(fields.word("lane"));
  call.level = fields.integer<int>("level");
  call.rss_in = fields.memory_or_dash("memory");
  call.name = fields.text("name");
  return fields.pass_on(sink, call);
}

Verdict decode_call_group(Fields& fields, model::Sink& sink) {
  model::CallGroup group;
  group.name = fields.text("name");
  group.pid = fields.integer<pid_t>("pid");
  group.lane = to_lane(fields.word("lane"));
  group.level = fields.integer<int>("level");
  group.t_from = fields.time("time");
  group.t_to = fields.time("time");
  group.count = fields.integer<std::uint64_t>("count");
  group.seconds = fields.number("seconds");
  group.rss_min = fields.memory_or_dash("memory");
  group.rss_max = fields.memory_or_dash("memory");
  group.growth = fields.memory_or_dash("growth");
  return fields.pass_on(sink, group);
}

Verdict decode_mark(Fields& fields, model::Sink& sink) {
  model::PointMark mark;
  mark.t = fields.time("time");
  mark.pid = fields.integer<pid_t>("pid");
  mark.text = fields.text("text");
  return fields.pass_on(sink, mark);
}

Verdict decode_title(Fields& fields, model::Sink& sink) {
  model::Title title;
  title.pid = fields.integer<pid_t>("pid");
  title.t = fields.time("time");
  title.text = fields.text("title");
  return fields.pass_on(sink, title);
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
  return fields.pass_on(sink, exit);
}

Verdict decode_peak(Fields& fields, model::Sink& sink) {
  using Source = model::KernelPeak::Source;
  model::KernelPeak peak;
  peak.pid = fields.integer<pid_t>("pid");
  peak.mib = fields.memory("memory");
  const auto source = fields.word("source");
  constexpr std::array sources = {Source::hwm, Source::rusage, Source::tree_max};
  const auto* const known = std::find_if(sources.begin(), sources.end(), [&](Source candidate) {
    return name_of(candidate) == source;
  });
  if (known == sources.end())
    fields.refuse("source");
  else
    peak.source = *known;
  for (const auto& reading : fields.readings()) {
    if (reading.metric == model::Metric::vms) peak.vms = reading.mib;
  }
  return fields.pass_on(sink, peak);
}

Verdict decode_suspended(Instant t, Fields& fields, model::Sink& sink) {
  const auto length = duration_from_seconds(fields.number("seconds"));
  if (!length || *length < Duration::zero()) fields.refuse("seconds");
  return fields.pass_on(sink, model::Suspended{t, length.value_or(Duration::zero())});
}

Verdict decode_lost(Fields& fields, model::Sink& sink) {
  model::Lost lost;
  lost.t = fields.time("time");
  const auto what = fields.text("kind");
  if (what == "suspended") return decode_suspended(lost.t, fields, sink);
  lost.count = fields.integer<std::uint64_t>("count");
  const auto loss = to_loss(what);
  if (!loss && fields.all_there()) return of_later_version;
  lost.what = loss.value_or(model::Loss::ticks);
  return fields.pass_on(sink, lost);
}

Verdict decode_limit(Fields& fields, model::Sink& sink) {
  model::Limit limit;
  limit.t = fields.time("time");
  limit.what = fields.text("name of the limit");
  limit.mib = fields.memory("memory");
  if (!(limit.mib > 0)) fields.refuse("memory");
  limit.pid = fields.integer<pid_t>("pid");
  return fields.pass_on(sink, limit);
}

Verdict decode_line_of_function(Fields& fields, model::Sink& sink) {
  model::Line line;
  line.pid = fields.integer<pid_t>("pid");
  line.function = fields.text("function");
  line.file = fields.text("file");
  line.first_line = fields.integer<int>("first line");
  line.line = fields.integer<int>("line");
  if (line.first_line < 1 || line.line < line.first_line) fields.refuse("line");
  line.count = fields.integer<std::uint64_t>("count");
  line.max_mib = fields.memory_or_dash("memory");
  line.increment_mib = fields.memory("memory");
  if (line.line == line.first_line) line.calls.emplace();
  if (!fields.at_end()) read_line_facts(fields.word("facts"), line);
  return fields.pass_on(sink, line);
}

Verdict decode_object_count(Fields& fields, model::Sink& sink) {
  model::ObjectCount objects;
  objects.t = fields.time("time");
  objects.pid = fields.integer<pid_t>("pid");
  objects.type = fields.text("type");
  objects.count = fields.integer<std::uint64_t>("count");
  objects.bytes = fields.integer<std::uint64_t>("bytes");
  if (objects.count > most_objects) fields.refuse("count");
  if (objects.bytes > most_bytes) fields.refuse("bytes");
  return fields.pass_on(sink, objects);
}

Verdict decode_end(Fields& fields, model::Sink& sink) {
  model::End end;
  end.t = fields.time("time");
  end.reason = to_end_reason(fields.text("reason"));
  end.samples = fields.integer<std::uint64_t>("count");
  end.peak_mib = fields.memory("memory");
  end.t_peak = fields.time("time");
  return fields.pass_on(sink, end);
}

struct LineDecoder {
  std::string_view keyword;
  Verdict (*decode)(Fields&, model::Sink&);
};

// most frequent first, because the search starts at the front
constexpr std::array decoders = {
    LineDecoder{"MEM", decode_sample},       LineDecoder{"CHLD", decode_child_sample},
    LineDecoder{"FUNC", decode_call},        LineDecoder{"CALLS", decode_call_group},
    LineDecoder{"PROC", decode_process},     LineDecoder{"EXIT", decode_exit},
    LineDecoder{"PEAK", decode_peak},        LineDecoder{"LOST", decode_lost},
    LineDecoder{"OPEN", decode_open_call},   LineDecoder{"MARK", decode_mark},
    LineDecoder{"CMDLINE", decode_command},  LineDecoder{"META", decode_meta},
    LineDecoder{"TITLE", decode_title},      LineDecoder{"END", decode_end},
    LineDecoder{"LIMIT", decode_limit},      LineDecoder{"LINE", decode_line_of_function},
    LineDecoder{"OBJ", decode_object_count},
};

Failure malformed(Verdict wrong) {
  return fail(Errc::malformed, "", std::string("missing or invalid ") + wrong);
}

inline Result<LineKind> kind_or_failure(Verdict wrong) {
  if (wrong == of_later_version) return LineKind::unknown;
  if (wrong != nullptr) return malformed(wrong);
  return LineKind::known;
}

bool is_newer_format(std::string_view meta) {
  return next_word(meta) == "format" && next_word(meta) != std::to_string(format);
}

Failure newer_format(std::string_view meta) {
  next_word(meta);
  const auto newer = meta.empty() ? std::string("unknown") : decode_field(meta);
  return fail(Errc::unsupported, "", "was written by a newer mprofpp (format " + newer + ")",
              "update mprofpp to read it");
}

}  // namespace

Result<LineKind> decode_line(std::string_view line, model::Sink& sink) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with(sample_start)) {  // nine lines of ten, so there is no search for them
    Fields fields(line.substr(sample_start.size()));
    return kind_or_failure(decode_sample(fields, sink));
  }
  auto rest = line;
  const auto keyword = next_word(rest);
  for (const auto& decoder : decoders) {
    if (keyword != decoder.keyword) continue;
    if (keyword == "META" && is_newer_format(rest)) return newer_format(rest);
    Fields fields(rest);
    return kind_or_failure(decoder.decode(fields, sink));
  }
  return LineKind::unknown;
}

}  // namespace mprofpp::dat
