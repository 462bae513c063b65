#include "python/selection.hpp"

#include <fnmatch.h>
#include <string.h>

#include <cstddef>

#include "core/environment.hpp"

namespace mprofpp::agent::python {
namespace {

/// Patterns one after another, each terminated by a zero byte; an empty pattern ends the list.
class Patterns {
 public:
  constexpr Patterns() = default;

  void read(const char* lines) {
    memset(text_, 0, sizeof text_);
    char* to = text_;
    const char* const last = text_ + sizeof text_ - 2;
    for (; *lines != '\0' && to < last; ++lines) {
      if (*lines != '\n') {
        *to++ = *lines;
      } else if (to != text_ && to[-1] != '\0') {
        *to++ = '\0';
      }
    }
  }
  bool empty() const { return text_[0] == '\0'; }
  bool match(const char* name) const {
    for (const char* at = text_; *at != '\0'; at += strlen(at) + 1) {
      if (::fnmatch(at, name, 0) == 0) return true;
    }
    return false;
  }

 private:
  char text_[4096] = {};
};

/// The agent's own code in Python, which answers requests from outside (door/handlers.py).
bool is_own(const char* name) {
  constexpr char beginning[] = "mprofpp.door.";
  return strncmp(name, beginning, sizeof beginning - 1) == 0;
}

constinit Patterns wanted;
constinit Patterns unwanted;
constinit Patterns wanted_lines;

}  // namespace

void read_patterns() {
  wanted.read(environment().trace());
  unwanted.read(environment().no_trace());
  wanted_lines.read(environment().wants_lines() ? environment().lines_of() : "");
}

bool is_tracing() {
  return !wanted.empty() || !wanted_lines.empty();
}

bool is_wanted(const char* name) {
  if (is_own(name)) return false;
  return (wanted.match(name) && !unwanted.match(name)) || wanted_lines.match(name);
}

bool is_looking_for_lines() {
  return !wanted_lines.empty();
}

bool are_lines_wanted(const char* name) {
  return !is_own(name) && wanted_lines.match(name);
}

}  // namespace mprofpp::agent::python
