#include "command.hpp"
namespace mprofpp::app {
namespace {
class RunCommand : public Command { void bind(CLI::App&) override {} int run(const Console&) override { return 0; } };
}
std::unique_ptr<Command> make_run_command() { return std::make_unique<RunCommand>(); }
}
