#include "core/line_file.hpp"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/freestanding.hpp"
#include "mprofpp/wire/allocated_file.hpp"
#include "mprofpp/wire/layout.hpp"
#include "mprofpp/wire/names.hpp"
#include "mprofpp/wire/path.hpp"

namespace mprofpp::agent {
namespace {

constexpr std::size_t first_size = 64 << 10;
constexpr std::size_t smallest_page = 4096;
constexpr std::size_t longest_text = 4096;

wire::Path path_of_lines(const wire::Identity& identity, const char* suffix) {
  wire::Path path(identity.folder);
  path.add('/').add_number(identity.pid).add('.').add_number(identity.begun).add(suffix);
  return path;
}

/// Makes the file as long as it can become part of the address space, so that blocks never move. The part
/// beyond the end of the file takes no memory.
void* map_lines(int fd) {
  void* memory = ::mmap(nullptr, LineFile::most_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  return memory == MAP_FAILED ? nullptr : memory;
}

/// Writes to each page, so that the amount that the file adds to the process's memory is known to the byte.
void touch(void* memory, std::size_t from, std::size_t to) {
  for (auto at = from; at < to; at += smallest_page) {
    static_cast<volatile char*>(memory)[at] = 0;
  }
}

wire::TextView shortened(wire::TextView text) {
  return {text.bytes, text.length < longest_text ? text.length : longest_text};
}

void append(char*& to, wire::TextView text) {
  memcpy(to, text.bytes, text.length);
  to += text.length;
}

}  // namespace

bool LineFile::create(const wire::Identity& identity) {
  has_failed_ = true;
  identity_ = identity;
  const auto unfinished = path_of_lines(identity, wire::unfinished_suffix);
  const auto finished = path_of_lines(identity, wire::line_table_suffix);
  if (!finished.fits() || !unfinished.fits()) return false;
  const int fd = wire::make_allocated_file(unfinished.text(), first_size);
  if (fd < 0) return false;
  void* const memory = map_lines(fd);
  if (memory != nullptr) {
    touch(memory, 0, first_size);
    auto* const header = static_cast<wire::LineTableHeader*>(memory);
    header->magic = wire::line_table_magic;
    header->stamp = wire::stamp;
    header->pid = identity.pid;
    header->start = identity.start;
    header->begun = identity.begun;
    header->used.store(sizeof *header, std::memory_order_relaxed);
    header->allocated.store(first_size, std::memory_order_relaxed);
    has_failed_ = ::rename(unfinished.text(), finished.text()) != 0;
    if (!has_failed_) header_ = header;
    if (has_left_out_) header->facts.store(wire::tables_full, std::memory_order_relaxed);
    if (has_failed_) ::munmap(memory, most_size);
  }
  if (has_failed_) ::unlink(unfinished.text());
  if (has_failed_) {
    wire::uncancelled::close(fd);
  } else {
    file_.keep(fd);
  }
  return !has_failed_;
}

void LineFile::forget() {
  const KeepErrno keep_errno;
  file_.forget();
  if (header_ != nullptr) ::munmap(header_, most_size);
  header_ = nullptr;
  functions_ = 0;
  has_failed_ = false;
  cannot_grow_ = false;
  is_full_ = false;
}

/// Returns a descriptor of the file; negative if there is none.
int LineFile::descriptor() {
  if (const int fd = file_.get(); fd >= 0) return fd;
  const auto path = path_of_lines(identity_, wire::line_table_suffix);
  const int fd = wire::uncancelled::open(path.text(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return fd;
  file_.keep(fd);
  return file_.get();
}

bool LineFile::leaves_out() {
  if (!is_full_) return false;
  has_left_out_ = true;
  return true;
}

std::size_t LineFile::memory() const {
  const auto size = header_ == nullptr ? 0 : header_->allocated.load(std::memory_order_relaxed);
  return size + other_memory_;
}

bool LineFile::grow(std::size_t wanted) {
  const auto old_size = header_->allocated.load(std::memory_order_relaxed);
  auto size = old_size;
  while (size < wanted) size *= 2;
  if (cannot_grow_ || size > most_size) return false;
  const KeepErrno keep_errno;
  const int fd = descriptor();
  if (fd < 0 || !wire::allocate(fd, old_size, size - old_size)) return false;
  touch(header_, old_size, size);
  header_->allocated.store(size, std::memory_order_relaxed);
  return true;
}

/// Returns room for a block, which is all zeros except its header.
void* LineFile::begin_block(wire::BlockKind kind, std::size_t size) {
  const auto used = header_->used.load(std::memory_order_relaxed);
  const auto rounded = (size + 7) / 8 * 8;
  const bool fits = used + rounded <= header_->allocated.load(std::memory_order_relaxed);
  if (is_full_ || (!fits && !grow(used + rounded))) {
    is_full_ = true;
    add_fact(wire::tables_full);
    return nullptr;
  }
  auto* const header =
      reinterpret_cast<wire::BlockHeader*>(reinterpret_cast<char*>(header_) + used);
  *header = {kind, static_cast<std::uint32_t>(rounded)};
  return header;
}

/// Makes a complete block visible to the recorder.
void LineFile::end_block(const void* block) {
  const auto size = static_cast<const wire::BlockHeader*>(block)->size;
  header_->used.store(header_->used.load(std::memory_order_relaxed) + size,
                      std::memory_order_release);
}

wire::FunctionBlock* LineFile::add_function(wire::TextView name, wire::TextView file,
                                            std::uint32_t first_line, std::int32_t precision) {
  name = shortened(name);
  file = shortened(file);
  auto* const block = static_cast<wire::FunctionBlock*>(begin_block(
      wire::BlockKind::function, sizeof(wire::FunctionBlock) + name.length + file.length));
  if (block == nullptr) return nullptr;
  block->number = functions_++;
  block->first_line = first_line;
  block->precision = precision;
  block->name_length = static_cast<std::uint32_t>(name.length);
  block->file_length = static_cast<std::uint32_t>(file.length);
  char* text = reinterpret_cast<char*>(block + 1);
  append(text, name);
  append(text, file);
  end_block(block);
  return block;
}

wire::LinesBlock* LineFile::add_lines(std::uint32_t function, std::uint32_t first_line) {
  auto* const block =
      static_cast<wire::LinesBlock*>(begin_block(wire::BlockKind::lines, sizeof(wire::LinesBlock)));
  if (block == nullptr) return nullptr;
  block->function = function;
  block->first_line = first_line;
  end_block(block);
  return block;
}

bool LineFile::add_name(wire::TextView name) {
  name = shortened(name);
  auto* const block = static_cast<wire::NameBlock*>(
      begin_block(wire::BlockKind::name, sizeof(wire::NameBlock) + name.length));
  if (block == nullptr) return false;
  block->length = static_cast<std::uint32_t>(name.length);
  memcpy(block + 1, name.bytes, name.length);
  end_block(block);
  return true;
}

void LineFile::add_fact(std::uint32_t fact) {
  header_->facts.fetch_or(fact, std::memory_order_relaxed);
}

void LineFile::note_highest(std::uint64_t bytes) {
  if (bytes > header_->highest.load(std::memory_order_relaxed)) {
    header_->highest.store(bytes, std::memory_order_relaxed);
  }
}

std::uint64_t LineFile::highest() const {
  return header_ == nullptr ? 0 : header_->highest.load(std::memory_order_relaxed);
}

}  // namespace mprofpp::agent
