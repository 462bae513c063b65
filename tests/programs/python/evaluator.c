/* A hook for evaluating frames (PEP 523), as other tools install one. It counts the evaluations. */
typedef void* Evaluate(void* thread, void* frame, int is_thrown_into);

void* PyInterpreterState_Get(void);
Evaluate* _PyInterpreterState_GetEvalFrameFunc(void* interpreter);
void _PyInterpreterState_SetEvalFrameFunc(void* interpreter, Evaluate* evaluate);

static Evaluate* before;
static long evaluations;

static void* count(void* thread, void* frame, int is_thrown_into) {
  ++evaluations;
  return before(thread, frame, is_thrown_into);
}

void put_hook(void) {
  before = _PyInterpreterState_GetEvalFrameFunc(PyInterpreterState_Get());
  _PyInterpreterState_SetEvalFrameFunc(PyInterpreterState_Get(), count);
}

void forget_evaluations(void) {
  evaluations = 0;
}

/* Restores the previous hook. Returns the number of evaluations. */
long take_hook(void) {
  _PyInterpreterState_SetEvalFrameFunc(PyInterpreterState_Get(), before);
  return evaluations;
}
