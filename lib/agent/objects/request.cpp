#include "objects/request.hpp"

#include "objects/lookup.hpp"

namespace mprofpp::agent::objects {
namespace {

using python::py;
using python::Ref;
using wire::door::Status;

constexpr std::uint64_t ns_of_ms = 1'000'000;

/// Returns the number of blocks of memory that Python has given out, which is more than it has objects; 0 if
/// it is not known, because another allocator is used.
std::uint64_t count_blocks() {
  const Ref blocks = call_builtin("sys", "getallocatedblocks");
  const long count = blocks ? py.PyLong_AsLong(blocks.get()) : 0;
  return count > 0 ? static_cast<std::uint64_t>(count) : 0;
}

/// Counts objects until the time is over.
struct Counting {
  std::uint64_t end;
  std::uint64_t count = 0;
  bool is_complete = true;

  bool add() {
    constexpr std::uint64_t between_looks = 1024;
    if (count++ % between_looks == 0 && monotonic_now() > end) is_complete = false;
    return is_complete;
  }
};

Counting count_until(std::uint64_t end) {
  Counting counting{end};
  visit_tracked([](Object*, void* argument) { return static_cast<Counting*>(argument)->add(); },
                &counting);
  return counting;
}

/// Adds a number with commas between thousands.
void add_grouped(Text& text, std::uint64_t number) {
  if (number >= 1000) {
    add_grouped(text, number / 1000);
    text.add(",").add(number / 100 % 10).add(number / 10 % 10).add(number % 10);
  } else {
    text.add(number);
  }
}

/// Returns the next larger number with two digits that are not zero at most: a time that is too long must not
/// look like the limit.
std::uint64_t rounded_up(std::uint64_t number) {
  std::uint64_t unit = 1;
  while (number / unit >= 100) unit *= 10;
  return (number + unit - 1) / unit * unit;
}

/// Refuses to take `time` when only `most` is allowed, in nanoseconds.
void refuse_length(Reply& reply, std::uint64_t count, std::uint64_t time, std::uint64_t most) {
  Text message;
  message.add("looking at about ");
  add_grouped(message, rounded_up(count));
  message.add(" objects would stop the program for about ");
  add_grouped(message, rounded_up(time / ns_of_ms + 1));
  message.add(" ms; the limit is ");
  add_grouped(message, most / ns_of_ms);
  message.add(" ms");
  message.add({"", 1});
  reply.fail(Status::too_long, message.is_complete() ? message.bytes() : "it would take too long");
}

}  // namespace

void Reply::fail(Status how, const char* why) {
  status = how;
  text.clear();
  const auto length = strlen(why);
  memcpy(message, why, length < sizeof message ? length : sizeof message - 1);
}

void Reply::lack_memory() {
  fail(Status::failed, "the program has no memory left for this; nothing was done");
}

bool is_short_enough(const Request& request, std::uint64_t time_for_each, Reply& reply) {
  constexpr std::uint64_t usual = 200, part = 4;
  const auto most = request.options.number_after(wire::door::max_pause_option, usual) * ns_of_ms;
  const auto blocks = count_blocks();
  if (blocks > 0 && blocks * time_for_each <= most) return true;
  const auto counting = count_until(monotonic_now() + most / part);
  const bool is_known = counting.is_complete;
  const auto count = is_known || blocks / 2 < counting.count ? counting.count : blocks / 2;
  if (count * time_for_each <= most) return true;
  refuse_length(reply, count, count * time_for_each, most);
  return false;
}

void add_version(Text& text) {
  const char* const version = py.Py_GetVersion();
  std::size_t length = 0;
  while (version[length] != '\0' && version[length] != ' ') ++length;
  text.add("\"python\":").add_string({version, length});
}

}  // namespace mprofpp::agent::objects
