#include "loadtest/ready_wait.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "loadtest/connection.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/proc/files.hpp"
#include "mprofpp/proc/listening.hpp"

namespace mprofpp::app {
namespace {

using namespace std::chrono_literals;

bool accepts_at(std::uint16_t port, const Patience& patience) {
  return accepts_connections({"127.0.0.1", port}, patience) ||
         accepts_connections({"::1", port}, patience);
}

bool contains(const std::vector<std::uint16_t>& ports, std::uint16_t port) {
  return std::find(ports.begin(), ports.end(), port) != ports.end();
}

/// Returns "it listens at port 5000", or that it does not listen.
std::string listening_text(const Service& service) {
  const auto ports = proc::listening_ports(service.tree());
  if (ports.empty()) return "it does not listen at any port";
  std::string text = ports.size() == 1 ? "it listens at port " : "it listens at ports ";
  for (std::size_t i = 0; i < ports.size(); ++i) {
    text += (i > 0 ? ", " : "") + std::to_string(ports[i]);
  }
  return text;
}

/// Returns the places where the service will answer.
std::vector<WebAddress> places_of(const ReadySign& sign, const std::vector<std::string>& loads) {
  std::vector<WebAddress> places;
  if (const auto* port = std::get_if<AnsweringPort>(&sign)) {
    places.push_back({"127.0.0.1", port->port});
    places.push_back({"::1", port->port});
  }
  if (const auto* get = std::get_if<AnsweredGet>(&sign)) places.push_back(get->address);
  for (const auto& load : loads) {
    if (const auto address = find_local_address(load)) places.push_back(*address);
  }
  return places;
}

/// Returns "python3 (process 12)"; empty if it belongs to another user.
std::string listener_text(std::uint16_t port) {
  const auto pid = proc::find_listener(port);
  const auto stat = pid ? proc::read_stat(*pid) : fail(Errc::not_found, "", "");
  if (!stat) return "another program";
  return visible(stat->name) + " (process " + std::to_string(*pid) + ")";
}

}  // namespace

bool ReadyCheck::is_ready(const Service& service, int interrupt) {
  has_sign_ = has_sign_ || shows_sign(service, interrupt);
  return has_sign_ && listens(service, interrupt);
}

bool ReadyCheck::shows_sign(const Service& service, int interrupt) {
  constexpr Duration longest_answer = 5s;
  constexpr std::size_t searched = 1 << 20;
  if (const auto* port = std::get_if<AnsweringPort>(&sign_))
    return accepts_at(port->port, {1s, interrupt});
  if (const auto* get = std::get_if<AnsweredGet>(&sign_)) {
    constexpr int first_error = 400;
    status_ = get_status(get->address, {longest_answer, interrupt});
    return status_.value_or(first_error) < first_error;
  }
  if (const auto* printed = std::get_if<PrintedText>(&sign_))
    return service.output().tail(searched).find(printed->text) != std::string::npos;
  return !targets_.empty() || !proc::listening_ports(service.tree()).empty();
}

/// Returns true if the service listens at the ports of all targets. The sockets of a service that has become
/// another user cannot be examined, so now and then it is called.
bool ReadyCheck::listens(const Service& service, int interrupt) {
  constexpr int looks_between_calls = 10;
  const auto ports = proc::listening_ports(service.tree());
  const bool may_call = ++looks_ % looks_between_calls == 0;
  return std::all_of(targets_.begin(), targets_.end(), [&](const WebAddress& target) {
    if (contains(ports, target.port)) return true;
    return may_call && !proc::find_listener(target.port) &&
           accepts_connections(target, {1s, interrupt});
  });
}

std::string ReadyCheck::missing(const Service& service) const {
  if (has_sign_ || (std::holds_alternative<AnyListeningSocket>(sign_) && !targets_.empty()))
    return missing_target(service);
  const auto text = missing_text(sign_, status_);
  const bool is_about_ports =
      std::holds_alternative<AnsweringPort>(sign_) || std::holds_alternative<AnsweredGet>(sign_);
  return is_about_ports ? text + "; " + listening_text(service) : text;
}

/// Describes the first port at which the service does not listen.
std::string ReadyCheck::missing_target(const Service& service) const {
  const auto ports = proc::listening_ports(service.tree());
  const auto missing =
      std::find_if(targets_.begin(), targets_.end(),
                   [&](const WebAddress& target) { return !contains(ports, target.port); });
  if (missing == targets_.end()) return listening_text(service);
  const auto port = std::to_string(missing->port);
  const auto text = listening_text(service) + ", and the load asks port " + port;
  return proc::find_listener(missing->port)
             ? text + ", where " + listener_text(missing->port) + " answers"
             : text;
}

Result<void> check_ports_are_free(const ReadySign& sign, const std::vector<std::string>& loads) {
  for (const auto& place : places_of(sign, loads)) {
    if (!place.is_local() || !accepts_connections(place, {1s})) continue;
    return fail(Errc::busy, "port " + std::to_string(place.port),
                listener_text(place.port) +
                    " answers there already, so the load would not reach "
                    "the service",
                "stop it, or let the service use another port");
  }
  return {};
}

}  // namespace mprofpp::app
