#include "mprofpp/wire/segment.hpp"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>

#include "mprofpp/wire/allocated_file.hpp"
#include "mprofpp/wire/names.hpp"
#include "mprofpp/wire/path.hpp"
#include "mprofpp/wire/uncancelled.hpp"

namespace mprofpp::wire {
namespace {

Path path_of(const Identity& identity, std::uint32_t number, const char* suffix) {
  Path path(identity.folder);
  path.add('/').add_number(identity.writer).add('.').add_number(identity.begun);
  path.add('.').add_number(number).add(suffix);
  return path;
}

/// Maps all pages at once, so that the amount that a ring adds to the process's memory
/// is known to the byte.
void* map(int fd, std::size_t offset, std::size_t size) {
  void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd,
                        static_cast<off_t>(offset));
  return memory == MAP_FAILED ? nullptr : memory;
}

}  // namespace

bool Segment::create(const Identity& identity, std::uint32_t number, std::uint32_t slots) {
  const Path unfinished = path_of(identity, number, unfinished_suffix);
  const Path finished = path_of(identity, number, ring_suffix);
  if (!finished.fits() || !unfinished.fits()) {
    errno = ENAMETOOLONG;
    return false;
  }
  const std::size_t size = size_of_segment(slots);
  const int fd = make_allocated_file(unfinished.text(), size);
  if (fd < 0) return false;
  void* memory = map(fd, 0, size);
  uncancelled::close(fd);
  if (memory == nullptr) {
    ::unlink(unfinished.text());
    return false;
  }
  auto* header = static_cast<RingHeader*>(memory);
  header->magic = magic;
  header->stamp = stamp;
  header->slots = slots;
  header->pid = identity.pid;
  header->writer = identity.writer;
  header->start = identity.start;
  header->begun = identity.begun;
  header->segment = number;
  header_ = header;
  slots_ = slots;
  if (::rename(unfinished.text(), finished.text()) == 0) return true;
  forget();
  ::unlink(unfinished.text());
  return false;
}

void Segment::forget() {
  if (!is_open()) return;
  ::munmap(header_, size());
  header_ = nullptr;
  slots_ = 0;
}

Tally* Segment::add_tally(const Identity& identity, std::uint32_t number) {
  const auto offset = tally_at(slots_, number);
  const Path path = path_of(identity, 0, ring_suffix);
  const int fd = uncancelled::open(path.text(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return nullptr;
  void* memory = allocate(fd, offset, sizeof(Tally)) ? map(fd, offset, sizeof(Tally)) : nullptr;
  const int error = errno;
  uncancelled::close(fd);
  errno = error;
  return static_cast<Tally*>(memory);
}

void Segment::forget_tally(Tally* tally) {
  ::munmap(tally, sizeof *tally);
}

const FunctionFilter& Segment::filter() const {
  return *reinterpret_cast<const FunctionFilter*>(reinterpret_cast<const char*>(header_) +
                                                  filter_at);
}

Slot* Segment::slots() const {
  return reinterpret_cast<Slot*>(reinterpret_cast<char*>(header_) + slots_at);
}

Segment::Reservation Segment::reserve(std::uint32_t count, std::uint32_t spare) {
  auto& reserved = header_->reserved;
  std::uint64_t at = reserved.load(std::memory_order_relaxed);
  std::uint64_t waiting = 0;
  do {
    if (at & closed_bit) return {Reservation::Result::closed};
    waiting = at + count - header_->drained.load(std::memory_order_acquire);
    if (waiting + spare > slots_) return {Reservation::Result::full};
  } while (!reserved.compare_exchange_weak(at, at + count, std::memory_order_relaxed));

  auto& rung = header_->bell_rung;
  const bool rings_bell = waiting >= slots_ / 2 && rung.load(std::memory_order_relaxed) == 0 &&
                          rung.exchange(1, std::memory_order_relaxed) == 0;
  return {Reservation::Result::given, at, rings_bell};
}

}  // namespace mprofpp::wire
