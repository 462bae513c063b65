#include "objects/instances.hpp"
#include "objects/kind.hpp"
#include "objects/lookup.hpp"
#include "objects/matches.hpp"
#include "objects/own.hpp"
#include "objects/request.hpp"
#include "objects/value.hpp"

namespace mprofpp::agent::objects {
namespace {

/// The types that a request is about. More of the same name are left out.
class Wanted {
 public:
  Wanted() = default;
  ~Wanted() {
    for (auto& instances : types_) instances.release();
    own_.clear();
  }
  Wanted(const Wanted&) = delete;
  Wanted& operator=(const Wanted&) = delete;

  /// Chooses the types of that name, and finds their objects. Returns false if there is no memory.
  bool find(Reach reach, const Request& request);
  /// Returns true if there are such types.
  bool is_found() const { return count_ > 0; }
  void add_types(Text& text, Shown& shown);
  void add_near(Text& text, wire::TextView name) { add_near_names(text, census_, name); }

 private:
  static constexpr int most_types = 32;

  Instances* of_type(const TypeObject& type) {
    for (int i = 0; i < count_; ++i) {
      if (types_[i].key == key_of(&type)) return &types_[i];
    }
    return nullptr;
  }
  bool add(Object* object) {
    Instances* const instances = of_type(type_of(object));
    if (instances == nullptr || own_.find(key_of(object)) != nullptr) return true;
    return instances->add(object);
  }
  bool choose(const Request& request);

  Census census_;
  ObjectSet own_;
  Instances types_[most_types];
  int count_ = 0;
};

bool Wanted::choose(const Request& request) {
  constexpr std::uint64_t usual_count = 20, most_count = 100'000;
  const auto count = request.options.number_after("count=", usual_count);
  Array<const Counted*> found;
  if (!find_types(census_, request.options.after("type="), found)) return false;
  for (const Counted* counted : found) {
    if (count_ == most_types) break;
    types_[count_++].begin(*counted, count < most_count ? count : most_count,
                           request.options.has("addresses"));
  }
  return true;
}

bool Wanted::find(Reach reach, const Request& request) {
  const bool is_counted = count_objects(reach, request.handlers, census_) && choose(request) &&
                          find_own(request.handlers, own_);
  if (!is_counted || count_ == 0) return is_counted;
  const auto pass = [](Object* object, void* wanted) {
    return static_cast<Wanted*>(wanted)->add(object);
  };
  if (!walk(reach, pass, this)) return false;
  for (int i = 0; i < count_; ++i) types_[i].keep();
  return true;
}

void add_object(Text& text, const Sized& sized, Shown& shown) {
  text.add("{\"address\":").add_address(sized.object).add(",\"size\":").add(sized.size);
  const Size length = length_of(sized.object);
  text.add(",\"length\":");
  if (length < 0) {
    text.add("null");
  } else {
    text.add(static_cast<std::uint64_t>(length));
  }
  text.add(",\"value\":");
  add_value(text, sized.object, shown);
  text.add("}");
}

void add_addresses(Text& text, const Instances& instances) {
  text.add("\"addresses\":[");
  Commas commas(text);
  for (Object* object : instances.addresses()) {
    commas.add();
    text.add_address(object);
  }
  text.add("]");
}

/// Returns true if only the type itself knows how large its objects are.
bool is_measured_in_part(const Recipe& recipe) {
  return recipe.measure == Measure::code || recipe.measure == Measure::foreign;
}

void add_instances(Text& text, const Instances& instances, Shown& shown) {
  Text name;
  add_name(instances.type(), name);
  text.add("{\"type\":").add_string(name.view());
  text.add(",\"address\":").add_address(&instances.type());
  text.add(",\"count\":").add(instances.count).add(",\"bytes\":").add(instances.bytes);
  text.add(",\"is_lower_bound\":").add(is_measured_in_part(instances.recipe) ? "true" : "false");
  text.add(",");
  add_addresses(text, instances);
  text.add(",\"largest\":[");
  Commas commas(text);
  for (const Sized& sized : instances.largest()) {
    commas.add();
    add_object(text, sized, shown);
  }
  text.add("]}");
}

void Wanted::add_types(Text& text, Shown& shown) {
  text.add("[");
  Commas commas(text);
  for (int i = 0; i < count_; ++i) {
    commas.add();
    add_instances(text, types_[i], shown);
  }
  text.add("]");
}

/// Answers with the objects that are visited in that way. Returns false if there are none, and it is not the
/// last way.
bool answer_in(Reach reach, const Request& request, Reply& reply) {
  const bool is_last = reach == Reach::all;
  if (!is_short_enough(request, 2 * (is_last ? time_to_reach : time_to_count), reply)) return true;
  Wanted wanted;
  if (!wanted.find(reach, request)) {
    reply.lack_memory();
    return true;
  }
  if (!wanted.is_found() && !is_last) return false;
  auto& text = reply.text;
  text.add("{");
  add_version(text);
  text.add(",\"types\":");
  Shown shown = request.options.has("repr") ? Shown::by_program : Shown::by_us;
  if (shown == Shown::by_program) request.pause.end();
  wanted.add_types(text, shown);
  text.add(",\"near\":");
  if (wanted.is_found()) {
    text.add("[]");
  } else {
    wanted.add_near(text, request.options.after("type="));
  }
  text.add("}");
  if (!text.is_complete()) reply.lack_memory();
  return true;
}

}  // namespace

void answer_instances(const Request& request, Reply& reply) {
  const bool is_all = request.options.has("sizes");
  // str, bytes and others that the collector does not track are looked for if no tracked type has the name
  if (is_all || !answer_in(Reach::tracked, request, reply)) answer_in(Reach::all, request, reply);
}

}  // namespace mprofpp::agent::objects
