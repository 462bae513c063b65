#pragma once

#include <cstddef>
#include <cstdint>

/// The protocol of the door: a Unix socket by which mprofpp sends requests to the agent in a running program.
///
/// Both ends are processes of one machine, so numbers have the machine's byte order. Either end sends frames:
/// a Header and `size` bytes. A client sends a request and waits until it is done; meanwhile it may send an
/// interrupt. Neither end trusts the other: a frame that is too long or unknown ends the connection.
namespace mprofpp::wire::door {

/// A function and a variable that the agent exports, for opening its door.
inline constexpr char open_function[] = "mprofpp_open_door";
inline constexpr char state_variable[] = "mprofpp_door_state";

/// The content of state_variable.
struct State {
  static constexpr std::uint32_t closed = 0;
  static constexpr std::uint32_t open = 1;
  static constexpr std::uint32_t failed = 2;

  std::uint32_t state;
  std::int32_t error;  ///< errno, if the state is `failed`
  char socket[108];    ///< as socket_name gives it; ends with a zero byte
};

// The argument of open_function: texts NAME=value that each end with a zero byte, and an empty text.

/// The path of the socket, or @name for one in the abstract namespace.
inline constexpr char socket_name[] = "DOOR";
/// Memory to unmap, as <hexadecimal address>-<hexadecimal size>: it has called open_function.
inline constexpr char scratch_name[] = "SCRATCH";
inline constexpr std::size_t longest_request_block = 64 * 1024;

/// In the folder of a run, followed by the pid.
inline constexpr char socket_prefix[] = "door.";

/// The kinds of frames. The first two are a client's.
enum class Kind : std::uint32_t {
  request = 1,    ///< a Request, the verb, the options and the body
  interrupt = 2,  ///< ends the request that is running, as Ctrl-C does
  output = 16,    ///< a Stream, as one byte, and text
  done = 17       ///< a Done and a message
};

struct Header {
  std::uint32_t size;  ///< of what follows, in bytes
  Kind kind;
};
inline constexpr std::uint32_t longest_frame = 1 << 20;

/// The start of a request; the parts follow in this order.
struct Request {
  std::uint32_t patience_ms;  ///< how long to wait for the interpreter's lock
  std::uint32_t verb_size;
  std::uint32_t options_size;  ///< texts separated by newlines
  std::uint32_t body_size;
};

// Verbs. They need Python, except for the first.

inline constexpr char hello_verb[] = "hello";  ///< outputs a line about the agent
/// Outputs the stacks of threads, tasks and greenlets as JSON. Option `locals`: with local variables.
inline constexpr char stacks_verb[] = "stacks";
/// An option of stacks_verb, followed by milliseconds: what would stop the program for longer is left out,
/// and the answer says so.
inline constexpr char max_pause_option[] = "max-pause=";
/// Runs the body as Python code. Option `script`: the body is complete, and values are not shown.
inline constexpr char run_verb[] = "run";
/// An option of run_verb: the main thread of the program runs it, at its next safe point.
inline constexpr char main_option[] = "main";
/// An option of verbs about objects: a recording of the program has no call that shows when the request ran.
inline constexpr char unmarked_option[] = "unmarked";
/// Starts to mark functions for a recorder. The body is a block like the argument of open_function, with
/// the variables of names.hpp.
inline constexpr char listen_verb[] = "listen";
/// Ends that.
inline constexpr char end_listen_verb[] = "end-listen";
/// Outputs the names that continue the body, one a line.
inline constexpr char complete_verb[] = "complete";

// Requests about the objects of the program. None of its code runs, except with the option `repr`. All take
// max_pause_option: if they would stop the program for longer, nothing is done, and the status is too_long.

/// Outputs the objects that the garbage collector tracks, counted by type, as JSON. Options: `sizes`,
/// `containers`, `count=N` types, and `of`: only what the object holds whose path is the body.
inline constexpr char objects_verb[] = "objects";
/// An option of objects_verb, followed by a pattern of names: counts when the next call of such a function
/// starts and when it has ended. Outputs `function`, `call_ns`, and both answers as `before` and `after`.
inline constexpr char around_option[] = "around=";
/// An option next to that one, followed by milliseconds: how long to wait for the end of the call.
inline constexpr char wait_option[] = "wait=";
/// Outputs the largest objects of the types that have the name after `type=`, as JSON. Options: `count=N`,
/// `addresses`.
inline constexpr char instances_verb[] = "instances";
/// Outputs the chains of references to the objects in the body, one a line, as JSON.
inline constexpr char holders_verb[] = "holders";
/// Outputs the state of the garbage collector as JSON. Option `collect`: also what a collection would free.
inline constexpr char collector_verb[] = "gc";

enum class Stream : std::uint8_t { out = 0, error = 1 };

/// How a request has ended.
enum class Status : std::uint32_t {
  done = 0,
  failed = 1,      ///< the code raised an exception, which was output
  unknown = 2,     ///< the agent does not know the verb
  busy = 3,        ///< the program did not give us the interpreter's lock in time, or exits
  incomplete = 4,  ///< more lines may follow
  exited = 5,      ///< the code tried to end the program
  refused = 6,     ///< not in this program
  too_long =
      7  ///< it would have stopped the program for longer than allowed; the message has an estimate
};

struct Done {
  Status status;
  std::uint32_t spare;
  std::uint64_t held_ns;  ///< how long the interpreter's lock was held at most
};

}  // namespace mprofpp::wire::door
