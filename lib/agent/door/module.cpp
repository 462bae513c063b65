#include <errno.h>
#include <string.h>

#include "core/freestanding.hpp"
#include "core/loaded_object.hpp"
#include "mprofpp/wire/door.hpp"
#include "mprofpp/wire/path.hpp"
#include "mprofpp/wire/uncancelled.hpp"
#include "python/object.hpp"

/// The way by which Python itself loads the library: as a module, when a debugger has asked it to run a
/// script (PEP 768). The script is next to the library, and so is the argument of open_function.

MPROFPP_EXPORT int mprofpp_open_door(const char* block);

namespace mprofpp::agent::door {
namespace {

constexpr char block_name[] = "request";

/// Returns the folder of this library, with a slash at its end.
wire::Path own_folder() {
  wire::Path folder("");
  visit_loaded_objects([&folder](const LoadedObject& object) {
    if (!object.covers(reinterpret_cast<const void*>(&own_folder))) return false;
    const char* const slash = strrchr(object.path(), '/');
    for (const char* at = object.path(); slash != nullptr && at <= slash; ++at) folder.add(*at);
    return true;
  });
  return folder;
}

/// Reads the block and opens the door. Returns false if there is none.
bool open_as_asked() {
  static constinit char block[wire::door::longest_request_block] = {};
  wire::Path path = own_folder();
  path.add(block_name);
  const int fd = wire::uncancelled::open(path.text(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return false;
  const auto got = wire::uncancelled::read(fd, block, sizeof block - 2);
  wire::uncancelled::close(fd);
  if (got <= 0) return false;
  block[got] = '\0';
  block[got + 1] = '\0';
  mprofpp_open_door(block);
  return true;
}

}  // namespace
}  // namespace mprofpp::agent::door

/// Opens the door and fails to make a module, which the script expects.
MPROFPP_EXPORT mprofpp::agent::python::Object* PyInit_mprofpp_door() {
  using namespace mprofpp::agent;
  if (python::py.version == 0 && !python::py.find()) return nullptr;
  auto** const error = static_cast<python::Object**>(python::find_symbol("PyExc_ImportError"));
  const bool is_open = door::open_as_asked();
  if (error != nullptr) {
    python::py.PyErr_SetString(*error, is_open ? "this is not a module" : "there is no request");
  }
  return nullptr;
}
