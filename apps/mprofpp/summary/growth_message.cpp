#include "summary/growth_message.hpp"

#include <filesystem>

#include "console/shell_quote.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/leak/words.hpp"
#include "mprofpp/report/recording.hpp"
#include "summary/leak_watch.hpp"

namespace mprofpp::app {
namespace {

bool is_file(const std::string& path) {
  std::error_code ignored;  // a pipe cannot be read again
  return std::filesystem::is_regular_file(path, ignored);
}

}  // namespace

bool is_leak(const leak::LeakReport& report) {
  return !report.metrics.empty() && report.verdict() == leak::Verdict::leak;
}

const leak::JudgedProcess* process_of_leak(const leak::LeakReport& report) {
  return report.deciding().processes.size() > 1 ? report.process() : nullptr;
}

std::string leak_text(const leak::LeakReport& report) {
  auto text = leak::verdict_text(report.deciding().judgement, report.extent());
  const auto* process = process_of_leak(report);
  if (process == nullptr) return text;
  const auto name = process->name.empty() ? "process" : visible(process->name);
  return text + " in " + name + " " + std::to_string(process->id.pid);
}

std::string growth_message(const leak::LeakReport& report, const record::Outcome& outcome) {
  if (outcome.duration < least_judged_length || !is_leak(report)) return {};
  auto text = "grows: " + growth_text(report.deciding().judgement.rate.middle) + "/h";
  if (!is_file(outcome.path)) return text;
  return text + "; mprofpp leak " + quoted_for_shell(outcome.path) + " says more";
}

bool can_be_judged(const record::Outcome& outcome) {
  if (outcome.duration < least_judged_length || outcome.stopped || !is_file(outcome.path)) {
    return false;
  }
  std::error_code error;
  const auto size = std::filesystem::file_size(outcome.path, error);
  return !error && size <= static_cast<std::uintmax_t>(most_read_at_end.count());
}

std::string growth_in_file(const record::Outcome& outcome) {
  if (!can_be_judged(outcome)) return {};
  const auto run = report::last_run(outcome.path, outcome.path);
  if (!run) return {};
  LeakWatch samples;
  if (!report::read(*run, samples)) return {};
  return growth_message(samples.report(), outcome);
}

}  // namespace mprofpp::app
