#include "python/package.hpp"

#include <string.h>

namespace mprofpp::agent::python {
namespace {

/// The first time, the search takes as long as the import of a module that is not there, so programs that use
/// only our module do not pay for it.
const char source[] = R"(
def find(module, name):
    import importlib, sys
    missing = AttributeError(f"module 'mprofpp' has no attribute {name!r}")
    if '__path__' not in vars(module):
        specs = (f.find_spec('mprofpp', None) for f in sys.meta_path if hasattr(f, 'find_spec'))
        spec = next((spec for spec in specs if spec and spec.submodule_search_locations), None)
        if spec is None:
            raise missing
        module.__spec__, module.__file__ = spec, spec.origin
        module.__path__ = spec.submodule_search_locations
    if name == '__path__':
        return module.__path__
    try:
        names = importlib.import_module('mprofpp.names')
    except ImportError:
        raise missing from None
    return names.find(name)
)";

constexpr char path[] = "__path__";

/// Python asks every module for names such as __file__, and they are not worth a search.
bool is_searched(const char* name) {
  return strncmp(name, "__", 2) != 0 || strcmp(name, path) == 0;
}

Ref attribute_error() {
  const Ref builtins = imported("builtins");
  return builtins ? attribute(builtins.get(), "AttributeError") : Ref();
}

Object* find_attribute(Object* module, Object* name) {
  if (!is_searched(text_of(name).bytes)) {
    if (const Ref type = attribute_error()) py.PyErr_SetString(type.get(), text_of(name).bytes);
    return nullptr;
  }
  const Ref globals(py.PyDict_New());
  if (!globals) return nullptr;
  const Ref done(py.PyRun_String(source, grammar::file_input, globals.get(), globals.get()));
  Object* const find = done ? py.PyDict_GetItemString(globals.get(), "find") : nullptr;
  return find == nullptr ? nullptr : py.PyObject_CallFunction(find, "OO", module, name);
}

const Method getattr_method{"__getattr__", reinterpret_cast<void*>(find_attribute), takes::one,
                            nullptr};

}  // namespace

void put_before_package(Object* module) {
  const Ref getattr(py.PyCFunction_NewEx(&getattr_method, module, nullptr));
  if (getattr) py.PyObject_SetAttrString(module, "__getattr__", getattr.get());
}

void prepare_for_module(const char* name) {
  constexpr char ours[] = "mprofpp";
  constexpr auto length = sizeof ours - 1;
  if (strncmp(name, ours, length) != 0 || (name[length] != '\0' && name[length] != '.')) return;
  const KeepException keep_exception;
  const Ref module = imported(ours);
  if (module) attribute(module.get(), path);
}

}  // namespace mprofpp::agent::python
