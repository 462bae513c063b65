#pragma once

#include <memory>

namespace boost::asio {
class io_context;
}

namespace mprofpp::record {

class Recording;

/// Has marks taken between ticks: when the bell rings because there are many, and often enough that
/// somebody who watches the recording sees them within a second however long the interval is.
class MarkWatch {
 public:
  /// `recording` has marks. Both outlive it.
  MarkWatch(boost::asio::io_context& context, Recording& recording);
  ~MarkWatch();

 private:
  class Timers;
  std::unique_ptr<Timers> timers_;
};

}  // namespace mprofpp::record
