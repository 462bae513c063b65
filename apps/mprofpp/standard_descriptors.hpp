#pragma once

namespace mprofpp::app {

/// Whoever starts us may have closed stdin, stdout or stderr. The next file opened would get that
/// number, and what is meant for people would be written into a recording: so /dev/null takes the
/// place. It is closed on exec: the program finds closed what we found closed.
void occupy_standard_descriptors();

}  // namespace mprofpp::app
