/* A hook for evaluating frames (PEP 523) that counts what it passes on, as others' tools have one. */
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

/* How many it has seen; what was there before is there again. */
long take_hook(void) {
  _PyInterpreterState_SetEvalFrameFunc(PyInterpreterState_Get(), before);
  return evaluations;
}
