#include "door/python_lock.hpp"

#include "python/api.hpp"

namespace mprofpp::agent::door {
namespace {

template <class T>
bool find_one(T& target, const char* name) {
  target = reinterpret_cast<T>(python::find_symbol(name));
  return target != nullptr;
}

}  // namespace

constinit LockFunctions lock_functions{};

bool LockFunctions::find() {
  // renamed in 3.13
  if (!find_one(is_finalizing, "Py_IsFinalizing")) find_one(is_finalizing, "_Py_IsFinalizing");
  return find_one(ensure, "PyGILState_Ensure") && find_one(release, "PyGILState_Release") &&
         find_one(save, "PyEval_SaveThread") && find_one(restore, "PyEval_RestoreThread") &&
         find_one(raise, "PyThreadState_SetAsyncExc") &&
         find_one(bytes, "PyBytes_FromStringAndSize") &&
         find_one(first_interpreter, "PyInterpreterState_Head") &&
         find_one(next_interpreter, "PyInterpreterState_Next") &&
         find_one(keyboard_interrupt, "PyExc_KeyboardInterrupt");
}

}  // namespace mprofpp::agent::door
