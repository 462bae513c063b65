#pragma once

namespace mprofpp::agent {

/// Leaves one of the notes of wire/names.hpp for the recorder, in the folder of its run. A note is an
/// empty file, which takes no descriptor and no disk space. If the file cannot be created, the note
/// is sent through the bell; if that fails too, it is lost. Preserves errno. Process::leave_note()
/// calls this where it is allowed.
void leave_note(const char* folder, const char* name);

}  // namespace mprofpp::agent
