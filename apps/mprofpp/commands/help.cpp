#include "cli/command.hpp"

namespace mprofpp::app {
namespace {

class HelpCommand : public Command {
 public:
  void bind(CLI::App& app) override {
    app.description("Shows the help of a command, or the general help.");
    app.add_option("command", name_, "the command")->type_name("[COMMAND]");
    app.footer("examples:\n  mprofpp help plot");
  }

  std::optional<std::string> wanted_help() const override { return name_; }

  /// The help is printed where the commands are known.
  int run(const Console&) override { return exit_status::success; }

 private:
  std::string name_;
};

}  // namespace

std::unique_ptr<Command> make_help_command() {
  return std::make_unique<HelpCommand>();
}

}  // namespace mprofpp::app
