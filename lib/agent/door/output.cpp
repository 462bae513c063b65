#include "door/output.hpp"

#include <string.h>

namespace mprofpp::agent::door {
namespace {

constexpr long longest_wait = 1000;  // milliseconds

}  // namespace

void Output::write(const void* bytes, std::size_t size) {
  const auto at = written_.load() % room;
  const auto first = size < room - at ? size : room - at;
  memcpy(bytes_ + at, bytes, first);
  memcpy(bytes_, static_cast<const char*>(bytes) + first, size - first);
  written_.fetch_add(size);
}

bool Output::wait_for_space(std::size_t size) {
  while (!is_given_up()) {
    const auto seen = changes_.load();
    if (space() >= size) return true;
    wait_while(changes_, seen, longest_wait);
  }
  return false;
}

Output::Part Output::next() const {
  const auto at = read_.load() % room;
  const auto all = written_.load() - read_.load();
  return {bytes_ + at, all < room - at ? all : room - at};
}

void Output::remove(std::size_t size) {
  read_.fetch_add(size);
  signal(changes_);
}

void Output::give_up() {
  is_given_up_.store(true);
  signal(changes_);
}

void Output::clear() {
  read_.store(written_.load());
  is_given_up_.store(false);
}

}  // namespace mprofpp::agent::door
