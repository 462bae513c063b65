#include "python/code_copies.hpp"

#include <unistd.h>

#include "core/environment.hpp"
#include "core/freestanding.hpp"
#include "core/process.hpp"
#include "mprofpp/wire/names.hpp"
#include "mprofpp/wire/path.hpp"
#include "mprofpp/wire/text_id.hpp"
#include "python/hooks.hpp"
#include "python/lines.hpp"
#include "python/selection.hpp"

namespace mprofpp::agent::python {
namespace {

constinit bool are_copies_our_own = false;

wire::TextView bytes_of(Object* object) {
  if (object == nullptr) return {"", 0};
  const char* const bytes = py.PyBytes_AsString(object);
  if (bytes != nullptr) return {bytes, static_cast<std::size_t>(py.PyBytes_Size(object))};
  py.PyErr_Clear();
  return {"", 0};
}

Ref name_of(Object* code) {
  return attribute(code, py.version >= has_qualified_name ? "co_qualname" : "co_name");
}

/// Returns what distinguishes code objects of the same name and line, which -c and exec may produce.
/// In versions that make the bytes of code on demand, that is the positions of its instructions in the
/// source.
Ref shape_of(Object* code) {
  return attribute(code, py.version >= has_adaptive_code ? "co_linetable" : "co_code");
}

/// Returns a number that a code object and its copies have in common.
std::uint64_t number_of(Object* code) {
  const Ref file = attribute(code, "co_filename");
  const Ref name = name_of(code);
  const Ref shape = shape_of(code);
  const Ref line = attribute(code, "co_firstlineno");
  constexpr std::uint64_t factor = 0x9E3779B97F4A7C15ULL;
  auto number = wire::id_of(text_of(file.get()));
  number = number * factor + wire::id_of(text_of(name.get()));
  number = number * factor + wire::id_of(bytes_of(shape.get()));
  const long first = line ? py.PyLong_AsLong(line.get()) : 0;
  return number * factor + static_cast<std::uint64_t>(first);
}

wire::Path link_of(Object* code) {
  wire::Path path(environment().folder());
  path.add('/').add(wire::code_prefix).add_number(number_of(code));
  return path;
}

/// Leaves a note that copies are not marked. If there are patterns, they decide which copies are
/// marked, and no note is needed.
void note_unmarked_copy(Object* code) {
  if (is_tracing()) return;
  const Ref name = name_of(code);
  wire::Path note(wire::copied_note);
  note.add(text_of(name.get()).bytes);
  if (note.fits()) process().leave_note(note.text());
}

void mark_copy(Object* code, const char* name) {
  const bool watches = watches_code();
  if (way_of_listening() == Way::none) return;  // there is a note about that already
  if (!watches) return note_unmarked_copy(code);
  Marked* const marked = select(code, name);
  if (marked != nullptr) count_lines(code, *marked, no_precision);
  if (marked != nullptr) notice(code, *marked);
}

}  // namespace

void publish_code(Object* code, const char* name, Sharing sharing) {
  if (process().is_quiet()) return;
  const KeepException keep_exception;
  const KeepErrno keep_errno;
  const char kind[] = {sharing == Sharing::same_name ? wire::own_code : wire::shared_code, '\0'};
  wire::Path target(kind);
  target.add(name);
  const auto link = link_of(code);
  // another process may have published the same already
  if (target.fits() && link.fits()) (void)!::symlink(target.text(), link.text());
}

void notice_copy(Object* code) {
  const bool may_be_marked = process().is_recorded() && !process().is_quiet();
  if (!may_be_marked || are_copies_our_own || is_noticed(code)) return;
  const KeepException keep_exception;
  const KeepErrno keep_errno;
  char target[512];
  const auto length = ::readlink(link_of(code).text(), target, sizeof target - 1);
  if (length <= 0) return;
  target[length] = '\0';
  target[0] == wire::own_code ? mark_copy(code, target + 1) : note_unmarked_copy(code);
}

OwnCopies::OwnCopies() {
  are_copies_our_own = true;
}

OwnCopies::~OwnCopies() {
  are_copies_our_own = false;
}

}  // namespace mprofpp::agent::python
