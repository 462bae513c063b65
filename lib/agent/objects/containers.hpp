#pragma once

#include "python/api.hpp"

/// Functions of CPython for its own containers. They run none of the program's code. Require the
/// interpreter's lock.
namespace mprofpp::agent::objects {

using python::Object;
using python::Size;

/// They have CPython's names.
struct ContainerFunctions {
  Object* (*PyList_New)(Size);
  int (*PyList_Append)(Object*, Object*);
  Size (*PyList_Size)(Object*);
  Object* (*PyList_GetItem)(Object*, Size);
  Object* (*PyUnicode_FromStringAndSize)(const char*, Size);
  Object* (*PyModule_GetDict)(Object*);
  int (*PyType_IsSubtype)(Object*, Object*);
  Object* (*Py_BuildValue)(const char*, ...);
  Object* PyModule_Type;
  Object* PyCoro_Type;

  /// Returns false if one is missing.
  bool find();
};

extern ContainerFunctions containers;

}  // namespace mprofpp::agent::objects
