#pragma once

#include <link.h>

#include <cstdint>

/// Finds symbols in what the dynamic linker has loaded, by reading the tables of the loaded files.
/// dlsym cannot be used: up to 2.33 glibc had it in a library of its own (libdl), which not every
/// program loads, and it allocates an error message when it finds nothing. Nothing here allocates
/// or makes a system call.
namespace mprofpp::agent {

/// A program, library or vDSO that is mapped into this process.
class LoadedObject {
 public:
  explicit LoadedObject(const dl_phdr_info& info) : info_(info) {}

  const char* path() const { return info_.dlpi_name; }
  /// Returns true if one of its segments is mapped at that address.
  bool covers(const void* address) const;
  /// Returns the address of a function or variable that the object exports, in its default version.
  /// Returns null if it exports none of that name, or only one that must be called to get the
  /// address (IFUNC).
  void* find(const char* name) const;
  /// Reads a byte of each page that comes from its file, so that all of them are mapped.
  void touch() const;

 private:
  const dl_phdr_info& info_;
};

/// Calls `visit(const LoadedObject&)` for each object until it returns true. The order is that in
/// which the linker searches for symbols, the program first.
template <class Visit>
void visit_loaded_objects(Visit visit) {
  ::dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* data) {
        return (*static_cast<Visit*>(data))(LoadedObject(*info)) ? 1 : 0;
      },
      &visit);
}

/// Returns the first symbol of that name in the whole process, as RTLD_DEFAULT does; null if there
/// is none.
void* find_loaded(const char* name);
/// Returns the first one after this library, as RTLD_NEXT does: the symbol that the program would
/// use without us.
void* find_next(const char* name);
/// Returns the one in the object that is mapped at `address`.
void* find_in_object_at(const void* address, const char* name);
/// Touches this library: the kernel maps its pages in groups when they are first used, and what is measured
/// in between would seem to have grown.
void touch_own_library();

template <class Function>
Function* find_function(const char* name) {
  return reinterpret_cast<Function*>(find_loaded(name));
}
template <class Function>
Function* next_function(const char* name) {
  return reinterpret_cast<Function*>(find_next(name));
}

}  // namespace mprofpp::agent
