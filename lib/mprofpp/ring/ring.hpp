#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/ring/decode.hpp"
#include "mprofpp/ring/tally.hpp"

namespace mprofpp::ring {

/// The reading end of one ring file. The file belongs to another process, which may write anything into it
/// and truncate it at any time. It is therefore never mapped, only accessed by pread and pwrite.
class Ring {
 public:
  using OnRecord = std::function<void(const Record&)>;
  using OnShortCalls = std::function<void(const ShortCalls&)>;

  /// Errors: not_found, denied, io; malformed if it is not a ring; unsupported if it is a ring of another
  /// build of mprofpp.
  static Result<Ring> open(std::string path);

  const RingIdentity& identity() const { return identity_; }
  /// Returns the memory that the ring uses in its process.
  Bytes size() const;

  /// Passes the records that have arrived to `on_record`, in their order, and frees their slots. Returns
  /// how many they were. Errors: the same as those of open().
  Result<std::uint64_t> drain(WriterState writer, const OnRecord& on_record);
  /// Reads the calls that the threads have counted instead of writing a record for each. Call read_sums()
  /// first, then drain(), which provides the names of the counted functions and the calls around them, and
  /// then read_short_calls(), which passes the counted calls to `on_calls`, one thread at a time.
  void read_sums();
  void read_short_calls(WriterState writer, const OnShortCalls& on_calls);
  /// Returns the number of tallies, as of the last drain().
  std::uint32_t tallies() const { return identity_.segment == 0 ? progress_.tallies : 0; }
  /// Returns true if a thread waits for the tally of an ended thread, which is free once its sums are read.
  bool lacks_tally() const { return tallies() > 0 && progress_.lacks_tally; }
  /// Returns the progress as of the last drain().
  const RingProgress& progress() const { return progress_; }
  /// Returns true if the last drain() stopped at an incomplete record.
  bool is_waiting() const { return drained_ < progress_.reserved; }
  /// Returns true if the ring is closed and all its records were drained.
  bool is_exhausted() const { return progress_.closed && drained_ >= progress_.reserved; }
  /// Returns how many records were dropped or torn since the last call.
  std::uint64_t new_losses();

  /// Writes an entry into the given place of the process's wire::FunctionFilter, which has `count` entries
  /// then.
  void write_filter_entry(std::size_t place, std::uint64_t entry, std::uint32_t count);
  /// Removes the file. Call it when no more records can arrive.
  void remove();

 private:
  Ring(std::string path, Fd fd, const RingIdentity& identity);

  using VisitTally = std::function<void(Tally&, int fd, std::size_t offset)>;
  void visit_tallies(const VisitTally& visit);
  Result<RingProgress> read_progress(int fd) const;
  std::uint64_t drain_piece(int fd, std::uint64_t end, WriterState& writer,
                            const OnRecord& on_record);
  std::uint64_t pass_over_torn(std::uint64_t count, WriterState& writer);
  void give_back(int fd);

  std::string path_;
  Fd fd_;
  RingIdentity identity_;
  RingProgress progress_;
  std::uint64_t drained_ = 0;  ///< the number of the next record
  std::uint64_t torn_ = 0;
  std::vector<Tally> tallies_;
  std::uint64_t dropped_ = 0;  ///< dropped records that new_losses() has returned
};

}  // namespace mprofpp::ring
