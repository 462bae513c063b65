#pragma once

#include <set>
#include <string>
#include <string_view>

namespace mprofpp::mark {

/// The notes among what was written into the bell of a run: text up to a newline. Anybody may write
/// anything there; what cannot be a note is passed over, and what is kept stays small.
class BellNotes {
 public:
  /// What was read next.
  void take(std::string_view bytes);
  const std::set<std::string>& names() const { return names_; }

 private:
  void take(char byte);

  std::string line_;
  bool is_note_ = true;  ///< as far as the line has come
  std::set<std::string> names_;
};

}  // namespace mprofpp::mark
