#include "mprofpp/base/log.hpp"

#define SPDLOG_DISABLE_DEFAULT_LOGGER  // ours exists only while a Sink does
#define SPDLOG_PREVENT_CHILD_FD        // programs that are started do not inherit the log

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cerrno>
#include <memory>
#include <utility>
#include <vector>

namespace mprofpp::log {
namespace {

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warning:
      break;
  }
  return spdlog::level::warn;
}

spdlog::sink_ptr with(spdlog::sink_ptr sink, spdlog::level::level_enum level, const char* pattern) {
  sink->set_level(level);
  sink->set_pattern(pattern);
  return sink;
}

/// Stops writing to the file and reports the error once, on the console. Otherwise spdlog would
/// report it for every message, in its own format.
void give_up_file(spdlog::logger& logger, const Error& error) {
  auto& file = *logger.sinks().back();
  if (file.level() == spdlog::level::off) return;
  file.set_level(spdlog::level::off);
  logger.warn("{}: {} ({})", error.place, error.what, error.hint);
}

}  // namespace

Result<Sink> Sink::open(const Options& options) {
  std::vector<spdlog::sink_ptr> sinks = {with(std::make_shared<spdlog::sinks::stderr_sink_st>(),
                                              to_spdlog(options.console), "mprofpp: %v")};
  try {
    if (!options.file.empty()) {
      sinks.push_back(with(std::make_shared<spdlog::sinks::basic_file_sink_st>(options.file, true),
                           spdlog::level::debug, "%Y-%m-%dT%H:%M:%S.%e %P %l: %v"));
    }
  } catch (const spdlog::spdlog_ex&) {  // the file cannot be opened
    return fail_errno(errno, options.file, "cannot write the log");
  }
  auto logger = std::make_shared<spdlog::logger>("mprofpp", sinks.begin(), sinks.end());
  if (!options.file.empty()) {
    logger->set_error_handler([name = options.file, raw = logger.get()](const std::string&) {
      give_up_file(*raw, fail_errno(errno, name, "the log ends here").value());
    });
  }
  logger->set_level(options.file.empty() ? to_spdlog(options.console) : spdlog::level::debug);
  logger->flush_on(spdlog::level::debug);  // a log must be complete after a crash
  spdlog::set_default_logger(std::move(logger));
  return Sink();
}

Sink::Sink(Sink&& other) noexcept : active_(std::exchange(other.active_, false)) {}

Sink::~Sink() {
  if (active_) spdlog::set_default_logger(nullptr);
}

void warning(std::string_view message) {
  if (auto* logger = spdlog::default_logger_raw()) logger->warn("{}", message);
}

void info(std::string_view message) {
  if (auto* logger = spdlog::default_logger_raw()) logger->info("{}", message);
}

void debug(std::string_view message) {
  if (auto* logger = spdlog::default_logger_raw()) logger->debug("{}", message);
}

bool wants_debug() {
  const auto* logger = spdlog::default_logger_raw();
  return logger != nullptr && logger->should_log(spdlog::level::debug);
}

}  // namespace mprofpp::log
