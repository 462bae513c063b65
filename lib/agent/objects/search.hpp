#pragma once

#include "objects/bits.hpp"
#include "objects/roots.hpp"

namespace mprofpp::agent::objects {

/// The end of a chain of references: a root, and the object in the chain that it holds. The rest of the chain
/// is known to the search.
struct ChainStart {
  std::uint32_t root = no_number;  ///< no_number if C code holds the first object
  RootKind kind = RootKind::c;
  std::uint32_t held =
      no_number;        ///< the next object in the chain; no_number if the root is the target
  unsigned length = 0;  ///< the number of references from the root to the target
};

/// Finds the shortest chains of references from roots to objects, backwards in an index. Requires that the
/// index is turned around, and the interpreter's lock.
class Search {
 public:
  Search(const Index& index, const Roots& roots) : index_(index), roots_(roots) {}
  ~Search() { root_of_.clear(); }
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;

  /// Must be called first. The objects in `closed` are ours, and hold nothing. Returns false if there is no
  /// memory.
  bool prepare(const Array<Object*>& closed);

  struct Limits {
    unsigned depth;          ///< of the longest chain
    std::size_t count;       ///< of chains
    std::uint64_t deadline;  ///< as monotonic_now() gives it: search no longer
  };
  /// Finds chains to an object. They start at starts(), the shortest first. Returns false if there is no
  /// memory.
  bool find(std::uint32_t target, const Limits& limits);

  /// The starts of the chains to the last object.
  const Array<ChainStart>& starts() const { return chosen_; }
  /// Returns the next object on the way to the target.
  std::uint32_t next(std::uint32_t number) const { return next_[number] - 1; }
  bool is_closed(std::uint32_t number) const { return closed_.has(number); }
  /// Returns the number of references to an object, without ours; -1 if it is never freed, because then they
  /// are not counted.
  Size references_to(std::uint32_t number) const;
  /// Returns the module or the frame of a root.
  Object* shown(std::uint32_t root) const;
  /// Returns the bytes that it has, without the index.
  std::size_t bytes() const {
    return is_root_.bytes() + closed_.bytes() + next_.size() * sizeof(std::uint32_t);
  }
  /// Returns true if the last search reached the deadline.
  bool is_cut() const { return is_cut_; }

 private:
  struct RootOf {
    std::uint64_t key;  ///< its number and 1
    std::uint32_t place;
  };
  /// Which chains are chosen, and how different they have to be.
  enum class Instances { hold_nothing, hold_classes };
  enum class Holders { of_python, of_c };
  enum class Difference { of_kind, of_last_holder, of_first_held, of_root };

  const Root& root_at(std::uint32_t number) const {
    return roots_.all()[root_of_.find(number + 1ULL)->place];
  }
  bool add_root(std::uint32_t place);
  bool find_starts(const Limits& limits);
  Object* class_to_spare(std::uint32_t number) const;
  bool visit(std::uint32_t number, unsigned length);
  bool add_start(const ChainStart& start);
  bool is_held_by_c(std::uint32_t number) const;
  bool is_driven(std::uint32_t number) const;
  bool is_task(std::uint32_t number) const;
  std::uint32_t last_holder(const ChainStart& start) const;
  bool is_different(const ChainStart& start, Difference difference) const;
  bool choose(std::size_t count);
  bool choose_among(Holders holders, std::size_t count);
  void sort_chosen();
  void forget();

  const Index& index_;
  const Roots& roots_;
  Bits is_root_;
  Bits closed_;
  mutable Table<RootOf> root_of_;

  std::uint32_t target_ = no_number;
  bool is_cut_ = false;
  Instances instances_ = Instances::hold_nothing;
  Array<std::uint32_t> next_;     ///< of each object, and 1: 0 if it was not visited
  Array<std::uint32_t> visited_;  ///< in the order of their distance
  Array<ChainStart> found_;
  Array<ChainStart> chosen_;
};

}  // namespace mprofpp::agent::objects
