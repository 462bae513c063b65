#pragma once

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <utility>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "cli/arguments.hpp"
#include "cli/cli.hpp"
#include "console/console.hpp"
#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/file.hpp"
#include "support/temporary_folder.hpp"

/// Helpers of the tests of the program, which run its parts in the process of the test.
namespace mprofpp::test {

/// A console whose output is stored.
class Captured {
 public:
  explicit Captured(app::Console::Colours colours = app::Console::Colours::none)
      : console_({out_.get(), err_.get()}, colours) {}

  const app::Console& console() const { return console_; }
  app::Console& console() { return console_; }
  std::string out() const { return content_of(out_); }
  std::string err() const { return content_of(err_); }

 private:
  static Fd memory() { return Fd(::memfd_create("captured", MFD_CLOEXEC)); }
  static std::string content_of(const Fd& fd) {
    std::string text(1 << 16, '\0');
    const auto length = read_block_at(fd.get(), text, 0);
    REQUIRE(length.has_value());
    text.resize(*length);
    return text;
  }

  Fd out_ = memory();
  Fd err_ = memory();
  app::Console console_;
};

/// The result of a command line.
struct Finished {
  int status;
  std::string out;
  std::string err;
};

inline Finished dispatched(const app::Arguments& arguments) {
  Captured captured;
  const int status = app::dispatch(arguments, captured.console());
  return {status, captured.out(), captured.err()};
}

/// Makes a temporary folder the current one.
class CurrentFolder {
 public:
  CurrentFolder() { std::filesystem::current_path(folder_.path()); }
  ~CurrentFolder() { std::filesystem::current_path(before_); }
  CurrentFolder(const CurrentFolder&) = delete;
  CurrentFolder& operator=(const CurrentFolder&) = delete;

  const TemporaryFolder& operator*() const { return folder_; }
  const TemporaryFolder* operator->() const { return &folder_; }

 private:
  TemporaryFolder folder_;
  std::filesystem::path before_ = std::filesystem::current_path();
};

/// Lets CLI11 fill in options. The arguments have the form --name=value.
template <class Options>
Options filled(app::Arguments arguments) {
  Options options;
  CLI::App app;
  options.bind(app);
  std::reverse(arguments.begin(), arguments.end());
  app.parse(std::move(arguments));
  return options;
}

}  // namespace mprofpp::test
