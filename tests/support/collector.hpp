#pragma once

#include <string>
#include <variant>
#include <vector>

#include "mprofpp/model/sink.hpp"

namespace mprofpp::test {

/// Keeps every record it is given, in order.
class Collector : public model::Sink {
 public:
  using Record = std::variant<model::Sample, model::ChildSample, model::CommandLine, model::Meta,
                              model::Process, model::Call, model::OpenCall, model::CallGroup,
                              model::PointMark, model::Exit, model::KernelPeak, model::Lost,
                              model::Suspended, model::End, model::Damage>;

  void take(const model::Sample& record) override { keep(record); }
  void take(const model::ChildSample& record) override { keep(record); }
  void take(const model::CommandLine& record) override { keep(record); }
  void take(const model::Meta& record) override { keep(record); }
  void take(const model::Process& record) override { keep(record); }
  void take(const model::Call& record) override { keep(record); }
  void take(const model::OpenCall& record) override { keep(record); }
  void take(const model::CallGroup& record) override { keep(record); }
  void take(const model::PointMark& record) override { keep(record); }
  void take(const model::Exit& record) override { keep(record); }
  void take(const model::KernelPeak& record) override { keep(record); }
  void take(const model::Lost& record) override { keep(record); }
  void take(const model::Suspended& record) override { keep(record); }
  void take(const model::End& record) override { keep(record); }
  void take(const model::Damage& record) override { keep(record); }

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

 private:
  template <class T>
  void keep(const T& record) {
    records.emplace_back(record);
  }
};

}  // namespace mprofpp::test
