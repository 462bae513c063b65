#include "core/loaded_object.hpp"

#include <string.h>

#include <cstddef>

namespace mprofpp::agent {
namespace {

using Address = ElfW(Addr);
using Symbol = ElfW(Sym);

/// The tables of an object's dynamic section that a lookup needs; null if the object has none.
struct Tables {
  const Symbol* symbols = nullptr;
  const char* names = nullptr;
  const ElfW(Half) * versions = nullptr;
  const std::uint32_t* gnu_hash = nullptr;
  const std::uint32_t* hash = nullptr;
};

const ElfW(Dyn) * dynamic_section(const dl_phdr_info& info) {
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const auto& header = info.dlpi_phdr[i];
    if (header.p_type != PT_DYNAMIC) continue;
    return reinterpret_cast<const ElfW(Dyn)*>(info.dlpi_addr + header.p_vaddr);
  }
  return nullptr;
}

/// Sets `table` from the value of a dynamic entry. glibc has replaced that value by an address; musl
/// leaves an offset, and so does the kernel in its vDSO.
template <class T>
void point(const T*& table, Address value, Address base) {
  table = reinterpret_cast<const T*>(value < base ? base + value : value);
}

Tables tables_of(const dl_phdr_info& info) {
  Tables tables;
  const auto* entry = dynamic_section(info);
  for (; entry != nullptr && entry->d_tag != DT_NULL; ++entry) {
    const auto value = entry->d_un.d_ptr;
    const auto base = info.dlpi_addr;
    switch (entry->d_tag) {
      case DT_SYMTAB:
        point(tables.symbols, value, base);
        break;
      case DT_STRTAB:
        point(tables.names, value, base);
        break;
      case DT_VERSYM:
        point(tables.versions, value, base);
        break;
      case DT_GNU_HASH:
        point(tables.gnu_hash, value, base);
        break;
      case DT_HASH:
        point(tables.hash, value, base);
        break;
      default:
        break;
    }
  }
  return tables;
}

/// Returns true if symbol number `i` defines a function or variable of that name, in the version
/// that a program linked today would get.
bool is_default(const Tables& tables, std::uint32_t i, const char* name) {
  constexpr ElfW(Half) hidden = 0x8000;
  const auto& symbol = tables.symbols[i];
  const auto type = ELF64_ST_TYPE(symbol.st_info);
  const bool is_usable = type == STT_FUNC || type == STT_OBJECT || type == STT_NOTYPE;
  if (symbol.st_shndx == SHN_UNDEF || !is_usable) return false;
  if (tables.versions != nullptr && (tables.versions[i] & hidden) != 0) return false;
  return strcmp(tables.names + symbol.st_name, name) == 0;
}

std::uint32_t gnu_hash_of(const char* name) {
  std::uint32_t hash = 5381;
  for (; *name != '\0'; ++name) hash = hash * 33 + static_cast<unsigned char>(*name);
  return hash;
}

/// Returns the index of the symbol, or 0 if there is none: the first symbol of a table is unused.
std::uint32_t index_by_gnu_hash(const Tables& tables, const char* name) {
  constexpr std::uint32_t header_words = 4;
  constexpr std::uint32_t filter_words = sizeof(Address) / sizeof(std::uint32_t);
  const auto* const header = tables.gnu_hash;
  const auto bucket_count = header[0];
  const auto first = header[1];
  const auto* const buckets = header + header_words + header[2] * filter_words;
  const auto* const chain = buckets + bucket_count;
  if (bucket_count == 0) return 0;
  const auto hash = gnu_hash_of(name);
  auto i = buckets[hash % bucket_count];
  if (i < first) return 0;
  for (;; ++i) {
    const auto here = chain[i - first];  // the lowest bit is set at the end of the bucket
    if ((here | 1) == (hash | 1) && is_default(tables, i, name)) return i;
    if ((here & 1) != 0) return 0;
  }
}

std::uint32_t hash_of(const char* name) {
  std::uint32_t hash = 0;
  for (; *name != '\0'; ++name) {
    hash = (hash << 4) + static_cast<unsigned char>(*name);
    const auto high = hash & 0xF0000000;
    hash = (hash ^ (high >> 24)) & ~high;
  }
  return hash;
}

std::uint32_t index_by_hash(const Tables& tables, const char* name) {
  const auto bucket_count = tables.hash[0];
  const auto* const buckets = tables.hash + 2;
  const auto* const chain = buckets + bucket_count;
  if (bucket_count == 0) return 0;
  auto i = buckets[hash_of(name) % bucket_count];
  while (i != 0 && !is_default(tables, i, name)) i = chain[i];
  return i;
}

std::uint32_t index_of(const Tables& tables, const char* name) {
  if (tables.symbols == nullptr || tables.names == nullptr) return 0;
  if (tables.gnu_hash != nullptr) return index_by_gnu_hash(tables, name);
  return tables.hash != nullptr ? index_by_hash(tables, name) : 0;
}

}  // namespace

bool LoadedObject::covers(const void* address) const {
  const auto wanted = reinterpret_cast<Address>(address);
  for (int i = 0; i < info_.dlpi_phnum; ++i) {
    const auto& header = info_.dlpi_phdr[i];
    const auto begin = info_.dlpi_addr + header.p_vaddr;
    if (header.p_type == PT_LOAD && wanted >= begin && wanted - begin < header.p_memsz) return true;
  }
  return false;
}

void* LoadedObject::find(const char* name) const {
  const auto tables = tables_of(info_);
  const auto i = index_of(tables, name);
  if (i == 0) return nullptr;
  return reinterpret_cast<void*>(info_.dlpi_addr + tables.symbols[i].st_value);
}

void* find_next(const char* name) {
  void* found = nullptr;
  bool is_behind_us = false;
  visit_loaded_objects([&](const LoadedObject& object) {
    if (is_behind_us)
      found = object.find(name);
    else
      is_behind_us = object.covers(reinterpret_cast<const void*>(&find_next));
    return found != nullptr;
  });
  return found;
}

void* find_loaded(const char* name) {
  void* found = nullptr;
  visit_loaded_objects([&](const LoadedObject& object) {
    found = object.find(name);
    return found != nullptr;
  });
  return found;
}

void* find_in_object_at(const void* address, const char* name) {
  void* found = nullptr;
  visit_loaded_objects([&](const LoadedObject& object) {
    if (!object.covers(address)) return false;
    found = object.find(name);
    return true;
  });
  return found;
}

void LoadedObject::touch() const {
  constexpr std::uintptr_t page = 4096;
  for (int i = 0; i < info_.dlpi_phnum; ++i) {
    const auto& segment = info_.dlpi_phdr[i];
    if (segment.p_type != PT_LOAD) continue;
    const auto begin = info_.dlpi_addr + segment.p_vaddr;
    for (auto at = begin; at < begin + segment.p_filesz; at += page) {
      // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader gives numbers
      (void)*reinterpret_cast<const volatile char*>(at);
    }
  }
}

void touch_own_library() {
  visit_loaded_objects([](const LoadedObject& object) {
    const bool is_ours = object.covers(reinterpret_cast<const void*>(&touch_own_library));
    if (is_ours) object.touch();
    return is_ours;
  });
}

}  // namespace mprofpp::agent
