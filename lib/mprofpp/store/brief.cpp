#include "mprofpp/store/brief.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "mprofpp/base/text.hpp"
#include "mprofpp/dat/escape.hpp"
#include "mprofpp/model/sink.hpp"
#include "mprofpp/store/reader.hpp"

namespace mprofpp::store {
namespace {

/// Room for a heading and an END; what lies between is not needed.
constexpr std::size_t stretch_size = 4096;

/// Which lines of the file were handed on.
enum class Seen { ends, everything };

class BriefSink : public model::Sink {
 public:
  using Sink::take;

  void take(const model::CommandLine& command) override {
    if (!has_argv_) brief_.command = command.text;
  }
  void take(const model::Meta& meta) override {
    if (meta.key == "argv") {
      brief_.command = dat::quote_words(meta.values);
      has_argv_ = true;
    }
    if (meta.values.empty()) return;
    if (meta.key == "root" && meta.values.size() == 1) root_ = parse_integer<pid_t>(meta.values[0]);
    if (meta.key == "tree") sums_children_ = meta.values[0].find('C') != std::string::npos;
    if (meta.key != "start") return;
    const auto seconds = parse_number(meta.values.front());
    if (const auto start = seconds ? instant_from_seconds(*seconds) : std::nullopt) widen(*start);
  }
  void take(const model::Sample& sample) override {
    widen(sample.t);
    ++samples_;
    if (sample.mib == sample.mib) peak_ = std::max(peak_.value_or(sample.mib), sample.mib);
  }
  /// Of a tree there is none, unless the root never had a child.
  void take(const model::KernelPeak& peak) override {
    using Source = model::KernelPeak::Source;
    const bool is_whole =
        peak.source == Source::rusage || (peak.source == Source::hwm && !sums_children_);
    if (peak.pid == root_ && is_whole) brief_.kernel_mib = peak.mib;
    if (!sums_children_ || is_whole) return;
    brief_.largest_process_mib = std::max(brief_.largest_process_mib.value_or(0), peak.mib);
  }
  void take(const model::End& end) override {
    widen(end.t);
    brief_.finished = true;
    brief_.samples = end.samples;
    brief_.peak_mib = end.peak_mib;
  }

  Brief brief(Seen seen) && {
    brief_.start = first_.value_or(Instant{});
    brief_.duration = first_ ? last_ - *first_ : Duration{};
    if (seen == Seen::everything && !brief_.finished) {
      brief_.samples = samples_;
      brief_.peak_mib = peak_;
    }
    return std::move(brief_);
  }
  bool finished() const { return brief_.finished; }

 private:
  void widen(Instant t) {
    first_ = std::min(first_.value_or(t), t);
    last_ = std::max(last_, t);
  }

  Brief brief_;
  bool has_argv_ = false;
  std::optional<pid_t> root_;
  bool sums_children_ = false;
  std::uint64_t samples_ = 0;
  std::optional<double> peak_;
  std::optional<Instant> first_;
  Instant last_ = Instant::min();
};

std::uint64_t size_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

}  // namespace

std::optional<double> best_mib(const Brief& brief) {
  if (!brief.peak_mib)
    return std::nullopt;  // a part of the file may have missed the last word of the kernel
  return std::max(
      {*brief.peak_mib, brief.kernel_mib.value_or(0), brief.largest_process_mib.value_or(0)});
}

Result<Brief> read_brief(const std::string& path, std::uint64_t largest_read) {
  BriefSink from_ends;
  if (auto read = read_ends(path, stretch_size, from_ends); !read)
    return Failure(std::move(read.error()));
  if (from_ends.finished() || size_of(path) > largest_read)
    return std::move(from_ends).brief(Seen::ends);

  BriefSink from_all;
  if (auto all = read(path, from_all); !all) return Failure(std::move(all.error()));
  return std::move(from_all).brief(Seen::everything);
}

}  // namespace mprofpp::store
