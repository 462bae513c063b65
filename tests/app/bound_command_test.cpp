#include "cli/bound_command.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string_view>

#include "cli/help.hpp"

using namespace mprofpp;
using namespace mprofpp::app;

namespace {

/// A command that records what it is given.
class Probe : public Command {
 public:
  explicit Probe(Operands operands) : operands_(operands) {}

  void bind(CLI::App& app) override {
    app.description("Probes.");
    app.add_option("-T,--interval", interval, "time between samples\n(default: 0.1)")
        ->type_name("TIME");
    app.add_flag("--func", func, "a long text");
    app.add_flag("--from", from, "another");
    if (operands_ == Operands::files) app.add_option("file", files)->type_name("[FILE …]");
    app.footer("examples:\n  mprofpp probe");
  }
  int run(const Console&) override { return exit_status::success; }
  Operands operands() const override { return operands_; }
  void set_program(Arguments arguments) override { program = std::move(arguments); }

  std::string interval;
  bool func = false;
  bool from = false;
  std::vector<std::string> files;
  Arguments program;

 private:
  Operands operands_;
};

constexpr CommandEntry of_files{"probe", "probe files", []() -> std::unique_ptr<Command> {
                                  return std::make_unique<Probe>(Operands::files);
                                }};
constexpr CommandEntry of_program{"probe", "probe a program", []() -> std::unique_ptr<Command> {
                                    return std::make_unique<Probe>(Operands::program);
                                  }};

const Probe& probe_of(const BoundCommand& bound) {
  return dynamic_cast<const Probe&>(bound.command());
}

}  // namespace

TEST_CASE("options and operands of a command are filled in") {
  BoundCommand bound(of_files);
  REQUIRE(bound.parse({"a.dat", "-T", "-1", "b.dat"}).has_value());
  CHECK(probe_of(bound).interval == "-1");
  CHECK(probe_of(bound).files == Arguments{"a.dat", "b.dat"});
}

TEST_CASE("a command with a program gets it unchanged") {
  BoundCommand bound(of_program);
  REQUIRE(bound.parse({"--func", "echo", "--func", "--help"}).has_value());
  CHECK(probe_of(bound).program == Arguments{"echo", "--func", "--help"});
  CHECK_FALSE(bound.wants_help());
}

TEST_CASE("every command has --help and --version") {
  BoundCommand help(of_files);
  REQUIRE(help.parse({"--help"}).has_value());
  CHECK(help.wants_help());
  BoundCommand version(of_files);
  REQUIRE(version.parse({"--version"}).has_value());
  CHECK(version.wants_version());
}

TEST_CASE("an abbreviation that scripts use keeps its meaning") {
  BoundCommand bound(of_files);
  REQUIRE(bound.parse({"--f"}).has_value());
  CHECK(probe_of(bound).func);
  CHECK_FALSE(probe_of(bound).from);
}

TEST_CASE("every command has --color, and refuses a value that it does not know") {
  BoundCommand bound(of_files);
  CHECK(bound.colours() == ColourChoice::automatic);
  REQUIRE(bound.parse({"--color", "never"}).has_value());
  CHECK(bound.colours() == ColourChoice::never);
  BoundCommand refused(of_files);
  const auto parsed = refused.parse({"--color=blue"});
  REQUIRE_FALSE(parsed.has_value());
  CHECK(parsed.error().place == "--color blue");
}

TEST_CASE("--watch-leak and --leak leave older abbreviations their meaning") {
  using Make = std::unique_ptr<Command> (*)();
  const auto meaning = [](Make make, const std::string& abbreviation) {
    CLI::App app;
    const auto command = make();
    command->bind(app);
    const auto split = split_at_program({abbreviation, "x"}, shapes_of(app));
    REQUIRE_MESSAGE(split.has_value(), abbreviation, " is ambiguous");
    return split->options.front();
  };
  for (const auto* abbreviation : {"--w", "--wa", "--wai", "--wait"}) {
    CHECK(meaning(make_run_command, abbreviation) == "--wait-all");
    CHECK(meaning(make_attach_command, abbreviation) == "--wait");
  }
  CHECK(meaning(make_run_command, "--wat") == "--watch-leak");
  CHECK(meaning(make_attach_command, "--wat") == "--watch-leak");
  for (const auto* abbreviation : {"--l", "--la"}) {
    CHECK(meaning(make_plot_command, abbreviation) == "--label=x");
  }
  CHECK(meaning(make_plot_command, "--li") == "--limit=x");
  CHECK(meaning(make_plot_command, "--le") == "--leak");
}

