#pragma once

#include <string>
#include <string_view>

#include "mprofpp/base/result.hpp"

namespace mprofpp::log {

/// The messages that are logged: each level includes those before it.
enum class Level { warning, info, debug };

struct Options {
  Level console = Level::warning;  ///< the messages that stderr shows
  std::string file;                ///< all messages are also written to this file; empty for none
};

/// Keeps the log open during the lifetime of the object. Without one, a message costs a comparison
/// and is dropped. spdlog is the implementation, and only log.cpp uses it.
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
/// Returns true if debug() would log anything. Check it before you build an expensive message.
bool wants_debug();

}  // namespace mprofpp::log
