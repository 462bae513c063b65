#include "command.hpp"
namespace mprofpp::app {
namespace {
class PeakCommand : public Command { void bind(CLI::App&) override {} int run(const Console&) override { return 0; } };
}
std::unique_ptr<Command> make_peak_command() { return std::make_unique<PeakCommand>(); }
}
