// thin_out [--min-change BYTES] DENSE SPARSE: reads a dense recording and writes the sparse one that the
// recorder would have written of the same run. It links the writer of recordings, so it is sanitized with it.

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mprofpp/base/file.hpp"
#include "mprofpp/store/lines.hpp"
#include "mprofpp/store/reader.hpp"
#include "mprofpp/store/sparse_lines.hpp"
#include "support/collector.hpp"

namespace {

using namespace mprofpp;

using Records = std::vector<test::Collector::Record>;

/// Finds the ticks before which the recorder knows more than a reader: that ticks were missed, which a file
/// says after the tick, and that the sample repeats the last one because the program has exited.
class Gaps {
 public:
  explicit Gaps(const Records& records) : records_(records) {
    for (const auto& record : records) {
      const auto* settings = std::get_if<model::Settings>(&record);
      if (settings != nullptr) settings_.update(*settings);
    }
  }

  bool is_before(std::size_t sample) const {
    for (auto i = sample + 1; i < records_.size(); ++i) {
      if (std::holds_alternative<model::Sample>(records_[i])) return false;
      const auto* lost = std::get_if<model::Lost>(&records_[i]);
      if (lost != nullptr && lost->what == model::Loss::ticks) return true;
      const auto* exit = std::get_if<model::Exit>(&records_[i]);
      if (exit != nullptr && exit->pid == settings_.only_root()) return true;
    }
    return false;
  }

 private:
  const Records& records_;
  model::Settings settings_;
};

std::string thinned(const Records& records, Bytes min_change) {
  const Gaps gaps(records);
  store::Lines lines;
  store::SparseLines sparse(lines);
  bool is_in_header = true;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const bool is_sample = std::holds_alternative<model::Sample>(records[i]);
    if (is_sample && std::exchange(is_in_header, false)) {
      sparse.take(model::Settings{.sparse = min_change});
    }
    if (is_sample && gaps.is_before(i)) sparse.start_over();
    std::visit([&](const auto& record) { sparse.take(record); }, records[i]);
  }
  sparse.end_tick();
  return lines.text();
}

}  // namespace

int main(int argc, char** argv) {
  const bool has_min_change = argc == 5 && std::string_view(argv[1]) == "--min-change";
  if (argc != 3 && !has_min_change) return 2;
  const Bytes min_change(has_min_change ? std::atoll(argv[2]) : 0);
  test::Collector dense;
  const auto read = store::read(argv[argc - 2], dense);
  const auto written =
      read ? replace_file(argv[argc - 1], thinned(dense.records, min_change)) : read;
  if (written) return 0;
  std::fprintf(stderr, "thin_out: %s: %s\n", written.error().place.c_str(),
               written.error().what.c_str());
  return 1;
}
