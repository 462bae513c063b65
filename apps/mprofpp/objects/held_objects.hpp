#pragma once

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "console/console.hpp"
#include "inspection/opened_door.hpp"
#include "mprofpp/inspect/holders_text.hpp"
#include "mprofpp/inspect/instances.hpp"

namespace mprofpp::app {

/// The values of the options of `holders`.
struct HoldersQuery {
  std::string what;                   ///< a type, an address or an expression
  std::size_t objects = 3;            ///< of a type: the largest, and as many new ones
  std::optional<std::size_t> chains;  ///< to each object; nothing: as many as suit
  std::size_t depth = 20;
  Duration pause{};
};

/// Finds the objects that a query means, and what holds them.
class HeldObjects {
 public:
  /// The query and the console outlive it.
  HeldObjects(const HoldersQuery& query, const Console& console)
      : query_(query), console_(console) {}

  /// Errors: not_found if the query means nothing, with similar names; those of open_door() and
  /// inspect::find_holders(). The place of an error is the process.
  Result<inspect::HoldersLook> find(pid_t pid) const;

 private:
  /// Finds the objects of a type; nothing if there is no such type.
  Result<inspect::Instances> find_instances(inspect::Client& client) const;
  Result<inspect::HoldersLook> holders_of_type(pid_t pid, inspect::Client& client,
                                               const inspect::Instances& instances) const;
  Result<inspect::HoldersLook> holders_of_object(inspect::Client& client,
                                                 const std::vector<std::string>& near) const;
  /// Finds the holders of an object although its name may be that of a type. Fails with the reason why that
  /// is not known.
  Result<inspect::HoldersLook> holders_anyway(inspect::Client& client,
                                              const Error& no_instances) const;
  /// Returns the addresses that were not there when somebody looked last; nothing if nobody did.
  std::optional<std::vector<std::string>> new_addresses(pid_t pid,
                                                        const inspect::Instances& instances) const;

  const HoldersQuery& query_;
  const Console& console_;
};

}  // namespace mprofpp::app
