#include "door/python_lock.hpp"

#include "python/api.hpp"

namespace mprofpp::agent::door {
using python::find_symbol;

constinit LockFunctions lock_functions{};

bool LockFunctions::find() {
  // renamed in 3.13
  if (!find_symbol(is_finalizing, "Py_IsFinalizing"))
    find_symbol(is_finalizing, "_Py_IsFinalizing");
  return find_symbol(ensure, "PyGILState_Ensure") && find_symbol(release, "PyGILState_Release") &&
         find_symbol(save, "PyEval_SaveThread") && find_symbol(restore, "PyEval_RestoreThread") &&
         find_symbol(raise, "PyThreadState_SetAsyncExc") &&
         find_symbol(bytes, "PyBytes_FromStringAndSize") &&
         find_symbol(first_interpreter, "PyInterpreterState_Head") &&
         find_symbol(next_interpreter, "PyInterpreterState_Next") &&
         find_symbol(keyboard_interrupt, "PyExc_KeyboardInterrupt");
}

}  // namespace mprofpp::agent::door
