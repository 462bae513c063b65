#pragma once

#include <ctime>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "mprofpp/base/result.hpp"

namespace mprofpp::store {

/// Returns mprof's name for a recording that started at `local`: mprofile_<YYYYMMDDhhmmss>.dat.
std::string default_name(const std::tm& local);

/// The values of the placeholders in an output name.
struct NameValues {
  std::string pid;
  std::string host;
  std::function<std::optional<std::string>(const std::string&)> variable;
};

/// Replaces %p (pid), %h (host), %q{VAR} (environment variable) and %% in an output name, as MPI
/// and Slurm ranks need. Errors: invalid_argument for another letter or a variable that is not set.
Result<std::string> expand_name(std::string_view pattern, const NameValues& values);

}  // namespace mprofpp::store
