#include "python/notes.hpp"

#include "python/object.hpp"
#include "python/table.hpp"

/// CPython keeps such pointers (PEP 523's co_extra), and for whoever else has some in a code
/// object. Of a code object that has one of ours it tells all of them when it is gone, those too
/// who have none there: their function for that is called with null, and may not bear it, or be
/// gone before the code objects of the interpreter's last moments. So where there are others our
/// notes are elsewhere, with a weak reference to the code.

namespace mprofpp::agent::python {
namespace {

struct Elsewhere {
  std::uint64_t key = 0;  ///< the address of the code
  void* note = nullptr;
  Object* watch = nullptr;  ///< a weak reference that tells of the code's end
};

constinit Free* free_note = nullptr;
constinit Size place = -1;
constinit Object* nobodys = nullptr;  ///< a code object without any note
constinit bool are_others = false;
constinit Table<Elsewhere> elsewhere;

std::uint64_t key_of(const void* pointer) {
  return reinterpret_cast<std::uint64_t>(pointer);
}

/// Whether somebody has asked for a place, before us or by now.
bool find_others() {
  if (place > 0) return true;
  if (nobodys == nullptr) return false;
  const KeepException keep_exception;
  return py.set_code_extra(nobodys, place + 1, nullptr) == 0;
}

Object* when_code_ended(Object* address, Object* watch) {
  auto* const entry = elsewhere.find(key_of(py.PyLong_AsVoidPtr(address)));
  if (entry == nullptr || entry->watch != watch) return none();
  void* const note = entry->note;
  elsewhere.erase(*entry);
  free_note(note);
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

bool keep_elsewhere(Object* code, void* note) {
  if (auto* const entry = elsewhere.find(key_of(code))) {
    free_note(entry->note);
    entry->note = note;
    return true;
  }
  Ref reference = watch(code);
  auto* const entry = reference ? elsewhere.put(key_of(code)) : nullptr;
  if (entry == nullptr) return false;
  entry->note = note;
  entry->watch = reference.release();
  return true;
}

void* note_in(Object* code) {
  void* note = nullptr;
  py.get_code_extra(code, place, &note);
  return note;
}

bool keep_in(Object* code, void* note) {
  if (py.set_code_extra(code, place, note) == 0) return true;
  py.PyErr_Clear();
  return false;
}

}  // namespace

bool prepare_notes(Free* free) {
  free_note = free;
  place = py.request_code_extra_index(free);
  if (place < 0) return false;
  const KeepException keep_exception;
  nobodys = py.PyCode_NewEmpty("", "", 1);
  return true;
}

void* note_of(Object* code) {
  void* const note = note_in(code);
  if (note != nullptr || !are_others) return note;
  const auto* entry = elsewhere.find(key_of(code));
  return entry == nullptr ? nullptr : entry->note;
}

bool keep_note(Object* code, void* note) {
  if (note_in(code) != nullptr) return keep_in(code, note);
  if (!are_others) are_others = find_others();
  return are_others ? keep_elsewhere(code, note) : keep_in(code, note);
}

}  // namespace mprofpp::agent::python
