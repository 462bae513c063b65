#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "cli/hints.hpp"
#include "mprofpp/store/remove.hpp"

namespace mprofpp::app {
namespace {

using Files = std::vector<std::string>;

void announce(const Files& files, const Console& console) {
  console.print("Files to be removed: \n");  // the text of mprof, which scripts may read
  for (const auto& file : files) console.print(file + "\n");
}

/// Removes the files and returns the exit status. If a file cannot be removed, the others still are.
int remove(const Files& files, const Console& console) {
  int status = exit_status::success;
  for (const auto& file : files) {
    if (auto removed = store::remove_file(file); !removed) {
      console.report(removed.error());
      status = exit_status::failure;
    }
  }
  return status;
}

/// The option -n, and what it decides.
class Removal {
 public:
  void bind(CLI::App& app) {
    app.add_flag("-n,--dry-run", is_dry_, "print what would be removed, but remove nothing");
  }

  /// Removes the files or, with -n, prints their names. Returns the exit status.
  int run(const Result<Files>& files, const Console& console) const {
    if (!files) {
      console.report(files.error());
      return exit_status::failure;
    }
    if (!is_dry_) return remove(*files, console);
    announce(*files, console);
    return exit_status::success;
  }

 private:
  bool is_dry_ = false;
};

class RmCommand : public Command {
 public:
  void bind(CLI::App& app) override {
    app.description(
        "Removes recordings. A number is an index from mprofpp list; negative ones count\n"
        "from the newest. Nothing is removed unless all of them are found.");
    app.add_option("recording", operands_, "indices or files")->type_name("INDEX|FILE …");
    removal_.bind(app);
    app.footer(
        "examples:\n"
        "  mprofpp rm 0 -1          remove the oldest and the newest\n"
        "  mprofpp rm server.dat");
  }

  int run(const Console& console) override {
    if (operands_.empty()) {
      console.report({Errc::invalid_argument, "rm", "no recording to remove",
                      "give an index from mprofpp list, or a file"});
      return exit_status::usage;
    }
    return removal_.run(files(), console);
  }

 private:
  Result<Files> files() const {
    auto files = store::files_to_remove(".", operands_);
    if (files) return files;
    auto& error = files.error();
    const bool is_operand =
        std::find(operands_.begin(), operands_.end(), error.place) != operands_.end();
    const auto task = is_operand ? Task::remove_recording : Task::find_recording;
    return Failure(with_hint(task, std::move(error)));
  }

  Files operands_;
  Removal removal_;
};

class CleanCommand : public Command {
 public:
  void bind(CLI::App& app) override {
    app.description(
        "Removes all recordings in this folder that have a default name,\n"
        "mprofile_<date and time>.dat. Recordings named with -o are kept.");
    removal_.bind(app);
  }

  int run(const Console& console) override {
    return removal_.run(store::all_files_to_remove("."), console);
  }

 private:
  Removal removal_;
};

}  // namespace

std::unique_ptr<Command> make_rm_command() {
  return std::make_unique<RmCommand>();
}

std::unique_ptr<Command> make_clean_command() {
  return std::make_unique<CleanCommand>();
}

}  // namespace mprofpp::app
