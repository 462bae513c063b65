#pragma once

#include "mprofpp/base/result.hpp"

namespace mprofpp::app {

/// Opens /dev/null in place of stdin, stdout or stderr if mprofpp was started with it closed. Otherwise
/// the next file opened, such as the recording, would get its number, and messages would be written into
/// that file. The descriptor is closed on exec, so that the program finds closed what mprofpp found closed.
void occupy_standard_descriptors();

/// Makes a write beyond the file size limit (ulimit -f) fail with EFBIG. By default SIGXFSZ would
/// terminate the process, and it could neither report the failure nor remove half a picture. Programs
/// that mprofpp starts get the signal's original disposition.
void report_file_size_limit();

/// Redirects stdout to stderr, for the programs that mprofpp starts too. Returns a descriptor of the
/// original stdout, which is closed on exec. Errors: io.
Result<int> hand_over_stdout();

}  // namespace mprofpp::app
