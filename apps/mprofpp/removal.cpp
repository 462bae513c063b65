#include "removal.hpp"

#include "exit_status.hpp"
#include "mprofpp/store/remove.hpp"

namespace mprofpp::app {

int remove(const Result<std::vector<std::string>>& files, Removal removal, const Console& console) {
  if (!files) {
    console.report(files.error());
    return exit_status::failure;
  }
  if (removal == Removal::announced) {
    console.print("Files to be removed: \n");  // mprof's words, for scripts that read them
    for (const auto& file : *files) console.print(file + "\n");
    return exit_status::success;
  }
  int status = exit_status::success;
  for (const auto& file : *files) {
    if (auto removed = store::remove_file(file); !removed) {
      console.report(removed.error());
      status = exit_status::failure;
    }
  }
  return status;
}

}  // namespace mprofpp::app
