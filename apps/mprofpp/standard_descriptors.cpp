#include "standard_descriptors.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <initializer_list>

namespace mprofpp::app {

void occupy_standard_descriptors() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) >= 0) continue;
    // the lowest free number is this one; stdout cannot be written: a result that nobody gets is a
    // failure
    const int mode = fd == STDOUT_FILENO ? O_RDONLY : O_RDWR;
    (void)::open("/dev/null", mode | O_CLOEXEC);
  }
}

}  // namespace mprofpp::app
