#pragma once

#include <initializer_list>
#include <vector>

#include "mprofpp/model/sink.hpp"

namespace mprofpp::model {

/// Passes each record on to several sinks, in the order in which they were added. They
/// must outlive the tee.
class Tee : public UniformSink<Tee> {
 public:
  Tee(std::initializer_list<Sink*> sinks) : sinks_(sinks) {}

  void add(Sink& sink) { sinks_.push_back(&sink); }

  template <class Record>
  void each(const Record& record) {
    for (auto* sink : sinks_) sink->take(record);
  }

 private:
  std::vector<Sink*> sinks_;
};

}  // namespace mprofpp::model
