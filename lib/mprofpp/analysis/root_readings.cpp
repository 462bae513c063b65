#include "mprofpp/analysis/root_readings.hpp"

#include <utility>

#include "mprofpp/base/text.hpp"

namespace mprofpp::analysis {

void RootReadings::take(const model::Meta& meta) {
  if (meta.values.empty()) return;
  const auto& value = meta.values.front();
  // several attached processes have lines of their own, and MEM is their sum
  if (meta.key == "root" && meta.values.size() == 1) root_ = parse_integer<pid_t>(value);
  if (meta.key == "tree") sums_children_ = value.find('C') != std::string::npos;
}

void RootReadings::take(const model::Process& process) {
  if (process.id.pid != root_) others_.insert(process.id.pid);
}

void RootReadings::take(const model::ChildSample& sample) {
  children_ += sample.mib;
  has_child_lines_ = true;
}

std::optional<Maximum> RootReadings::take(const model::Sample& sample) {
  const auto own = settle();
  total_ = Maximum{sample.mib, sample.t};
  is_shared_ = !others_.empty();
  return own;
}

std::optional<Maximum> RootReadings::take(const model::Exit& exit) {
  others_.erase(exit.pid);
  if (exit.pid != root_) return std::nullopt;
  if (!is_first_) total_.reset();
  const auto own = settle();
  has_ended_ = true;
  return own;
}

std::optional<Maximum> RootReadings::settle() {
  const double children = std::exchange(children_, 0);
  const auto total = std::exchange(total_, std::nullopt);
  if (!total || !root_ || has_ended_) return std::nullopt;
  is_first_ = false;
  if (!sums_children_) return total;
  if (is_shared_ && !has_child_lines_) return std::nullopt;
  return Maximum{total->mib - children, total->t};
}

}  // namespace mprofpp::analysis
