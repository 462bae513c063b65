#include "objects/growth_in_call.hpp"

#include <string.h>
#include <unistd.h>

#include <initializer_list>

#include "core/calls.hpp"
#include "objects/call_watch.hpp"

namespace mprofpp::agent::objects {
namespace {

using python::Refusal;
using wire::door::Status;

constexpr char of_another_message[] = "somebody else waits for a call in this program";
constexpr char no_tool_message[] = "the program uses all tools of sys.monitoring itself";
constexpr char unfit_message[] = "calls of this Python cannot be watched";
constexpr char too_long_name_message[] = "the pattern is too long";
constexpr char no_call_message[] = "no such call has started in that time";
constexpr char no_end_message[] = "the call has started, and did not end in that time";
constexpr char mark_name[] = "mprofpp objects";
constexpr wire::TextView mark{mark_name, sizeof mark_name - 1};

constinit GrowthInCall* current = nullptr;

const char* message_of(Refusal refusal) {
  return refusal == Refusal::no_tool_left ? no_tool_message : unfit_message;
}

/// Refuses what would take too long: both looks together.
bool are_short_enough(const Options& options, Reply& reply) {
  CollectionsPaused pause;
  const bool is_long = options.has("sizes") || options.has("of") || options.has("containers");
  return is_short_enough({options, {}, nullptr, pause},
                         2 * (is_long ? time_to_reach : time_to_count), reply);
}

}  // namespace

GrowthInCall::GrowthInCall(Options options, wire::TextView body, python::Object* handlers)
    : options_(options), body_(body), handlers_(handlers), pid_(::getpid()) {}

bool GrowthInCall::begin(Reply& reply) {
  if (current != nullptr && !current->is_of_this_process()) {
    end_call_watch();
    current = nullptr;
  }
  if (current != nullptr) {
    reply.fail(Status::failed, of_another_message);
    return false;
  }
  return are_short_enough(options_, reply) && watch(reply);
}

bool GrowthInCall::watch(Reply& reply) {
  Text pattern;
  pattern.add(options_.after(wire::door::around_option)).add({"", 1});
  constexpr std::size_t longest = 1000;
  if (!pattern.is_complete() || pattern.size() > longest) {
    reply.fail(Status::failed, too_long_name_message);
    return false;
  }
  current = this;
  const auto refusal = begin_call_watch(pattern.bytes(), {when_started, when_ended});
  if (refusal == Refusal::none) return true;
  current = nullptr;
  reply.fail(Status::failed, message_of(refusal));
  return false;
}

void GrowthInCall::finish(Reply& reply) {
  end();
  const bool has_started = before_.time != 0;
  const bool has_ended = after_.time != 0;
  if (!has_started) return reply.fail(Status::failed, no_call_message);
  for (const auto* look : {&before_, &after_}) {
    if (look->reply.status != Status::done)
      return reply.fail(look->reply.status, look->reply.message);
  }
  if (!has_ended) return reply.fail(Status::failed, no_end_message);
  auto& text = reply.text;
  text.add("{\"function\":").add(function_.view());
  text.add(",\"call_ns\":").add(after_.time - before_.time);
  text.add(",\"before\":").add(before_.reply.text.view());
  text.add(",\"after\":").add(after_.reply.text.view()).add("}");
  if (!text.is_complete() || !function_.is_complete()) reply.lack_memory();
}

bool GrowthInCall::is_of_this_process() const {
  return pid_ == ::getpid();
}

void GrowthInCall::when_started(const char* name) {
  if (current == nullptr || !current->is_of_this_process()) return;
  current->function_.add_string({name, strlen(name)});
  current->look(current->before_);
  current->before_.time = monotonic_now();
}

void GrowthInCall::when_ended() {
  if (current == nullptr || !current->is_of_this_process()) return;
  current->after_.time = monotonic_now();
  current->look(current->after_);
  current->done_.store(1);
}

/// Marks the look in a recording, so that its memory is not taken for the call's.
void GrowthInCall::look(Look& look) {
  const auto start = monotonic_now();
  enter(mark);
  {
    CollectionsPaused pause;
    answer_objects({options_, body_, handlers_, pause}, look.reply);
  }
  leave(mark);
  held_ += monotonic_now() - start;
}

void GrowthInCall::end() {
  if (current != this) return;
  current = nullptr;
  end_call_watch();
}

}  // namespace mprofpp::agent::objects
