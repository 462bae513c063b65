#include "mprofpp/mark/functions.hpp"

#include "mprofpp/symbols/readable.hpp"
#include "mprofpp/wire/layout.hpp"

namespace mprofpp::mark {
namespace {

// calls of any image may refer to these, so they live as long as the program
const Function one_too_many{"(more functions)"};
const Function without_text{"(name lost)"};

bool is_address(const wire::Event& event) {
  return (event.flags & wire::address) != 0;
}

}  // namespace

void Functions::add(const wire::Text& piece) {
  if (texts_.add_piece(piece)) common_->add(piece.id, *texts_.find(piece.id));
}

void Functions::add(const wire::Module& module) {
  const auto* path = find_text(module.path);
  if (path != nullptr) naming_.add({*path, module.bias, module.begin, module.end});
}

const Function& Functions::of(const wire::Event& enter) {
  return is_address(enter) ? of_address(enter.what) : of_text(enter);
}

const Function& Functions::of_address(std::uint64_t address) {
  const auto found = by_address_.find(address);
  if (found != by_address_.end()) return found->second;
  if (by_address_.size() >= most) return one_too_many;
  auto name = naming_.name_of(address);
  if (name.size() > longest_name) name.resize(longest_name);
  const bool is_wanted = selection_->selects(name);
  if (!is_wanted)
    filter_entries_.push_back(address);
  else if (!selection_->is_everything())
    filter_entries_.push_back(address | wire::wanted_bit);
  return by_address_.emplace(address, Function{std::move(name), is_wanted}).first->second;
}

/// A missing text is not remembered as missing: it may have been dropped and may still arrive later.
const Function& Functions::of_text(const wire::Event& enter) {
  const auto found = by_text_.find(enter.what);
  if (found != by_text_.end()) return found->second;
  const auto* text = find_text(enter.what);
  if (text == nullptr) return without_text;
  if (by_text_.size() >= most) return one_too_many;
  const bool is_signature = (enter.flags & wire::signature) != 0;
  auto name = is_signature ? symbols::name_in_signature(*text) : *text;
  return by_text_.emplace(enter.what, Function{std::move(name)}).first->second;
}

const std::string& Functions::text_of(std::uint64_t id) const {
  const auto* text = find_text(id);
  return text == nullptr ? without_text.name : *text;
}

const std::string* Functions::find_text(std::uint64_t id) const {
  const auto* own = texts_.find(id);
  return own == nullptr ? common_->find(id) : own;
}

}  // namespace mprofpp::mark
