#pragma once

#include <set>
#include <string>
#include <string_view>

namespace mprofpp::ring {

/// Collects the notes among the bytes that were written into the bell of a run: a note is text up to a
/// newline. Any process may write anything there, so lines that cannot be notes are skipped, and the size
/// of the collection is limited.
class BellNotes {
 public:
  /// Adds the notes in the bytes that were read next.
  void add(std::string_view bytes);
  const std::set<std::string>& names() const { return names_; }

 private:
  void add(char byte);

  std::string line_;
  bool is_note_ = true;  ///< false once the current line cannot be a note
  std::set<std::string> names_;
};

}  // namespace mprofpp::ring
