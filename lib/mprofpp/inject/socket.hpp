#pragma once

#include <sys/types.h>

#include <string>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::inject {

/// Takes a copy of a descriptor of a process. It must be a connected Unix stream socket whose other end that
/// process has made, because the process can offer any of its descriptors. Errors: vanished; unsupported
/// before Linux 5.6; malformed if it is something else.
Result<Fd> take_socket(pid_t pid, int descriptor);

/// Connects to the Unix socket on which a process listens. Errors: malformed if another process listens
/// there.
Result<Fd> connect_to(pid_t pid, const std::string& path);

}  // namespace mprofpp::inject
