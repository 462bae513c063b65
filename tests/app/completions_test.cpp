#include <doctest/doctest.h>

#include <algorithm>

#include "captured.hpp"
#include "completions/scripts.hpp"
#include "completions/template.hpp"
#include "options/plot_options.hpp"
#include "options/recording_options.hpp"

using namespace mprofpp::app;
using mprofpp::test::Captured;
using mprofpp::test::filled;
using Kind = Completion::Kind;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A command with an option of each kind.
std::vector<CompletedCommand> commands() {
  CompletedCommand command{
      .name = "plot", .summary = "draw it", .options = {}, .operands = {Kind::recording}};
  command.options = {{.names = {"-o", "--output"},
                      .summary = "the picture",
                      .value_name = "FILE",
                      .value = {Kind::picture}},
                     {.names = {"--theme"},
                      .summary = "it's \"light\"",
                      .value_name = "THEME",
                      .value = {Kind::words, {"light", "dark"}}},
                     {.names = {"-v", "--verbose"}, .summary = "print [more]", .repeats = true},
                     {.names = {"--flame"}, .summary = "boxes", .excludes = {"--stack"}}};
  return {command};
}

const CompletedCommand& described(const std::vector<CompletedCommand>& all, std::string_view name) {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const auto& command) { return command.name == name; });
  REQUIRE(found != all.end());
  return *found;
}

const CompletedOption& option_of(const CompletedCommand& command, std::string_view name) {
  const auto found =
      std::find_if(command.options.begin(), command.options.end(), [&](const auto& option) {
        return std::find(option.names.begin(), option.names.end(), name) != option.names.end();
      });
  REQUIRE(found != command.options.end());
  return *found;
}

}  // namespace

TEST_CASE("the summary of an option is one line without remarks and examples") {
  CHECK(summary_of("time between samples, in seconds or with a unit:\n0.5, 50ms (default: 0.1)") ==
        "time between samples, in seconds or with a unit");
  CHECK(summary_of("print what mprofpp does; -vv prints more") == "print what mprofpp does");
  CHECK(summary_of("stop after TIME (e.g. 90s); it\nkeeps running") == "stop after TIME");
  CHECK(summary_of("another SIZE (e.g.\n200MiB), sample less") == "another SIZE, sample less");
  CHECK(summary_of("the titles that processes\ngive") == "the titles that processes give");
}

TEST_CASE("the commands are described from what they declare") {
  const auto all = completed_commands(all_commands());
  CHECK(all.size() == all_commands().size());
  const auto& run = described(all, "run");
  CHECK(run.operands.kind == Kind::program);
  CHECK(option_of(run, "--backend").value.words == std::vector<std::string>{"rss", "pss", "uss"});
  CHECK(option_of(run, "--metrics").value.kind == Kind::list);
  CHECK(option_of(run, "--output").value.kind == Kind::file);
  CHECK(option_of(described(all, "plot"), "--metric").value.kind == Kind::list);
  CHECK(option_of(described(all, "leak"), "--metric").value.words ==
        std::vector<std::string>{"rss", "pss", "uss", "anon"});
  CHECK(option_of(described(all, "plot"), "--format").value.words.back() == "html");
  CHECK(option_of(run, "--trace").repeats);
  CHECK(option_of(run, "--verbose").repeats);
  CHECK_FALSE(option_of(run, "--force").repeats);
  CHECK_FALSE(option_of(run, "--force").takes_value());
  CHECK(has(joined(option_of(run, "--exact").excludes, " "), "--no-marks"));
  CHECK(described(all, "span").operands.kind == Kind::named_program);
  CHECK(described(all, "attach").operands.kind == Kind::process);
  CHECK(described(all, "peak").operands.kind == Kind::recording);
  CHECK(described(all, "list").operands.kind == Kind::nothing);
  CHECK(option_of(described(all, "plot"), "-o").value.kind == Kind::picture);
  CHECK(option_of(described(all, "mark"), "--pid").value.kind == Kind::process);
}

TEST_CASE("every word that is completed is a value that the option accepts") {
  const Captured captured;
  const auto all = completed_commands(all_commands());
  const auto& plot = described(all, "plot");
  for (const auto& option : {option_of(plot, "--theme"), option_of(plot, "--format"),
                             option_of(plot, "--color"), option_of(plot, "--color-by")}) {
    REQUIRE_FALSE(option.value.words.empty());
    for (const auto& word : option.value.words) {
      CAPTURE(word);
      // growth is for the boxes of --flame, which a page always has
      const std::string other = word == "html" ? "--no-function-ts" : "--flame";
      CHECK(filled<PlotOptions>({other, option.names.back() + "=" + word}).make().has_value());
    }
  }
  const auto& run = described(all, "run");
  for (const auto& option : {option_of(run, "--backend"), option_of(run, "--metrics")}) {
    REQUIRE_FALSE(option.value.words.empty());
    for (const auto& word : option.value.words) {
      CAPTURE(word);
      const auto options = filled<RecordingOptions>({option.names.back() + "=" + word});
      CHECK(options.make(captured.console()).has_value());
    }
  }
}

TEST_CASE("the script of bash has the options and what completes their values") {
  const auto script = bash_script("@commands@\n@options@\n@values@\n@operands@\n", commands());
  CHECK(has(script, "_mprofpp_commands=\"plot\"\n"));
  CHECK(has(script, "    plot) echo \"--output --theme --verbose --flame\" ;;\n"));
  CHECK(has(script, "    'plot -o' | 'plot --output') echo file ;;\n"));
  CHECK(has(script, "    'plot --theme') echo words light dark ;;\n"));
  CHECK_FALSE(has(script, "'plot --flame')"));
  CHECK(has(script, "    plot) echo recording ;;\n"));
}

TEST_CASE("the script of zsh has a specification for each option") {
  const auto script = zsh_script("@commands@\n@cases@\n", commands());
  CHECK(has(script, "    'plot:draw it'\n"));
  CHECK(has(script,
            R"~('(-o --output)'{-o,--output}'[the picture]:FILE:_files -g "*.(png|svg|pdf)"')~"));
  CHECK(has(script, R"~('--theme[it'\''s "light"]:THEME:(light dark)')~"));
  CHECK(has(script, R"~('*'{-v,--verbose}'[print \[more\]]')~"));
  CHECK(has(script, "'(--stack)--flame[boxes]'"));
  CHECK(has(script, R"~('*:recording:_files -g "*.dat"')~"));
}

TEST_CASE("the script of fish has a line for each option") {
  const auto script = fish_script("@names@\n@commands@\n@options@\n", commands());
  const std::string start = "complete -c mprofpp -n \"__fish_seen_subcommand_from plot\"";
  CHECK(has(script, "set -l commands plot\n"));
  CHECK(has(script, "complete -c mprofpp -n $none -a plot -d \"draw it\"\n"));
  CHECK(has(script, start + " -s o -l output -r -d \"the picture\"\n"));
  CHECK(has(script, start + " -l theme -x -a \"light dark\" -d \"it's \\\"light\\\"\"\n"));
  CHECK(has(script, start + " -a \"(__fish_complete_suffix .dat)\"\n"));
}
