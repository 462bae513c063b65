#include "objects/containers.hpp"

namespace mprofpp::agent::objects {
namespace {

template <class T>
bool find_one(T& target, const char* name) {
  target = reinterpret_cast<T>(python::find_symbol(name));
  return target != nullptr;
}

}  // namespace

constinit ContainerFunctions containers{};

bool ContainerFunctions::find() {
  if (Py_BuildValue != nullptr) return true;
  return find_one(PyUnicode_FromStringAndSize, "PyUnicode_FromStringAndSize") &&
         find_one(PyList_New, "PyList_New") && find_one(PyList_Append, "PyList_Append") &&
         find_one(PyList_Size, "PyList_Size") && find_one(PyList_GetItem, "PyList_GetItem") &&
         find_one(PyModule_GetDict, "PyModule_GetDict") &&
         find_one(PyType_IsSubtype, "PyType_IsSubtype") &&
         find_one(PyModule_Type, "PyModule_Type") && find_one(PyCoro_Type, "PyCoro_Type") &&
         find_one(Py_BuildValue, "Py_BuildValue");
}

}  // namespace mprofpp::agent::objects
