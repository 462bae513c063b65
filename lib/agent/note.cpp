#include "note.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

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
  // glibc before 2.33 has no function named mknod
  if (path.fits()) ::syscall(SYS_mknodat, AT_FDCWD, path.text(), S_IFREG | 0600, 0);
}

}  // namespace mprofpp::agent
