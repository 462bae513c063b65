#include "mprofpp/inject/script.hpp"

#include <string>
#include <thread>

#include "mprofpp/inject/blocked.hpp"
#include "mprofpp/inject/debug_offsets.hpp"
#include "mprofpp/inject/maps.hpp"
#include "mprofpp/inject/target.hpp"
#include "mprofpp/inject/target_folder.hpp"
#include "mprofpp/proc/files.hpp"

namespace mprofpp::inject {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto script_name = "enter.py";
constexpr auto request_name = "request";

/// The loader calls PyInit_mprofpp_door, which reports an ImportError: it is not a module.
std::string script_for(const std::string& library) {
  return "try:\n"
         "    from importlib.machinery import ExtensionFileLoader, ModuleSpec\n"
         "    path = '" +
         library +
         "'\n"
         "    loader = ExtensionFileLoader('mprofpp_door', path)\n"
         "    loader.create_module(ModuleSpec('mprofpp_door', loader, origin=path))\n"
         "except Exception:\n"
         "    pass\n";
}

Result<void> add_files(TargetFolder& folder, const Order& order) {
  std::string request;
  for (const auto& each : order.request) request += each + '\0';
  request += '\0';
  auto done = folder.add(order.agent_name, order.agent);
  if (done) done = folder.add(request_name, request);
  if (done) done = folder.add(script_name, script_for(folder.path_of(order.agent_name)));
  return done;
}

/// Calls `is_done` until it returns true. Returns false if it did not in time.
template <class IsDone>
bool wait_until(const IsDone& is_done, Duration patience) {
  constexpr Duration interval = 200us;
  const auto deadline = Clock::now() + patience;
  while (!is_done()) {
    if (Clock::now() > deadline) return false;
    std::this_thread::sleep_for(interval);
  }
  return true;
}

bool is_pending(const ProcessMemory& memory, const ScriptSlot& slot) {
  return memory.value_at<std::int32_t>(slot.pending) == 1;
}

/// Writes the path first. Only the byte with the flag is written: the bytes above are the version of the
/// instrumentation. Python itself sets flags there with single instructions, so one that it sets between our
/// reading and our writing would be lost; sys.remote_exec has the same gap.
bool ask(const ProcessMemory& memory, const ScriptSlot& slot, const std::string& path) {
  const auto with_end = std::span(path.c_str(), path.size() + 1);
  if (with_end.size() > slot.path_size || !memory.write(slot.path, with_end)) return false;
  if (!memory.write_value(slot.pending, std::int32_t{1})) return false;
  const auto flags = memory.value_at<unsigned char>(slot.eval_breaker);
  return flags &&
         memory.write_value(slot.eval_breaker, static_cast<unsigned char>(*flags | please_stop));
}

std::optional<LoadedAgent> agent_in(const Order& order, const ProcessMemory& memory) {
  const auto maps = read_maps(order.pid);
  const auto agent = maps ? find_agent(memory, *maps, order.agent_name) : Failure(maps.error());
  return agent ? *agent : std::nullopt;
}

/// Returns true once the agent has opened the door.
bool has_opened(const Order& order, const ProcessMemory& memory,
                std::optional<LoadedAgent>& agent) {
  if (!agent) agent = agent_in(order, memory);
  const auto door = agent ? memory.value_at<DoorState>(agent->door_state) : std::nullopt;
  return door && door->state != DoorState::closed;
}

Result<std::optional<ScriptSlot>> find_slot(const Order& order, const ProcessMemory& memory) {
  const auto nothing = std::optional<ScriptSlot>();
  if (is_sandboxed(order.pid)) return nothing;
  const auto maps = read_maps(order.pid);
  const auto program = proc::read_link(order.pid, "exe");
  if (!maps || !program) return nothing;  // tracing shows the reason
  const auto runtime = find_runtime(memory, *maps, without_deleted(*program));
  const auto agent = find_agent(memory, *maps, order.agent_name);
  if (!runtime || !runtime->state || !agent) return nothing;
  auto slot = find_script_slot(memory, *runtime->state);
  return slot && agent->has_value() ? nothing : slot;
}

}  // namespace

Result<std::optional<Entered>> enter_by_script(const Order& order) {
  constexpr Duration time_to_start = 20ms;
  constexpr Duration time_to_load = 2s;
  const ProcessMemory memory(order.pid);
  const auto slot = find_slot(order, memory);
  if (!slot) return Failure(slot.error());
  if (!*slot || read_wait(order.pid) || is_pending(memory, **slot)) return std::optional<Entered>();
  auto folder = TargetFolder::make(order.pid);
  if (!folder || !add_files(*folder, order)) return std::optional<Entered>();
  const bool is_asked = ask(memory, **slot, folder->path_of(script_name));
  const auto has_started = [&] { return !is_pending(memory, **slot); };
  if (!is_asked || !wait_until(has_started, time_to_start)) {
    (void)memory.write_value((*slot)->pending, std::int32_t{0});
    return std::optional<Entered>();
  }
  std::optional<LoadedAgent> agent;
  const auto is_over = [&] {
    return has_opened(order, memory, agent) || !proc::is_alive(order.pid);
  };
  if (!wait_until(is_over, time_to_load)) return std::optional<Entered>();
  if (!agent) return fail(Errc::vanished, "", "has ended");
  return std::optional(Entered{*agent, Duration{}});
}

}  // namespace mprofpp::inject
