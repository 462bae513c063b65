#include "note.hpp"

#include <sys/stat.h>

#include "environment.hpp"
#include "keep_errno.hpp"
#include "mprofpp/wire/path.hpp"
#include "process.hpp"

namespace mprofpp::agent {

void leave_note(const char* name) {
  if (!process().is_recorded() || process().is_quiet()) return;
  const KeepErrno keep_errno;
  wire::Path path(environment().folder());
  path.add('/').add(name);
  if (path.fits()) ::mknod(path.text(), S_IFREG | 0600, 0);
}

}  // namespace mprofpp::agent
