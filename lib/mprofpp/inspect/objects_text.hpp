#pragma once

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/inspect/census.hpp"
#include "mprofpp/inspect/instances.hpp"
#include "mprofpp/inspect/text_colours.hpp"
#include "mprofpp/inspect/type_growth.hpp"

namespace mprofpp::inspect {

/// A process as people know it.
struct ShownProcess {
  pid_t pid = 0;
  std::string command;
  std::string python;  ///< its version
};

/// How tables are written.
struct TableLook {
  std::size_t columns = 80;  ///< the width of the terminal; 0: lines may have any length
  std::size_t rows = 0;      ///< of a table; 0: all
  TextColours colours = TextColours::none;
};

/// An earlier census, and how long ago it was.
struct EarlierCensus {
  Census census;
  Duration ago{};
};

/// The objects of a process now, and when somebody last looked.
struct ObjectsLook {
  ShownProcess process;
  Census now;
  std::optional<EarlierCensus> before = {};
  std::string function = {};  ///< around whose call these are; empty if that was not asked for

  const Census* census_before() const { return before ? &before->census : nullptr; }
};

/// Returns the first line about a process: "process 1234, Python 3.11.2: python3 server.py".
std::string process_line(const ShownProcess& process, const TableLook& look);

/// Returns a table of types: TYPE COUNT ΔCOUNT BYTES ΔBYTES. Long names lose their start.
std::string type_table(const std::vector<TypeGrowth>& types, const TableLook& look);

/// Returns the text for people: the process, the sums, and the tables of containers, if there are any, or of
/// types.
std::string objects_text(const ObjectsLook& objects, const TableLook& look);

/// Returns one JSON object on a line.
std::string objects_json(const ObjectsLook& objects);

/// The same for the objects of one type.
std::string instances_text(const ShownProcess& process, const Instances& instances,
                           const TableLook& look);
std::string instances_json(const ShownProcess& process, const Instances& instances);

/// Returns the text that parse_census() reads.
std::string stored_census(const Census& census);

}  // namespace mprofpp::inspect
