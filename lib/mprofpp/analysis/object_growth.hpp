#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "mprofpp/analysis/recorded_processes.hpp"
#include "mprofpp/analysis/window.hpp"
#include "mprofpp/model/sink.hpp"

namespace mprofpp::analysis {

/// A number of objects.
struct ObjectAmount {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;

  friend bool operator==(const ObjectAmount&, const ObjectAmount&) = default;
};

/// The objects of one type at two times.
struct TypeGrowth {
  std::string type;  ///< module.qualname
  ObjectAmount before = {};
  ObjectAmount after = {};

  std::int64_t added_count() const {
    return static_cast<std::int64_t>(after.count) - static_cast<std::int64_t>(before.count);
  }
  std::int64_t added_bytes() const {
    return static_cast<std::int64_t>(after.bytes) - static_cast<std::int64_t>(before.bytes);
  }
};

/// The objects of one process at two of its censuses.
struct ProcessGrowth {
  RecordedProcess process;
  Instant from;
  Instant to;
  std::uint64_t censuses = 0;  ///< between them, both included
  TypeGrowth all = {};         ///< all types together, also those that have no records
  /// First those that have grown, by bytes and by number, and then the others, the largest first.
  std::vector<TypeGrowth> types = {};
};

/// Compares the objects of each process at the start of a window with those at its end: the last censuses
/// until then. If there was none before the window, its first census is the start.
class ObjectGrowthFold : public model::Sink {
 public:
  explicit ObjectGrowthFold(const Window& window) : window_(window) {}

  using Sink::take;
  void take(const model::Process& process) override { processes_.take(process); }
  void take(const model::ObjectCount& objects) override;

  /// Returns the processes with a census in the window, in the order of the first ones.
  std::vector<ProcessGrowth> growth() const;

 private:
  struct Objects {
    std::optional<Instant> first;  ///< census of the process
    Instant from;
    Instant to;
    std::uint64_t censuses = 0;
    TypeGrowth all;
    std::unordered_map<std::string, TypeGrowth> types;
  };

  Instant baseline(const Objects& objects) const;
  void begin_census(Objects& objects, Instant t) const;

  Window window_;
  RecordedProcesses processes_;
  std::map<std::size_t, Objects> objects_;  ///< by the number of the process
};

}  // namespace mprofpp::analysis
