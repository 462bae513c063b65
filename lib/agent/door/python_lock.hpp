#pragma once

namespace mprofpp::agent::door {

/// The functions of CPython that threads of ours need, under their own names. Each is looked up once.
struct LockFunctions {
  int (*ensure)();                     ///< PyGILState_Ensure
  void (*release)(int);                ///< PyGILState_Release
  void* (*save)();                     ///< PyEval_SaveThread
  void (*restore)(void*);              ///< PyEval_RestoreThread
  int (*is_finalizing)();              ///< Py_IsFinalizing; null if there is none
  int (*raise)(unsigned long, void*);  ///< PyThreadState_SetAsyncExc
  void* (*bytes)(const char*, long);   ///< PyBytes_FromStringAndSize
  void** keyboard_interrupt;           ///< PyExc_KeyboardInterrupt
  void* (*first_interpreter)();        ///< PyInterpreterState_Head
  void* (*next_interpreter)(void*);    ///< PyInterpreterState_Next

  /// Returns false if a function is missing.
  bool find();
};

extern LockFunctions lock_functions;

/// Holds the interpreter's lock while it lives, in a thread that Python does not know. Waits for it without
/// a limit.
class HoldLock {
 public:
  HoldLock() : state_(lock_functions.ensure()) {}
  ~HoldLock() { lock_functions.release(state_); }
  HoldLock(const HoldLock&) = delete;
  HoldLock& operator=(const HoldLock&) = delete;

 private:
  int state_;
};

/// Gives up the lock while it lives.
class GiveUpLock {
 public:
  GiveUpLock() : thread_(lock_functions.save()) {}
  ~GiveUpLock() { lock_functions.restore(thread_); }
  GiveUpLock(const GiveUpLock&) = delete;
  GiveUpLock& operator=(const GiveUpLock&) = delete;

 private:
  void* thread_;
};

}  // namespace mprofpp::agent::door
