#pragma once

#include <string>
#include <variant>
#include <vector>

#include "mprofpp/model/sink.hpp"

namespace mprofpp::test {

/// Stores every record that it receives, in order.
class Collector : public model::UniformSink<Collector> {
 public:
  using Record = std::variant<model::Sample, model::ChildSample, model::Held, model::CommandLine,
                              model::Settings, model::Process, model::Call, model::OpenCall,
                              model::CallGroup, model::PointMark, model::Title, model::Exit,
                              model::KernelPeak, model::Lost, model::Suspended, model::Limit,
                              model::Line, model::ObjectCount, model::End, model::Damage>;

  template <class T>
  void each(const T& record) {
    records.emplace_back(record);
  }

  /// All records of one kind: `collector.of<model::Sample>()`.
  template <class T>
  std::vector<T> of() const {
    std::vector<T> found;
    for (const auto& record : records) {
      if (const auto* value = std::get_if<T>(&record)) found.push_back(*value);
    }
    return found;
  }

  std::vector<Record> records;
};

}  // namespace mprofpp::test
