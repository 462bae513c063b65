#pragma once

#include <elf.h>

#include <cstring>
#include <string>

#include "mprofpp/wire/agent_note.hpp"

/// Libraries that look like the agent as far as a recorder checks them.
namespace mprofpp::test {

template <class T>
std::string bytes_in(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

/// Returns a library with a single segment, which has these notes.
inline std::string library_with_notes(const std::string& notes) {
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_phoff = sizeof header;
  header.e_phnum = 1;
  Elf64_Phdr segment{};
  segment.p_type = PT_NOTE;
  segment.p_offset = sizeof header + sizeof segment;
  segment.p_filesz = notes.size();
  return bytes_in(header) + bytes_in(segment) + notes;
}

/// Returns the note of an agent of the build with that stamp.
inline std::string agent_note(std::uint32_t stamp = wire::stamp) {
  wire::AgentNote note;
  note.content = stamp;
  return bytes_in(note);
}

/// Returns the agent of this build.
inline std::string agent_library() {
  return library_with_notes(agent_note());
}

}  // namespace mprofpp::test
