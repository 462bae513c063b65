#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "door/waiting.hpp"

namespace mprofpp::agent::door {

/// Bytes on their way from the thread that runs a request to the thread that has the socket. One thread
/// writes, another reads.
class Output {
 public:
  static constexpr std::size_t room = 64 * 1024;

  /// Returns how many bytes can be written now.
  std::size_t space() const { return room - (written_.load() - read_.load()); }
  /// Requires that there is space.
  void write(const void* bytes, std::size_t size);
  /// Waits until there is space for that many bytes, or somebody calls give_up(). Returns false in the
  /// latter case.
  bool wait_for_space(std::size_t size);

  bool empty() const { return written_.load() == read_.load(); }
  /// Returns the bytes that lie one after another, without removing them.
  struct Part {
    const char* bytes;
    std::size_t size;
  };
  Part next() const;
  void remove(std::size_t size);

  void give_up();
  bool is_given_up() const { return is_given_up_.load(); }
  void clear();

 private:
  std::atomic<std::uint64_t> written_ = 0;  ///< in all
  std::atomic<std::uint64_t> read_ = 0;     ///< in all
  Word changes_ = 0;
  std::atomic<bool> is_given_up_ = false;
  char bytes_[room] = {};
};

}  // namespace mprofpp::agent::door
