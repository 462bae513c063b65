#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "mprofpp/base/result.hpp"
#include "mprofpp/page/caps.hpp"
#include "mprofpp/page/contents.hpp"
#include "mprofpp/page/curves.hpp"
#include "mprofpp/page/processes.hpp"

namespace mprofpp::page {

/// Decides what of a recording fits into a page.
class Fitting {
 public:
  /// Curves and calls of `contents` are thinned out. All arguments outlive it.
  Fitting(Contents& contents, const PageRequest& request, std::size_t room)
      : contents_(contents), request_(request), room_(room) {}

  /// Returns the packed bytes. Errors: io.
  Result<std::string> packed();

 private:
  Result<void> choose_caps();
  Result<void> share(std::size_t room);
  Result<std::size_t> shrink_calls(std::size_t size, std::size_t room);
  Result<std::size_t> shrink_curves(std::size_t size, std::size_t room);
  Result<std::size_t> header_size() const;
  Result<std::size_t> curves_size() const;
  Result<std::size_t> calls_size() const;
  std::string all_bytes() const;

  Contents& contents_;
  const PageRequest& request_;
  std::size_t room_;
  Caps caps_;
  std::optional<Processes> processes_;
  std::optional<Curves> curves_;
};

}  // namespace mprofpp::page
