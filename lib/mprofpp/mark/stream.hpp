#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/mark/answers.hpp"
#include "mprofpp/mark/ring.hpp"

namespace mprofpp::mark {

/// All rings of one writer, one after another: a ring that was full is followed by a larger one.
class Stream {
 public:
  /// A ring of the same writer, in whatever order they are found. One that is there already is not
  /// taken.
  void add(Ring ring);

  /// As Ring::drain, over all rings in the order in which they were filled. Answers how many
  /// records came; a ring that cannot be read ends there.
  std::uint64_t drain(Writer writer, const Ring::Take& take);

  /// As of Ring.
  std::uint32_t tallies() const { return rings_.front() ? rings_.front()->tallies() : 0; }
  bool lacks_tally() const { return rings_.front() && rings_.front()->lacks_tally(); }
  void read_sums();
  void look(Writer writer, const Ring::TakeShort& take);

  /// The memory that its rings take in their process.
  Bytes size() const;
  /// Records stand there that are not whole. As of the last drain().
  bool is_waiting() const;
  /// The writer said that nothing more will come. As of the last drain().
  bool is_left() const;
  std::uint64_t take_lost();
  /// Tells the process what has become known of a function, as in wire::AnswerTable.
  void tell(std::uint64_t answer);
  /// Removes the files.
  void remove();

 private:
  std::array<std::optional<Ring>, wire::most_segments> rings_;
  Answers answers_;
};

}  // namespace mprofpp::mark
