#pragma once

#include "core/table.hpp"
#include "objects/numbering.hpp"

namespace mprofpp::agent::objects {

using python::Object;
using python::Size;

/// A frame that is running or suspended. From 3.11 on it does not show its local variables to the collector,
/// so they are read in its memory.
struct FrameWords {
  Object* frame = nullptr;
  const std::uint64_t* words = nullptr;  ///< null if the frame shows them itself
  std::size_t first_local = 0;           ///< the variables are the words from here on
  std::size_t count = 0;
};

/// Returns the object to which a word of a frame refers.
inline Object* object_in(std::uint64_t word) {
  // from 3.14 on a reference in a frame may have a bit that says that it is not counted
  constexpr std::uint64_t mark_bits = 3;
  return reinterpret_cast<Object*>(word & ~mark_bits);
}

/// The references between the objects that Python's collector tracks, and from them to the objects that are
/// looked for. Objects have numbers. All memory is our own, is freed at the end, and holds no references, so
/// that the index is valid only as long as no Python code runs. Requires the interpreter's lock.
///
/// References that the collector does not know are missing: from the stacks and variables of C code, and from
/// objects whose type does not show what they refer to.
class Index {
 public:
  /// The references from one object, or to one.
  struct Range {
    const std::uint32_t* first;
    const std::uint32_t* last;
    const std::uint32_t* begin() const { return first; }
    const std::uint32_t* end() const { return last; }
    std::size_t size() const { return static_cast<std::size_t>(last - first); }
  };

  Index() = default;
  ~Index() { numbers_of_others_.clear(); }
  Index(const Index&) = delete;
  Index& operator=(const Index&) = delete;

  /// Adds all tracked objects. This must be the first call. Returns false if there is no memory or if they
  /// cannot be visited.
  bool add_tracked();
  /// Adds the objects of a list of Python instead.
  bool add_listed(Object* list);

  /// Adds frames, and objects that are looked for: their addresses need not be valid.
  bool add_frame(const FrameWords& frame);
  bool add_target(const Object* target);

  /// Finds all references. Returns false if there is no memory.
  bool trace();

  /// Makes referrers() known, and forgets referents(). Returns false if there is no memory.
  bool turn_around();
  /// Makes referents() known by number. Returns false if there is no memory.
  bool sort_referents();

  /// Returns no_number if the object is unknown, or is looked for and nothing refers to it.
  std::uint32_t find(const Object* object) const;
  Object* object(std::uint32_t number) const;
  /// Calls function(object) for the tracked objects in the order of their numbers.
  template <class Function>
  void visit_tracked_objects(Function function) const {
    numbering_.visit(function);
  }
  /// The number of tracked objects, which come first, and of all.
  std::uint32_t tracked() const { return numbering_.count(); }
  std::uint32_t count() const {
    return numbering_.count() + static_cast<std::uint32_t>(others_.size());
  }
  std::size_t references() const { return reference_count_; }

  Range referrers(std::uint32_t number) const {
    return {&sources_[start_of(number)], &sources_[ends_[number]]};
  }
  /// Each needs number_in(), which gives a number that no object has for an entry that is not a reference.
  Range referents(std::uint32_t number) const {
    return {&edges_[start_of(number)], &edges_[ends_[number]]};
  }
  static std::uint32_t number_in(std::uint32_t referent) { return referent & ~is_last; }

  /// The most memory that it has had.
  std::size_t most_bytes() const { return most_bytes_; }

 private:
  static bool is_number(std::uint32_t referent) { return number_in(referent) != nothing; }

  /// An object that the collector does not track, or did not show.
  struct Other {
    Object* object;
    FrameWords words;
  };
  struct NumberOfOther {
    std::uint64_t key;
    std::uint32_t number;  ///< no_number as long as it is only looked for
  };
  /// The references from an object end with one that has this bit; without any there is one to nothing.
  static constexpr std::uint32_t is_last = 0x80000000;
  static constexpr std::uint32_t nothing = 0x7FFFFFFF;

  static bool add_one(Object* object, void* index);
  static int refer(Object* object, void* index);

  bool add_other(Object* object, const FrameWords& words);
  std::uint32_t number_of_other(Object* object);
  std::uint32_t number_for(Object* object);
  bool is_followed(Object* object) const;
  bool trace_object(Object* object);
  void trace_words(const FrameWords& words);
  void trace_keys(Object* dict);
  void add_edge(std::uint32_t number);
  bool end_object(std::size_t first);
  void note_bytes();
  std::size_t start_of(std::uint32_t number) const { return number == 0 ? 0 : ends_[number - 1]; }

  Numbering numbering_;
  Array<Other> others_;
  mutable Table<NumberOfOther> numbers_of_others_;
  bool has_untracked_target_ = false;
  bool has_failed_ = false;
  Array<std::uint32_t> edges_;    ///< of all objects, one after another
  Array<std::uint32_t> ends_;     ///< of each object, in sources_ or in edges_
  Array<std::uint32_t> sources_;  ///< of all objects, one after another
  std::size_t reference_count_ = 0;
  std::size_t most_bytes_ = 0;
};

}  // namespace mprofpp::agent::objects
