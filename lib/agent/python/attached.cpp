#include "python/attached.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <initializer_list>

#include "core/environment.hpp"
#include "core/freestanding.hpp"
#include "core/process.hpp"
#include "mprofpp/wire/uncancelled.hpp"
#include "python/execution_context.hpp"
#include "python/hooks.hpp"
#include "python/lines.hpp"
#include "python/object.hpp"
#include "python/selection.hpp"

namespace mprofpp::agent::python {
namespace {

/// A recorder keeps a lock on its folder, however it ends.
bool is_recorder_gone() {
  const KeepErrno keep_errno;
  const int folder =
      wire::uncancelled::open(environment().folder(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return errno == ENOENT;
  const bool is_free = ::flock(folder, LOCK_SH | LOCK_NB) == 0;
  wire::uncancelled::close(folder);
  return is_free;
}

Attachment begin_listening() {
  const KeepException keep_exception;
  read_patterns();
  prepare_lines();
  for (const char* name : {"greenlet", "greenlet._greenlet"}) {
    if (imported(name)) expect_greenlets();
  }
  const Way way = listen();
  return way == Way::monitoring || way == Way::evaluation ? Attachment::begun : Attachment::refused;
}

}  // namespace

Attachment begin_attached_marks(const char* block) {
  if (environment().is_adopted() && is_recorder_gone()) end_attached_marks();
  if (environment().has_variables()) return Attachment::of_another;
  if (!environment().adopt(block)) {
    environment().disown();
    return Attachment::refused;
  }
  process().begin_recording();
  const auto attachment = begin_listening();
  if (attachment != Attachment::begun) end_attached_marks();
  return attachment;
}

void end_attached_marks() {
  if (!environment().is_adopted()) return;
  stop_listening();
  process().end_recording();
  environment().disown();
  read_patterns();
}

void end_marks_without_recorder() {
  constexpr std::uint32_t calls_per_look = 1024;
  static constinit std::uint32_t calls = 0;
  if (!environment().is_adopted() || ++calls % calls_per_look != 0) return;
  if (is_recorder_gone()) end_attached_marks();
}

}  // namespace mprofpp::agent::python
