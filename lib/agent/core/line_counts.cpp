#include "core/line_counts.hpp"

#include <stdlib.h>
#include <string.h>

#include "core/process.hpp"
#include "core/table.hpp"

namespace mprofpp::agent {
namespace {

struct OfHash {
  std::uint64_t key = 0;  ///< hash_of()
  LineCounts* first = nullptr;
};
constinit Table<OfHash> of_hashes;
constinit std::uint32_t functions = 0;

/// No function is longer: a larger line number is not from a compiler.
constexpr std::size_t most_blocks = (1 << 20) / wire::lines_per_block;

bool are_equal(const char* bytes, std::size_t length, wire::TextView text) {
  return length == text.length && memcmp(bytes, text.bytes, length) == 0;
}

std::uint64_t hash_of(wire::TextView name, wire::TextView file, std::uint32_t first_line) {
  const auto hash = (wire::id_of(name) * 31 + wire::id_of(file)) * 31 + first_line;
  return hash == 0 ? 1 : hash;
}

}  // namespace

bool LineCounts::is_of(wire::TextView name, wire::TextView file, std::uint32_t first_line) const {
  return first_line_ == first_line && are_equal(texts_, name_length_, name) &&
         are_equal(texts_ + name_length_, file_length_, file);
}

LineCounts* LineCounts::of(wire::TextView name, wire::TextView file, std::uint32_t first_line,
                           std::int32_t precision) {
  const auto hash = hash_of(name, file, first_line);
  const auto* const known = of_hashes.find(hash);
  for (auto* counts = known == nullptr ? nullptr : known->first; counts != nullptr;
       counts = counts->next_) {
    if (counts->is_of(name, file, first_line)) return counts;
  }
  if (process().lines().leaves_out()) return nullptr;
  auto* const entry = of_hashes.put(hash);
  auto* const made = entry == nullptr ? nullptr : make(name, file, first_line, precision);
  if (made == nullptr) return nullptr;
  made->next_ = entry->first;
  entry->first = made;
  return made;
}

LineCounts* LineCounts::make(wire::TextView name, wire::TextView file, std::uint32_t first_line,
                             std::int32_t precision) {
  auto* const made = static_cast<LineCounts*>(::calloc(1, sizeof(LineCounts)));
  auto* const texts = static_cast<char*>(::malloc(name.length + file.length + 1));
  if (made == nullptr || texts == nullptr) {
    ::free(made);
    ::free(texts);
    return nullptr;
  }
  memcpy(texts, name.bytes, name.length);
  memcpy(texts + name.length, file.bytes, file.length);
  made->texts_ = texts;
  made->name_length_ = name.length;
  made->file_length_ = file.length;
  made->first_line_ = first_line;
  made->precision_ = precision;
  made->number_ = ++functions;
  return made;
}

[[gnu::noinline]] void LineCounts::begin(std::uint32_t generation) {
  generation_ = generation;
  function_ = nullptr;
  if (blocks_ != nullptr) memset(blocks_, 0, count_ * sizeof(void*));
  if (!process().open_lines()) return;
  function_ = process().lines().add_function(
      {texts_, name_length_}, {texts_ + name_length_, file_length_}, first_line_, precision_);
}

bool LineCounts::make_room(std::size_t count) {
  if (count <= count_) return true;
  auto** const blocks = static_cast<wire::LinesBlock**>(::realloc(blocks_, count * sizeof(void*)));
  if (blocks == nullptr) return false;
  memset(blocks + count_, 0, (count - count_) * sizeof(void*));
  blocks_ = blocks;
  count_ = count;
  return true;
}

[[gnu::noinline]] wire::LinesBlock* LineCounts::add_block(std::uint32_t line) {
  if (function_ == nullptr || line < first_line_) return nullptr;
  const auto i = (line - first_line_) / wire::lines_per_block;
  if (i >= most_blocks || !make_room(i + 1)) return nullptr;
  const auto first = first_line_ + i * wire::lines_per_block;
  blocks_[i] = process().lines().add_lines(function_->number, static_cast<std::uint32_t>(first));
  return blocks_[i];
}

}  // namespace mprofpp::agent
