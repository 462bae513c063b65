#pragma once

#include <string>

#include "mprofpp/dat/encode.hpp"

namespace mprofpp::store {

/// Records gathered to be written in one piece: what a tick found.
class Block {
 public:
  template <class Record>
  void add(const Record& record) {
    dat::append_line(text_, record);
  }

  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  /// Keeps the memory: the next tick needs as much.
  void clear() { text_.clear(); }

 private:
  std::string text_;
};

}  // namespace mprofpp::store
