#pragma once

#include <string>
#include <string_view>

namespace mprofpp::inspect {

/// Makes the output of a program harmless to a terminal: control characters and bytes that are not UTF-8
/// appear as \x1b, except for the ends of lines and tabs. The output may arrive in any parts.
class ShownText {
 public:
  /// Returns what can be shown of the output so far and has not been returned.
  std::string add(std::string_view part);
  /// Returns the rest, at the end of the output.
  std::string finish();

 private:
  std::string rest_;  ///< the start of a UTF-8 character
};

}  // namespace mprofpp::inspect
