#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/mark/bell_notes.hpp"

namespace mprofpp::mark {

/// The folder in which the processes of one run leave their rings: private, and gone with all in it
/// when this object goes away. A lock on it tells that its recorder lives; the kernel takes that
/// away however the recorder ends, and the next run removes what such a one left behind.
class RunFolder {
 public:
  /// In the first of `places` where it can be made. A recorder that is root lets everybody make
  /// files in it and nobody see them: a server's workers may have become another user. Errors:
  /// those of the last place; invalid_argument without any.
  static Result<RunFolder> make(const std::vector<std::string>& places);

  RunFolder(RunFolder&&) = default;
  RunFolder& operator=(RunFolder&&) = delete;
  ~RunFolder();

  const std::string& path() const { return path_; }
  std::string path_of(std::string_view name) const { return path_ + "/" + std::string(name); }
  /// Whether some process has left that note there (wire/names.hpp). One that came through the bell
  /// counts once silence() has taken it.
  bool has_note(std::string_view name) const;
  /// The number that follows `name` in the name of a note, if there is such a note.
  std::optional<int> number_in_note(std::string_view name) const;
  /// What the names of notes that begin like this go on with, in order.
  std::vector<std::string> notes_after(std::string_view beginning) const;
  /// Readable when a process has rung: its ring is half full, or it has something to say.
  int bell() const { return bell_.get(); }
  /// Takes note of all that have rung.
  void silence();

 private:
  RunFolder(std::string path, Fd lock) : path_(std::move(path)), lock_(std::move(lock)) {}

  static Result<RunFolder> make_in(const std::string& place);
  Result<void> hang_bell();

  std::string path_;
  Fd lock_;
  Fd bell_;
  BellNotes heard_;
};

/// Removes folders of recorders that were killed.
void remove_leftovers(const std::string& place);

}  // namespace mprofpp::mark
