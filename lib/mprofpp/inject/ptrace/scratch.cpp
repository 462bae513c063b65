#include "mprofpp/inject/ptrace/scratch.hpp"

#include <linux/memfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstring>

#include "mprofpp/base/text.hpp"

namespace mprofpp::inject {
namespace {

constexpr std::uint64_t page = 4096;
constexpr std::uint64_t stack_size = 256 * 1024;

std::uint64_t whole_pages(std::uint64_t size) {
  return (size + page - 1) / page * page;
}

std::string hexadecimal_text(std::uint64_t value) {
  std::array<char, 16> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
  return std::string(digits.data(), end);
}

/// Turns a negative result of a system call into an error.
Result<std::uint64_t> checked(Result<std::int64_t> result, std::string_view what) {
  if (!result) return Failure(result.error());
  if (*result == -EMFILE) return fail(Errc::io, "", "has no free file descriptor");
  if (*result < 0 && *result > -4096) {
    auto error = fail_errno(static_cast<int>(-*result), "", what).value();
    error.hint.clear();  // it is about this process
    return Failure(std::move(error));
  }
  return static_cast<std::uint64_t>(*result);
}

template <std::size_t size>
void copy_text(std::string_view text, std::array<char, size>& to) {
  text.copy(to.data(), to.size() - 1);
}

}  // namespace

Address Scratch::data() const {
  return begin_ + page;
}

std::string Scratch::owner_text() const {
  return "SCRATCH=" + hexadecimal_text(begin_) + "-" + hexadecimal_text(size_) + '\0';
}

std::string Scratch::request_for(const Order& order) const {
  std::string text = owner_text();
  for (const auto& each : order.request) text += each + '\0';
  return text + '\0';
}

Result<void> Scratch::map(Tracee& tracee, const Runtime& runtime, const Order& order) {
  constexpr std::uint64_t longest_owner_text = 64;
  std::uint64_t request = longest_owner_text;
  for (const auto& each : order.request) request += each.size() + 1;
  data_size_ = whole_pages(sizeof(StubData) + request + 1);
  size_ = page + data_size_ + whole_pages(order.agent.size()) + stack_size;
  const auto begin = checked(
      tracee.system_call(runtime.system_call, SYS_mmap,
                         {0, size_, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, ~0ULL, 0}),
      "gets no executable memory");
  if (!begin) return Failure(begin.error());
  begin_ = *begin;
  const auto writable = checked(tracee.system_call(runtime.system_call, SYS_mprotect,
                                                   {data(), size_ - page, PROT_READ | PROT_WRITE}),
                                "gets no memory");
  if (!writable) return Failure(writable.error());
  return {};
}

/// The process writes the file itself. We would have to write through a descriptor of the process, which may
/// be anything.
Result<void> Scratch::make_file(Tracee& tracee, const Runtime& runtime, const Order& order) {
  const auto image = data() + data_size_;
  const auto file = checked(tracee.system_call(runtime.system_call, SYS_memfd_create,
                                               {data() + offsetof(StubData, path), MFD_CLOEXEC}),
                            "cannot make a file in memory");
  if (!file) return Failure(file.error());
  descriptor_ = static_cast<std::int32_t>(*file);
  for (std::uint64_t at = 0; at < order.agent.size();) {
    const auto done = checked(tracee.system_call(runtime.system_call, SYS_write,
                                                 {*file, image + at, order.agent.size() - at}),
                              "cannot write a file in memory");
    if (!done) return Failure(done.error());
    if (*done == 0) return fail(Errc::io, "", "cannot write a file in memory");
    at += *done;
  }
  return {};
}

Result<void> Scratch::fill(Tracee& tracee, const StubData& data, std::string_view request) const {
  const auto bytes = std::span(reinterpret_cast<const char*>(&data), sizeof data);
  if (tracee.poke(begin_, stub_code()) && tracee.poke(this->data(), bytes) &&
      tracee.poke(this->data() + sizeof data, std::span(request))) {
    return {};
  }
  return fail(Errc::io, "", "cannot be written to");
}

Result<void> Scratch::make(Tracee& tracee, const Runtime& runtime, const Order& order,
                           const std::optional<LoadedAgent>& agent) {
  if (auto done = map(tracee, runtime, order); !done) return done;
  StubData stub;
  if (!agent) {
    const ProcessMemory memory(order.pid);
    std::array<char, sizeof stub.path> name{};
    copy_text(order.agent_name, name);
    const bool is_copied = memory.write(data() + offsetof(StubData, path), name) &&
                           memory.write(data() + data_size_, std::span(order.agent));
    if (!is_copied) return fail(Errc::io, "", "cannot be written to");
    if (auto done = make_file(tracee, runtime, order); !done) return done;
    // a spelling that nobody else uses: glibc takes a second library of the same name for the first one
    copy_text("/proc/self/fd/./" + std::to_string(descriptor_), stub.path);
  }
  if (::getrandom(mark_.data(), mark_.size(), 0) != static_cast<ssize_t>(mark_.size())) {
    return fail_errno(errno, "", "no random numbers");
  }
  stub.mark = mark_;
  stub.pid = order.pid_inside;
  stub.descriptor = descriptor_;
  stub.open_mode = runtime.open_mode;
  stub.open_library = runtime.open_library;
  stub.find_symbol = runtime.find_symbol;
  stub.error_text = runtime.error_text;
  stub.unmap = runtime.unmap;
  stub.begin = begin_;
  stub.size = size_;
  stub.open_door = agent ? agent->open_door : 0;
  stub.request = data() + sizeof stub;
  copy_text(wire::door::open_function, stub.symbol);
  return fill(tracee, stub, request_for(order));
}

void Scratch::remove(Tracee& tracee, const Runtime& runtime) {
  if (!exists()) return;
  if (descriptor_ >= 0) {
    const auto left = ProcessMemory(tracee.process())
                          .value_at<std::int32_t>(data() + offsetof(StubData, descriptor));
    if (left != -1) {
      (void)tracee.system_call(runtime.system_call, SYS_close,
                               {static_cast<std::uint64_t>(descriptor_)});
    }
  }
  (void)tracee.system_call(runtime.system_call, SYS_munmap, {begin_, size_});
  *this = Scratch();
}

void Scratch::shrink(Tracee& tracee, const Runtime& runtime) {
  const auto kept = page + data_size_;
  const ProcessMemory memory(tracee.process());
  if (!memory.write_value(data() + offsetof(StubData, size), kept)) return;
  (void)tracee.system_call(runtime.system_call, SYS_munmap, {begin_ + kept, size_ - kept});
}

bool Scratch::set_owner(const ProcessMemory& memory, Owner owner) const {
  const auto start = data() + sizeof(StubData);
  const auto request = owner == Owner::agent ? start : start + owner_text().size();
  return memory.write_value(data() + offsetof(StubData, request), request);
}

std::optional<StubData> Scratch::read(const Memory& memory) const {
  const auto found = memory.value_at<StubData>(data());
  return found && found->mark == mark_ ? found : std::nullopt;
}

bool Scratch::set_step(const ProcessMemory& memory, Step step) const {
  return memory.write_value(data() + offsetof(StubData, step), step);
}

}  // namespace mprofpp::inject
