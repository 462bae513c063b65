#pragma once

namespace mprofpp::agent {

/// Leaves one of the notes of wire/names.hpp for the recorder. Takes no descriptor and no room, and
/// may fail: then nobody is told.
void leave_note(const char* name);

}  // namespace mprofpp::agent