TEST_CASE("--allow-console leaves older abbreviations of run their meaning") {
  for (const auto* abbreviation : {"--al", "--all", "--all-"}) {
    CLI::App app;
    const auto command = make_run_command();
    command->bind(app);
    const auto split = split_at_program({abbreviation, "x"}, shapes_of(app));
    REQUIRE_MESSAGE(split.has_value(), abbreviation, " is ambiguous");
    CHECK(split->options.front() == "--all-calls");
  }
}

TEST_CASE("--objects and --max-pause leave older abbreviations of run and attach their meaning") {
  using Make = std::unique_ptr<Command> (*)();
  for (const Make make : {make_run_command, make_attach_command}) {
    const auto meaning = [&](const std::string& abbreviation) {
      CLI::App app;
      const auto command = make();
      command->bind(app);
      const auto split = split_at_program({abbreviation, "5"}, shapes_of(app));
      REQUIRE_MESSAGE(split.has_value(), abbreviation, " is ambiguous");
      return split->options.front();
    };
    for (const auto* abbreviation : {"--ma", "--max", "--max-", "--max-s"}) {
      CHECK(meaning(abbreviation) == "--max-size=5");
    }
    CHECK(meaning("--o") == "--output=5");
    CHECK(meaning("--ob") == "--objects=5");
    CHECK(meaning("--max-p") == "--max-pause=5");
  }
}

TEST_CASE("--trace and --lines-of leave older abbreviations of attach their meaning") {
  const auto meaning = [](const std::string& abbreviation) {
    CLI::App app;
    const auto command = make_attach_command();
    command->bind(app);
    const auto split = split_at_program({abbreviation, "5"}, shapes_of(app));
    REQUIRE_MESSAGE(split.has_value(), abbreviation, " is ambiguous");
    return split->options.front();
  };
  CHECK(meaning("--t") == "--timeout=5");
  CHECK(meaning("--l") == "--log=5");
  CHECK(meaning("--mi") == "--min-change=5");
  CHECK(meaning("--w") == "--wait");
  CHECK(meaning("--tr") == "--trace=5");
  CHECK(meaning("--lines-o") == "--lines-of=5");
}

TEST_CASE("--color-by, --term and --ascii leave older abbreviations of plot their meaning") {
  const auto meaning = [](const std::string& abbreviation) {
    const BoundCommand bound(*std::find_if(
        all_commands().begin(), all_commands().end(),
        [](const CommandEntry& entry) { return std::string_view(entry.name) == "plot"; }));
    const auto split = split_at_program({abbreviation, "x"}, shapes_of(bound.options()));
    REQUIRE_MESSAGE(split.has_value(), abbreviation, " is ambiguous");
    return split->options.front();
  };
  for (const auto* abbreviation : {"--co", "--col", "--colo", "--color"}) {
    CHECK(meaning(abbreviation) == "--color=x");
  }
  CHECK(meaning("--cl") == "--clock");
  CHECK(meaning("--ti") == "--title=x");
  CHECK(meaning("--th") == "--theme=x");
  CHECK(meaning("--color-") == "--color-by=x");
}

TEST_CASE("an option that is given twice is refused") {
  BoundCommand bound(of_files);
  const auto parsed = bound.parse({"-T1", "-T2"});
  REQUIRE_FALSE(parsed.has_value());
  CHECK(parsed.error().code == Errc::invalid_argument);
}

TEST_CASE("the help has usage, description, options and footer, and its second column is aligned") {
  const auto help = command_help(BoundCommand(of_files));
  CHECK(help ==
        "usage: mprofpp probe [OPTIONS] [FILE …]\n"
        "\n"
        "Probes.\n"
        "\n"
        "options:\n"
        "  -T, --interval TIME       time between samples\n"
        "                            (default: 0.1)\n"
        "      --func                a long text\n"
        "      --from                another\n"
        "      --color WHEN          auto, always or never: whether messages have colours\n"
        "                            (default: auto, on a terminal)\n"
        "  -h, --help                show this help\n"
        "      --version             show the version\n"
        "\n"
        "examples:\n"
        "  mprofpp probe\n");
}

TEST_CASE("the usage of a command with a program ends with it") {
  CHECK(command_help(BoundCommand(of_program))
            .starts_with("usage: mprofpp probe [OPTIONS] PROGRAM [ARGUMENT …]\n"));
}
