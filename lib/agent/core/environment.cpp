#include "core/environment.hpp"

#include <stdlib.h>
#include <string.h>

#include "core/freestanding.hpp"
#include "core/text_block.hpp"
#include "mprofpp/wire/names.hpp"

namespace mprofpp::agent {
namespace {

// All variables that are written whenever a program starts lie together in .data, because each page
// that is written costs a microsecond.
__attribute__((section(".data"))) constinit Environment the_environment;

/// Our variables, in the order of Environment::Variable. A list may have values of the program's
/// own, and ours are appended to them.
struct Kind {
  const char* name;
  bool is_list;
};
constexpr Kind kinds[] = {{wire::run_variable, false},
                          {wire::agent_variable, false},
                          {wire::exact_variable, false},
                          {wire::shortest_variable, false},
                          {wire::trace_variable, false},
                          {wire::no_trace_variable, false},
                          {wire::lines_variable, false},
                          {wire::lines_of_variable, false},
                          {wire::filters_variable, false},
                          {wire::console_variable, false},
                          {"LD_PRELOAD", true},
                          {"ASAN_OPTIONS", true}};
// gcc's AddressSanitizer refuses to start after a preloaded library unless this check is disabled
constexpr char asan_value[] = "verify_asan_link_order=0";
constexpr char joint = ':';

const char* value_of(const char* entry, const char* name) {
  const std::size_t length = strlen(name);
  const bool is_it = strncmp(entry, name, length) == 0 && entry[length] == '=';
  return is_it ? entry + length + 1 : nullptr;
}

/// The parts of a list (LD_PRELOAD or ASAN_OPTIONS) may be separated by colons or spaces.
bool contains(const char* list, const char* part) {
  const std::size_t length = strlen(part);
  for (const char* at = list; (at = strstr(at, part)) != nullptr; at += length) {
    const bool begins = at == list || at[-1] == ':' || at[-1] == ' ';
    const char after = at[length];
    if (begins && (after == '\0' || after == ':' || after == ' ')) return true;
  }
  return false;
}

/// Returns the part that an entry lacks; null if it is not an entry of ours or lacks nothing.
const char* missing_part(const char* entry, const Kind& kind, const char* wanted) {
  if (!kind.is_list || wanted == nullptr) return nullptr;
  const char* value = value_of(entry, kind.name);
  const char* part = value_of(wanted, kind.name);
  return value == nullptr || contains(value, part) ? nullptr : part;
}

bool has_variable(char* const* entries, const char* name) {
  for (; entries != nullptr && *entries != nullptr; ++entries) {
    if (value_of(*entries, name) != nullptr) return true;
  }
  return false;
}

std::size_t count(char* const* entries) {
  std::size_t n = 0;
  while (entries != nullptr && entries[n] != nullptr) ++n;
  return n;
}

/// Writes a string and its terminating zero byte; returns the position of that byte.
char* append(char* to, const char* text) {
  const std::size_t length = strlen(text);
  memcpy(to, text, length + 1);
  return to + length;
}

/// Writes `entry` with `part` at the end of its list; returns the position after it.
char* append_joined(char* to, const char* entry, const char* part) {
  to = append(to, entry);
  if (to[-1] != '=') *to++ = joint;
  return append(to, part) + 1;
}

}  // namespace

constinit char Environment::texts_[] = {};

Environment& environment() {
  return the_environment;
}

bool Environment::store(Variable variable, const char* value) {
  const char* name = kinds[variable].name;
  if (value == nullptr || strlen(name) + 1 + strlen(value) + 1 > longest) return false;
  char* const text = texts_ + used_;
  char* at = append(text, name);
  *at++ = '=';
  at = append(at, value);
  used_ += static_cast<std::size_t>(at + 1 - text);
  wanted_[variable] = text;
  return true;
}

template <class ValueOf>
bool Environment::store_all(ValueOf value_of) {
  if (!store(run, value_of(wire::run_variable))) return false;
  store(exact, value_of(wire::exact_variable));
  store(shortest, value_of(wire::shortest_variable));
  store(trace_patterns, value_of(wire::trace_variable));
  store(no_trace_patterns, value_of(wire::no_trace_variable));
  store(lines_wanted, value_of(wire::lines_variable));
  store(lines_of_patterns, value_of(wire::lines_of_variable));
  store(filters_of_recorder, value_of(wire::filters_variable));
  store(console_allowed, value_of(wire::console_variable));
  return true;
}

bool Environment::read() {
  const char* const path = ::getenv(wire::agent_variable);
  if (!store(agent, path) || !store_all([](const char* name) { return ::getenv(name); }))
    return false;
  store(preload, path);
  store(asan_options, asan_value);
  return true;
}

bool Environment::adopt(const char* block) {
  is_adopted_ = store_all([block](const char* name) { return value_in(block, name); });
  return is_adopted_;
}

void Environment::disown() {
  for (auto& entry : wanted_) entry = nullptr;
  used_ = 0;
  is_adopted_ = false;
}

const char* Environment::value_of_wanted(Variable variable) const {
  const char* const entry = wanted_[variable];
  return entry == nullptr ? "" : value_of(entry, kinds[variable].name);
}

const char* Environment::folder() const {
  return value_of_wanted(run);
}

bool Environment::is_exact() const {
  return wanted_[exact] != nullptr;
}

std::uint64_t Environment::shortest_reported() const {
  return number_at(value_of_wanted(shortest)).value;
}

std::uint64_t Environment::filters() const {
  return number_at(value_of_wanted(filters_of_recorder)).value;
}

const char* Environment::trace() const {
  return value_of_wanted(trace_patterns);
}

const char* Environment::no_trace() const {
  return value_of_wanted(no_trace_patterns);
}

bool Environment::allows_console() const {
  return !has_variables() || is_adopted_ || wanted_[console_allowed] != nullptr;
}

bool Environment::wants_lines() const {
  return wanted_[lines_wanted] != nullptr;
}

bool Environment::wants_lines(const char* word) const {
  const std::size_t length = strlen(word);
  for (const char* at = value_of_wanted(lines_wanted); *at != '\0';) {
    const std::size_t size = strcspn(at, ",");
    if (size == length && strncmp(at, word, length) == 0) return true;
    at += size + (at[size] == ',' ? 1 : 0);
  }
  return false;
}

const char* Environment::lines_of() const {
  return value_of_wanted(lines_of_patterns);
}

bool Environment::is_complete(char* const* entries) const {
  for (int i = 0; i < variables; ++i) {
    if (wanted_[i] != nullptr && !has_variable(entries, kinds[i].name)) return false;
  }
  for (; *entries != nullptr; ++entries) {
    for (int i = 0; i < variables; ++i) {
      if (missing_part(*entries, kinds[i], wanted_[i]) != nullptr) return false;
    }
  }
  return true;
}

std::size_t Environment::size_of_copy(char* const* entries) const {
  std::size_t size = (count(entries) + variables + 1) * sizeof(char*);
  for (; entries != nullptr && *entries != nullptr; ++entries) {
    for (int i = 0; i < variables; ++i) {
      const char* part = missing_part(*entries, kinds[i], wanted_[i]);
      if (part != nullptr) size += strlen(*entries) + 1 + strlen(part) + 1;
    }
  }
  return size;
}

char** Environment::copy(char* const* entries, void* memory) const {
  auto** copied = static_cast<char**>(memory);
  char* texts = reinterpret_cast<char*>(copied + count(entries) + variables + 1);
  char** next = copied;
  for (char* const* entry = entries; entry != nullptr && *entry != nullptr; ++entry) {
    *next = *entry;
    for (int i = 0; i < variables; ++i) {
      const char* part = missing_part(*entry, kinds[i], wanted_[i]);
      if (part == nullptr) continue;
      *next = texts;
      texts = append_joined(texts, *entry, part);
    }
    ++next;
  }
  for (int i = 0; i < variables; ++i) {
    const bool is_missing = wanted_[i] != nullptr && !has_variable(entries, kinds[i].name);
    // exec takes strings that are not const, but does not change them
    if (is_missing) *next++ = const_cast<char*>(wanted_[i]);
  }
  *next = nullptr;
  return copied;
}

}  // namespace mprofpp::agent
