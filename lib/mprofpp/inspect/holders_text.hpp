#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "mprofpp/inspect/holders.hpp"
#include "mprofpp/inspect/objects_text.hpp"

namespace mprofpp::inspect {

/// The letters that draw the lines of a tree.
enum class TreeLetters { unicode, ascii };

/// The type whose objects were looked at.
struct LookedAtType {
  std::string name;
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
  bool is_lower_bound = false;               ///< `bytes` is
  std::optional<std::uint64_t> new_objects;  ///< since the last look; nothing if there was none
};

/// The holders of objects of a process.
struct HoldersLook {
  ShownProcess process;
  Holders holders;
  std::optional<LookedAtType> type = {};     ///< nothing if one object was asked for
  std::set<std::string> new_addresses = {};  ///< of the targets that are new since the last look
};

/// Returns the line about a target: "main.Node at 0x7f12…, 48 B, new".
std::string target_line(const HoldersLook& look, const Target& target);
/// Returns the lines above the chains: which objects they lead to.
std::string holders_heading(const HoldersLook& look, const TableLook& table);

/// Returns the text for people: trees whose roots are the first objects of the chains.
std::string holders_text(const HoldersLook& look, const TableLook& table, TreeLetters letters);

/// Returns one JSON object on a line.
std::string holders_json(const HoldersLook& look);

}  // namespace mprofpp::inspect
