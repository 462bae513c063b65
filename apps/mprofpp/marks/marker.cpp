#include "marks/marker.hpp"

#include <unistd.h>

#include <cerrno>

#include "mprofpp/wire/clock.hpp"
#include "mprofpp/wire/text_id.hpp"

namespace mprofpp::app {
namespace {

constexpr std::uint32_t slots = 64;  // enough for a text of 1000 bytes and a few events

wire::TextView view_of(const std::string& text) {
  return {text.data(), text.size()};
}

}  // namespace

Result<Marker> Marker::open(const std::string& folder, model::ProcessId subject) {
  auto writer = std::make_unique<wire::Writer>();
  const auto own = static_cast<std::uint32_t>(::getpid());
  const auto pid = static_cast<std::uint32_t>(subject.pid);
  if (!writer->begin({folder.c_str(), pid, own, subject.start, wire::monotonic_now()}, slots)) {
    if (errno == ENOENT) return fail(Errc::not_found, folder, "the recording has ended");
    return fail_errno(errno, folder, "cannot send a mark to the recorder");
  }
  return Marker(std::move(writer), subject.pid);
}

Marker::~Marker() {
  if (writer_) writer_->set_state(wire::State::left);
}

std::uint64_t Marker::write_text(const std::string& text) {
  const auto id = wire::id_of(view_of(text));
  writer_->write_text(id, view_of(text));
  return id;
}

wire::Event Marker::event(wire::Kind kind) const {
  wire::Event event{};
  event.kind = kind;
  event.thread = static_cast<std::uint32_t>(subject_);
  event.time = wire::monotonic_now();
  event.rss = wire::unknown_rss;
  return event;
}

void Marker::mark(const std::string& text) {
  const auto time = wire::monotonic_now();  // first, because writing the text takes time
  const auto id = write_text(text);
  auto mark = event(wire::Kind::mark);
  mark.time = time;
  mark.what = id;
  writer_->write(mark);
}

std::uint64_t Marker::enter(const std::string& name, std::uint64_t within) {
  const auto id = write_text(name);
  auto begin = event(wire::Kind::enter);
  // a process and a nanosecond together are unique in a run
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
