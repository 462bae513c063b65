#include "mprofpp/store/overview.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "mprofpp/dat/escape.hpp"
#include "mprofpp/model/sink.hpp"
#include "mprofpp/store/reader.hpp"

namespace mprofpp::store {
namespace {

/// Enough for a header and an END record; the part between them is not needed.
constexpr std::size_t part_size = 4096;

/// The part of the file whose lines were read.
enum class Seen { ends, everything };

class OverviewSink : public model::Sink {
 public:
  using Sink::take;

  void take(const model::CommandLine& command) override {
    if (settings_.argv.empty()) overview_.command = command.text;
  }
  void take(const model::Settings& settings) override {
    settings_.update(settings);
    if (!settings.argv.empty()) overview_.command = dat::quote_arguments(settings.argv);
    if (settings.start) widen(*settings.start);
  }
  void take(const model::Sample& sample) override {
    widen(sample.t);
    ++samples_;
    if (sample.mib == sample.mib) peak_ = std::max(peak_.value_or(sample.mib), sample.mib);
  }
  void take(const model::Held& held) override {
    if (held.pid == 0) samples_ += held.ticks;
  }
  /// The kernel has no peak of a tree, unless the root never had a child.
  void take(const model::KernelPeak& peak) override {
    using Source = model::KernelPeak::Source;
    const bool sums_children = settings_.sums_children();
    const bool is_whole =
        peak.source == Source::rusage || (peak.source == Source::hwm && !sums_children);
    if (peak.pid == settings_.only_root() && is_whole) overview_.kernel_mib = peak.mib;
    if (!sums_children || is_whole) return;
    overview_.largest_process_mib = std::max(overview_.largest_process_mib.value_or(0), peak.mib);
  }
  void take(const model::End& end) override {
    widen(end.t);
    overview_.finished = true;
    overview_.samples = end.samples;
    overview_.peak_mib = end.peak_mib;
  }

  Overview overview(Seen seen) && {
    overview_.start = first_.value_or(Instant{});
    overview_.duration = first_ ? last_ - *first_ : Duration{};
    if (seen == Seen::everything && !overview_.finished) {
      overview_.samples = samples_;
      overview_.peak_mib = peak_;
    }
    return std::move(overview_);
  }
  bool finished() const { return overview_.finished; }

 private:
  void widen(Instant t) {
    first_ = std::min(first_.value_or(t), t);
    last_ = std::max(last_, t);
  }

  Overview overview_;
  model::Settings settings_;
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

std::optional<double> best_mib(const Overview& overview) {
  if (!overview.peak_mib)
    return std::nullopt;  // the parts that were read may lack the last kernel peak
  return std::max({*overview.peak_mib, overview.kernel_mib.value_or(0),
                   overview.largest_process_mib.value_or(0)});
}

Result<Overview> read_overview(const std::string& path, std::uint64_t largest_read) {
  OverviewSink from_ends;
  if (auto read = read_ends(path, part_size, from_ends); !read)
    return Failure(std::move(read.error()));
  if (from_ends.finished() || size_of(path) > largest_read)
    return std::move(from_ends).overview(Seen::ends);

  const auto runs = find_runs(path);
  if (!runs) return Failure(runs.error());
  OverviewSink from_all;
  if (auto all = read(path, from_all, runs->back()); !all) return Failure(std::move(all.error()));
  auto overview = std::move(from_all).overview(Seen::everything);
  overview.runs = runs->size();
  return overview;
}

}  // namespace mprofpp::store
