#pragma once

#include <cstdint>

namespace mprofpp::agent {

/// A descriptor that stays open in a program that may close any descriptor and open a file of its own with
/// that number.
class KeptFile {
 public:
  constexpr KeptFile() = default;

  /// Takes over an open descriptor and moves it to a high number.
  void keep(int fd);
  /// Returns the descriptor if it is still that of the file; negative if not.
  int get() const;
  /// Closes the descriptor if it is still that of the file.
  void forget();

 private:
  int fd_ = -1;
  std::uint64_t device_ = 0;  ///< with `inode_`, identifies the file
  std::uint64_t inode_ = 0;
};

}  // namespace mprofpp::agent
