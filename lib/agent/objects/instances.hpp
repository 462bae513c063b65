#pragma once

#include "objects/walk.hpp"

namespace mprofpp::agent::objects {

/// An object and its size.
struct Sized {
  std::size_t size;
  Object* object;
};

/// The objects of one type: the largest, and the addresses of all.
class Instances {
 public:
  static constexpr std::size_t most_addresses = 500'000;

  std::uint64_t key = 0;  ///< the address of the type
  Recipe recipe;
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;

  const TypeObject& type() const { return *reinterpret_cast<const TypeObject*>(key); }

  /// Prepares for the `most` largest objects.
  void begin(const Counted& counted, std::size_t most, bool with_addresses);
  /// Returns false if there is no memory.
  bool add(Object* object);
  /// Sorts the largest, the largest first, and makes references to them.
  void keep();
  /// Gives those references back.
  void release();

  const Array<Sized>& largest() const { return largest_; }
  const Array<Object*>& addresses() const { return addresses_; }

 private:
  Array<Sized> largest_;  ///< until keep() a heap, with the smallest of them in front
  Array<Object*> addresses_;
  std::size_t most_ = 0;
  bool has_addresses_ = false;
  bool is_kept_ = false;
};

}  // namespace mprofpp::agent::objects
