#include "mprofpp/inject/run_socket.hpp"

#include <sys/un.h>

#include <filesystem>

#include "mprofpp/base/file.hpp"
#include "mprofpp/proc/files.hpp"
#include "mprofpp/proc/parse.hpp"
#include "mprofpp/wire/door.hpp"
#include "mprofpp/wire/names.hpp"

namespace mprofpp::inject {

std::string socket_in_run(pid_t pid) {
  const auto environment = read_file(proc::path_of(pid, "environ")).value_or("");
  const auto folder = proc::variable_in(environment, wire::run_variable).value_or("");
  std::error_code error;
  if (folder.empty() || !std::filesystem::is_directory(folder, error)) return {};
  auto path = std::string(folder) + "/" + wire::door::socket_prefix + std::to_string(pid);
  return path.size() < sizeof sockaddr_un::sun_path ? path : std::string();
}

}  // namespace mprofpp::inject
