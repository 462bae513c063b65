#pragma once

namespace mprofpp::agent {

/// Leaves one of the notes of wire/names.hpp for the recorder, as a file, which takes no descriptor
/// and no room. Where that is refused it goes through the bell; where both fail the note is lost.
void leave_note(const char* name);
/// Leaves the note that no ring could be made, with the errno of that.
void leave_note_of_no_ring(int error);

}  // namespace mprofpp::agent
