#include "mprofpp/inject/debug_offsets.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace mprofpp::inject {
namespace {

/// Positions in _Py_DebugOffsets, the table at the start of _PyRuntime, which contains offsets into
/// structures of the interpreter. The start of the table is the same in the versions below, its end is not.
constexpr Address version_at = 8;
constexpr Address interpreters_head_at = 40;
constexpr Address interpreter_size_at = 48;
constexpr Address threads_main_at = 80;

struct Version {
  std::uint64_t number;  ///< major and minor of PY_VERSION_HEX
  Address thread_size_at;
  Address support_at;
};
constexpr auto versions = std::to_array<Version>({{0x030e, 176, 712}, {0x030f, 176, 840}});

/// The last part of the table.
struct Support {
  std::uint64_t eval_breaker;     // in the state of a thread
  std::uint64_t remote_debugger;  // in the state of a thread
  std::uint64_t is_enabled;       // in the state of an interpreter
  std::uint64_t pending;          // in remote_debugger
  std::uint64_t path;             // in remote_debugger
  std::uint64_t path_size;
};

std::optional<Version> version_of(const Memory& memory, Address runtime) {
  constexpr std::string_view expected = "xdebugpy";
  constexpr int minor_and_major_shift = 16;
  const auto cookie = memory.value_at<std::array<char, 8>>(runtime);
  if (!cookie || std::string_view(cookie->data(), cookie->size()) != expected) return std::nullopt;
  const auto hex = memory.value_at<std::uint64_t>(runtime + version_at);
  if (!hex) return std::nullopt;
  const auto found = std::find_if(versions.begin(), versions.end(), [&](const Version& each) {
    return each.number == *hex >> minor_and_major_shift;
  });
  return found == versions.end() ? std::nullopt : std::optional(*found);
}

/// Returns the pointer at `from` plus the offset that the table has at `at`.
std::optional<Address> follow(const Memory& memory, Address from, Address at) {
  const auto offset = memory.value_at<std::uint64_t>(at);
  const auto value = offset ? memory.value_at<Address>(from + *offset) : std::nullopt;
  return value && *value != 0 ? value : std::nullopt;
}

bool is_sound(const Support& support, std::uint64_t thread_size, std::uint64_t interpreter_size) {
  constexpr std::uint64_t shortest_path = 64;
  constexpr std::uint64_t longest_path = 4096;
  return support.path_size >= shortest_path && support.path_size <= longest_path &&
         support.eval_breaker < thread_size && support.remote_debugger < thread_size &&
         support.pending < thread_size && support.path < thread_size &&
         support.is_enabled < interpreter_size;
}

}  // namespace

Result<std::optional<ScriptSlot>> find_script_slot(const Memory& memory, Address runtime) {
  const auto unknown = std::optional<ScriptSlot>();
  const auto version = version_of(memory, runtime);
  if (!version) return unknown;
  const auto support = memory.value_at<Support>(runtime + version->support_at);
  const auto thread_size = memory.value_at<std::uint64_t>(runtime + version->thread_size_at);
  const auto interpreter_size = memory.value_at<std::uint64_t>(runtime + interpreter_size_at);
  if (!support || !thread_size || !interpreter_size) return unknown;
  if (!is_sound(*support, *thread_size, *interpreter_size)) return unknown;
  const auto interpreter = follow(memory, runtime, runtime + interpreters_head_at);
  const auto thread =
      interpreter ? follow(memory, *interpreter, runtime + threads_main_at) : interpreter;
  if (!thread) return unknown;
  const auto is_enabled = memory.value_at<std::int32_t>(*interpreter + support->is_enabled);
  if (!is_enabled) return unknown;
  if (*is_enabled == 0) {
    return fail(Errc::denied, "", "was started with remote debugging disabled",
                "start it without PYTHON_DISABLE_REMOTE_DEBUG and -X disable-remote-debug");
  }
  const auto slot = *thread + support->remote_debugger;
  return std::optional(ScriptSlot{slot + support->pending, slot + support->path, support->path_size,
                                  *thread + support->eval_breaker});
}

}  // namespace mprofpp::inject
