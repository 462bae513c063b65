#include "mprofpp/record/session/end_watch.hpp"

#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/launch/watch.hpp"
#include "mprofpp/proc/files.hpp"

namespace mprofpp::record {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using ErrorCode = boost::system::error_code;

/// The time between two checks of processes whose exit the kernel does not report. Checking twenty
/// processes takes 0.1 % of a CPU.
constexpr Duration gap_between_looks = 50ms;

}  // namespace

Result<Watched> watch(pid_t pid) {
  auto fd = launch::watch_process(pid);
  if (!fd && fd.error().code != Errc::unsupported) return Failure(std::move(fd.error()));
  const auto stat = proc::read_stat(pid);
  if (!stat && stat.error().code == Errc::io) return Failure(stat.error());
  if (!stat) return fail(Errc::vanished, std::to_string(pid), "no such process");
  return Watched{{pid, stat->start}, fd ? std::move(*fd) : Fd()};
}

class EndWatch::Waits {
 public:
  Waits(asio::io_context& context, std::vector<Watched> processes, std::function<void()> all_ended)
      : all_ended_(std::move(all_ended)), timer_(context) {
    for (auto& process : processes) {
      if (process.fd)
        reported_.emplace_back(context, process.fd.release());
      else
        unreported_.push_back(process.id);
    }
    living_ = processes.size();
    for (auto& descriptor : reported_) wait_for(descriptor);
    if (!unreported_.empty()) look_later();
  }

 private:
  void wait_for(asio::posix::stream_descriptor& descriptor) {
    descriptor.async_wait(asio::posix::stream_descriptor::wait_read,
                          [this](const ErrorCode& error) {
                            if (!error) ended(1);
                          });
  }

  void look_later() {
    timer_.expires_after(gap_between_looks);
    timer_.async_wait([this](const ErrorCode& error) {
      if (error) return;
      const auto gone = std::erase_if(unreported_, proc::has_ended);
      if (!unreported_.empty()) look_later();
      ended(gone);
    });
  }

  /// Must be the last call of a handler, because `all_ended` may destroy the watch.
  void ended(std::size_t count) {
    living_ -= count;
    if (count > 0 && living_ == 0) all_ended_();
  }

  std::function<void()> all_ended_;
  std::vector<asio::posix::stream_descriptor> reported_;
  std::vector<model::ProcessId> unreported_;
  asio::steady_timer timer_;
  std::size_t living_ = 0;
};

EndWatch::EndWatch(asio::io_context& context, std::vector<Watched> processes,
                   std::function<void()> all_ended)
    : waits_(std::make_unique<Waits>(context, std::move(processes), std::move(all_ended))) {}

EndWatch::~EndWatch() = default;

}  // namespace mprofpp::record
