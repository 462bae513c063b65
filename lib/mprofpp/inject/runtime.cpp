#include "mprofpp/inject/runtime.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <array>

namespace mprofpp::inject {
namespace {

/// The offset of ceval.pending.finishing in _PyRuntimeState.
constexpr Address finishing_in_3_8 = 600;
constexpr int libc_internal_mode = static_cast<int>(0x80000000);  // __RTLD_DLOPEN of glibc

bool is_libc(std::string_view name) {
  return name == "libc.so.6" || name.starts_with("libc-2.") || name.starts_with("ld-musl-") ||
         name.starts_with("libc.musl-");
}

bool is_linker_library(std::string_view name) {
  return name == "libdl.so.2" || name.starts_with("libdl-2.");
}

bool is_pypy(std::string_view name) {
  return name.starts_with("pypy") || name.starts_with("libpypy");
}

template <class IsWanted>
std::vector<Image> images(const Memory& memory, const std::vector<MappedStart>& maps,
                          const IsWanted& is_wanted) {
  std::vector<Image> found;
  for (const auto& start : maps) {
    if (!is_wanted(start)) continue;
    if (auto image = Image::at(memory, start.begin)) found.push_back(*image);
  }
  return found;
}

Address address_in(const std::vector<Image>& images, std::string_view name) {
  for (const auto& image : images) {
    if (const auto found = image.find(name)) return found->address;
  }
  return 0;
}

/// Adds the functions in which a thread only waits: it holds no lock of the C library then.
void add_waits(Runtime& runtime, const std::vector<Image>& python, const std::vector<Image>& libc) {
  constexpr auto of_python = std::to_array<std::string_view>(
      {"PyThread_acquire_lock_timed", "_PySemaphore_Wait", "_PyParkingLot_Park"});
  constexpr auto of_libc = std::to_array<std::string_view>(
      {"sem_wait", "sem_timedwait", "sem_clockwait", "pthread_cond_wait", "pthread_cond_timedwait",
       "pthread_cond_clockwait", "pthread_join", "pthread_timedjoin_np", "pthread_clockjoin_np"});
  const auto add = [&](const auto& names, const std::vector<Image>& images) {
    for (const auto name : names) {
      for (const auto& image : images) {
        if (const auto found = image.find(name)) runtime.waits.push_back(*found);
      }
    }
  };
  add(of_python, python);
  add(of_libc, libc);
}

Result<std::vector<Image>> find_python(const Memory& memory, const std::vector<MappedStart>& maps,
                                       const std::string& program) {
  if (maps.empty())
    return fail(Errc::vanished, "", "has ended");  // the kernel frees its memory first
  const auto is_python = [&](const MappedStart& start) {
    return start.path == program || start.name().starts_with("libpython");
  };
  auto python = images(memory, maps, is_python);
  std::erase_if(python, [](const Image& image) { return !image.find("Py_AddPendingCall"); });
  if (!python.empty()) return python;
  if (std::any_of(maps.begin(), maps.end(),
                  [](const auto& each) { return is_pypy(each.name()); })) {
    return fail(Errc::unsupported, "", "runs PyPy, and only CPython can be entered");
  }
  const auto name = std::string_view(program).substr(program.rfind('/') + 1);
  if (name.starts_with("python")) {
    return fail(Errc::unsupported, "", "runs a Python that exports no functions");
  }
  return fail(Errc::not_found, "", "does not run Python");
}

/// Returns true if a dynamic linker is mapped. While it loads libraries, their functions cannot be found yet.
bool has_dynamic_linker(const std::vector<MappedStart>& maps) {
  return std::any_of(maps.begin(), maps.end(), [](const MappedStart& start) {
    return start.name().starts_with("ld-") || start.name() == "ld.so.1";
  });
}

/// Returns the error for a process whose libc does not have what is needed.
Error without_libc(const std::vector<MappedStart>& maps) {
  if (has_dynamic_linker(maps)) {
    return {Errc::not_found, "",
            "does not run Python yet, or has a C library that is not known here", ""};
  }
  return {Errc::unsupported, "", "is linked statically: no library can be loaded into it", ""};
}

/// Returns the address of a `syscall` instruction in libc's function of that name; 0 if there is none.
Address find_system_call(const Memory& memory, const std::vector<Image>& libc) {
  constexpr std::string_view instruction = "\x0f\x05";
  const auto function = address_in(libc, "syscall");
  std::array<char, 64> code{};
  if (function == 0 || !memory.read(function, code)) return 0;
  const auto at = std::string_view(code.data(), code.size()).find(instruction);
  return at == std::string_view::npos ? 0 : function + at;
}

void find_linker(Runtime& runtime, const std::vector<Image>& libc,
                 const std::vector<Image>& linker) {
  runtime.open_mode = RTLD_NOW;
  for (const auto* const images : {&libc, &linker}) {
    if (runtime.open_library != 0) return;
    runtime.open_library = address_in(*images, "dlopen");
    runtime.find_symbol = address_in(*images, "dlsym");
    runtime.error_text = address_in(*images, "dlerror");
  }
  if (runtime.open_library != 0) return;
  // before 2.34, a program that does not link libdl has only what libc itself uses
  runtime.open_library = address_in(libc, "__libc_dlopen_mode");
  runtime.find_symbol = address_in(libc, "__libc_dlsym");
  runtime.open_mode = RTLD_NOW | libc_internal_mode;
}

}  // namespace

Result<Runtime> find_runtime(const Memory& memory, const std::vector<MappedStart>& maps,
                             const std::string& program) {
  const auto python = find_python(memory, maps, program);
  if (!python) return Failure(python.error());
  if (address_in(*python, "PySys_AddAuditHook") == 0) {
    return fail(Errc::unsupported, "", "runs a Python before 3.8");
  }
  const auto libc = images(memory, maps, [](const auto& start) { return is_libc(start.name()); });
  const auto linker =
      images(memory, maps, [](const auto& start) { return is_linker_library(start.name()); });
  Runtime runtime;
  runtime.add_pending_call = address_in(*python, "Py_AddPendingCall");
  runtime.is_initialized = address_in(*python, "Py_IsInitialized");
  if (const auto at = address_in(*python, "_PyRuntime")) runtime.state = at;
  if (const auto at = address_in(*python, "Py_Version")) runtime.version = at;
  const bool is_3_8 = address_in(*python, "PyThreadState_GetFrame") == 0;
  if (is_3_8 && runtime.state) runtime.is_finishing = *runtime.state + finishing_in_3_8;
  find_linker(runtime, libc, linker);
  runtime.unmap = address_in(libc, "munmap");
  runtime.system_call = find_system_call(memory, libc);
  add_waits(runtime, *python, libc);
  const bool is_complete = runtime.open_library != 0 && runtime.find_symbol != 0 &&
                           runtime.is_initialized != 0 && runtime.unmap != 0 &&
                           runtime.system_call != 0;
  if (!is_complete) return Failure(without_libc(maps));
  return runtime;
}

Result<std::optional<LoadedAgent>> find_agent(const Memory& memory,
                                              const std::vector<MappedStart>& maps,
                                              std::string_view name) {
  constexpr std::string_view preloaded_agent = "libmprofpp-agent.so";
  constexpr std::string_view in_memory = "memfd:";
  const auto is_agent = [&](const MappedStart& start) {
    auto own = start.name();
    if (own.starts_with(in_memory)) own.remove_prefix(in_memory.size());
    return own == name || own == preloaded_agent;
  };
  const auto found = images(memory, maps, is_agent);
  if (found.empty()) return std::optional<LoadedAgent>();
  for (const auto& image : found) {
    const auto open_door = image.find(wire::door::open_function);
    const auto state = image.find(wire::door::state_variable);
    if (open_door && state) {
      return std::optional(LoadedAgent{open_door->address, state->address});
    }
  }
  return fail(Errc::unsupported, "", "has the agent of another version of mprofpp in it",
              "restart the program, or use the version that is in it");
}

}  // namespace mprofpp::inject
