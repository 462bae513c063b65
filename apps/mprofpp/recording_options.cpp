#include "recording_options.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>

#include "mprofpp/base/host.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/store/names.hpp"

namespace mprofpp::app {
namespace {

using namespace std::chrono_literals;

constexpr Duration shortest_interval = 100us;
constexpr Duration longest_interval = 24h;

/// A heading and a few ticks of a large tree; below that every tick would be a new multiple.
constexpr Bytes smallest_max_size = Bytes::from_kibibytes(64);

/// How many seconds ahead a default name may lie when all before it are taken.
constexpr int name_attempts = 3600;

Result<Duration> parse_interval(const std::string& text) {
  const auto interval = parse_duration(text);
  if (!interval) {
    return fail(Errc::invalid_argument, "--interval", "'" + text + "' is no time",
                "write 0.1, 50ms or 2s");
  }
  if (*interval >= shortest_interval && *interval <= longest_interval) return interval;
  return fail(Errc::invalid_argument, "--interval", "'" + text + "' is not between 100us and 1d",
              "the default is 0.1, a tenth of a second");
}

/// A recording that would fill a disk is worth a word before it begins. What -M adds per descendant
/// is not known yet.
void warn_of_growth(Duration interval, const Console& console) {
  constexpr double bytes_per_sample = 33;  // MEM 1234.567890 1795175000.790889
  constexpr Bytes worth_a_word(std::int64_t{1} << 30);
  const double ticks_per_day = to_seconds(24h) / to_seconds(interval);
  const Bytes per_day(static_cast<std::int64_t>(ticks_per_day * bytes_per_sample));
  if (per_day <= worth_a_word) return;
  console.say("at this interval the recording grows by " + readable(per_day) + " a day");
}

/// mprof's names for the metrics, and ours.
Result<proc::Metric> parse_backend(const std::string& name) {
  if (name == "rss" || name == "psutil" || name == "posix") return proc::Metric::rss;
  if (name == "pss" || name == "psutil_pss") return proc::Metric::pss;
  if (name == "uss" || name == "psutil_uss") return proc::Metric::uss;
  if (name == "tracemalloc") {
    return fail(Errc::invalid_argument, "--backend", "tracemalloc sees only what Python allocates",
                "rss, pss and uss are what the whole process has");
  }
  return fail(Errc::invalid_argument, "--backend", "'" + name + "' is unknown",
              "there are rss, pss and uss");
}

/// `pss,swap`: each once, without the one that is recorded anyway.
Result<std::vector<proc::Metric>> parse_metrics(std::string_view list, proc::Metric main) {
  std::vector<proc::Metric> metrics;
  while (!list.empty()) {
    const auto name = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), name.size() + 1));
    const auto metric = proc::metric_of(name);
    if (!metric) {
      return fail(Errc::invalid_argument, "--metrics", "'" + std::string(name) + "' is unknown",
                  "there are rss, pss, uss, swap, vms, anon and file, with commas between");
    }
    const bool is_new = std::find(metrics.begin(), metrics.end(), *metric) == metrics.end();
    if (*metric != main && is_new) metrics.push_back(*metric);
  }
  return metrics;
}

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

using SlowedDown = std::function<void(Bytes, Duration)>;

void say_nothing(Bytes, Duration) {}

SlowedDown say_slowed_down(const Console& console) {
  return [&console](Bytes size, Duration interval) {
    console.say("the recording has " + readable(size) + ": from here on one sample every " +
                readable(interval));
  };
}

/// mprof's name for a recording begun now; a name that is taken means the next second's.
std::string default_name(int attempt) {
  const std::time_t now = std::time(nullptr) + attempt;
  std::tm local{};
  ::localtime_r(&now, &local);
  return store::default_name(local);
}

}  // namespace

