#pragma once

#include <optional>
#include <string_view>

namespace mprofpp::python {

/// The first line (from 1) of a Python source that decorates with our `profile` or opens one of its
/// blocks: the builtin, memory_profiler's or mprofpp's, under whatever name it was imported.
/// Nothing where the name is the program's own or another library's, and nothing in case of doubt.
/// What stands in by `except NameError` or `except ImportError` is no doubt: it is for programs
/// that run without us.
std::optional<int> line_of_profile(std::string_view source);

}  // namespace mprofpp::python
