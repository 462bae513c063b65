#pragma once

namespace mprofpp::mark {

/// Whether what is not whole yet will ever be.
enum class Writer {
  lives,    ///< it may be: wait for it
  hangs,    ///< it has been waited for in vain: the next record that is not whole is given up
  is_gone,  ///< no
};

}  // namespace mprofpp::mark