void RecordingOptions::bind(CLI::App& app) {
  const auto flag = [&](const char* names, bool& value, const char* text) {
    app.add_flag(names, value, text);
  };
  app.add_option("-T,--interval", interval_, "time between samples: 0.1 (the default), 50ms, 2s")
      ->type_name("TIME");
  flag("-C,--include-children", include_children_,
       "add the memory of all descendants to the total");
  flag("-M,--multiprocess", multiprocess_, "record every descendant as a line of its own");
  app.add_option("-t,--timeout", timeout_, "end the recording after TIME; what is recorded goes on")
      ->type_name("TIME");
  app.add_option("--backend", backend_,
                 "the memory that is meant: rss (the default), pss, which counts\n"
                 "shared pages once over all processes, or uss, what is private;\n"
                 "mprof's psutil, psutil_pss, psutil_uss and posix work too")
      ->type_name("METRIC");
  app.add_option("--metrics", metrics_,
                 "record these beside it, as often as they can be afforded: pss, uss,\n"
                 "swap, vms, anon, file, with commas between")
      ->type_name("LIST");
  app.add_option("-o,--output", output_,
                 "the recording; %p is the pid, %h the host, %q{VAR} a variable\n"
                 "(default: mprofile_<date and time>.dat)")
      ->type_name("FILE");
  flag("-f,--force", force_, "overwrite an existing FILE");
  app.add_option("--max-size", max_size_,
                 "when the recording reaches SIZE (200MiB), and every SIZE again,\n"
                 "read ten times more seldom; it never stops")
      ->type_name("SIZE");
  flag("-q,--quiet", quiet_, "no summary, no hints; errors only");
  app.add_flag("-v,--verbose", verbosity_, "say what is going on; twice: in detail");
  app.add_option("--log", log_, "write what is going on, in detail, to FILE")->type_name("FILE");
}

Result<record::Options> RecordingOptions::make(const Console& console) const {
  const auto interval = parse_interval(interval_);
  if (!interval) return Failure(interval.error());
  const auto metric = parse_backend(backend_);
  if (!metric) return Failure(metric.error());
  auto metrics = parse_metrics(metrics_, *metric);
  if (!metrics) return Failure(metrics.error());
  const auto limit = timeout();
  if (!limit) return Failure(limit.error());
  const auto size = max_size();
  if (!size) return Failure(size.error());

  if (!quiet_ && !*size) warn_of_growth(*interval, console);
  record::Options options;
  options.metric = *metric;
  options.metrics = std::move(*metrics);
  options.children = children();
  options.interval = *interval;
  options.max_size = *size;
  options.timeout = *limit;
  options.version = MPROFPP_VERSION;
  options.overwrite = force_ ? store::Overwrite::yes : store::Overwrite::no;
  options.name_attempts = output_.empty() ? name_attempts : 1;
  options.name = [output = output_](pid_t pid, int attempt) -> Result<std::string> {
    if (output.empty()) return default_name(attempt);
    return store::expand_name(output, {std::to_string(pid), host_name(), environment_variable});
  };
  options.on_stopped = [&console](const Error& error) {
    console.report(error);
    console.say("the recording ends here, the program goes on");
  };
  options.on_unheard = [&console](const Error& error) { console.report(error); };
  options.on_removed = [&console](const Error& error) { console.report(error); };
  options.on_slowed_down = quiet_ ? SlowedDown(say_nothing) : say_slowed_down(console);
  return options;
}

Result<std::optional<log::Sink>> RecordingOptions::open_log() const {
  if (verbosity_ == 0 && log_.empty()) return std::nullopt;
  const auto level = verbosity_ == 0   ? log::Level::warning
                     : verbosity_ == 1 ? log::Level::info
                                       : log::Level::debug;
  auto sink = log::Sink::open({.console = level, .file = log_});
  if (!sink) return Failure(std::move(sink.error()));
  return std::optional<log::Sink>(std::move(*sink));
}

record::Children RecordingOptions::children() const {
  using record::Children;
  if (include_children_) return multiprocess_ ? Children::summed_and_apart : Children::summed;
  return multiprocess_ ? Children::apart : Children::left_out;
}

Result<std::optional<Bytes>> RecordingOptions::max_size() const {
  if (max_size_.empty()) return std::nullopt;
  const auto size = parse_size(max_size_);
  if (!size) {
    return fail(Errc::invalid_argument, "--max-size", "'" + max_size_ + "' is no size",
                size.error().hint);
  }
  if (*size >= smallest_max_size) return std::optional(*size);
  return fail(Errc::invalid_argument, "--max-size", "'" + max_size_ + "' is too small",
              "64KiB is the least");
}

/// 0 means none.
Result<std::optional<Duration>> RecordingOptions::timeout() const {
  if (timeout_.empty()) return std::nullopt;
  const auto length = parse_duration(timeout_);
  if (!length || *length < Duration::zero()) {
    return fail(Errc::invalid_argument, "--timeout", "'" + timeout_ + "' is no time",
                "write 1.5, 90s or 2h; 0 means none");
  }
  if (*length == Duration::zero()) return std::nullopt;
  return std::optional(*length);
}

}  // namespace mprofpp::app
