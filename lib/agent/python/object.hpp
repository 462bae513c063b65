#pragma once

#include "mprofpp/wire/writer.hpp"
#include "python/api.hpp"

namespace mprofpp::agent::python {

/// A reference that we own.
class Ref {
 public:
  Ref() = default;
  explicit Ref(Object* owned) : object_(owned) {}
  static Ref to(Object* borrowed) {
    if (borrowed != nullptr) py.Py_IncRef(borrowed);
    return Ref(borrowed);
  }
  ~Ref() {
    if (object_ != nullptr) py.Py_DecRef(object_);
  }
  Ref(const Ref&) = delete;
  Ref& operator=(const Ref&) = delete;
  Ref(Ref&& other) noexcept : object_(other.release()) {}
  Ref& operator=(Ref&& other) noexcept {
    Object* const old = object_;
    object_ = other.release();
    if (old != nullptr) py.Py_DecRef(old);
    return *this;
  }

  explicit operator bool() const { return object_ != nullptr; }
  Object* get() const { return object_; }
  Object* release() {
    Object* const object = object_;
    object_ = nullptr;
    return object;
  }

 private:
  Object* object_ = nullptr;
};

/// Sets aside the exception that the program is raising and restores it at the end of the scope.
/// Exceptions that we cause in between are discarded.
class KeepException {
 public:
  KeepException() { py.PyErr_Fetch(&type_, &value_, &traceback_); }
  ~KeepException() { py.PyErr_Restore(type_, value_, traceback_); }
  KeepException(const KeepException&) = delete;
  KeepException& operator=(const KeepException&) = delete;

 private:
  Object* type_;
  Object* value_;
  Object* traceback_;
};

/// Returns an attribute; an empty Ref, and no exception, if there is no such attribute.
inline Ref attribute(Object* object, const char* name) {
  Ref value(py.PyObject_GetAttrString(object, name));
  if (!value) py.PyErr_Clear();
  return value;
}

/// Returns the bytes of a str, which are valid as long as it lives. Returns an empty text for any
/// other object.
inline wire::TextView text_of(Object* object) {
  Size length = 0;
  const char* bytes = object == nullptr ? nullptr : py.PyUnicode_AsUTF8AndSize(object, &length);
  if (bytes != nullptr) return {bytes, static_cast<std::size_t>(length)};
  py.PyErr_Clear();
  return {"", 0};
}

inline bool is_code(Object* object) {
  const Ref type(py.PyObject_Type(object));
  return type.get() == py.type_of_code;
}

/// Returns a module that the program has imported; an empty Ref if it has not.
inline Ref imported(const char* name) {
  return Ref::to(py.PyDict_GetItemString(py.PyImport_GetModuleDict(), name));
}

/// Returns the size of a plain object in bytes, after which our own data starts; 0 if it is not known.
inline long size_of_plain_object() {
  const Ref builtins = imported("builtins");
  const Ref object = builtins ? attribute(builtins.get(), "object") : Ref();
  const Ref size = object ? attribute(object.get(), "__basicsize__") : Ref();
  return size ? py.PyLong_AsLong(size.get()) : 0;
}

/// Returns a new reference to None.
inline Object* none() {
  if (py.version < has_immortal_none) py.Py_IncRef(py.none);
  return py.none;
}

}  // namespace mprofpp::agent::python
