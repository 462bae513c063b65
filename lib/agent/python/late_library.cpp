#include "python/late_library.hpp"

#include <dlfcn.h>
#include <link.h>
#include <string.h>

#include <cstddef>
#include <cstdint>

#include "keep_errno.hpp"

namespace mprofpp::agent::python {
namespace {

/// What is looked for, and what was found.
struct Search {
  std::uintptr_t code;
  const char* name;
  bool is_program = true;  ///< the first that is looked at
  const char* path = nullptr;
};

bool has_code(const dl_phdr_info& info, std::uintptr_t code) {
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const auto& header = info.dlpi_phdr[i];
    const auto begin = info.dlpi_addr + header.p_vaddr;
    if (header.p_type == PT_LOAD && code >= begin && code - begin < header.p_memsz) return true;
  }
  return false;
}

const ElfW(Dyn) * dynamic_section(const dl_phdr_info& info) {
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const auto& header = info.dlpi_phdr[i];
    if (header.p_type != PT_DYNAMIC) continue;
    return reinterpret_cast<const ElfW(Dyn)*>(info.dlpi_addr + header.p_vaddr);
  }
  return nullptr;
}

/// A name that it exports or uses stands in its table of texts. To ask dlsym in vain would leave a
/// message.
bool knows(const dl_phdr_info& info, const char* name) {
  std::uintptr_t texts = 0;
  std::size_t size = 0;
  const auto* entry = dynamic_section(info);
  for (; entry != nullptr && entry->d_tag != DT_NULL; ++entry) {
    if (entry->d_tag == DT_STRTAB) texts = entry->d_un.d_ptr;
    if (entry->d_tag == DT_STRSZ) size = entry->d_un.d_val;
  }
  // glibc has made an address of it, musl has left an offset
  if (texts != 0 && texts < info.dlpi_addr) texts += info.dlpi_addr;
  return texts != 0 &&
         ::memmem(reinterpret_cast<const void*>(texts), size, name, strlen(name) + 1) != nullptr;
}

int look_at(dl_phdr_info* info, std::size_t, void* data) {
  auto& search = *static_cast<Search*>(data);
  const bool is_program = search.is_program;
  search.is_program = false;
  if (!has_code(*info, search.code)) return 0;
  if (!is_program && knows(*info, search.name)) search.path = info->dlpi_name;
  return 1;
}

}  // namespace

void* late_library(const void* code, const char* name) {
  const KeepErrno keep_errno;
  Search search{reinterpret_cast<std::uintptr_t>(code), name};
  ::dl_iterate_phdr(look_at, &search);
  if (search.path == nullptr) return nullptr;
  void* const library = ::dlopen(search.path, RTLD_LAZY | RTLD_NOLOAD);
  if (library == nullptr || ::dlsym(library, name) == nullptr) return nullptr;
  return library;
}

}  // namespace mprofpp::agent::python
