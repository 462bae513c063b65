#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/model/process_id.hpp"
#include "mprofpp/ring/bell_notes.hpp"

namespace mprofpp::ring {

/// The folder in which the processes of one run create their rings. It is private, and the destructor
/// removes it with all its content. A lock on it shows that its recorder is running. The kernel releases
/// the lock however the recorder ends, and the next run removes the folders of killed recorders.
class RunFolder {
 public:
  /// Creates the folder in the first of `places` where that is possible. If the recorder is root, all users
  /// may create files in it but not list them, because a server's workers may run as another user. Errors:
  /// those of the last place; invalid_argument if there are no places.
  static Result<RunFolder> make(const std::vector<std::string>& places);

  RunFolder(RunFolder&&) = default;
  RunFolder& operator=(RunFolder&&) = delete;
  ~RunFolder();

  const std::string& path() const { return path_; }
  std::string path_of(std::string_view name) const { return path_ + "/" + std::string(name); }
  /// Lets marks in the name of that process find the folder (see run_search.hpp).
  void announce(const model::ProcessId& process) const;
  /// Returns true if some process has left that note in the folder (see wire/names.hpp). A note that was
  /// written into the bell counts once silence() has read it.
  bool has_note(std::string_view name) const;
  /// Returns the number that follows `name` in the name of a note, if there is such a note.
  std::optional<int> number_in_note(std::string_view name) const;
  /// Returns the rest of the name of each note whose name starts with `beginning`, sorted.
  std::vector<std::string> notes_after(std::string_view beginning) const;
  /// Returns a descriptor that is readable when a process has rung the bell, because its ring is half full
  /// or it has a note.
  int bell() const { return bell_.get(); }
  /// Empties the bell and stores the notes that were written into it.
  void silence();
  /// Returns the pipe into which exiting processes write their reports.
  int exits() const { return exits_.get(); }

 private:
  RunFolder(std::string path, Fd lock) : path_(std::move(path)), lock_(std::move(lock)) {}

  static Result<RunFolder> make_in(const std::string& place);
  Result<Fd> make_pipe(std::string_view name) const;
  Result<void> furnish();

  std::string path_;
  Fd lock_;
  Fd bell_;
  Fd exits_;
  BellNotes bell_notes_;
};

/// Removes folders of recorders that were killed.
void remove_leftovers(const std::string& place);

}  // namespace mprofpp::ring
