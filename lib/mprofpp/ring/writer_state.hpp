#pragma once

namespace mprofpp::ring {

/// The state of a ring's writer, which decides how long to wait for an incomplete record.
enum class WriterState {
  running,  ///< the record may still be completed: wait for it
  stuck,    ///< waiting was in vain: give up the next incomplete record
  gone,     ///< no record will be completed any more
};

}  // namespace mprofpp::ring
