#include "console/local_time.hpp"

#include <ctime>

namespace mprofpp::app {
namespace {

std::tm local(Instant t) {
  const auto seconds = static_cast<std::time_t>(
      std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count());
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  return parts;
}

}  // namespace

std::chrono::seconds local_ahead_of_utc(Instant t) {
  return std::chrono::seconds(local(t).tm_gmtoff);
}

std::string local_time_name(Instant t) {
  const auto parts = local(t);
  return parts.tm_zone == nullptr ? "local" : parts.tm_zone;
}

}  // namespace mprofpp::app
