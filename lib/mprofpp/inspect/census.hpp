#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/inspect/client.hpp"

/// The objects of a Python program by type. Names come from the program and may contain anything.
namespace mprofpp::inspect {

struct TypeCount {
  std::string name;  ///< "main.Node", and only "dict" for a built-in type
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;   ///< the sum of sys.getsizeof
  std::string address = {};  ///< of the type: "0x7f12…"; different types may have the same name

  friend bool operator==(const TypeCount&, const TypeCount&) = default;
};

/// A list, dict, set or deque.
struct Container {
  std::optional<std::string> path;  ///< "main.cache"; nothing if no name leads to it
  std::string kind;                 ///< "dict"
  std::uint64_t length = 0;
  std::uint64_t bytes = 0;  ///< of the container itself
  std::string address;

  friend bool operator==(const Container&, const Container&) = default;
};

/// The types that are not listed.
struct OtherTypes {
  std::uint64_t types = 0;
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;

  friend bool operator==(const OtherTypes&, const OtherTypes&) = default;
};

struct Census {
  std::string python;           ///< the version: "3.11.2"
  std::uint64_t objects = 0;    ///< of all types
  std::uint64_t bytes = 0;      ///< of all types
  bool is_lower_bound = false;  ///< a type has a __sizeof__ in Python, which was not run
  bool has_untracked =
      false;  ///< what the collector does not track was counted, too: str, bytes, int
  std::optional<std::uint64_t> frozen =
      {};  ///< objects in gc.freeze() that were not counted; nothing if unknown
  std::vector<TypeCount> types = {};  ///< the largest, in no order
  OtherTypes other_types = {};
  std::vector<Container> containers = {};  ///< the longest, if they were asked for
  Duration held{};                         ///< how long Python ran nothing else
};

/// Whether a census is a call in a recording of the program.
enum class CensusMarks { recorded, none };

struct CensusOptions {
  bool has_untracked = false;      ///< count what the collector does not track, too
  bool has_containers = false;     ///< list containers
  std::size_t most_types = 10000;  ///< by bytes, and as many by count
  std::string of = {};             ///< count only what this expression holds; empty: everything
  CensusMarks marks = CensusMarks::recorded;
  Duration patience{};  ///< how long the program may be stopped
};

/// A call of a function of the program, and the objects when it started and when it had ended.
struct CallGrowth {
  std::string function;  ///< "app.upload"
  Duration duration{};
  Census before;
  Census after;
  Duration held{};  ///< how long the two counts took
};

struct AroundCall {
  std::string pattern;     ///< of names, with * and ?
  Duration wait{};         ///< how long to wait for the end of a call
  CensusOptions census{};  ///< `marks` has no effect
};

inline constexpr std::size_t most_types = 100'000;
inline constexpr std::size_t most_containers = 10'000;
/// The number of containers that an agent lists, the longest ones; it lists fewer only if there are no more.
inline constexpr std::size_t longest_containers = 1000;

/// Parses the agent's answer to wire::door::objects_verb. The memory that it takes is limited, whatever the
/// text is. `held` stays zero. Errors: malformed.
Result<Census> parse_census(std::string_view json);

/// Counts the objects of the program. Errors: busy if that would stop the program for longer than `patience`,
/// or if Python could not answer; not_found if `of` means nothing; unsupported if the program does not run
/// Python; those of Client::ask().
Result<Census> take_census(Client& client, const CensusOptions& options);

/// Parses the agent's answer if it has wire::door::around_option. `held` stays zero. Errors: malformed.
Result<CallGrowth> parse_call_growth(std::string_view json);

/// Waits for the next call of a function that the pattern selects and counts the objects before and after it.
/// Nothing if the user has left before. Errors: those of take_census(); io if no such call has ended in time.
Result<std::optional<CallGrowth>> take_call_growth(Client& client, const AroundCall& around,
                                                   const Control& control);

}  // namespace mprofpp::inspect
