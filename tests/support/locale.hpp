#pragma once

#include <string>

namespace mprofpp::test {

/// While it lives, C and C++ write numbers as 1.234,5: code that asks the locale is found out.
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
