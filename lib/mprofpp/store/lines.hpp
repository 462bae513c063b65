#pragma once

#include <string>

#include "mprofpp/dat/encode.hpp"
#include "mprofpp/model/sink.hpp"

namespace mprofpp::store {

/// Gathers the records of a tick as lines of a recording, so that they are written in one piece.
class Lines : public model::UniformSink<Lines> {
 public:
  template <class Record>
  void each(const Record& record) {
    dat::append_line(text_, record);
  }
  /// A reader makes these; they are never written.
  void each(const model::Damage&) {}
  void each(const model::Held&) {}

  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  /// Keeps the memory for the next tick, which needs about as much.
  void clear() { text_.clear(); }

 private:
  std::string text_;
};

}  // namespace mprofpp::store
