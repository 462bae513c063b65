#pragma once

#include <cstddef>
#include <optional>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/instant.hpp"
#include "mprofpp/record/outcome.hpp"

namespace mprofpp::record {

/// Remembers the PSS that a tree had when its sum of RSS was highest.
class SharingWatch {
 public:
  /// Takes a sample: the sum of RSS over `processes` processes.
  void add_sample(Bytes sum, std::size_t processes);
  /// Takes the PSS that the tree had while its sum of RSS was `sum`.
  void add_pss(Bytes pss, Bytes sum, Duration at);

  /// Returns true if the highest sample was the sum of several processes.
  bool is_peak_shared() const { return is_peak_shared_; }
  /// Returns nothing if PSS was not read near the highest sample: the pages that a wrapper shared with its
  /// program at the start say nothing about the program's memory at the peak.
  std::optional<Sharing> near_peak() const;

 private:
  Bytes peak_;
  bool is_peak_shared_ = false;
  std::optional<Sharing> highest_;
};

}  // namespace mprofpp::record
