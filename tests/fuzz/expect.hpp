#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace mprofpp::fuzz {

/// Aborts the program, which libFuzzer takes for a finding, unless `holds`. `sentence` says what should hold.
inline void expect(bool holds, std::string_view sentence) {
  if (holds) return;
  std::fprintf(stderr, "fuzz: it does not hold that %.*s\n", static_cast<int>(sentence.size()),
               sentence.data());
  std::abort();
}

}  // namespace mprofpp::fuzz
