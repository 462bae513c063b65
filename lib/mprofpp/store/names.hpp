#pragma once

#include <ctime>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "mprofpp/base/result.hpp"

namespace mprofpp::store {

/// mprof's name for a recording begun at `local`: mprofile_<YYYYMMDDhhmmss>.dat.
std::string default_name(const std::tm& local);

/// What the placeholders of an output name stand for.
struct NameValues {
  std::string pid;
  std::string host;
  std::function<std::optional<std::string>(const std::string&)> variable;
};

/// Fills in %p (pid), %h (host), %q{VAR} (environment variable) and %% in an output name, as MPI and
/// Slurm ranks need it. Errors: invalid_argument for another letter or a variable that is not set.
Result<std::string> expand_name(std::string_view pattern, const NameValues& values);

}  // namespace mprofpp::store
