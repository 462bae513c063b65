#include "mprofpp/record/session/mark_watch.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "mprofpp/record/recording.hpp"

namespace mprofpp::record {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using ErrorCode = boost::system::error_code;

constexpr Duration longest_gap = 500ms;
/// The time after the bell in which it is ignored, so that a process that rings it all the time cannot
/// block the recorder.
constexpr Duration rest_after_bell = 1ms;

}  // namespace

class MarkWatch::Timers {
 public:
  Timers(asio::io_context& context, Recording& recording)
      : recording_(recording),
        bell_(context, recording.marks()->bell()),
        rest_(context),
        gap_(context) {
    listen();
    wait();
  }
  Timers(const Timers&) = delete;
  Timers& operator=(const Timers&) = delete;
  ~Timers() { bell_.release(); }  // RunFolder closes the descriptor

 private:
  void listen() {
    bell_.async_wait(asio::posix::stream_descriptor::wait_read, [this](const ErrorCode& error) {
      if (error) return;
      recording_.silence_bell();
      recording_.take_marks();
      rest();
    });
  }

  void rest() {
    rest_.expires_after(rest_after_bell);
    rest_.async_wait([this](const ErrorCode& error) {
      if (!error) listen();
    });
  }

  void wait() {
    gap_.expires_after(longest_gap);
    gap_.async_wait([this](const ErrorCode& error) {
      if (error) return;
      if (recording_.interval() > longest_gap) recording_.take_marks();
      wait();
    });
  }

  Recording& recording_;
  asio::posix::stream_descriptor bell_;
  asio::steady_timer rest_;
  asio::steady_timer gap_;
};

MarkWatch::MarkWatch(asio::io_context& context, Recording& recording)
    : timers_(std::make_unique<Timers>(context, recording)) {}

MarkWatch::~MarkWatch() = default;

}  // namespace mprofpp::record
