#pragma once

#include <optional>

#include "loadtest/readiness.hpp"
#include "loadtest/service.hpp"
#include "loadtest/web_address.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::app {

/// Looks whether a service is ready.
class ReadyCheck {
 public:
  /// `target` is the address of the first load, if it has one on this machine: by default, the service is
  /// ready when it listens at that port.
  ReadyCheck(ReadySign sign, std::optional<WebAddress> target)
      : sign_(std::move(sign)), target_(std::move(target)) {}

  /// Looks once. `interrupt` is a descriptor that ends a slow answer early.
  bool is_ready(const Service& service, int interrupt);
  /// Describes what is missing, as the end of a sentence.
  std::string missing(const Service& service) const;

 private:
  bool listens(const Service& service);

  ReadySign sign_;
  std::optional<WebAddress> target_;
  int looks_ = 0;
};

/// Checks that nothing listens yet where the service will: at the port of --ready, and at those of the loads.
/// Errors: busy.
Result<void> check_ports_are_free(const ReadySign& sign, const std::vector<std::string>& loads);

}  // namespace mprofpp::app
