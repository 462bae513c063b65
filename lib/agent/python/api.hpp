#pragma once

#include "python/layout.hpp"

/// CPython as seen from outside: functions that are found by name in the running program, and opaque
/// objects. So one binary serves every version, and no Python is needed to build it.
namespace mprofpp::agent::python {

struct ThreadState;
struct Interpreter;

using AuditHook = int(const char* event, Object* arguments, void* data);
template <class... Thread>
using EvalFrameWith = Object*(Thread..., void* frame, int is_thrown_into);
using EvalFrame = EvalFrameWith<ThreadState*>;
/// Py_tracefunc.
using Trace = int(Object* object, void* frame, int event, Object* argument);
using AnyFunction = void();  ///< must be cast before it is called
using Free = void(void*);

#define MPROFPP_PYTHON_FUNCTIONS(_)                                                   \
  _(int, Py_IsInitialized, (), required)                                              \
  _(const char*, Py_GetVersion, (), required)                                         \
  _(void, Py_IncRef, (Object*), required)                                             \
  _(void, Py_DecRef, (Object*), required)                                             \
  _(Object*, PyObject_Type, (Object*), required)                                      \
  _(int, PyCallable_Check, (Object*), required)                                       \
  _(Object*, PyObject_GetAttrString, (Object*, const char*), required)                \
  _(int, PyObject_SetAttrString, (Object*, const char*, Object*), required)           \
  _(Object*, PyObject_CallObject, (Object*, Object*), required)                       \
  _(Object*, PyObject_CallFunction, (Object*, const char*, ...), required)            \
  _(Object*, PyObject_CallMethod, (Object*, const char*, const char*, ...), required) \
  _(int, PyObject_IsTrue, (Object*), required)                                        \
  _(Object*, PyType_FromSpec, (TypeSpec*), required)                                  \
  _(void*, PyType_GetSlot, (Object*, int), required)                                  \
  _(Object*, PyModule_New, (const char*), required)                                   \
  _(Object*, PyCFunction_NewEx, (const Method*, Object*, Object*), required)          \
  _(Object*, PyImport_GetModule, (Object*), required)                                 \
  _(Object*, PyImport_GetModuleDict, (), required)                                    \
  _(Object*, PyImport_ImportModule, (const char*), required)                          \
  _(Object*, PyDict_New, (), required)                                                \
  _(Object*, PyDict_GetItem, (Object*, Object*), required)                            \
  _(Object*, PyDict_GetItemString, (Object*, const char*), required)                  \
  _(int, PyDict_SetItemString, (Object*, const char*, Object*), required)             \
  _(Size, PyTuple_Size, (Object*), required)                                          \
  _(Object*, PyTuple_GetItem, (Object*, Size), required)                              \
  _(Size, PyBytes_Size, (Object*), required)                                          \
  _(char*, PyBytes_AsString, (Object*), required)                                     \
  _(long, PyLong_AsLong, (Object*), required)                                         \
  _(Object*, PyLong_FromLong, (long), required)                                       \
  _(Object*, PyLong_FromVoidPtr, (void*), required)                                   \
  _(void*, PyLong_AsVoidPtr, (Object*), required)                                     \
  _(Object*, PyUnicode_FromString, (const char*), required)                           \
  _(const char*, PyUnicode_AsUTF8AndSize, (Object*, Size*), required)                 \
  _(Object*, PyErr_Occurred, (), required)                                            \
  _(void, PyErr_Clear, (), required)                                                  \
  _(void, PyErr_Fetch, (Object**, Object**, Object**), required)                      \
  _(void, PyErr_NormalizeException, (Object**, Object**, Object**), required)         \
  _(void, PyErr_Restore, (Object*, Object*, Object*), required)                       \
  _(void, PyErr_SetString, (Object*, const char*), required)                          \
  _(int, PyErr_ExceptionMatches, (Object*), required)                                 \
  _(int, PyErr_GivenExceptionMatches, (Object*, Object*), required)                   \
  _(Object*, PyCode_NewEmpty, (const char*, const char*, int), required)              \
  _(Object*, PyWeakref_NewRef, (Object*, Object*), required)                          \
  _(void*, PyCapsule_GetPointer, (Object*, const char*), required)                    \
  _(Object*, PyEval_GetFrame, (), required)                                           \
  _(Object*, PyEval_GetGlobals, (), required)                                         \
  _(Object*, PyRun_String, (const char*, int, Object*, Object*), required)            \
  _(ThreadState*, PyThreadState_Get, (), required)                                    \
  _(ThreadState*, PyThreadState_Next, (ThreadState*), optional)                       \
  _(Object*, PyThreadState_GetFrame, (ThreadState*), optional)                        \
  _(ThreadState*, PyInterpreterState_ThreadHead, (Interpreter*), optional)            \
  _(void, PyEval_SetTrace, (Trace*, Object*), optional)                               \
  _(int, PyFrame_GetLineNumber, (void*), optional)                                    \
  _(int, Py_AddPendingCall, (int (*)(void*), void*), optional)                        \
  _(int, PyCode_Addr2Line, (Object*, int), optional)                                  \
  _(void, PyThreadState_EnterTracing, (ThreadState*), optional)                       \
  _(void, PyThreadState_LeaveTracing, (ThreadState*), optional)                       \
  _(Object*, PyFunction_GetCode, (Object*), required)                                 \
  _(Object*, PyFunction_GetClosure, (Object*), required)                              \
  _(Object*, PyFrame_New, (ThreadState*, Object*, Object*, Object*), optional)        \
  _(Object*, PyFrame_GetCode, (void*), optional)                                      \
  _(Object*, PyFrame_GetGenerator, (Object*), optional)                               \
  _(Object*, _PyEval_EvalFrameDefault, (ThreadState*, void*, int), optional)          \
  _(EvalFrame*, _PyInterpreterState_GetEvalFrameFunc, (Interpreter*), optional)       \
  _(void, _PyInterpreterState_SetEvalFrameFunc, (Interpreter*, EvalFrame*), optional)

/// Limits find_symbol() to the library that is mapped at that address. Without this it searches the
/// whole process.
void look_in_object_at(const void* address);
void* find_symbol(const char* name);
/// Returns a function or object of CPython; null if there is none of that name.
template <class T>
T* symbol(const char* name) {
  return reinterpret_cast<T*>(find_symbol(name));
}
/// Returns false if there is none of that name.
template <class T>
bool find_symbol(T*& target, const char* name) {
  target = symbol<T>(name);
  return target != nullptr;
}

/// CPython's functions, under their own names.
struct Functions {
#define MPROFPP_MEMBER(answer, name, arguments, need) answer(*name) arguments;
  MPROFPP_PYTHON_FUNCTIONS(MPROFPP_MEMBER)
#undef MPROFPP_MEMBER
  // renamed in 3.9
  Interpreter* (*current_interpreter)();
  // renamed in 3.12
  Size (*request_code_extra_index)(Free*);
  int (*get_code_extra)(Object* code, Size index, void** extra);
  int (*set_code_extra)(Object* code, Size index, void* extra);
  // objects
  Object* none;
  Object* type_of_code;
  Object** generator_exit;
  Object** value_error;
  int version;            ///< 311 for 3.11.2
  int micro_version;      ///< 2 for 3.11.2
  bool is_free_threaded;  ///< built without the interpreter's lock (PEP 703)

  /// Finds everything. Returns false if the program does not contain Python, or one that is too old.
  bool find();
};

extern Functions py;

}  // namespace mprofpp::agent::python
