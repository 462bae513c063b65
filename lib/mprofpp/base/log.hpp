#pragma once

#include <string>
#include <string_view>

#include "mprofpp/base/result.hpp"

namespace mprofpp::log {

/// What the log lets through: each level includes those before it.
enum class Level { warning, info, debug };

struct Options {
  Level console = Level::warning;  ///< how much of it stderr shows
  std::string file;                ///< everything goes there too; empty for none
};

/// The log is open for as long as the object lives; without one, messages cost a comparison and go
/// nowhere. spdlog stands behind it and is seen by nobody else.
class Sink {
 public:
  static Result<Sink> open(const Options& options);

  Sink(Sink&& other) noexcept;
  Sink& operator=(Sink&&) = delete;
  ~Sink();

 private:
  Sink() = default;
  bool active_ = true;
};

void warning(std::string_view message);
void info(std::string_view message);
void debug(std::string_view message);
/// Whether debug() would be heard: ask before building a costly message.
bool wants_debug();

}  // namespace mprofpp::log
