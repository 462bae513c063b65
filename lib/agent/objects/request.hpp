#pragma once

#include "mprofpp/wire/door.hpp"
#include "objects/heap.hpp"
#include "objects/options.hpp"
#include "objects/text.hpp"

/// Requests about objects, which are answered without code in Python: it would make objects of its own, start
/// collections, and change the counts of the collector.
namespace mprofpp::agent::objects {

struct Request {
  Options options;
  wire::TextView body;
  /// The namespace of the code in Python that answers other requests; null if it is not loaded.
  python::Object* handlers;
  /// Until the program's own code runs, objects without references are safe.
  CollectionsPaused& pause;
};

struct Reply {
  static constexpr std::size_t longest_message = 200;

  Text text;  ///< JSON
  wire::door::Status status = wire::door::Status::done;
  char message[longest_message] = {};

  void fail(wire::door::Status how, const char* why);
  void lack_memory();
};

// The nanoseconds that work takes for each object that the collector tracks, measured with a million objects
// on a busy machine: 25 to 35, and 250 to 350 if untracked objects are looked for, of which there were as
// many.
inline constexpr std::uint64_t time_to_count = 35;
inline constexpr std::uint64_t time_to_reach = 250;
/// To find the longest containers and their names takes 1.6 times as long.
inline constexpr std::uint64_t time_to_find_containers = 400;

/// Returns true if work that takes that many nanoseconds for each object ends within the option max-pause, as
/// far as can be known without a long look. Otherwise the reply has an estimate.
bool is_short_enough(const Request& request, std::uint64_t time_for_each, Reply& reply);

/// Answers objects_verb. Requires the lock.
void answer_objects(const Request& request, Reply& reply);
/// Answers instances_verb. Requires the lock.
void answer_instances(const Request& request, Reply& reply);

/// Adds "python":"3.11.2" to the JSON.
void add_version(Text& text);

}  // namespace mprofpp::agent::objects
