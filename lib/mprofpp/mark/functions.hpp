#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mprofpp/base/selection.hpp"
#include "mprofpp/ring/string_table.hpp"
#include "mprofpp/symbols/naming.hpp"
#include "mprofpp/wire/record.hpp"

namespace mprofpp::mark {

struct Function {
  std::string name;
  bool is_wanted = true;
};

/// The functions of one process image. A function that is known by its address is named and selected when
/// it is first called. A function that is known by a text is always wanted, because the program's author
/// has marked it.
class Functions {
 public:
  static constexpr std::size_t most = 65536;
  static constexpr std::size_t longest_name = 4096;

  /// All arguments must outlive this object. A text has the same number in all processes of a run. `common`
  /// stores the texts of all of them, for calls that a forked child inherits.
  Functions(const Selection& selection, ring::StringTable& common, symbols::Tables& tables)
      : selection_(&selection), common_(&common), naming_(tables) {}

  void add(const wire::Text& piece);
  void add(const wire::Module& module);

  /// Returns the function of an enter record. The reference is valid as long as this object.
  const Function& of(const wire::Event& enter);
  /// Returns a text, or "(name lost)" if it did not arrive.
  const std::string& text_of(std::uint64_t id) const;

  /// Returns the entries that the process's wire::FunctionFilter has to get since the last call.
  std::vector<std::uint64_t> new_filter_entries() { return std::exchange(filter_entries_, {}); }

 private:
  const std::string* find_text(std::uint64_t id) const;
  const Function& of_address(std::uint64_t address);
  const Function& of_text(const wire::Event& enter);

  const Selection* selection_;
  ring::StringTable* common_;
  symbols::Naming naming_;
  ring::StringTable texts_;
  std::unordered_map<std::uint64_t, Function> by_address_;
  std::unordered_map<std::uint64_t, Function> by_text_;
  std::vector<std::uint64_t> filter_entries_;
};

}  // namespace mprofpp::mark
