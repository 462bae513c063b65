#include "door/interpreter.hpp"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include <initializer_list>

#include "core/calls.hpp"
#include "core/environment.hpp"
#include "core/freestanding.hpp"
#include "door/handlers_source.hpp"
#include "door/python_lock.hpp"
#include "door/thread_frames.hpp"
#include "mprofpp/wire/path.hpp"
#include "python/attached.hpp"
#include "python/object.hpp"

namespace mprofpp::agent::door {
namespace {

using python::Object;
using python::py;
using python::Ref;
using wire::door::Header;
using wire::door::Kind;
using wire::door::Status;

constexpr char module_name[] = "mprofpp.door";
constexpr char exits_message[] = "the program is exiting";
constexpr char no_python_message[] = "this program does not run Python";
constexpr char no_handlers_message[] = "Python could not run the agent's code";
constexpr char blocked_message[] =
    "the main thread did not run Python code in that time, for example because it waits; nothing was done";
constexpr char of_another_message[] = "another recorder marks the functions of this program";
constexpr char unmarked_message[] = "the functions of this Python cannot be marked";
constexpr char no_console_message[] = "code runs only in programs that allow it";

constinit Visit* visit_of_handlers = nullptr;
constinit Object* handlers =
    nullptr;  ///< the namespace of the code in Python; null until it is needed

// What the code in Python calls

/// Passes bytes on to the client. Returns false if it is gone.
bool put_out(Client& client, char stream, const char* bytes, std::size_t size) {
  constexpr std::size_t most = Output::room / 4;
  do {
    const auto part = size < most ? size : most;
    const Header header{static_cast<std::uint32_t>(1 + part), Kind::output};
    if (!client.output.wait_for_space(sizeof header + 1 + part)) return false;
    client.output.write(&header, sizeof header);
    client.output.write(&stream, 1);
    client.output.write(bytes, part);
    signal(visit_of_handlers->progress);
    bytes += part;
    size -= part;
  } while (size > 0);
  return true;
}

Client* client_of_this_thread() {
  for (auto& client : visit_of_handlers->clients) {
    const bool is_ours = client.has_worker.load() && client.runner.load() == ::pthread_self();
    if (is_ours) return &client;
  }
  return nullptr;
}

/// send(stream, bytes). Other threads have no client, and what they send is dropped: they were started by
/// code that somebody has typed.
Object* send(Object*, Object* arguments) {
  const long stream = py.PyLong_AsLong(py.PyTuple_GetItem(arguments, 0));
  Object* const bytes = py.PyTuple_GetItem(arguments, 1);
  const auto size = static_cast<std::size_t>(py.PyBytes_Size(bytes));
  const char* const text = py.PyBytes_AsString(bytes);
  Client* const client = client_of_this_thread();
  if (client == nullptr || text == nullptr || size == 0) return python::none();
  bool is_sent = false;
  {
    const GiveUpLock give_up_lock;
    is_sent = put_out(*client, static_cast<char>(stream), text, size);
  }
  if (is_sent) return python::none();
  py.PyErr_SetString(static_cast<Object*>(*lock_functions.keyboard_interrupt),
                     "the client has gone");
  return nullptr;
}
const python::Method send_method{"send", reinterpret_cast<void*>(send), python::takes::positional,
                                 nullptr};

/// current_frames(): the innermost frames of the threads by their numbers, as sys._current_frames() has them.
Object* current_frames(Object*, Object*) {
  Object* const frames = frames_of_threads();
  if (frames != nullptr) return frames;
  const Ref sys = python::imported("sys");
  return py.PyObject_CallMethod(sys.get(), "_current_frames", nullptr);
}
const python::Method current_frames_method{
    "current_frames", reinterpret_cast<void*>(current_frames), python::takes::nothing, nullptr};

/// other_interpreters(): how many there are in addition to this one.
Object* other_interpreters(Object*, Object*) {
  return py.PyLong_FromLong(count_other_interpreters());
}
const python::Method other_interpreters_method{"other_interpreters",
                                               reinterpret_cast<void*>(other_interpreters),
                                               python::takes::nothing, nullptr};

// The code in Python

void set(Object* names, const char* name, const Ref& value) {
  if (value) py.PyDict_SetItemString(names, name, value.get());
}

/// Returns the namespace of handlers.py, borrowed. It runs now if it has not. Requires the lock.
Object* loaded_handlers() {
  if (handlers != nullptr) return handlers;
  Ref names(py.PyDict_New());
  if (!names) return nullptr;
  set(names.get(), "__name__", Ref(py.PyUnicode_FromString(module_name)));
  set(names.get(), "__builtins__", python::imported("builtins"));
  set(names.get(), "sys", python::imported("sys"));
  for (const auto* method : {&send_method, &current_frames_method, &other_interpreters_method})
    set(names.get(), method->name, Ref(py.PyCFunction_NewEx(method, nullptr, nullptr)));
  const Ref sources(py.PyDict_New());
  if (!sources) return nullptr;
  set(sources.get(), "stacks", Ref(py.PyUnicode_FromString(stacks_source)));
  set(sources.get(), "console", Ref(py.PyUnicode_FromString(console_source)));
  set(names.get(), "sources", Ref::to(sources.get()));
  const Ref done(
      py.PyRun_String(handlers_source, python::grammar::file_input, names.get(), names.get()));
  if (!done) py.PyErr_Clear();
  if (done) handlers = names.release();
  return handlers;
}

Ref bytes_of(const char* text, std::size_t size) {
  return Ref(static_cast<Object*>(lock_functions.bytes(text, static_cast<long>(size))));
}

/// Returns true if the options, which are separated by newlines, have that one.
bool has_option(const Job& job, const char* name) {
  const std::size_t length = strlen(name);
  const char* const end = job.options + job.sizes.options_size;
  for (const char* at = job.options; at < end;) {
    const auto left = static_cast<std::size_t>(end - at);
    const auto* const newline = static_cast<const char*>(memchr(at, '\n', left));
    const auto size = newline == nullptr ? left : static_cast<std::size_t>(newline - at);
    if (size == length && memcmp(at, name, length) == 0) return true;
    at += size + 1;
  }
  return false;
}

/// A short text with a zero byte at its end.
struct Verb {
  char text[32] = {};
  explicit Verb(const Job& job) {
    const std::size_t length = job.sizes.verb_size;
    memcpy(text, job.verb, length < sizeof text ? length : sizeof text - 1);
  }
  bool is(const char* other) const { return strcmp(text, other) == 0; }
};

/// Calls `answer` of handlers.py. Returns false if that fails.
bool call_answer(Client& client, const char* verb, Status& status) {
  Object* const names = loaded_handlers();
  Object* const answer = names == nullptr ? nullptr : py.PyDict_GetItemString(names, "answer");
  if (answer == nullptr) return false;
  const auto& job = client.job;
  const Ref options = bytes_of(job.options, job.sizes.options_size);
  const Ref body = bytes_of(job.body, job.sizes.body_size);
  if (!options || !body) return false;
  const auto number = static_cast<long>(&client - visit_of_handlers->clients);
  const Ref result(py.PyObject_CallFunction(answer, "sOOlk", verb, options.get(), body.get(),
                                            number, client.runner.load()));
  if (result) status = static_cast<Status>(py.PyLong_AsLong(result.get()));
  if (!result) py.PyErr_Clear();
  return static_cast<bool>(result);
}

/// Starts marks for a recorder, which describes itself in the body. Requires the lock.
void listen(Client& client) {
  const auto& job = client.job;
  auto& done = client.job.done;
  done.status = Status::failed;
  const bool is_block = job.sizes.body_size >= 2 && job.body[job.sizes.body_size - 1] == '\0' &&
                        job.body[job.sizes.body_size - 2] == '\0';
  const auto attachment =
      is_block ? python::begin_attached_marks(job.body) : python::Attachment::refused;
  if (attachment == python::Attachment::begun) done.status = Status::done;
  if (attachment == python::Attachment::refused) client.job.message = unmarked_message;
  if (attachment == python::Attachment::of_another) client.job.message = of_another_message;
}

/// Answers a request that needs no code in Python. Returns false if it is another one. Requires the lock.
bool answer_natively(Client& client, const Verb& verb) {
  if (verb.is(wire::door::listen_verb)) {
    listen(client);
  } else if (verb.is(wire::door::end_listen_verb)) {
    python::end_attached_marks();
    client.job.done.status = Status::done;
  } else {
    return false;
  }
  return true;
}

/// Runs a request, and marks it in the recording. Requires the lock.
void run_marked(Client& client, const Verb& verb) {
  wire::Path name("mprofpp ");
  name.add(verb.text);
  const wire::TextView text{name.text(), strlen(name.text())};
  const bool is_marked = !verb.is(wire::door::complete_verb);
  const pid_t pid = ::getpid();
  if (is_marked) enter(text);
  auto& done = client.job.done;
  done.status = Status::failed;
  const bool is_answered = call_answer(client, verb.text, done.status);
  if (::getpid() != pid) ::_exit(0);  // what was typed has forked, and the child has no console
  if (!is_answered) client.job.message = no_handlers_message;
  if (is_marked) leave(text);
}

// The main thread

constexpr auto number(MainCall state) {
  return static_cast<std::uint32_t>(state);
}

/// Changes the state of a call in the main thread. Returns false if it is not `from`.
bool change(Client& client, MainCall from, MainCall to) {
  auto expected = number(from);
  const bool is_changed = client.main_call.compare_exchange_strong(expected, number(to));
  if (is_changed) wake(client.main_call);
  return is_changed;
}

/// Is called by the main thread, which holds the lock. It must not raise an exception: the program would get
/// it.
int run_in_main(void* argument) {
  auto& client = *static_cast<Client*>(argument);
  if (!change(client, MainCall::posted, MainCall::running)) return 0;
  const auto worker = client.runner.exchange(::pthread_self());
  const python::KeepException keep_exception;
  run_marked(client, Verb(client.job));
  lock_functions.raise(client.runner.load(), nullptr);  // an interrupt that came too late
  client.runner.store(worker);
  change(client, MainCall::running, MainCall::done);
  return 0;
}

/// Lets the main thread run the request. Returns false if it did not reach a safe point in time.
bool run_by_main(Client& client) {
  client.main_call.store(number(MainCall::posted));
  if (py.Py_AddPendingCall == nullptr || py.Py_AddPendingCall(run_in_main, &client) != 0)
    return false;
  const GiveUpLock give_up_lock;
  while (true) {
    const auto seen = client.main_call.load();
    if (seen == number(MainCall::done)) return true;
    const bool is_late = monotonic_now() > client.deadline || client.is_gone.load();
    if (is_late && change(client, MainCall::posted, MainCall::none)) return false;
    constexpr long nap = 20;  // milliseconds
    wait_while(client.main_call, seen, nap);
  }
}

bool is_exiting() {
  return lock_functions.is_finalizing != nullptr && lock_functions.is_finalizing() != 0;
}

void refuse(Visit& visit, Client& client, Status status, const char* message) {
  if (!client.change_phase(Phase::requested, Phase::running)) {
    client.set_phase(Phase::idle);
    return;
  }
  client.job.done.status = status;
  client.job.message = message;
  client.set_phase(Phase::finished);
  signal(visit.progress);
}

bool is_allowed(const Verb& verb) {
  const bool is_code = verb.is(wire::door::run_verb) || verb.is(wire::door::complete_verb);
  return !is_code || environment().allows_console();
}

void run_with_lock(Visit& visit, Client& client, const Verb& verb) {
  const HoldLock hold_lock;
  if (!client.change_phase(Phase::requested, Phase::running)) {
    client.set_phase(Phase::idle);  // the server has given up
    return;
  }
  const auto begin = monotonic_now();
  client.is_stopped.store(false);
  if (answer_natively(client, verb)) {
    // nothing else is to be done
  } else if (!has_option(client.job, wire::door::main_option)) {
    run_marked(client, verb);
  } else if (!run_by_main(client)) {
    client.job.done.status = Status::busy;
    client.job.message = blocked_message;
  }
  client.job.done.held_ns = monotonic_now() - begin;
  client.set_phase(Phase::finished);
  signal(visit.progress);
}

}  // namespace

bool has_interpreter() {
  const bool is_known = py.version != 0 || py.find();
  return is_known && lock_functions.find() && py.Py_IsInitialized() != 0;
}

void run_request(Visit& visit, Client& client) {
  const Verb verb(client.job);
  if (!has_interpreter()) return refuse(visit, client, Status::refused, no_python_message);
  if (is_exiting()) return refuse(visit, client, Status::busy, exits_message);
  if (!is_allowed(verb)) return refuse(visit, client, Status::refused, no_console_message);
  visit_of_handlers = &visit;
  run_with_lock(visit, client, verb);
}

void forget(Client& client) {
  if (handlers == nullptr || is_exiting()) return;
  const HoldLock hold_lock;
  client.job.sizes = {};
  Status status{};
  call_answer(client, "forget", status);
}

void interrupt_request(Client& client) {
  if (!has_interpreter() || is_exiting()) return;
  const HoldLock hold_lock;
  if (client.get_phase() != Phase::running) return;
  lock_functions.raise(client.runner.load(), *lock_functions.keyboard_interrupt);
}

void forget_handlers() {
  if (handlers == nullptr || is_exiting()) return;
  const HoldLock hold_lock;
  const python::KeepException keep_exception;
  Object* const end = py.PyDict_GetItemString(handlers, "end");
  const Ref done(end == nullptr ? nullptr : py.PyObject_CallFunction(end, nullptr));
  if (!done) py.PyErr_Clear();
  py.Py_DecRef(handlers);
  handlers = nullptr;
}

}  // namespace mprofpp::agent::door
