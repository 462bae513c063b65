#include "cli/command.hpp"
#include "marks/marker.hpp"
#include "marks/run_lookup.hpp"

namespace mprofpp::app {
namespace {

class MarkCommand : public Command {
 public:
  void bind(CLI::App& app) override {
    app.description(
        "Adds a named point in time to the running recording. Use it in a program that\n"
        "mprofpp run records, or with -p from any other terminal, where it works with\n"
        "mprofpp attach too. Every chart shows it. Several arguments are joined to one\n"
        "text.");
    app.add_option("text", parts_, "the name of the point in time")->type_name("TEXT");
    app.add_option("-p,--pid", pid_text_,
                   "a process that run or attach is recording (default:\n"
                   "the process that calls mprofpp)")
        ->type_name("PID");
    app.footer(
        "examples:\n"
        "  mprofpp mark \"phase 2\"            in a script under mprofpp run\n"
        "  mprofpp mark -p 1234 deployed     from any other terminal");
  }

  int run(const Console& console) override {
    if (parts_.empty()) {
      return refuse(console, {Errc::invalid_argument, "mark", "no text", "mprofpp mark TEXT"});
    }
    const auto parsed = parse_pid(pid_text_);
    if (!parsed) return refuse(console, parsed.error());
    const auto pid = *parsed;
    const auto folder = pid ? folder_of_run(*pid) : own_folder();
    if (!folder) return fail_with(console, folder.error());
    const auto id = pid ? identify(*pid) : identify_caller(*folder);
    if (!id) return fail_with(console, id.error());
    auto marker = Marker::open(*folder, *id);
    if (!marker) return fail_with(console, marker.error());
    marker->mark(text());
    return exit_status::success;
  }

 private:
  static int refuse(const Console& console, const Error& error) {
    console.report(error);
    return exit_status::usage;
  }
  static int fail_with(const Console& console, const Error& error) {
    console.report(error);
    return exit_status::failure;
  }

  static Result<std::string> own_folder() {
    auto folder = folder_of_this_run();
    if (!folder.empty()) return folder;
    return fail(Errc::not_found, "mark", "this program was not started by mprofpp run",
                "mprofpp mark -p PID TEXT marks a process that is being recorded");
  }

  /// Joins the arguments with spaces, as echo does.
  std::string text() const {
    std::string joined;
    for (const auto& part : parts_) joined += (joined.empty() ? "" : " ") + part;
    return joined;
  }

  Arguments parts_;
  std::string pid_text_;
};

}  // namespace

std::unique_ptr<Command> make_mark_command() {
  return std::make_unique<MarkCommand>();
}

}  // namespace mprofpp::app
