#pragma once

#include <optional>

#include "mprofpp/record/marks/channel.hpp"
#include "mprofpp/record/marks/marks.hpp"
#include "mprofpp/record/marks/python_programs.hpp"
#include "mprofpp/record/options.hpp"
#include "mprofpp/record/subject.hpp"

namespace mprofpp::record {

/// Explains why a launched program made no marks, or fewer than were requested.
class MissingMarks {
 public:
  /// `subject` and `options` must outlive this object.
  MissingMarks(const Subject& subject, const Options& options, const MarkAccess& access);

  /// Takes the processes that the sampler has found or that have a new command line.
  void examine(const proc::Changes& changes);

  /// Returns true if some program was Python.
  bool saw_python() const { return !programs_.programs_or(subject_.argv).empty(); }

  /// Returns the explanation at the end of the recording; nothing if no marks are missing. `marks`
  /// is null if there is no channel for them.
  std::optional<python::MissingMarksReason> explain(Marks* marks) const;

 private:
  const Subject& subject_;
  const Options& options_;
  std::optional<python::Unavailable> refusal_;  ///< why no program can make marks
  PythonPrograms programs_;
};

}  // namespace mprofpp::record
