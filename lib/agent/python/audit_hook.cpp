#include "python/audit_hook.hpp"

/// CPython allocates a block of memory for a hook before it knows its settings, and frees it when it
/// knows them: with -X dev or PYTHONMALLOC=debug through another allocator, which aborts. So the
/// address of the block is remembered, and the block is kept away from that allocator.

/// This is the only function of CPython that the linker binds. It is null in a program without
/// CPython. Searching every library of every program for it would take longer than the rest of the
/// agent's start.
extern "C" __attribute__((weak)) int PySys_AddAuditHook(mprofpp::agent::python::AuditHook* hook,
                                                        void* data);

namespace mprofpp::agent::python {
namespace {

using Access = void(int domain, Allocator*);

constinit Allocator at_start{};
constinit Allocator at_end{};
constinit void* block = nullptr;

Access* find(const char* name) {
  return symbol<Access>(name);
}

void* allocate_noting(void* context, std::size_t size) {
  return block = at_start.allocate(context, size);
}

void free_others(void* context, void* memory) {
  if (memory != block) return at_end.free(context, memory);
  at_start.free(at_start.context, memory);
  block = nullptr;
}

}  // namespace

AddAuditHook* adder_of_program() {
  return &PySys_AddAuditHook;
}

bool add_audit_hook(AddAuditHook* add, AuditHook* hook) {
  auto* const get = find("PyMem_GetAllocator");
  auto* const set = find("PyMem_SetAllocator");
  if (get == nullptr || set == nullptr) return false;
  get(raw_domain, &at_start);
  Allocator noting = at_start;
  noting.allocate = allocate_noting;
  set(raw_domain, &noting);
  const bool is_added = add(hook, nullptr) == 0;
  set(raw_domain, &at_start);
  return is_added;
}

void prepare_for_end_of_hooks() {
  find("PyMem_GetAllocator")(raw_domain, &at_end);
  if (at_end.free == at_start.free || block == nullptr) return;
  Allocator sparing = at_end;
  sparing.free = free_others;
  find("PyMem_SetAllocator")(raw_domain, &sparing);
}

}  // namespace mprofpp::agent::python
