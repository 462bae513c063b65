#pragma once

#include <sys/socket.h>

#include <cstring>
#include <string>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/file.hpp"
#include "mprofpp/wire/door.hpp"

/// The other end of a connection, which may send anything. What it sends before the client asks waits in the
/// socket.
class Peer {
 public:
  Peer() {
    int both[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, both) == 0) {
      ours_ = mprofpp::Fd(both[0]);
      theirs_ = mprofpp::Fd(both[1]);
    }
  }

  mprofpp::Fd take_other_end() { return std::move(theirs_); }
  void send(std::string_view bytes) { (void)mprofpp::write_all(ours_.get(), bytes); }
  void send_frame(mprofpp::wire::door::Kind kind, std::string_view content) {
    send(frame(kind, content));
  }
  void say(char stream, std::string_view text) {
    send_frame(mprofpp::wire::door::Kind::output, std::string(1, stream) + std::string(text));
  }
  void end(mprofpp::wire::door::Status status, std::string_view message = "") {
    send_frame(mprofpp::wire::door::Kind::done,
               bytes_of(mprofpp::wire::door::Done{status, 0, 5'000'000}) + std::string(message));
  }
  void close() { ours_.close(); }
  /// Returns what has arrived.
  std::string received() {
    std::string text(1 << 16, '\0');
    const auto got = ::recv(ours_.get(), text.data(), text.size(), MSG_DONTWAIT);
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return text;
  }

  template <class Value>
  static std::string bytes_of(const Value& value) {
    return std::string(reinterpret_cast<const char*>(&value), sizeof value);
  }
  static std::string frame(mprofpp::wire::door::Kind kind, std::string_view content) {
    const auto size = static_cast<std::uint32_t>(content.size());
    return bytes_of(mprofpp::wire::door::Header{size, kind}) + std::string(content);
  }

 private:
  mprofpp::Fd ours_;
  mprofpp::Fd theirs_;
};
