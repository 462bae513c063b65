// A recording from any bytes: read in blocks it says what it says line by line, and its ends say
// nothing else than the whole. So that a small input can be a long line, the byte FE with a
// character and a number behind it stands for that character so many times 4096.

#include <sys/mman.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "expect.hpp"
#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/file.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/dat/decode.hpp"
#include "mprofpp/store/brief.hpp"
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

/// A file that is nowhere but in memory.
class File {
 public:
  explicit File(std::string_view bytes) : fd_(::memfd_create("fuzz", MFD_CLOEXEC)) {
    expect(fd_ && write_all(fd_.get(), bytes).has_value(), "there is memory for a file");
  }
  std::string path() const { return "/proc/self/fd/" + std::to_string(fd_.get()); }

 private:
  Fd fd_;
};

/// The reader as simple as can be: what store::read must find.
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
  std::vector<std::uint64_t> damaged;  ///< their numbers
};

bool same(const test::Collector::Record& a, const test::Collector::Record& b) {
  if (a == b) return true;
  const auto* sample = std::get_if<model::Sample>(&a);  // NaN is not equal to itself
  return a.index() == b.index() && (sample == nullptr || std::isnan(sample->mib));
}

void check_records(const test::Collector& read, const Expected& expected) {
  Records undamaged;
  std::vector<std::uint64_t> damaged;
  for (const auto& record : read.records) {
    if (const auto* damage = std::get_if<model::Damage>(&record))
      damaged.push_back(damage->line);
    else
      undamaged.push_back(record);
  }
  expect(damaged == expected.damaged, "each damaged line is told with its number, and no other");
  expect(std::equal(undamaged.begin(), undamaged.end(), expected.records.begin(),
                    expected.records.end(), same),
         "blocks say what lines say");
}

void add_start(std::vector<Instant>& times, const model::Meta& meta) {
  if (meta.key != "start" || meta.values.empty()) return;
  const auto seconds = parse_number(meta.values.front());
  if (const auto t = seconds ? instant_from_seconds(*seconds) : std::nullopt) times.push_back(*t);
}

std::vector<Instant> times_of(const Records& records) {
  std::vector<Instant> times;
  for (const auto& record : records) {
    if (const auto* sample = std::get_if<model::Sample>(&record)) times.push_back(sample->t);
    if (const auto* child = std::get_if<model::ChildSample>(&record)) times.push_back(child->t);
    if (const auto* meta = std::get_if<model::Meta>(&record)) add_start(times, *meta);
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
  expect((*range)->first <= (*range)->last, "a recording begins before it ends");
  for (const auto t : {(*range)->first, (*range)->last}) {
    expect(std::find(times.begin(), times.end(), t) != times.end(),
           "a recording's ends are times of it");
  }
}

void check_brief(const std::string& path, const test::Collector& read) {
  const auto brief = store::read_brief(path);
  expect(brief.has_value(), "what can be read can be listed");
  expect(brief->duration >= Duration{}, "no recording takes less than no time");
  if (!brief->finished && brief->samples) {
    expect(*brief->samples == read.of<model::Sample>().size(), "a list counts the samples");
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
           "a file is refused for what is in it");
    expect(!done.error().what.empty(), "a refused file is told why");
    return;
  }
  check_records(read, Expected(text));
  check_time_range(file.path(), read.records);
  check_brief(file.path(), read);
}

}  // namespace mprofpp::fuzz
