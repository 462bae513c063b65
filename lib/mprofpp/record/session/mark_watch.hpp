#pragma once

#include <memory>

namespace boost::asio {
class io_context;
}

namespace mprofpp::record {

class Recording;

/// Makes the recording take its marks between ticks: when the bell rings because there are many, and often
/// enough for marks to appear in the file within a second, however long the interval is.
class MarkWatch {
 public:
  /// `recording` must record marks. Both arguments must outlive this object.
  MarkWatch(boost::asio::io_context& context, Recording& recording);
  ~MarkWatch();

 private:
  class Timers;
  std::unique_ptr<Timers> timers_;
};

}  // namespace mprofpp::record
