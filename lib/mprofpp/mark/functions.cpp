#include "mprofpp/mark/functions.hpp"

#include <array>
#include <charconv>

namespace mprofpp::mark {
namespace {

// they stand for calls of any image, so they live as long as the program
const Function one_too_many{"(more functions)"};
const Function without_text{"(name lost)"};

bool is_address(const wire::Event& event) {
  return (event.flags & wire::address) != 0;
}

std::string hexadecimal(std::uint64_t number) {
  std::array<char, 18> digits{'0', 'x'};
  const auto end = std::to_chars(digits.data() + 2, digits.data() + digits.size(), number, 16).ptr;
  return {digits.data(), end};
}

}  // namespace

void Functions::take(const wire::Text& piece) {
  if (texts_.take(piece)) common_->add(piece.id, *texts_.find(piece.id));
}

void Functions::take(const wire::Module& module) {
  const auto* path = find_text(module.path);
  const bool is_sound = path != nullptr && module.begin < module.end;
  if (is_sound && namer_.add) namer_.add({*path, module.bias, module.begin, module.end});
}

const Function& Functions::of(const wire::Event& enter) {
  return is_address(enter) ? of_address(enter.what) : of_text(enter);
}

const Function& Functions::of_address(std::uint64_t address) {
  const auto found = by_address_.find(address);
  if (found != by_address_.end()) return found->second;
  if (by_address_.size() >= most) return one_too_many;
  auto name = namer_.name_of ? namer_.name_of(address) : hexadecimal(address);
  if (name.size() > longest_name) name.resize(longest_name);
  const bool is_wanted = selection_->takes(name);
  if (!is_wanted)
    answers_.push_back(address);
  else if (!selection_->is_everything())
    answers_.push_back(address | wire::wanted_bit);
  return by_address_.emplace(address, Function{std::move(name), is_wanted}).first->second;
}

/// A text that has not come is not remembered as such: it may have been dropped, and come later.
const Function& Functions::of_text(const wire::Event& enter) {
  const auto found = by_text_.find(enter.what);
  if (found != by_text_.end()) return found->second;
  const auto* text = find_text(enter.what);
  if (text == nullptr) return without_text;
  if (by_text_.size() >= most) return one_too_many;
  const bool is_signature = (enter.flags & wire::signature) != 0 && namer_.name_in;
  auto name = is_signature ? namer_.name_in(*text) : *text;
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
