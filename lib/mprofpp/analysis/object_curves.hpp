#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "mprofpp/analysis/object_growth.hpp"
#include "mprofpp/analysis/recorded_processes.hpp"
#include "mprofpp/model/sink.hpp"

namespace mprofpp::analysis {

/// A number of objects that holds until the next point.
struct ObjectPoint {
  Instant t;
  ObjectAmount amount;

  friend bool operator==(const ObjectPoint&, const ObjectPoint&) = default;
};

/// The objects of one type over time. Its memory is bounded: of a long recording, it has the least of several
/// numbers that follow each other. The first and the last one are exact.
class ObjectCurve {
 public:
  void add(const ObjectPoint& point);
  const std::vector<ObjectPoint>& points() const { return points_; }

 private:
  void thin_out();

  std::vector<ObjectPoint> points_;
};

/// The curves of a process. A type without a point at the first census had no objects then.
struct ProcessObjects {
  RecordedProcess process;
  Instant first;  ///< census
  Instant last;
  std::optional<Instant> exit = {};  ///< of the process
  std::uint64_t censuses = 0;
  std::unordered_map<std::string, ObjectCurve> types = {};  ///< by module.qualname
};

/// Collects how the objects of each process change.
class ObjectCurvesFold : public model::Sink {
 public:
  using Sink::take;
  void take(const model::Process& process) override { processes_.take(process); }
  void take(const model::ObjectCount& objects) override;
  void take(const model::Exit& exit) override;

  /// Returns the processes that have a census, in the order of their first records.
  std::vector<ProcessObjects> curves() const;
  bool empty() const { return objects_.empty(); }

 private:
  RecordedProcesses processes_;
  std::map<std::size_t, ProcessObjects> objects_;  ///< by the number of the process
};

}  // namespace mprofpp::analysis
