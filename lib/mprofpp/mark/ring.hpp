#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/mark/decode.hpp"
#include "mprofpp/mark/tally.hpp"

namespace mprofpp::mark {

/// The reading end of one ring file. The file belongs to somebody else, who may fill it with
/// anything and cut it short at any time: it is never mapped, only read and written at places.
class Ring {
 public:
  using Take = std::function<void(const Record&)>;
  using TakeShort = std::function<void(const ShortCalls&)>;

  /// Errors: not_found, denied, io; malformed when it is not a ring; unsupported when it is one of another
  /// build of mprofpp.
  static Result<Ring> open(std::string path);

  const RingIdentity& identity() const { return identity_; }
  /// The memory that it takes in its process.
  Bytes size() const;

  /// Hands on the records that have come, in their order, and gives their slots back. Answers how
  /// many they were. Errors: as open.
  Result<std::uint64_t> drain(Writer writer, const Take& take);
  /// What its threads have counted instead of telling it: read_sums(), then drain(), which brings
  /// the names of what was counted and the calls around it, then look() to have it handed on.
  void read_sums();
  void look(Writer writer, const TakeShort& take);
  /// How many tallies there are. As of the last drain().
  std::uint32_t tallies() const { return identity_.segment == 0 ? progress_.tallies : 0; }
  /// A thread waits until sums of one that has ended are known.
  bool lacks_tally() const { return tallies() > 0 && progress_.lacks_tally; }
  /// As of the last drain().
  const RingProgress& progress() const { return progress_; }
  /// Records stand there that are not whole. As of the last drain().
  bool is_waiting() const { return taken_ < progress_.reserved; }
  /// Everything that was ever put into it was taken.
  bool is_exhausted() const { return progress_.closed && taken_ >= progress_.reserved; }
  /// Records that were dropped or torn, since the last call.
  std::uint64_t take_lost();

  /// Puts an answer into place `place` of its wire::AnswerTable, which then has so many.
  void tell(std::size_t place, std::uint64_t answer, std::uint32_t count);
  /// Removes the file, when nothing more is to come.
  void remove();

 private:
  Ring(std::string path, Fd fd, const RingIdentity& identity);

  using VisitTally = std::function<void(Tally&, int fd, std::size_t offset)>;
  void visit_tallies(const VisitTally& visit);
  Result<RingProgress> read_progress(int fd) const;
  std::uint64_t drain_piece(int fd, std::uint64_t end, Writer& writer, const Take& take);
  std::uint64_t pass_over_torn(std::uint64_t count, Writer& writer);
  void give_back(int fd);

  std::string path_;
  Fd fd_;
  RingIdentity identity_;
  RingProgress progress_;
  std::uint64_t taken_ = 0;  ///< the number of the next slot
  std::uint64_t torn_ = 0;
  std::vector<Tally> tallies_;
  std::uint64_t dropped_ = 0;  ///< of those that the writer dropped: already told
};

}  // namespace mprofpp::mark
