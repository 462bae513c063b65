#include "command.hpp"
#include "mprofpp/store/remove.hpp"
#include "removal.hpp"

namespace mprofpp::app {
namespace {

class RmCommand : public Command {
 public:
  void bind(CLI::App& app) override {
    app.description(
        "Removes recordings. A number is an index as list shows it, negative ones count from the\n"
        "newest; all are looked up before the first is removed.");
    app.add_option("recording", operands_, "indices or files")->type_name("INDEX|FILE …");
    app.add_flag("-n,--dry-run", dry_run_, "say what would be removed, remove nothing");
    app.footer(
        "examples:\n"
        "  mprofpp rm 0 -1         the oldest and the newest\n"
        "  mprofpp rm server.dat");
  }

  int run(const Console& console) override {
    if (operands_.empty()) {
      console.report({Errc::invalid_argument, "rm", "no recording to remove",
                      "give an index from mprofpp list, or a file"});
      return exit_status::usage;
    }
    const auto files = store::files_to_remove(".", operands_);
    return remove(files, dry_run_ ? Removal::announced : Removal::done, console);
  }

 private:
  std::vector<std::string> operands_;
  bool dry_run_ = false;
};

}  // namespace

std::unique_ptr<Command> make_rm_command() {
  return std::make_unique<RmCommand>();
}

}  // namespace mprofpp::app
