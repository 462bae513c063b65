#include "objects/unknown_type.hpp"

#include <cstddef>

namespace mprofpp::app {

Error unknown_type(const std::string& type, const std::vector<std::string>& near) {
  constexpr std::size_t most = 3;
  std::string names;
  for (std::size_t i = 0; i < near.size() && i < most; ++i) {
    const bool is_last = i + 1 == near.size() || i + 1 == most;
    names += (i == 0 ? "" : is_last ? " or " : ", ") + near[i];
  }
  return {Errc::not_found, "", "has no objects of a type '" + type + "'",
          names.empty() ? "mprofpp objects lists the types" : "did you mean " + names + "?"};
}

}  // namespace mprofpp::app
