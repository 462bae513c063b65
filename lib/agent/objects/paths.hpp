#pragma once

#include "objects/longest.hpp"
#include "objects/text.hpp"

namespace mprofpp::agent::objects {

/// Finds shortest paths from the globals of modules, such as `main.cache` and `app.User.all['ann'].friends`.
/// They lead through containers, classes and their objects, not through functions or objects of C.
class Paths {
 public:
  Paths() = default;
  ~Paths() { seen_.clear(); }
  Paths(const Paths&) = delete;
  Paths& operator=(const Paths&) = delete;

  /// Looks at objects until it has met all of these, or very many. Returns false if there is no memory.
  bool find(const Array<Container>& wanted);
  /// Adds the path to an object as a string of JSON; null if it was not met.
  void add_path(Text& text, Object* object);

 private:
  struct Step {
    Object* object;
    std::uint32_t holder;  ///< the index of the step before; its own index for a module
  };
  struct Seen {
    std::uint64_t key = 0;
    std::uint32_t step = 0;
  };

  bool add_modules();
  bool add(Object* object, std::uint32_t holder);
  void look_into(std::uint32_t index);
  static int meet(Object* object, void* paths);
  void add_steps(Text& text, std::uint32_t index);
  void add_step(Text& text, std::uint32_t index);
  void add_key(Text& text, std::uint32_t dict, Object* value);
  bool is_dict_of_attributes(std::uint32_t index);

  Array<Step> steps_;
  Table<Seen> seen_;
  std::uint32_t holder_ = 0;
  bool is_complete_ = true;
};

}  // namespace mprofpp::agent::objects
