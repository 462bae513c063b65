#include "mprofpp/wire/segment.hpp"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>

#include "mprofpp/wire/names.hpp"
#include "mprofpp/wire/path.hpp"
#include "mprofpp/wire/uncancelled.hpp"

namespace mprofpp::wire {
namespace {

/// Growing a file beyond the limit would not fail but kill, with SIGXFSZ.
bool may_write(std::size_t size) {
  rlimit limit;
  return ::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur >= size;
}

Path path_of(const Identity& identity, std::uint32_t number, const char* suffix) {
  Path path(identity.folder);
  path.add('/').add_number(identity.writer).add('.').add_number(identity.begun);
  path.add('.').add_number(number).add(suffix);
  return path;
}

/// A file of that size whose pages are there: with ftruncate alone the first write to a full file
/// system would be a SIGBUS.
int make_file(const char* path, std::size_t size) {
  if (!may_write(size)) {
    errno = EFBIG;
    return -1;
  }
  const int fd = uncancelled::open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return -1;
  const int error = ::posix_fallocate(fd, 0, static_cast<off_t>(size));
  if (error == 0) return fd;
  uncancelled::close(fd);
  ::unlink(path);
  errno = error;
  return -1;
}

/// All pages at once: what a ring adds to the process's memory is then known to the byte.
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
  const std::size_t size = slots_at + sizeof(Slot) * slots;
  const int fd = make_file(unfinished.text(), size);
  if (fd < 0) return false;
  void* memory = map(fd, 0, size);
  uncancelled::close(fd);
  if (memory == nullptr) {
    ::unlink(unfinished.text());
    return false;
  }
  auto* heading = static_cast<Heading*>(memory);
  heading->magic = magic;
  heading->stamp = stamp;
  heading->slots = slots;
  heading->pid = identity.pid;
  heading->writer = identity.writer;
  heading->start = identity.start;
  heading->begun = identity.begun;
  heading->segment = number;
  heading_ = heading;
  slots_ = slots;
  if (::rename(unfinished.text(), finished.text()) == 0) return true;
  forget();
  ::unlink(unfinished.text());
  return false;
}

void Segment::forget() {
  if (!is_open()) return;
  ::munmap(heading_, size());
  heading_ = nullptr;
  slots_ = 0;
}

Tally* Segment::add_tally(const Identity& identity, std::uint32_t number) {
  const auto offset = tally_at(slots_, number);
  if (!may_write(offset + sizeof(Tally))) {
    errno = EFBIG;
    return nullptr;
  }
  const Path path = path_of(identity, 0, ring_suffix);
  const int fd = uncancelled::open(path.text(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return nullptr;
  const int error = ::posix_fallocate(fd, static_cast<off_t>(offset), sizeof(Tally));
  void* memory = error == 0 ? map(fd, offset, sizeof(Tally)) : nullptr;
  uncancelled::close(fd);
  if (error != 0) errno = error;
  return static_cast<Tally*>(memory);
}

void Segment::forget_tally(Tally* tally) {
  ::munmap(tally, sizeof *tally);
}

const AnswerTable& Segment::answer_table() const {
  return *reinterpret_cast<const AnswerTable*>(reinterpret_cast<const char*>(heading_) +
                                               answers_at);
}

Slot* Segment::slots() const {
  return reinterpret_cast<Slot*>(reinterpret_cast<char*>(heading_) + slots_at);
}

Segment::Place Segment::reserve(std::uint32_t count, std::uint32_t spare) {
  auto& reserved = heading_->reserved;
  std::uint64_t at = reserved.load(std::memory_order_relaxed);
  std::uint64_t waiting = 0;
  do {
    if (at & closed_bit) return {Place::Answer::closed};
    waiting = at + count - heading_->drained.load(std::memory_order_acquire);
    if (waiting + spare > slots_) return {Place::Answer::full};
  } while (!reserved.compare_exchange_weak(at, at + count, std::memory_order_relaxed));

  auto& rung = heading_->bell_rung;
  const bool rings_bell = waiting >= slots_ / 2 && rung.load(std::memory_order_relaxed) == 0 &&
                          rung.exchange(1, std::memory_order_relaxed) == 0;
  return {Place::Answer::given, at, rings_bell};
}

}  // namespace mprofpp::wire
