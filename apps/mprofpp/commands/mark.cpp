#include "command.hpp"
#include "marker.hpp"
#include "mprofpp/base/text.hpp"

namespace mprofpp::app {
namespace {

class MarkCommand : public Command {
 public:
  void bind(CLI::App& app) override {
    app.description(
        "Writes a point in time with a name into the recording that is being made: within a\n"
        "program that mprofpp records, or with -p from any other terminal. Every chart shows it.");
    app.add_option("text", words_, "what to call it")->type_name("TEXT");
    app.add_option("-p,--pid", pid_text_,
                   "a process that is being recorded; else that which calls mprofpp")
        ->type_name("PID");
    app.footer(
        "examples:\n"
        "  mprofpp mark \"phase 2\"            in a script under mprofpp run\n"
        "  mprofpp mark -p 1234 deployed     from another terminal");
  }

  int run(const Console& console) override {
    if (words_.empty()) {
      return refuse(console, {Errc::invalid_argument, "mark", "no text", "mprofpp mark TEXT"});
    }
    const auto pid = pid_text_.empty() ? std::nullopt : parse_integer<pid_t>(pid_text_);
    if (!pid_text_.empty() && pid.value_or(0) <= 0) {
      return refuse(console, {Errc::invalid_argument, "--pid", "'" + pid_text_ + "' is no pid",
                              "ps and mprofpp run -v tell the number of a process"});
    }
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
    return fail(Errc::not_found, "mark", "this is no program that mprofpp run records",
                "mprofpp run PROGRAM, or mprofpp mark -p PID TEXT");
  }

  /// Several words are one text, as with echo.
  std::string text() const {
    std::string joined;
    for (const auto& word : words_) joined += (joined.empty() ? "" : " ") + word;
    return joined;
  }

  std::vector<std::string> words_;
  std::string pid_text_;
};

}  // namespace

std::unique_ptr<Command> make_mark_command() {
  return std::make_unique<MarkCommand>();
}

}  // namespace mprofpp::app
