#include "command.hpp"
#include "mprofpp/store/remove.hpp"
#include "removal.hpp"

namespace mprofpp::app {
namespace {

class CleanCommand : public Command {
 public:
  void bind(CLI::App& app) override {
    app.description(
        "Removes all recordings of this folder that run named itself (mprofile_<14 digits>.dat).\n"
        "Recordings named with -o stay.");
    app.add_flag("-n,--dry-run", dry_run_, "say what would be removed, remove nothing");
  }

  int run(const Console& console) override {
    return remove(store::all_files_to_remove("."), dry_run_ ? Removal::announced : Removal::done,
                  console);
  }

 private:
  bool dry_run_ = false;
};

}  // namespace

std::unique_ptr<Command> make_clean_command() {
  return std::make_unique<CleanCommand>();
}

}  // namespace mprofpp::app
