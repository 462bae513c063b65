#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/instant.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/wire/door.hpp"

namespace mprofpp::inspect {

using wire::door::Status;
using wire::door::Stream;

/// A request to the agent in a program.
struct Request {
  std::string verb;          ///< one of wire::door
  std::string options = {};  ///< separated by newlines
  std::string body = {};
  /// How long the agent waits for a moment at which Python can run the request.
  Duration patience = std::chrono::milliseconds(200);
  /// How long the answer may take in all. Nothing means that the user decides.
  std::optional<Duration> limit = {};
};

/// How a request has ended.
struct Ending {
  std::optional<Status> status;  ///< nothing if the user has left before the end
  std::string message;           ///< from the program: it may contain anything
  Duration held{};               ///< how long Python ran nothing else, as the agent reports it
};

/// Takes what a request outputs, as it comes. Returns false if nothing more is wanted: the connection then
/// ends, and with it the request.
using TakeOutput = std::function<bool(Stream, std::string_view)>;

/// A wish of the user while a request runs.
enum class Wish { nothing, interrupt, leave };

/// Lets the user interrupt a request.
struct Control {
  int descriptor = -1;         ///< readable when there is a wish; -1 if there never is
  std::function<Wish()> read;  ///< reads it
};

/// A connection to the agent in a program, which is not trusted: what it sends has limits of size and time,
/// and nonsense ends the connection.
class Client {
 public:
  /// Takes a connected stream socket.
  explicit Client(Fd socket) : socket_(std::move(socket)) {}

  /// Sends a request and waits until it has ended. Errors: invalid_argument if the request is too long;
  /// vanished if the program has closed the connection; busy if the answer took too long; malformed if it is
  /// not one. After an error the connection cannot be used again.
  Result<Ending> ask(const Request& request, const TakeOutput& take, const Control& control = {});

  /// Returns the socket, which is readable between two requests if the program has closed the connection.
  int socket() const { return socket_.get(); }

 private:
  using Moment = std::optional<std::chrono::steady_clock::time_point>;

  Result<void> send(std::string_view bytes, Moment end);
  /// Waits until the socket is ready for `events` or the user has a wish.
  Result<Wish> wait(short events, Moment end, const Control& control) const;
  Result<void> receive();
  Result<std::optional<Ending>> take_frames(const TakeOutput& take);
  Result<std::optional<Ending>> take_frame(wire::door::Kind kind, std::string_view content,
                                           const TakeOutput& take);

  Fd socket_;
  std::string received_;
};

/// Returns the bytes of a request. Errors: invalid_argument if it is too long.
Result<std::string> frame_of(const Request& request);

}  // namespace mprofpp::inspect
