#include "marker.hpp"

#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "mprofpp/base/file.hpp"
#include "mprofpp/proc/files.hpp"
#include "mprofpp/proc/parse.hpp"
#include "mprofpp/wire/names.hpp"
#include "mprofpp/wire/text_id.hpp"

namespace mprofpp::app {
namespace {

constexpr std::uint32_t slots = 64;  // a text of 1000 bytes and a few events

std::uint64_t monotonic_now() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec);
}

wire::Span span_of(const std::string& text) {
  return {text.data(), text.size()};
}

}  // namespace

std::string folder_of_this_run() {
  const char* folder = std::getenv(wire::run_variable);
  return folder == nullptr ? std::string() : std::string(folder);
}

Result<std::string> folder_of_run(pid_t pid) {
  const auto place = "process " + std::to_string(pid);
  const auto text = read_file(proc::path_of(pid, "environ"));
  if (!text) {
    const bool is_denied = text.error().code == Errc::denied;
    return fail(text.error().code, place,
                is_denied ? "belongs to another user" : "there is no such process",
                is_denied ? "mark it as that user" : "mprofpp run and attach name the pid");
  }
  const std::string wanted = std::string(wire::run_variable) + '=';
  for (const auto& entry : proc::parse_words(*text)) {
    if (entry.starts_with(wanted)) return entry.substr(wanted.size());
  }
  return fail(Errc::not_found, place, "takes no marks",
              "only programs that mprofpp started with run take marks");
}

Result<model::ProcessId> identify(pid_t pid) {
  const auto stat = proc::read_stat(pid);
  if (!stat)
    return fail(Errc::not_found, "process " + std::to_string(pid), "there is no such process");
  return model::ProcessId{pid, stat->start};
}

Result<model::ProcessId> identify_caller(const std::string& folder) {
  const auto caller = folder_of_run(::getppid());
  return identify(caller && *caller == folder ? ::getppid() : ::getpid());
}

Result<Marker> Marker::open(const std::string& folder, model::ProcessId subject) {
  auto writer = std::make_unique<wire::Writer>();
  const auto own = static_cast<std::uint32_t>(::getpid());
  const auto pid = static_cast<std::uint32_t>(subject.pid);
  if (!writer->begin({folder.c_str(), pid, own, subject.start, monotonic_now()}, slots)) {
    if (errno == ENOENT) return fail(Errc::not_found, folder, "the recording has ended");
    return fail_errno(errno, folder, "cannot hand a mark to the recorder");
  }
  return Marker(std::move(writer), subject.pid);
}

Marker::~Marker() {
  if (writer_) writer_->set_state(wire::State::left);
}

std::uint64_t Marker::tell(const std::string& text) {
  const auto id = wire::id_of(span_of(text));
  writer_->write_text(id, span_of(text));
  return id;
}

wire::Event Marker::event(wire::Kind kind) const {
  wire::Event event{};
  event.kind = kind;
  event.thread = static_cast<std::uint32_t>(subject_);
  event.time = monotonic_now();
  event.rss = wire::unknown_rss;
  return event;
}

void Marker::mark(const std::string& text) {
  const auto time = monotonic_now();  // before whatever takes time
  const auto id = tell(text);
  auto mark = event(wire::Kind::mark);
  mark.time = time;
  mark.what = id;
  writer_->write(mark);
}

std::uint64_t Marker::enter(const std::string& name, std::uint64_t within) {
  const auto id = tell(name);
  auto begin = event(wire::Kind::enter);
  // a nanosecond of a process is enough to tell a call from all others of a run
  begin.call = begin.time ^ (static_cast<std::uint64_t>(::getpid()) << 42);
  begin.what = id;
  begin.flags = wire::within;
  begin.active = within;
  writer_->write(begin);
  return begin.call;
}

void Marker::leave(std::uint64_t call) {
  auto end = event(wire::Kind::leave);
  end.call = call;
  writer_->write(end);
}

}  // namespace mprofpp::app
