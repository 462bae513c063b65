#pragma once

#include <optional>
#include <string_view>

namespace mprofpp::python {

/// Returns the first line (from 1) of a Python source that decorates with our `profile` or opens one of its
/// blocks: the builtin, memory_profiler's or mprofpp's, under whatever name it was imported. Returns nothing
/// if the name belongs to the program itself or to another library, or if that is unclear. A substitute in
/// `except NameError` or `except ImportError` does not make it unclear: it is for running without a profiler.
std::optional<int> line_of_profile(std::string_view source);

}  // namespace mprofpp::python
