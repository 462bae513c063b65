#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "loadtest/readiness.hpp"
#include "loadtest/service.hpp"
#include "loadtest/web_address.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::app {

/// Looks whether a service is ready.
class ReadyCheck {
 public:
  /// `targets` are the addresses of the loads on this machine: the service is ready when it shows the sign
  /// and listens at all of their ports.
  ReadyCheck(ReadySign sign, std::vector<WebAddress> targets)
      : sign_(std::move(sign)), targets_(std::move(targets)) {}

  /// Looks once. `interrupt` is a descriptor that ends a slow answer early.
  bool is_ready(const Service& service, int interrupt);
  /// Describes what is missing, as the end of a sentence.
  std::string missing(const Service& service) const;

 private:
  bool shows_sign(const Service& service, int interrupt);
  bool listens(const Service& service, int interrupt);
  std::string missing_target(const Service& service) const;

  ReadySign sign_;
  std::vector<WebAddress> targets_;
  std::optional<int> status_;  ///< of the last answer to GET
  bool has_sign_ = false;
  int looks_ = 0;
};

/// Checks that nothing listens yet where the service will: at the port of --ready, and at those of the loads.
/// Errors: busy.
Result<void> check_ports_are_free(const ReadySign& sign, const std::vector<std::string>& loads);

}  // namespace mprofpp::app
