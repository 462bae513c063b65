#include "mprofpp/inject/image.hpp"

#include <elf.h>

#include <array>
#include <cstring>
#include <string>

namespace mprofpp::inject {
namespace {

// far more than any linker writes
constexpr int most_headers = 64;
constexpr std::uint64_t most_entries = 1024;
constexpr std::uint32_t longest_chain = 4096;

#if defined(__x86_64__)
constexpr Elf64_Half own_machine = EM_X86_64;
#else
constexpr Elf64_Half own_machine = EM_AARCH64;
#endif

bool is_for_this_machine(const Elf64_Ehdr& header) {
  return std::memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 &&
         header.e_ident[EI_CLASS] == ELFCLASS64 && header.e_ident[EI_DATA] == ELFDATA2LSB &&
         header.e_machine == own_machine && header.e_phentsize == sizeof(Elf64_Phdr) &&
         header.e_phnum <= most_headers;
}

std::uint32_t gnu_hash_of(std::string_view name) {
  std::uint32_t hash = 5381;
  for (const char c : name) hash = hash * 33 + static_cast<unsigned char>(c);
  return hash;
}

std::uint32_t hash_of(std::string_view name) {
  std::uint32_t hash = 0;
  for (const char c : name) {
    hash = (hash << 4) + static_cast<unsigned char>(c);
    const std::uint32_t top = hash & 0xf0000000;
    hash = (hash ^ (top >> 24)) & ~top;
  }
  return hash;
}

}  // namespace

std::optional<Image> Image::at(const Memory& memory, Address start) {
  const auto header = memory.value_at<Elf64_Ehdr>(start);
  if (!header || !is_for_this_machine(*header)) return std::nullopt;
  Image image(memory);
  std::optional<Elf64_Phdr> dynamic;
  bool is_biased = false;
  for (int i = 0; i < header->e_phnum; ++i) {
    const auto at = start + header->e_phoff + static_cast<Address>(i) * sizeof(Elf64_Phdr);
    const auto segment = memory.value_at<Elf64_Phdr>(at);
    if (!segment) return std::nullopt;
    if (segment->p_type == PT_DYNAMIC) dynamic = segment;
    if (segment->p_type == PT_LOAD && segment->p_offset == 0) {
      image.bias_ = start - segment->p_vaddr;
      is_biased = true;
    }
  }
  if (!dynamic || !is_biased) return std::nullopt;
  const auto at = image.bias_ + dynamic->p_vaddr;
  return image.read_dynamic(at, dynamic->p_memsz, start) ? std::optional(image) : std::nullopt;
}

bool Image::read_dynamic(Address at, std::uint64_t size, Address start) {
  // glibc has turned these into addresses, musl has not
  const auto address_of = [&](const Elf64_Dyn& entry) {
    return entry.d_un.d_ptr < start ? bias_ + entry.d_un.d_ptr : entry.d_un.d_ptr;
  };
  const auto count = std::min(size / sizeof(Elf64_Dyn), most_entries);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto entry = memory_->value_at<Elf64_Dyn>(at + i * sizeof(Elf64_Dyn));
    if (!entry) return false;
    if (entry->d_tag == DT_NULL) break;
    if (entry->d_tag == DT_SYMTAB) symbols_ = address_of(*entry);
    if (entry->d_tag == DT_STRTAB) names_ = address_of(*entry);
    if (entry->d_tag == DT_GNU_HASH) gnu_hash_ = address_of(*entry);
    if (entry->d_tag == DT_HASH) hash_ = address_of(*entry);
  }
  return symbols_ != 0 && names_ != 0 && (gnu_hash_ != 0 || hash_ != 0);
}

std::optional<Export> Image::find(std::string_view name) const {
  return gnu_hash_ != 0 ? find_by_gnu_hash(name) : find_by_hash(name);
}

std::optional<Export> Image::find_by_gnu_hash(std::string_view name) const {
  struct Header {
    std::uint32_t buckets, first, bloom_words, bloom_shift;
  };
  const auto header = memory_->value_at<Header>(gnu_hash_);
  if (!header || header->buckets == 0) return std::nullopt;
  const auto hash = gnu_hash_of(name);
  const Address buckets = gnu_hash_ + sizeof(Header) + Address{header->bloom_words} * 8;
  const Address chains = buckets + Address{header->buckets} * 4;
  const auto index =
      memory_->value_at<std::uint32_t>(buckets + Address{hash % header->buckets} * 4);
  if (!index || *index < header->first) return std::nullopt;
  for (std::uint64_t at = *index; at < std::uint64_t{*index} + longest_chain; ++at) {
    const auto link = memory_->value_at<std::uint32_t>(chains + (at - header->first) * 4);
    if (!link) return std::nullopt;
    if ((*link | 1U) == (hash | 1U)) {
      if (const auto found = export_at(at, name)) return found;
    }
    if ((*link & 1U) != 0) break;
  }
  return std::nullopt;
}

std::optional<Export> Image::find_by_hash(std::string_view name) const {
  const auto buckets = memory_->value_at<std::uint32_t>(hash_);
  if (!buckets || *buckets == 0) return std::nullopt;
  const Address first = hash_ + 8;
  const Address chains = first + Address{*buckets} * 4;
  auto at = memory_->value_at<std::uint32_t>(first + Address{hash_of(name) % *buckets} * 4);
  for (std::uint32_t steps = 0; at && *at != 0 && steps < longest_chain; ++steps) {
    if (const auto found = export_at(*at, name)) return found;
    at = memory_->value_at<std::uint32_t>(chains + Address{*at} * 4);
  }
  return std::nullopt;
}

std::optional<Export> Image::export_at(std::uint64_t index, std::string_view name) const {
  const auto symbol = memory_->value_at<Elf64_Sym>(symbols_ + index * sizeof(Elf64_Sym));
  if (!symbol || symbol->st_shndx == SHN_UNDEF) return std::nullopt;
  const auto kind = ELF64_ST_TYPE(symbol->st_info);
  if (kind != STT_FUNC && kind != STT_OBJECT) return std::nullopt;
  std::array<char, 64> text{};
  if (name.size() >= text.size()) return std::nullopt;
  const auto bytes = std::span(text).first(name.size() + 1);
  if (!memory_->read(names_ + symbol->st_name, bytes)) return std::nullopt;
  if (std::string_view(text.data(), name.size()) != name || text[name.size()] != 0)
    return std::nullopt;
  return Export{bias_ + symbol->st_value, symbol->st_size};
}

}  // namespace mprofpp::inject
