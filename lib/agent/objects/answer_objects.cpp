#include <algorithm>

#include "objects/census.hpp"
#include "objects/lookup.hpp"
#include "objects/own.hpp"
#include "objects/path.hpp"
#include "objects/paths.hpp"
#include "objects/request.hpp"
#include "objects/walk.hpp"
#include "python/object.hpp"

namespace mprofpp::agent::objects {
namespace {

using python::py;
using python::Ref;
using wire::door::Status;

/// Numbers of all types, or of those that are not listed.
struct Total {
  std::uint64_t types = 0;
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;

  void add(const Counted& counted) {
    ++types;
    count += counted.count;
    bytes += counted.bytes;
  }
};

using List = Array<const Counted*>;

bool has_more_bytes(const Counted* one, const Counted* other) {
  return one->bytes != other->bytes ? one->bytes > other->bytes : one->count > other->count;
}
bool has_more_objects(const Counted* one, const Counted* other) {
  return one->count > other->count;
}

/// Moves the `most` largest types by bytes, and then the `most` of the rest by count, to the front. Returns
/// how many those are.
std::size_t choose(List& list, std::size_t most) {
  if (list.size() <= most) return list.size();
  auto* const middle = list.begin() + most;
  std::nth_element(list.begin(), middle, list.end(), has_more_bytes);
  const auto more = std::min(most, list.size() - most);
  if (more < list.size() - most) {
    std::nth_element(middle, middle + more, list.end(), has_more_objects);
  }
  return most + more;
}

void add_type(Text& text, const Counted& counted, Text& name) {
  add_name(counted.type(), name.restart());
  text.add("[").add_string(name.view()).add(",").add(counted.count).add(",").add(counted.bytes);
  text.add(",").add_address(&counted.type()).add("]");
}

bool add_types(Text& text, Census& census, std::size_t most) {
  List list;
  bool is_complete = true;
  Total total, others;
  census.types().for_each([&](const Counted& counted) {
    if (counted.count == 0) return;
    total.add(counted);
    is_complete = list.add(&counted) && is_complete;
  });
  if (!is_complete) return false;
  const auto chosen = choose(list, most);
  std::sort(list.begin(), list.begin() + chosen, has_more_bytes);
  text.add(",\"objects\":").add(total.count).add(",\"bytes\":").add(total.bytes);
  text.add(",\"types\":[");
  Commas commas(text);
  Text name;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i < chosen) {
      commas.add();
      add_type(text, *list[i], name);
    } else {
      others.add(*list[i]);
    }
  }
  text.add("],\"other_types\":{\"types\":").add(others.types).add(",\"count\":").add(others.count);
  text.add(",\"bytes\":").add(others.bytes).add("}");
  return true;
}

/// Adds the number of objects in gc.freeze() that were not counted.
void add_frozen(Text& text) {
  const Ref count = visits_frozen() ? Ref() : call_builtin("gc", "get_freeze_count");
  const long frozen = count ? py.PyLong_AsLong(count.get()) : 0;
  text.add(",\"frozen\":").add(static_cast<std::uint64_t>(frozen > 0 ? frozen : 0));
}

void add_container(Text& text, const Container& container, Paths& paths, Text& name) {
  add_name(type_of(container.object), name.restart());
  text.add("{\"path\":");
  paths.add_path(text, container.object);
  text.add(",\"kind\":").add_string(name.view());
  text.add(",\"length\":").add(static_cast<std::uint64_t>(container.length));
  text.add(",\"bytes\":").add(size_of(container.object));
  text.add(",\"address\":").add_address(container.object).add("}");
}

/// Adds the longest containers and where they are. Returns false if there is no memory.
bool add_containers(const Request& request, Text& text) {
  constexpr std::size_t most = 1000;
  ObjectSet own;
  Array<Container> longest;
  Paths paths;
  const bool is_found =
      find_own(request.handlers, own) && find_longest(most, own, longest) && paths.find(longest);
  own.clear();
  if (!is_found) return false;
  text.add(",\"containers\":[");
  Commas commas(text);
  Text name;
  for (const Container& container : longest) {
    commas.add();
    add_container(text, container, paths, name);
  }
  text.add("]");
  return true;
}

/// Counts what the object holds to which the body of the request leads. Otherwise the reply says why not.
void count_held(const Request& request, Census& census, Reply& reply) {
  Text why;
  const Ref object = find_path(request.body, why);
  if (!object) {
    why.add({"", 1});
    return reply.fail(Status::failed, why.is_complete() ? why.bytes() : "there is no such object");
  }
  const auto add = [](Object* held, void* all) { return static_cast<Census*>(all)->add(held); };
  if (!walk_held(object.get(), add, &census)) return reply.lack_memory();
  census.measure_rest();
}

/// Returns the nanoseconds that an answer takes for each object that the collector tracks.
std::uint64_t time_for_each(const Request& request, Reach reach) {
  if (request.options.has("containers")) return time_to_find_containers;
  return reach == Reach::all ? time_to_reach : time_to_count;
}

/// Counts the objects that the request is about. Changes the status of the reply if that fails.
void count(const Request& request, Reach reach, Census& census, Reply& reply) {
  if (!is_short_enough(request, time_for_each(request, reach), reply)) return;
  if (request.options.has("of")) return count_held(request, census, reply);
  if (!count_objects(reach, request.handlers, census)) reply.lack_memory();
}

}  // namespace

void answer_objects(const Request& request, Reply& reply) {
  constexpr std::uint64_t usual_types = 10'000;
  const bool is_all = request.options.has("sizes") || request.options.has("of");
  Census census;
  count(request, is_all ? Reach::all : Reach::tracked, census, reply);
  if (reply.status != Status::done) return;
  auto& text = reply.text;
  text.add("{");
  add_version(text);
  const auto most = request.options.number_after("count=", usual_types);
  bool is_complete = add_types(text, census, static_cast<std::size_t>(most));
  text.add(",\"is_lower_bound\":").add(census.is_lower_bound() ? "true" : "false");
  text.add(",\"untracked\":").add(is_all ? "true" : "false");
  add_frozen(text);
  const bool has_containers = is_complete && request.options.has("containers");
  if (has_containers) is_complete = add_containers(request, text);
  text.add("}");
  if (!is_complete || !text.is_complete()) reply.lack_memory();
}

}  // namespace mprofpp::agent::objects
