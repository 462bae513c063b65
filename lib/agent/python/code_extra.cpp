#include "python/code_extra.hpp"

#include "core/table.hpp"
#include "python/object.hpp"

/// CPython can store pointers in code objects (co_extra of PEP 523), for us and for other users
/// of that interface. When a code object that has a pointer of ours is freed, CPython calls the free
/// functions of all users, even of those that have stored nothing there. Their function is called with
/// null, which it may not expect, or it may be unloaded before the last code objects of the
/// interpreter are freed. So if there are other users, our pointers are stored elsewhere, with a weak
/// reference to the code.

namespace mprofpp::agent::python {
namespace {

struct Elsewhere {
  std::uint64_t key = 0;  ///< the address of the code
  void* extra = nullptr;
  Object* watch = nullptr;  ///< a weak reference, which is called back when the code is freed
};

constinit Free* free_extra = nullptr;
constinit Size our_index = -1;
constinit Object* blank_code = nullptr;  ///< a code object without any pointer
constinit bool are_others = false;
constinit Table<Elsewhere> elsewhere;

std::uint64_t key_of(const void* pointer) {
  return reinterpret_cast<std::uint64_t>(pointer);
}

/// Returns true if another user has requested an index, before us or since then.
bool find_others() {
  if (our_index > 0) return true;
  if (blank_code == nullptr) return false;
  const KeepException keep_exception;
  return py.set_code_extra(blank_code, our_index + 1, nullptr) == 0;
}

Object* when_code_ended(Object* address, Object* watch) {
  auto* const entry = elsewhere.find(key_of(py.PyLong_AsVoidPtr(address)));
  if (entry == nullptr || entry->watch != watch) return none();
  void* const extra = entry->extra;
  elsewhere.erase(*entry);
  free_extra(extra);
  py.Py_DecRef(watch);
  return none();
}
const Method code_ended{"code_ended", reinterpret_cast<void*>(when_code_ended), takes::one,
                        nullptr};

Ref watch(Object* code) {
  const KeepException keep_exception;
  const Ref address(py.PyLong_FromVoidPtr(code));
  const Ref callback(address ? py.PyCFunction_NewEx(&code_ended, address.get(), nullptr) : nullptr);
  return callback ? Ref(py.PyWeakref_NewRef(code, callback.get())) : Ref();
}

bool keep_elsewhere(Object* code, void* extra) {
  if (auto* const entry = elsewhere.find(key_of(code))) {
    free_extra(entry->extra);
    entry->extra = extra;
    return true;
  }
  Ref reference = watch(code);
  auto* const entry = reference ? elsewhere.put(key_of(code)) : nullptr;
  if (entry == nullptr) return false;
  entry->extra = extra;
  entry->watch = reference.release();
  return true;
}

void* extra_in(Object* code) {
  void* extra = nullptr;
  py.get_code_extra(code, our_index, &extra);
  return extra;
}

bool keep_in(Object* code, void* extra) {
  if (py.set_code_extra(code, our_index, extra) == 0) return true;
  py.PyErr_Clear();
  return false;
}

}  // namespace

bool prepare_code_extra(Free* free) {
  free_extra = free;
  our_index = py.request_code_extra_index(free);
  if (our_index < 0) return false;
  const KeepException keep_exception;
  blank_code = py.PyCode_NewEmpty("", "", 1);
  return true;
}

void* extra_of(Object* code) {
  void* const extra = extra_in(code);
  if (extra != nullptr || !are_others) return extra;
  const auto* entry = elsewhere.find(key_of(code));
  return entry == nullptr ? nullptr : entry->extra;
}

bool keep_extra(Object* code, void* extra) {
  if (extra_in(code) != nullptr) return keep_in(code, extra);
  if (!are_others) are_others = find_others();
  return are_others ? keep_elsewhere(code, extra) : keep_in(code, extra);
}

}  // namespace mprofpp::agent::python
