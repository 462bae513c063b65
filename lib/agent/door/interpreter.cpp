#include "door/interpreter.hpp"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include <initializer_list>

#include "core/calls.hpp"
#include "core/environment.hpp"
#include "core/freestanding.hpp"
#include "door/call_growth.hpp"
#include "door/handlers_source.hpp"
#include "door/own_classes.hpp"
#include "door/python_lock.hpp"
#include "mprofpp/wire/path.hpp"
#include "objects/functions.hpp"
#include "objects/lookup.hpp"
#include "objects/request.hpp"
#include "python/attached.hpp"
#include "python/object.hpp"
#include "python/thread_frames.hpp"

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
constexpr char no_memory_message[] = "the program has no memory left for this; nothing was done";
constexpr char blocked_message[] =
    "the main thread did not run Python code in that time, for example because it waits; nothing was done";
constexpr char of_another_message[] = "another recorder marks the functions of this program";
constexpr char unmarked_message[] = "the functions of this Python cannot be marked";
constexpr char free_threaded_message[] =
    "this Python runs without a lock, so its objects change while they are looked at";
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
  return python::frames_of_threads();
}
const python::Method current_frames_method{
    "current_frames", reinterpret_cast<void*>(current_frames), python::takes::nothing, nullptr};

/// other_interpreters(): how many there are in addition to this one.
Object* other_interpreters(Object*, Object*) {
  long count = -1;
  for (void* one = lock_functions.first_interpreter(); one != nullptr;
       one = lock_functions.next_interpreter(one))
    ++count;
  return py.PyLong_FromLong(count);
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
  set(sources.get(), "holders", Ref(py.PyUnicode_FromString(holders_source)));
  set(sources.get(), "collector", Ref(py.PyUnicode_FromString(collector_source)));
  set(names.get(), "sources", Ref::to(sources.get()));
  const bool has_functions = objects::prepare_functions();
  for (const auto* function = objects::functions; has_functions && function->name != nullptr;
       ++function) {
    set(names.get(), function->name, Ref(py.PyCFunction_NewEx(function, nullptr, nullptr)));
  }
  const Ref done(
      py.PyRun_String(handlers_source, python::grammar::file_input, names.get(), names.get()));
  if (!done) py.PyErr_Clear();
  if (done && handlers == nullptr) handlers = names.release();  // or another worker was faster
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

/// Returns why a call of Python failed, and clears its exception.
const char* reason_of_failure() {
  auto* const lacks_memory = static_cast<Object**>(python::find_symbol("PyExc_MemoryError"));
  const bool is_lack = lacks_memory != nullptr && py.PyErr_Occurred() != nullptr &&
                       py.PyErr_ExceptionMatches(*lacks_memory) != 0;
  py.PyErr_Clear();
  return is_lack ? no_memory_message : no_handlers_message;
}

/// Calls `answer` of handlers.py. Returns false, maybe with an exception, if that fails.
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

/// Marks a request in the recording while it lives, so that its memory is not taken for the program's. A
/// recorder that counts objects has lines of its own for that. Completions are not marked.
class RequestMark {
 public:
  RequestMark(const Job& job, const Verb& verb)
      : name_("mprofpp "),
        is_marked_(!has_option(job, wire::door::unmarked_option) &&
                   !verb.is(wire::door::complete_verb)) {
    name_.add(verb.text);
    if (is_marked_) enter(text());
  }
  ~RequestMark() {
    if (is_marked_) leave(text());
  }
  RequestMark(const RequestMark&) = delete;
  RequestMark& operator=(const RequestMark&) = delete;

 private:
  wire::TextView text() const { return {name_.text(), strlen(name_.text())}; }

  wire::Path name_;
  bool is_marked_;
};

using AnswerAboutObjects = void(const objects::Request& request, objects::Reply& reply);

/// Returns the function that answers a request about objects; null if it is another request.
AnswerAboutObjects* answer_for(const Verb& verb) {
  if (verb.is(wire::door::objects_verb)) return objects::answer_objects;
  if (verb.is(wire::door::instances_verb)) return objects::answer_instances;
  return nullptr;
}

/// Answers a request about objects. Returns false if it is another one. Requires the lock.
bool answer_about_objects(Client& client, const Verb& verb, objects::Reply& reply) {
  auto* const answer = answer_for(verb);
  if (answer == nullptr) return false;
  auto& job = client.job;
  if (py.is_free_threaded) {
    job.done.status = Status::refused;
    job.message = free_threaded_message;
    return true;
  }
  if (is_about_call(job)) {
    answer_about_call(client, handlers, reply);
  } else {
    const RequestMark mark(job, verb);
    objects::CollectionsPaused pause;
    answer({objects::Options({job.options, job.sizes.options_size}),
            {job.body, job.sizes.body_size},
            handlers,
            pause},
           reply);
  }
  objects::forget_names();
  job.done.status = reply.status;
  memcpy(job.text, reply.message, sizeof job.text);
  if (job.text[0] != '\0') job.message = job.text;
  return true;
}

/// Runs a request, and marks it in the recording. Requires the lock.
void run_marked(Client& client, const Verb& verb) {
  const RequestMark mark(client.job, verb);
  const pid_t pid = ::getpid();
  auto& done = client.job.done;
  done.status = Status::failed;
  const bool is_answered = call_answer(client, verb.text, done.status);
  if (::getpid() != pid) ::_exit(0);  // what was typed has forked, and the child has no console
  if (!is_answered) client.job.message = reason_of_failure();
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

bool is_about_references(const Verb& verb) {
  return verb.is(wire::door::holders_verb) || verb.is(wire::door::collector_verb);
}

/// Returns true if code in Python may look at the references of all objects, for which it has functions in C.
bool may_look_at_references(Client& client, const Verb& verb, objects::Reply& reply) {
  // in ns; with a million objects, 70 to 170 were measured for chains, and 120 to 220 for a trial
  constexpr std::uint64_t for_chains = 150, for_trial = 200;
  auto& job = client.job;
  const bool is_about_holders = verb.is(wire::door::holders_verb);
  const bool looks_at_all = is_about_holders || has_option(job, "collect");
  const auto time_for_each = is_about_holders ? for_chains : for_trial;
  objects::CollectionsPaused pause;
  const objects::Request request{
      objects::Options({job.options, job.sizes.options_size}), {}, handlers, pause};
  if (py.is_free_threaded) {
    reply.fail(Status::refused, free_threaded_message);
  } else if (!looks_at_all || objects::is_short_enough(request, time_for_each, reply)) {
    return true;
  }
  job.done.status = reply.status;
  memcpy(job.text, reply.message, sizeof job.text);
  job.message = job.text;
  return false;
}

/// Runs a request that code in Python answers with functions in C. These fail only without memory.
void run_about_references(Client& client, const Verb& verb, objects::Reply& reply) {
  if (!may_look_at_references(client, verb, reply)) return;
  run_marked(client, verb);
  objects::forget_names();
  const bool is_unexplained = client.job.message == nullptr;
  if (client.job.done.status == Status::failed && is_unexplained)
    client.job.message = no_memory_message;
}

/// Runs a request in the way that it needs. Requires the lock.
void run(Client& client, const Verb& verb, objects::Reply& reply) {
  if (answer_about_objects(client, verb, reply) || answer_natively(client, verb)) return;
  if (is_about_references(verb)) return run_about_references(client, verb, reply);
  if (!has_option(client.job, wire::door::main_option)) {
    run_marked(client, verb);
  } else if (!run_by_main(client)) {
    client.job.done.status = Status::busy;
    client.job.message = blocked_message;
  }
}

/// Returns false if the server has given the request up.
bool run_with_lock(Client& client, const Verb& verb, objects::Reply& reply) {
  const HoldLock hold_lock;
  if (!client.change_phase(Phase::requested, Phase::running)) {
    client.set_phase(Phase::idle);
    return false;
  }
  const auto begin = monotonic_now();
  client.is_stopped.store(false);
  run(client, verb, reply);
  auto& held = client.job.done.held_ns;
  if (!is_about_call(client.job)) held = monotonic_now() - begin;
  return true;
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
  objects::Reply reply;
  if (!run_with_lock(client, verb, reply)) return;
  const auto& text = reply.text;
  constexpr char stream = static_cast<char>(wire::door::Stream::out);
  if (text.size() > 0) put_out(client, stream, text.bytes(), text.size());
  client.set_phase(Phase::finished);
  signal(visit.progress);
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
  OwnClasses classes;
  classes.take(handlers, module_name);
  Object* const end = py.PyDict_GetItemString(handlers, "end");
  const Ref done(end == nullptr ? nullptr : py.PyObject_CallFunction(end, nullptr));
  if (!done) py.PyErr_Clear();
  py.Py_DecRef(handlers);
  handlers = nullptr;
  classes.clear();
}

}  // namespace mprofpp::agent::door
