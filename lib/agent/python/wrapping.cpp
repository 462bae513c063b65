#include "python/wrapping.hpp"

#include <stdlib.h>
#include <string.h>

#include "python/activations.hpp"

namespace mprofpp::agent::python {
namespace {

/// Makes wrappers of the same kind as the functions that they wrap, so that inspect reports the same
/// for both. A generator or coroutine runs during its steps and is suspended in between.
constexpr char source[] = R"(
import functools, inspect

def steps(inner, name, kind):
    owner = begin(name, kind)
    step, value, is_raised = inner.send, None, True
    try:
        while True:
            try:
                value = step(value)
            except StopIteration as stop:
                is_raised = False
                return stop.value
            suspend(owner)
            try:
                step, value = inner.send, (yield value)
            except GeneratorExit:
                resume(owner)
                is_raised = False
                inner.close()
                raise
            except BaseException as error:
                step, value = inner.throw, error
            resume(owner)
    finally:
        end(owner, is_raised)

class Awaited:
    def __init__(self, inner, name):
        self.inner, self.name = inner, name
    def __await__(self):
        return steps(self.inner, self.name, 2)

def wrap(function, name):
    if isinstance(function, (staticmethod, classmethod)):
        return type(function)(wrap(function.__func__, name))
    if inspect.isasyncgenfunction(function):
        return function
    if inspect.iscoroutinefunction(function):
        @functools.wraps(function)
        async def wrapper(*args, **kwargs):
            return await Awaited(function(*args, **kwargs), name)
    elif inspect.isgeneratorfunction(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return (yield from steps(function(*args, **kwargs), name, 1))
    else:
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            enter(name)
            try:
                answer = function(*args, **kwargs)
            except BaseException:
                leave_raised(name)
                raise
            leave(name)
            return answer
    return wrapper
)";

constinit Object* globals = nullptr;
constinit Owner last_owner = 0;

using Arguments = Object* const*;

Owner owner_in(Arguments arguments) {
  return owner_of(py.PyLong_AsVoidPtr(arguments[0]));
}

/// Places live as long as the program: there are as many as functions in its source.
Place& place_of(Object* number) {
  return *static_cast<Place*>(py.PyLong_AsVoidPtr(number));
}

Object* call_begin(Object*, Arguments arguments, Size) {
  Place& place = place_of(arguments[0]);
  // small even numbers are not the addresses of objects
  last_owner += 2;
  begin(place, last_owner, static_cast<Suspends>(py.PyLong_AsLong(arguments[1])));
  return py.PyLong_FromVoidPtr(reinterpret_cast<void*>(last_owner));
}

Object* call_end(Object*, Arguments arguments, Size) {
  end(owner_in(arguments), py.PyObject_IsTrue(arguments[1]) != 0 ? wire::raised : 0);
  return none();
}

Object* call_suspend(Object*, Arguments arguments, Size) {
  suspend(owner_in(arguments));
  return none();
}

Object* call_resume(Object*, Arguments arguments, Size) {
  resume(owner_in(arguments));
  return none();
}

/// The calls of a plain function end in the reverse order of their starts, so its place can be their
/// owner.
Object* call_enter(Object*, Object* number) {
  Place& place = place_of(number);
  begin(place, owner_of(&place), Suspends::never);
  return none();
}

Object* call_leave(Object*, Object* number) {
  end(owner_of(&place_of(number)), 0);
  return none();
}

Object* call_leave_raised(Object*, Object* number) {
  end(owner_of(&place_of(number)), wire::raised);
  return none();
}

const Method methods[] = {
    {"enter", reinterpret_cast<void*>(call_enter), takes::one, nullptr},
    {"leave", reinterpret_cast<void*>(call_leave), takes::one, nullptr},
    {"leave_raised", reinterpret_cast<void*>(call_leave_raised), takes::one, nullptr},
    {"begin", reinterpret_cast<void*>(call_begin), takes::as_array, nullptr},
    {"end", reinterpret_cast<void*>(call_end), takes::as_array, nullptr},
    {"suspend", reinterpret_cast<void*>(call_suspend), takes::as_array, nullptr},
    {"resume", reinterpret_cast<void*>(call_resume), takes::as_array, nullptr}};

bool make_globals() {
  Ref made(py.PyDict_New());
  for (auto& method : methods) {
    const Ref function(py.PyCFunction_NewEx(&method, nullptr, nullptr));
    if (function) py.PyDict_SetItemString(made.get(), method.name, function.get());
  }
  if (!Ref(py.PyRun_String(source, grammar::file_input, made.get(), made.get()))) return false;
  globals = made.release();
  return true;
}

Place* new_place(const char* name) {
  auto* place = static_cast<Place*>(::malloc(sizeof(Place)));
  char* own = ::strdup(name);
  if (place == nullptr || own == nullptr) return nullptr;
  *place = {own, 0, 0, 0};
  return place;
}

}  // namespace

Ref wrap(Object* function, const char* name) {
  const KeepException keep_exception;
  auto* const place = new_place(name);
  if (place == nullptr || (globals == nullptr && !make_globals())) return Ref::to(function);
  const Ref number(py.PyLong_FromVoidPtr(place));
  Object* const make = py.PyDict_GetItemString(globals, "wrap");
  Ref wrapper(py.PyObject_CallFunction(make, "OO", function, number.get()));
  return wrapper ? static_cast<Ref&&>(wrapper) : Ref::to(function);
}

}  // namespace mprofpp::agent::python
