#pragma once

#include <string>

namespace mprofpp::test {

/// While an object of this class exists, C and C++ write numbers as 1.234,5. Code that depends on the
/// locale fails then.
class CommaLocale {
 public:
  CommaLocale();
  ~CommaLocale();
  CommaLocale(const CommaLocale&) = delete;
  CommaLocale& operator=(const CommaLocale&) = delete;

 private:
  std::string previous_c_;
};

}  // namespace mprofpp::test
