#include "objects/containers.hpp"

namespace mprofpp::agent::objects {
using python::find_symbol;

constinit ContainerFunctions containers{};

bool ContainerFunctions::find() {
  if (Py_BuildValue != nullptr) return true;
  return find_symbol(PyUnicode_FromStringAndSize, "PyUnicode_FromStringAndSize") &&
         find_symbol(PyList_New, "PyList_New") && find_symbol(PyList_Append, "PyList_Append") &&
         find_symbol(PyList_Size, "PyList_Size") && find_symbol(PyList_GetItem, "PyList_GetItem") &&
         find_symbol(PyModule_GetDict, "PyModule_GetDict") &&
         find_symbol(PyType_IsSubtype, "PyType_IsSubtype") &&
         find_symbol(PyModule_Type, "PyModule_Type") && find_symbol(PyCoro_Type, "PyCoro_Type") &&
         find_symbol(Py_BuildValue, "Py_BuildValue");
}

}  // namespace mprofpp::agent::objects
