#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mprofpp/model/record.hpp"

namespace mprofpp::analysis {

/// The titles of a process over its life, and the title it had when it was largest. A process that renames
/// itself for each thing it does (PostgreSQL, test workers) is best called by what it did at its peak.
class Titles {
 public:
  struct Title {
    std::string name;     ///< the kernel's 15 characters
    std::string command;  ///< the command line; empty if unknown

    friend bool operator==(const Title&, const Title&) = default;
  };

  /// Sets the title that the process has from now on. `parent` holds the titles of its parent, or is null: a
  /// process that has just been forked has its parent's title, which is not its own if it takes another one.
  void change(const model::Process& process, const Titles* parent);
  /// Takes the memory of the process at this time.
  void observe(double mib) {
    if (mib > highest_) note_highest(mib);
  }
  /// Takes the kernel's high-water mark, read now. A mark that is at most 1 % above the highest value so far
  /// belongs to the same moment and changes nothing.
  void observe_between_samples(double mib);

  /// Returns the title at the peak, or the last title if no memory is known.
  const Title& at_peak() const;
  /// Returns the other command lines that the process had, in order and up to a limit. A title without a
  /// command line counts by its name.
  std::vector<std::string> other_titles() const;
  /// Returns how many changes of title came after that limit.
  std::uint64_t left_out() const { return left_out_; }

 private:
  void note_highest(double mib);
  bool is_known(const Title& title) const;

  std::vector<Title> earlier_;  ///< each once
  Title now_;
  Title at_peak_;
  double highest_ = 0;
  bool is_inherited_ = false;
  bool has_peak_ = false;
  std::uint64_t left_out_ = 0;
};

}  // namespace mprofpp::analysis
