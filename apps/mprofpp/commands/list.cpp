#include "cli/command.hpp"
#include "console/local_time.hpp"
#include "mprofpp/report/recording_list.hpp"

namespace mprofpp::app {
namespace {

class ListCommand : public Command {
 public:
  void bind(CLI::App& app) override {
    app.description(
        "Lists the recordings in this folder, oldest first: index, name, start, duration,\n"
        "samples, peak and command. A narrow terminal leaves out start and samples. plot,\n"
        "peak and rm accept the index in place of a file. Recordings named with -o have\n"
        "no index and come last.");
    app.add_flag("--json", json_, "print JSON");
    app.footer(
        "A recorder that is killed cannot write the summary at the end of its file. If\n"
        "such a file is larger than 4 MiB, its samples and peak are shown as -; mprofpp\n"
        "peak prints them.");
  }

  int run(const Console& console) override {
    const auto recordings = report::list_folder(".");
    if (!recordings) {
      console.report(recordings.error());
      return exit_status::failure;
    }
    console.print(json_
                      ? report::list_json(*recordings)
                      : report::list_text(*recordings, console.stdout_width(), local_ahead_of_utc));
    return exit_status::success;
  }

 private:
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_list_command() {
  return std::make_unique<ListCommand>();
}

}  // namespace mprofpp::app
