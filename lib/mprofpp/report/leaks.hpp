#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mprofpp/base/result.hpp"
#include "mprofpp/leak/leak_fold.hpp"
#include "mprofpp/leak/report.hpp"
#include "mprofpp/report/peaks.hpp"
#include "mprofpp/report/recording.hpp"

namespace mprofpp::report {

/// Judges a run. It is not an error if there is no sample (see no_samples()). Fails as read() does;
/// with not_found if the question is about a process or a metric that the run does not have for long enough.
Result<leak::LeakReport> read_leak(const RecordedRun& run, const leak::Question& question);

/// Formats the judgement for people: the name of the file and the verdict on the first line, and what shows
/// it on further ones. `all` adds every process and every metric. The report must have a sample.
std::string leak_text(const RecordedRun& run, const leak::LeakReport& report, Detail detail);

/// Returns the lines after the first one, without indentation.
std::vector<std::string> leak_details(const leak::LeakReport& report);

/// Formats the judgement as one line of JSON. Fields are added but never removed; `schema` increases when the
/// meaning of a field changes.
std::string leak_json(const RecordedRun& run, const leak::LeakReport& report);

/// The judgement of one of several recordings.
struct JudgedRun {
  RecordedRun run;
  leak::LeakReport report;
};

/// Formats judgements as a table of Markdown, for a comment on a pull request. All must have samples.
std::string leaks_markdown(const std::vector<JudgedRun>& runs);

}  // namespace mprofpp::report
