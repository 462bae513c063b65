#include "mprofpp/ring/ring.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "mprofpp/base/file.hpp"

namespace mprofpp::ring {
namespace {

/// Opens without blocking, because the file could be a pipe with the name of a ring.
Result<Fd> open_file(const std::string& path) {
  Fd fd(::open(path.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd) return fail_errno(errno, path, "cannot open");
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return fail_errno(errno, path, "cannot read the size of");
  if (!S_ISREG(status.st_mode)) return fail(Errc::malformed, path, "is not a regular file");
  return fd;
}

/// Checks the size of the file, which may have tallies after its slots.
bool has_size(int fd, const RingIdentity& identity) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return false;
  const auto most = wire::tally_at(identity.slots, wire::most_tallies);
  return status.st_size >= static_cast<off_t>(wire::size_of_segment(identity.slots)) &&
         status.st_size <= static_cast<off_t>(most);
}

template <class T>
void put(int fd, std::size_t offset, T value) {
  // if the ring cannot be written to, it fills up, and its writer counts the records that it drops
  const auto written = ::pwrite(fd, &value, sizeof value, static_cast<off_t>(offset));
  static_cast<void>(written);
}

}  // namespace

Ring::Ring(std::string path, Fd fd, const RingIdentity& identity)
    : path_(std::move(path)), fd_(std::move(fd)), identity_(identity) {}

Result<Ring> Ring::open(std::string path) {
  auto fd = open_file(path);
  if (!fd) return Failure(std::move(fd.error()));
  std::array<char, sizeof(wire::RingHeader)> header;
  const auto length = read_block_at(fd->get(), header, 0);
  if (!length) return fail(Errc::io, path, length.error().what);
  auto identity = parse_identity({header.data(), *length});
  if (!identity) return fail(identity.error().code, path, identity.error().what);
  if (!has_size(fd->get(), *identity)) {
    return fail(Errc::malformed, path, "does not have the size that its header gives");
  }
  if (!may_be_kept(*fd)) fd->close();
  return Ring(std::move(path), std::move(*fd), *identity);
}

Bytes Ring::size() const {
  const auto tallies = progress_.tallies * sizeof(wire::Tally);
  return Bytes(static_cast<std::int64_t>(wire::size_of_segment(identity_.slots) + tallies));
}

Result<RingProgress> Ring::read_progress(int fd) const {
  std::array<char, progress_size> header;
  const auto length = read_block_at(fd, header, 0);
  if (!length) return Failure(length.error());
  return parse_progress({header.data(), *length});
}

void Ring::read_sums() {
  visit_tallies([](Tally& tally, int fd, std::size_t offset) { tally.read_sums(fd, offset); });
}

void Ring::read_short_calls(WriterState writer, const OnShortCalls& on_calls) {
  visit_tallies([&](Tally& tally, int fd, std::size_t offset) {
    if (const auto calls = tally.read_short_calls(fd, offset, writer)) on_calls(*calls);
  });
}

void Ring::visit_tallies(const VisitTally& visit) {
  if (tallies() == 0) return;
  const auto opened = fd_ ? Result<Fd>(Fd()) : open_file(path_);
  if (!opened) return;
  const int fd = fd_ ? fd_.get() : opened->get();
  tallies_.resize(std::max<std::size_t>(tallies_.size(), progress_.tallies));
  for (std::uint32_t number = 0; number < progress_.tallies; ++number) {
    visit(tallies_[number], fd, wire::tally_at(identity_.slots, number));
  }
}

Result<std::uint64_t> Ring::drain(WriterState writer, const OnRecord& on_record) {
  Fd opened;
  if (!fd_) {
    auto again = open_file(path_);
    if (!again) return Failure(std::move(again.error()));
    opened = std::move(*again);
  }
  const int fd = fd_ ? fd_.get() : opened.get();
  auto progress = read_progress(fd);
  if (!progress) return Failure(std::move(progress.error()));
  progress_ = *progress;

  const auto before = drained_;
  // no valid writer can be further ahead than that
  const auto end = std::min(progress_.reserved, drained_ + identity_.slots);
  while (drained_ < end) {
    const auto count = drain_piece(fd, end, writer, on_record);
    if (count == 0) break;
    drained_ += count;
    give_back(fd);
  }
  return drained_ - before;
}

/// Reads the slots twice. The first reading finds out how many records are committed: only bytes that are
/// read after a commit was seen are certain to be the committed ones.
std::uint64_t Ring::drain_piece(int fd, std::uint64_t end, WriterState& writer,
                                const OnRecord& on_record) {
  constexpr std::uint64_t most = 512;
  std::array<char, most * sizeof(wire::Slot)> buffer;
  const auto index = drained_ % identity_.slots;
  const auto count = std::min({most, end - drained_, identity_.slots - index});
  const auto offset = static_cast<off_t>(wire::slots_at + index * sizeof(wire::Slot));
  const auto read = [&](std::uint64_t slots) -> std::span<const char> {
    const std::span<char> wanted(buffer.data(), slots * sizeof(wire::Slot));
    return wanted.first(read_block_at(fd, wanted, offset).value_or(0));
  };

  auto slots = read(count);
  const auto committed = count_committed(slots, drained_);
  if (committed == 0) return pass_over_torn(count_torn(slots, drained_), writer);
  slots = read(committed);
  for (; slots.size() >= sizeof(wire::Slot); slots = slots.subspan(sizeof(wire::Slot))) {
    if (const auto record = decode(slots)) on_record(*record);
  }
  return committed;
}

/// Skips incomplete records that will never be complete. If the writer hangs, only the first ones are
/// given up.
std::uint64_t Ring::pass_over_torn(std::uint64_t count, WriterState& writer) {
  if (writer == WriterState::running) return 0;
  if (writer == WriterState::stuck) writer = WriterState::running;
  torn_ += count;
  return count;
}

void Ring::give_back(int fd) {
  put(fd, offsetof(wire::RingHeader, drained), drained_);
  put(fd, offsetof(wire::RingHeader, bell_rung), std::uint32_t{0});
  if (progress_.lacks_tally) put(fd, offsetof(wire::RingHeader, lacks_tally), std::uint32_t{0});
}

std::uint64_t Ring::new_losses() {
  const auto dropped = std::max(progress_.dropped, dropped_);
  return std::exchange(torn_, 0) + dropped - std::exchange(dropped_, dropped);
}

void Ring::write_filter_entry(std::size_t place, std::uint64_t entry, std::uint32_t count) {
  const auto opened = fd_ ? Result<Fd>(Fd()) : open_file(path_);
  if (!opened) return;
  const int fd = fd_ ? fd_.get() : opened->get();
  put(fd, wire::filter_at + place * sizeof entry, entry);
  put(fd, offsetof(wire::RingHeader, filter_entries), count);
}

void Ring::remove() {
  ::unlink(path_.c_str());
  fd_.close();
}

}  // namespace mprofpp::ring
