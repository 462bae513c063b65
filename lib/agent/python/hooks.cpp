#include "python/hooks.hpp"

namespace mprofpp::agent::python {
namespace {

constexpr int first_with_monitoring = 312;

constinit Way way = Way::none;

Way begin_to_listen() {
  const KeepException keep_exception;
  if (!prepare_codes()) return Way::wrapping;
  if (py.version >= first_with_monitoring) {
    return begin_monitoring() ? Way::monitoring : Way::wrapping;
  }
  return hook_evaluation() ? Way::evaluation : Way::wrapping;
}

}  // namespace

Way listen() {
  if (way == Way::none) way = begin_to_listen();
  return way;
}

Way way_of_listening() {
  return way;
}

void notice(Object* code, Marked& marked) {
  if (way == Way::monitoring) monitor(code, marked);
}

}  // namespace mprofpp::agent::python
