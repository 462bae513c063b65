#pragma once

namespace mprofpp::app {

/// Writing beyond the limit on the size of files (ulimit -f) ends a process with SIGXFSZ. From here on it
/// fails instead, with EFBIG, so that it can be reported and half a picture removed. Programs that we start
/// find the signal as we did.
void survive_file_size_limit();

}  // namespace mprofpp::app
