#pragma once

#include <algorithm>
#include <cstddef>

namespace mprofpp::page {

/// How much of lists and texts a page has. Nearly all recordings need no more than level 0. Each further
/// level has half of it, for recordings that would make a page too large.
struct Caps {
  static constexpr int last_level = 10;

  int level = 0;

  std::size_t text() const { return at_least(40, 2'000); }  ///< characters
  std::size_t processes() const { return at_least(10, 10'000); }
  std::size_t functions() const { return at_least(10, 10'000); }
  std::size_t marks() const { return at_least(10, 2'000); }
  std::size_t events() const { return at_least(10, 20'000); }
  std::size_t titles() const { return at_least(10, 5'000); }  ///< of all processes
  std::size_t lines() const { return at_least(10, 20'000); }  ///< of all functions

 private:
  std::size_t at_least(std::size_t least, std::size_t most) const {
    return std::max(least, most >> level);
  }
};

}  // namespace mprofpp::page
