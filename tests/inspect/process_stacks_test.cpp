#include "mprofpp/inspect/process_stacks.hpp"

#include <doctest/doctest.h>

using namespace mprofpp;
using namespace mprofpp::inspect;

namespace {

Stack thread(std::string name, pid_t tid, std::vector<Frame> frames) {
  return {StackKind::thread, std::move(name), tid, std::move(frames)};
}

ProcessStacks process_with(std::vector<Stack> stacks) {
  ProcessStacks process;
  process.pid = 12;
  process.command = "python3 server.py";
  process.folder = "/srv/app";
  process.stacks = {"3.11.2", std::move(stacks)};
  return process;
}

const Frame wait{"wait", "/usr/lib/python3.11/threading.py", 320};
const Frame serve{"Server.serve", "/srv/app/server.py", 7};

}  // namespace

TEST_CASE("each thread has a paragraph with its state and its frames") {
  auto process = process_with({thread("MainThread", 12, {wait, serve})});
  process.states[12] = "waiting in futex";
  CHECK(stacks_text(process, TextColours::none) ==
        "process 12, Python 3.11.2: python3 server.py\n"
        "\n"
        "thread MainThread 12, waiting in futex\n"
        "  wait (threading.py:320)\n"
        "  Server.serve (server.py:7)\n");
}

TEST_CASE("equal stacks are one paragraph, unless their threads do different things") {
  auto process = process_with({thread("a", 12, {wait}), thread("b", 13, {wait}),
                               thread("c", 14, {wait}), thread("d", 15, {serve})});
  process.states = {{12, "waiting in futex"}, {13, "waiting in futex"}, {14, "running"}};
  CHECK(stacks_text(process, TextColours::none) ==
        "process 12, Python 3.11.2: python3 server.py\n"
        "\n"
        "2 threads: a 12, b 13; all waiting in futex\n"
        "  wait (threading.py:320)\n"
        "\n"
        "thread c 14, running\n"
        "  wait (threading.py:320)\n"
        "\n"
        "thread d 15\n"
        "  Server.serve (server.py:7)\n");
}

TEST_CASE("tasks and greenlets are named, and many names are counted") {
  std::vector<Stack> stacks;
  for (int i = 1; i <= 100; ++i)
    stacks.push_back({StackKind::task, "Task-" + std::to_string(i), std::nullopt, {serve}});
  stacks.push_back({StackKind::greenlet, "", std::nullopt, {}});
  const auto text = stacks_text(process_with(stacks), TextColours::none);
  CHECK(text.find("\n100 tasks: Task-1, Task-2, ") != std::string::npos);
  CHECK(text.find(" more\n  Server.serve (server.py:7)\n") != std::string::npos);
  CHECK(text.ends_with("\ngreenlet\n  no Python functions\n"));
}

TEST_CASE("local variables follow their frame, and stacks with other values are not equal") {
  auto one = serve;
  one.locals = {{"n", "1"}};
  auto two = serve;
  two.locals = {{"n", "2"}};
  const auto text = stacks_text(process_with({thread("a", 12, {one}), thread("b", 13, {two})}),
                                TextColours::none);
  CHECK(text.find("thread a 12\n  Server.serve (server.py:7)\n      n = 1\n") != std::string::npos);
  CHECK(text.find("thread b 13\n  Server.serve (server.py:7)\n      n = 2\n") != std::string::npos);
}

TEST_CASE("texts of the program cannot control the terminal") {
  auto process = process_with({thread("\x1b[2J", 12, {{"f\n", "\x1b.py", 1, {{"\r", "\x07"}}}})});
  process.command = "\x1b]0;x";
  process.stacks.python = "\x1b";
  const auto text = stacks_text(process, TextColours::none);
  CHECK(text.find_first_of("\x1b\r\x07") == std::string::npos);
  CHECK(stacks_json(process).find('\x1b') == std::string::npos);
}

TEST_CASE("with colours the titles are bold and the places faint") {
  const auto text = stacks_text(process_with({thread("a", 12, {serve})}), TextColours::shown);
  CHECK(text.find("\033[1mthread a 12\033[0m\n") != std::string::npos);
  CHECK(text.find("Server.serve \033[2m(server.py:7)\033[0m\n") != std::string::npos);
}

TEST_CASE("paths are shown from their package or from the program's folder on") {
  CHECK(short_path("/usr/lib/python3/dist-packages/uvicorn/server.py", "/") == "uvicorn/server.py");
  CHECK(short_path("/v/lib/python3.13t/site-packages/x/y.py", "/") == "x/y.py");
  CHECK(short_path("/usr/lib/python3.11/asyncio/events.py", "/") == "asyncio/events.py");
  CHECK(short_path("/srv/app/a/b.py", "/srv/app") == "a/b.py");
  CHECK(short_path("/srv/application/b.py", "/srv/app") == "/srv/application/b.py");
  CHECK(short_path("/home/python3/b.py", "/srv") == "b.py");
  CHECK(short_path("/home/python3-course/b.py", "/srv") == "/home/python3-course/b.py");
  CHECK(short_path("<string>", "/srv") == "<string>");
  CHECK(short_path("", "") == "");
}

TEST_CASE("JSON has everything, with null for what is unknown") {
  auto process = process_with({thread("a", 12, {serve}), {StackKind::task, "t", {}, {}}});
  process.states[12] = "running";
  process.held = std::chrono::microseconds(1500);
  CHECK(
      stacks_json(process) ==
      R"({"schema":1,"pid":12,"command":"python3 server.py","python":"3.11.2","left_out":"","held_ms":1.5,)"
      R"("stopped_ms":null,"stacks":[{"kind":"thread","name":"a","tid":12,"state":"running",)"
      R"("frames":[{"function":"Server.serve","file":"/srv/app/server.py","line":7}]},)"
      R"({"kind":"task","name":"t","tid":null,"state":null,"frames":[]}]})"
      "\n");
}
