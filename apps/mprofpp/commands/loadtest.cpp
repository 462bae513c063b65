#include <string>
#include <utility>

#include "cli/command.hpp"
#include "loadtest/loadtest_run.hpp"

namespace mprofpp::app {
namespace {

class LoadtestCommand : public Command {
 public:
  Operands operands() const override { return Operands::program; }
  void set_program(Arguments program) override { run_.set_program(std::move(program)); }

  void bind(CLI::App& app) override {
    app.description(
        "Starts PROGRAM, a service, records it with its children, and sends it the\n"
        "requests of --load in several rounds. After each round it rests, and the least\n"
        "memory of the rest counts. Prints how much memory the service keeps for each\n"
        "request, or that it is steady. What the service and the loads print is shown\n"
        "only if they fail, or with -v.");
    run_.bind(app);
    app.footer(
        "The rounds of the warm-up do not count. While it is not enough to tell, more\n"
        "rounds are added. The rates have 95 % intervals; a process that leaks has its\n"
        "own. mprofpp plot FILE draws the recording, in which the rounds are marked.\n"
        "\n"
        "examples:\n"
        "  mprofpp loadtest --load 'ab -n 2000 -c 20 http://127.0.0.1:8000/order' \\\n"
        "    -- uvicorn shop:app\n"
        "  mprofpp loadtest --load 'ab -n 500 http://127.0.0.1:8000/a' \\\n"
        "    --load 'ab -n 500 http://127.0.0.1:8000/b' -- gunicorn -w 2 app:app\n"
        "  mprofpp loadtest --load ./requests.sh --requests 300 --ready 'text started' \\\n"
        "    -- ./server\n"
        "\n"
        "exit status:\n"
        "  0    steady\n"
        "  1    a leak\n"
        "  2    it could not be tested: wrong usage, the service was not ready or exited,\n"
        "       a load failed, or another program has the port\n"
        "  3    not enough to tell\n"
        "  128+n if signal n interrupted it (130 after Ctrl-C)");
  }

  int run(const Console& console) override { return run_.run(console); }

 private:
  LoadtestRun run_;
};

}  // namespace

std::unique_ptr<Command> make_loadtest_command() {
  return std::make_unique<LoadtestCommand>();
}

}  // namespace mprofpp::app
