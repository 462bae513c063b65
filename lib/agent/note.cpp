#include "note.hpp"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "environment.hpp"
#include "keep_errno.hpp"
#include "mprofpp/wire/bell.hpp"
#include "mprofpp/wire/names.hpp"
#include "mprofpp/wire/path.hpp"
#include "process.hpp"

namespace mprofpp::agent {
namespace {

/// Returns whether the file exists afterwards. glibc before 2.33 has no function named mknod.
bool make_file(const char* path) {
  return ::syscall(SYS_mknodat, AT_FDCWD, path, S_IFREG | 0600, 0) == 0 || errno == EEXIST;
}

}  // namespace

void leave_note(const char* name) {
  if (!process().is_recorded() || process().is_quiet()) return;
  const KeepErrno keep_errno;
  wire::Path path(environment().folder());
  path.add('/').add(name);
  if (!path.fits() || make_file(path.text())) return;
  wire::Path line(name);
  line.add('\n');
  wire::ring_bell(environment().folder(), line.text(), strlen(line.text()));
}

void leave_note_of_no_ring(int error) {
  wire::Path name(wire::no_ring_note);
  leave_note(name.add_number(static_cast<unsigned>(error)).text());
}

}  // namespace mprofpp::agent
