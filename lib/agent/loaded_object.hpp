#pragma once

#include <link.h>

#include <cstdint>

/// What the dynamic linker has loaded, read from the tables of the loaded files. dlsym will not do:
/// until 2.33 glibc had it in a library of its own (libdl), which not every program loads, and it
/// allocates a message where it finds nothing. Nothing here allocates or makes a system call.
namespace mprofpp::agent {

/// A program, library or vDSO that is mapped.
class LoadedObject {
 public:
  explicit LoadedObject(const dl_phdr_info& info) : info_(info) {}

  const char* path() const { return info_.dlpi_name; }
  /// Whether one of its segments is mapped there.
  bool covers(const void* address) const;
  /// The address of a function or variable that it offers to others, in its default version; null
  /// when it has none of that name, or one that has to be called to find out (IFUNC).
  void* find(const char* name) const;

 private:
  const dl_phdr_info& info_;
};

/// Calls `visit(const LoadedObject&)` for each in the order in which the linker looks for symbols,
/// the program first, until it returns true.
template <class Visit>
void visit_loaded_objects(Visit visit) {
  ::dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* data) {
        return (*static_cast<Visit*>(data))(LoadedObject(*info)) ? 1 : 0;
      },
      &visit);
}

/// The first of that name in the whole program, as RTLD_DEFAULT has it; null if there is none.
void* find_loaded(const char* name);
/// The first behind this library, as RTLD_NEXT has it: what the program would use without us.
void* find_next(const char* name);
/// The one in the object that is mapped at `address`.
void* find_in_object_at(const void* address, const char* name);

template <class Function>
Function* find_function(const char* name) {
  return reinterpret_cast<Function*>(find_loaded(name));
}
template <class Function>
Function* next_function(const char* name) {
  return reinterpret_cast<Function*>(find_next(name));
}

}  // namespace mprofpp::agent
