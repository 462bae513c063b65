#pragma once

#include "python/object.hpp"

/// Marked code travels: it is pickled by value for workers (by cloudpickle, and so by joblib, dask, ray
/// and Spark), marshalled, or rebuilt from its parts. A copy is another object, often in a process that
/// never ran the decorator. Marked code is therefore described in the folder of the run, where all
/// processes of the run can recognise it.
namespace mprofpp::agent::python {

/// Whether functions of other names have the same code as a marked function.
enum class Sharing {
  same_name,   ///< all functions with that code have the name of the marked one
  other_names  ///< it is a decorator's inner function, and a copy may be any that it has made
};

/// Makes copies of that code be marked too, under that name. If functions of other names share the
/// code, copies are not marked, and a note reports that to the recorder.
void publish_code(Object* code, const char* name, Sharing sharing);

/// Must be called when a function is made from that code or is given it. This makes a system call
/// each time, because nothing is remembered about code that is not a copy.
void notice_copy(Object* code);

/// While such an object exists, copies are made by the agent itself and are not noticed.
class OwnCopies {
 public:
  OwnCopies();
  ~OwnCopies();
  OwnCopies(const OwnCopies&) = delete;
  OwnCopies& operator=(const OwnCopies&) = delete;
};

}  // namespace mprofpp::agent::python
