#pragma once

#include "mprofpp/wire/writer.hpp"
#include "python/api.hpp"

namespace mprofpp::agent::python {

/// A reference of ours.
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
  Ref(Ref&& other) : object_(other.release()) {}
  Ref& operator=(Ref&& other) {
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

/// What the program was about to raise is put aside, and what we cause is forgotten.
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

/// An empty Ref, and no exception, when there is no such attribute.
inline Ref attribute(Object* object, const char* name) {
  Ref value(py.PyObject_GetAttrString(object, name));
  if (!value) py.PyErr_Clear();
  return value;
}

/// The bytes of a str, as long as it lives; none of anything else.
inline wire::Span text_of(Object* object) {
  Size length = 0;
  const char* bytes = object == nullptr ? nullptr : py.PyUnicode_AsUTF8AndSize(object, &length);
  if (bytes != nullptr) return {bytes, static_cast<std::size_t>(length)};
  py.PyErr_Clear();
  return {"", 0};
}

/// A module that the program has imported, or none.
inline Ref imported(const char* name) {
  return Ref::to(py.PyDict_GetItemString(py.PyImport_GetModuleDict(), name));
}

/// How many bytes a plain object has: those of ours begin behind them. 0 if it cannot be told.
inline long size_of_plain_object() {
  const Ref builtins = imported("builtins");
  const Ref object = builtins ? attribute(builtins.get(), "object") : Ref();
  const Ref size = object ? attribute(object.get(), "__basicsize__") : Ref();
  return size ? py.PyLong_AsLong(size.get()) : 0;
}

inline Object* none() {
  if (py.version < has_immortal_none) py.Py_IncRef(py.none);
  return py.none;
}

}  // namespace mprofpp::agent::python
