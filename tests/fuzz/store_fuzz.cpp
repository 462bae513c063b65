// A recording of any bytes. Reading it in blocks gives the same records as reading it line by line, and what
// is read from its ends agrees with the whole file. The byte FE, a character and a number N stand for
// N * 4096 of that character, so that a small input can contain a long line.

#include <sys/mman.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "expect.hpp"
#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/file.hpp"
#include "mprofpp/dat/decode.hpp"
#include "mprofpp/store/overview.hpp"
#include "mprofpp/store/reader.hpp"
#include "support/collector.hpp"
#include "target.hpp"

namespace mprofpp::fuzz {
namespace {

using Records = std::vector<test::Collector::Record>;

constexpr std::size_t block = 256 * 1024;

std::string inflated(std::string_view bytes) {
  constexpr std::size_t largest = 3 * block;
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const bool repeats = bytes[i] == '\xFE' && i + 2 < bytes.size();
    if (!repeats) {
      text += bytes[i];
      continue;
    }
    const auto times = static_cast<unsigned char>(bytes[i + 2]);
    text.append(std::min<std::size_t>(times * 4096U, largest - std::min(largest, text.size())),
                bytes[i + 1]);
    i += 2;
  }
  return text;
}

/// A file that exists only in memory.
class File {
 public:
  explicit File(std::string_view bytes) : fd_(::memfd_create("fuzz", MFD_CLOEXEC)) {
    expect(fd_ && write_all(fd_.get(), bytes).has_value(), "there is memory for a file");
  }
  std::string path() const { return "/proc/self/fd/" + std::to_string(fd_.get()); }

 private:
  Fd fd_;
};

/// The simplest possible reader. It finds what store::read must find.
struct Expected {
  explicit Expected(std::string_view text) {
    test::Collector sink;
    for (std::uint64_t number = 1; !text.empty(); ++number) {
      const auto end = text.find('\n');
      const bool torn = end == std::string_view::npos;
      const auto line = text.substr(0, end);
      if (line.size() < block && !torn) {
        const auto known = dat::decode_line(line, sink);
        if (!known && known.error().code == Errc::unsupported) return;
        if (!known) damaged.push_back(number);
      } else {
        damaged.push_back(number);
      }
      text.remove_prefix(torn ? text.size() : end + 1);
    }
    records = std::move(sink.records);
  }

  Records records;
  std::vector<std::uint64_t> damaged;  ///< numbers of the damaged lines
};

bool same(const test::Collector::Record& a, const test::Collector::Record& b) {
  if (a == b) return true;
  const auto* sample = std::get_if<model::Sample>(&a);  // NaN is not equal to itself
  return a.index() == b.index() && (sample == nullptr || std::isnan(sample->mib));
}

bool is_sparse(const Records& records) {
  return std::any_of(records.begin(), records.end(), [](const auto& record) {
    const auto* sample = std::get_if<model::Sample>(&record);
    return sample != nullptr && sample->ticks;
  });
}

void check_records(const test::Collector& read, const Expected& expected) {
  Records undamaged;
  std::vector<std::uint64_t> damaged;
  for (const auto& record : read.records) {
    if (const auto* damage = std::get_if<model::Damage>(&record))
      damaged.push_back(damage->line);
    else if (!std::holds_alternative<model::Held>(record))  // no line of the file
      undamaged.push_back(record);
  }
  expect(damaged == expected.damaged, "exactly the damaged lines are reported, with their numbers");
  if (is_sparse(expected.records)) return;  // several lines may be one record
  expect(std::equal(undamaged.begin(), undamaged.end(), expected.records.begin(),
                    expected.records.end(), same),
         "blocks give the same records as lines");
}

std::vector<Instant> times_of(const Records& records) {
  std::vector<Instant> times;
  for (const auto& record : records) {
    if (const auto* sample = std::get_if<model::Sample>(&record)) times.push_back(sample->t);
    if (const auto* child = std::get_if<model::ChildSample>(&record)) times.push_back(child->t);
    const auto* settings = std::get_if<model::Settings>(&record);
    if (settings != nullptr && settings->start) times.push_back(*settings->start);
    if (const auto* process = std::get_if<model::Process>(&record)) times.push_back(process->t);
    if (const auto* call = std::get_if<model::Call>(&record)) {
      times.push_back(call->t_in);
      times.push_back(call->t_out);
    }
  }
  return times;
}

void check_time_range(const std::string& path, const Records& records) {
  const auto range = store::time_range(path);
  if (!range || !*range) return;
  const auto times = times_of(records);
  expect((*range)->first <= (*range)->last, "a recording starts before it ends");
  for (const auto t : {(*range)->first, (*range)->last}) {
    expect(std::find(times.begin(), times.end(), t) != times.end(),
           "the first and last time of a recording are in it");
  }
}

std::size_t samples_in(const std::string& path, const store::Run& run) {
  test::Collector read;
  expect(store::read(path, read, run).has_value(), "each run of a recording can be read");
  return read.of<model::Sample>().size();
}

std::uint64_t ticks_in(const std::string& path, const store::Run& run) {
  test::Collector read;
  expect(store::read(path, read, run).has_value(), "each run of a recording can be read");
  std::uint64_t ticks = read.of<model::Sample>().size();
  for (const auto& held : read.of<model::Held>()) {
    expect(held.ticks > 0, "no record holds no reading");
    if (held.pid == 0) ticks += held.ticks;
  }
  return ticks;
}

void check_runs(const std::string& path, const test::Collector& read) {
  const auto runs = store::find_runs(path);
  expect(runs.has_value(), "a readable file has runs");
  if (is_sparse(read.records)) return;
  std::size_t samples = 0;
  for (const auto& run : *runs) samples += samples_in(path, run);
  expect(samples == read.of<model::Sample>().size(), "each sample is in one run");
}

void check_brief(const std::string& path) {
  const auto overview = store::read_overview(path);
  expect(overview.has_value(), "a readable file can be listed");
  expect(overview->duration >= Duration{}, "no duration is negative");
  if (!overview->finished && overview->samples) {
    const auto last = store::find_runs(path)->back();
    expect(*overview->samples == ticks_in(path, last), "a list counts the samples of the last run");
  }
}

}  // namespace

void check(std::string_view bytes) {
  const auto text = inflated(bytes);
  const File file(text);
  test::Collector read;
  const auto done = store::read(file.path(), read);
  if (!done) {
    expect(done.error().code == Errc::malformed || done.error().code == Errc::unsupported,
           "a file is refused because of its contents");
    expect(!done.error().what.empty(), "a file is refused with a reason");
    return;
  }
  check_records(read, Expected(text));
  check_time_range(file.path(), read.records);
  check_runs(file.path(), read);
  check_brief(file.path());
}

}  // namespace mprofpp::fuzz
