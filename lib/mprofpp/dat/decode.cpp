#include "mprofpp/dat/decode.hpp"

#include <array>
#include <string>

#include "mprofpp/base/text.hpp"
#include "mprofpp/dat/escape.hpp"

namespace mprofpp::dat {
namespace {

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
    const auto value = parse_number(word(name));
    if (!value) refuse(name);
    return value.value_or(0);
  }

  std::optional<double> number_or_dash(const char* name) {
    const auto field = word(name);
    if (field == "-") return std::nullopt;
    const auto value = parse_number(field);
    if (!value) refuse(name);
    return value;
  }

  Instant time(const char* name) {
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

  bool all_there() const { return wrong_ == nullptr; }
  bool at_end() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

  void refuse(const char* name) {
    if (wrong_ == nullptr) wrong_ = name;
  }

  /// Hands the record on when every field of it was there.
  template <class Record>
  Result<Known> give(model::Sink& sink, const Record& record) const {
    if (wrong_ != nullptr) {
      return fail(Errc::malformed, "", std::string("no ") + wrong_ + " where one should be");
    }
    sink.take(record);
    return Known::yes;
  }

 private:
  std::string_view rest_;
  const char* wrong_ = nullptr;
};

Result<Known> decode_sample(Fields fields, model::Sink& sink) {
  model::Sample sample;
  sample.mib = fields.number("memory");
  sample.t = fields.time("time");
  return fields.give(sink, sample);
}

Result<Known> decode_child_sample(Fields fields, model::Sink& sink) {
  model::ChildSample sample;
  sample.pid = fields.integer<pid_t>("pid");
  sample.mib = fields.number("memory");
  sample.t = fields.time("time");
  // mprof writes `CHLD 0 0.000000 T` when a child vanished under it: no process has the pid 0
  if (sample.pid == 0 && fields.all_there()) return Known::yes;
  return fields.give(sink, sample);
}

Result<Known> decode_command(Fields fields, model::Sink& sink) {
  return fields.give(sink, model::CommandLine{std::string(fields.rest())});
}

Result<Known> decode_meta(Fields fields, model::Sink& sink) {
  model::Meta meta;
  meta.key = fields.text("key");
  while (!fields.at_end()) meta.values.push_back(fields.text("value"));
  if (meta.key == "format" && (meta.values.empty() || meta.values[0] != "1")) {
    return fail(Errc::unsupported, "",
                "was written by a newer mprofpp (format " +
                    (meta.values.empty() ? std::string("unknown") : meta.values[0]) + ")",
                "update mprofpp to read it");
  }
  return fields.give(sink, meta);
}

Result<Known> decode_process(Fields fields, model::Sink& sink) {
  model::Process process;
  process.id.pid = fields.integer<pid_t>("pid");
  process.id.start = fields.integer<std::uint64_t>("start time");
  process.parent = fields.integer<pid_t>("parent");
  process.t = fields.time("time");
  process.name = fields.text("name");
  process.command = fields.text("command line");
  return fields.give(sink, process);
}

Result<Known> decode_call(Fields fields, model::Sink& sink) {
  model::Call call;
  call.name = fields.text("name");
  call.mib_in = fields.number("memory");
  call.t_in = fields.time("time");
  call.mib_out = fields.number("memory");
  call.t_out = fields.time("time");
  if (!fields.at_end()) call.level = fields.integer<int>("level");
  if (!fields.at_end()) call.pid = fields.integer<pid_t>("pid");
  if (!fields.at_end()) call.lane = fields.text("lane");
  if (!fields.at_end()) call.rss_in = fields.number_or_dash("memory");
  if (!fields.at_end()) call.rss_out = fields.number_or_dash("memory");
  if (!fields.at_end()) call.flags = fields.text("flags");
  return fields.give(sink, call);
}

Result<Known> decode_open_call(Fields fields, model::Sink& sink) {
  model::OpenCall call;
  call.t_in = fields.time("time");
  call.pid = fields.integer<pid_t>("pid");
  call.lane = fields.text("lane");
  call.level = fields.integer<int>("level");
  call.rss_in = fields.number_or_dash("memory");
  call.name = fields.text("name");
  return fields.give(sink, call);
}

Result<Known> decode_call_group(Fields fields, model::Sink& sink) {
  model::CallGroup group;
  group.name = fields.text("name");
  group.pid = fields.integer<pid_t>("pid");
  group.lane = fields.text("lane");
  group.level = fields.integer<int>("level");
  group.t_from = fields.time("time");
  group.t_to = fields.time("time");
  group.count = fields.integer<std::uint64_t>("count");
  group.seconds = fields.number("seconds");
  group.rss_min = fields.number_or_dash("memory");
  group.rss_max = fields.number_or_dash("memory");
  group.growth = fields.number_or_dash("growth");
  return fields.give(sink, group);
}

Result<Known> decode_mark(Fields fields, model::Sink& sink) {
  model::PointMark mark;
  mark.t = fields.time("time");
  mark.pid = fields.integer<pid_t>("pid");
  mark.text = fields.text("text");
  return fields.give(sink, mark);
}

Result<Known> decode_exit(Fields fields, model::Sink& sink) {
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

Result<Known> decode_peak(Fields fields, model::Sink& sink) {
  using Source = model::KernelPeak::Source;
  model::KernelPeak peak;
  peak.pid = fields.integer<pid_t>("pid");
  peak.mib = fields.number("memory");
  const auto source = fields.word("source");
  if (source == "rusage") peak.source = Source::rusage;
  else if (source == "tree-max") peak.source = Source::tree_max;
  else if (source != "hwm") fields.refuse("source");
  return fields.give(sink, peak);
}

Result<Known> decode_lost(Fields fields, model::Sink& sink) {
  model::Lost lost;
  lost.t = fields.time("time");
  lost.what = fields.text("kind");
  lost.count = fields.integer<std::uint64_t>("count");
  return fields.give(sink, lost);
}

Result<Known> decode_end(Fields fields, model::Sink& sink) {
  model::End end;
  end.t = fields.time("time");
  end.why = fields.text("reason");
  end.samples = fields.integer<std::uint64_t>("count");
  end.peak_mib = fields.number("memory");
  end.t_peak = fields.time("time");
  return fields.give(sink, end);
}

struct Kind {
  std::string_view word;
  Result<Known> (*decode)(Fields, model::Sink&);
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

}  // namespace

Result<Known> decode_line(std::string_view line, model::Sink& sink) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  auto rest = line;
  const auto word = next_word(rest);
  for (const auto& kind : kinds) {
    if (word == kind.word) return kind.decode(Fields(rest), sink);
  }
  return Known::no;
}

}  // namespace mprofpp::dat
