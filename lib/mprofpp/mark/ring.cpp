#include "mprofpp/mark/ring.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "mprofpp/base/file.hpp"

namespace mprofpp::mark {
namespace {

/// Not blocking: it could be a pipe that somebody gave a ring's name.
Result<Fd> open_file(const std::string& path) {
  Fd fd(::open(path.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd) return fail_errno(errno, path, "cannot open");
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return fail_errno(errno, path, "cannot look at");
  if (!S_ISREG(status.st_mode)) return fail(Errc::malformed, path, "is no file");
  return fd;
}

std::size_t size_of(const RingIdentity& identity) {
  return wire::slots_at + sizeof(wire::Slot) * identity.slots;
}

/// Behind its slots there may be tallies.
bool has_size(int fd, const RingIdentity& identity) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return false;
  const auto most = wire::tally_at(identity.slots, wire::most_tallies);
  return status.st_size >= static_cast<off_t>(size_of(identity)) &&
         status.st_size <= static_cast<off_t>(most);
}

template <class T>
void put(int fd, std::size_t offset, T value) {
  // a ring that cannot be written to fills up, and its writer counts what it drops
  const auto written = ::pwrite(fd, &value, sizeof value, static_cast<off_t>(offset));
  static_cast<void>(written);
}

}  // namespace

Ring::Ring(std::string path, Fd fd, const RingIdentity& identity)
    : path_(std::move(path)), fd_(std::move(fd)), identity_(identity) {}

Result<Ring> Ring::open(std::string path) {
  auto fd = open_file(path);
  if (!fd) return Failure(std::move(fd.error()));
  std::array<char, sizeof(wire::Heading)> heading;
  const auto length = read_block_at(fd->get(), heading, 0);
  if (!length) return fail(Errc::io, path, length.error().what);
  auto identity = parse_identity({heading.data(), *length});
  if (!identity) return fail(identity.error().code, path, identity.error().what);
  if (!has_size(fd->get(), *identity)) {
    return fail(Errc::malformed, path, "is not as long as its heading says");
  }
  if (!may_be_kept(*fd)) fd->close();
  return Ring(std::move(path), std::move(*fd), *identity);
}

Bytes Ring::size() const {
  const auto tallies = progress_.tallies * sizeof(wire::Tally);
  return Bytes(static_cast<std::int64_t>(size_of(identity_) + tallies));
}

Result<RingProgress> Ring::read_progress(int fd) const {
  std::array<char, progress_size> heading;
  const auto length = read_block_at(fd, heading, 0);
  if (!length) return Failure(length.error());
  return parse_progress({heading.data(), *length});
}

void Ring::read_sums() {
  visit_tallies([](Tally& tally, int fd, std::size_t offset) { tally.read_sums(fd, offset); });
}

void Ring::look(Writer writer, const TakeShort& take) {
  visit_tallies([&](Tally& tally, int fd, std::size_t offset) {
    if (const auto short_calls = tally.look(fd, offset, writer)) take(*short_calls);
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

Result<std::uint64_t> Ring::drain(Writer writer, const Take& take) {
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

  const auto before = taken_;
  // beyond that no honest writer can be
  const auto end = std::min(progress_.reserved, taken_ + identity_.slots);
  while (taken_ < end) {
    const auto count = drain_piece(fd, end, writer, take);
    if (count == 0) break;
    taken_ += count;
    give_back(fd);
  }
  return taken_ - before;
}

/// Two readings, the first to find out how far records are whole: only what is read after a commit
/// was seen is sure to be what was committed.
std::uint64_t Ring::drain_piece(int fd, std::uint64_t end, Writer& writer, const Take& take) {
  constexpr std::uint64_t most = 512;
  std::array<char, most * sizeof(wire::Slot)> buffer;
  const auto index = taken_ % identity_.slots;
  const auto count = std::min({most, end - taken_, identity_.slots - index});
  const auto offset = static_cast<off_t>(wire::slots_at + index * sizeof(wire::Slot));
  const auto read = [&](std::uint64_t slots) -> std::span<const char> {
    const std::span<char> wanted(buffer.data(), slots * sizeof(wire::Slot));
    return wanted.first(read_block_at(fd, wanted, offset).value_or(0));
  };

  auto slots = read(count);
  const auto committed = count_committed(slots, taken_);
  if (committed == 0) return pass_over_torn(count_torn(slots, taken_), writer);
  slots = read(committed);
  for (; slots.size() >= sizeof(wire::Slot); slots = slots.subspan(sizeof(wire::Slot))) {
    if (const auto record = decode(slots)) take(*record);
  }
  return committed;
}

/// Of a writer that hangs only those at the beginning are given up.
std::uint64_t Ring::pass_over_torn(std::uint64_t count, Writer& writer) {
  if (writer == Writer::lives) return 0;
  if (writer == Writer::hangs) writer = Writer::lives;
  torn_ += count;
  return count;
}

void Ring::give_back(int fd) {
  put(fd, offsetof(wire::Heading, drained), taken_);
  put(fd, offsetof(wire::Heading, bell_rung), std::uint32_t{0});
  if (progress_.lacks_tally) put(fd, offsetof(wire::Heading, lacks_tally), std::uint32_t{0});
}

std::uint64_t Ring::take_lost() {
  const auto dropped = std::max(progress_.dropped, dropped_);
  return std::exchange(torn_, 0) + dropped - std::exchange(dropped_, dropped);
}

void Ring::tell(std::size_t place, std::uint64_t answer, std::uint32_t count) {
  const auto opened = fd_ ? Result<Fd>(Fd()) : open_file(path_);
  if (!opened) return;
  const int fd = fd_ ? fd_.get() : opened->get();
  put(fd, wire::answers_at + place * sizeof answer, answer);
  put(fd, offsetof(wire::Heading, answers), count);
}

void Ring::remove() {
  ::unlink(path_.c_str());
  fd_.close();
}

}  // namespace mprofpp::mark
