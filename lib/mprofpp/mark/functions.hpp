#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mprofpp/base/selection.hpp"
#include "mprofpp/mark/texts.hpp"
#include "mprofpp/wire/layout.hpp"

namespace mprofpp::mark {

/// A file of code and where it lies in a process.
struct MappedFile {
  std::string path;
  std::uint64_t bias = 0;  ///< address in memory minus address in the file
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// Names the functions of one process image: symbols/ stands behind it, which this module cannot
/// see.
struct Namer {
  std::function<void(const MappedFile&)> add;
  std::function<std::string(std::uint64_t address)> name_of;
  /// The name in a C++ function's signature.
  std::function<std::string(std::string_view signature)> name_in;
};

struct Function {
  std::string name;
  bool is_wanted = true;
};

/// The functions of one process image. Those known by their address are named and selected when
/// they are first called; a text was put there by somebody who wants to see it.
class Functions {
 public:
  static constexpr std::size_t most = 65536;
  static constexpr std::size_t longest_name = 4096;

  /// `selection` and `common` outlive it. Texts that one process of a run has told are known by the
  /// same number in all: `common` keeps them, for calls that a child inherited.
  Functions(const Selection& selection, Texts& common, Namer namer)
      : selection_(&selection), common_(&common), namer_(std::move(namer)) {}

  void take(const wire::Text& piece);
  void take(const wire::Module& module);

  /// Of an enter record. The answer stays where it is as long as this object.
  const Function& of(const wire::Event& enter);
  /// Of a text; a text that did not come is told as such.
  const std::string& text_of(std::uint64_t id) const;

  /// What the process is to know of functions that were new since the last call, as in
  /// wire::AnswerTable.
  std::vector<std::uint64_t> take_answers() { return std::exchange(answers_, {}); }

 private:
  const std::string* find_text(std::uint64_t id) const;
  const Function& of_address(std::uint64_t address);
  const Function& of_text(const wire::Event& enter);

  const Selection* selection_;
  Texts* common_;
  Namer namer_;
  Texts texts_;
  std::unordered_map<std::uint64_t, Function> by_address_;
  std::unordered_map<std::uint64_t, Function> by_text_;
  std::vector<std::uint64_t> answers_;
};

}  // namespace mprofpp::mark
