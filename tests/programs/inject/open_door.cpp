// open_door [--yama FILE] [--patience SECONDS] [--times N] [--pause MILLISECONDS] PID LIBRARY [REQUEST]...
//
// Opens the door of a process N times and says hello to it. Prints a line each time: the answer, the
// milliseconds until it came, and those for which the process was stopped; or the error.

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>

#include "mprofpp/inject/door.hpp"

namespace {

using namespace mprofpp;
using Clock = std::chrono::steady_clock;

struct Settings {
  inject::Limits limits;
  int times = 1;
  std::chrono::milliseconds pause{0};
};

bool take_option(Settings& settings, std::string_view name, const char* value) {
  if (name == "--yama") settings.limits.yama = value;
  if (name == "--patience") settings.limits.patience = *duration_from_seconds(std::atof(value));
  if (name == "--times") settings.times = std::atoi(value);
  if (name == "--pause") settings.pause = std::chrono::milliseconds(std::atoi(value));
  return name.starts_with("--");
}

double milliseconds(Duration duration) {
  return to_seconds(duration) * 1000;
}

bool visit(pid_t pid, const inject::Payload& payload, const Settings& settings) {
  const auto begin = Clock::now();
  const auto door = inject::open_door(pid, payload, settings.limits);
  if (!door) {
    const auto& error = door.error();
    std::printf("%s: %s (%s)\n", error.place.c_str(), error.what.c_str(), error.hint.c_str());
    return false;
  }
  std::array<char, 64> answer{};
  const bool is_sent = ::send(door->socket.get(), "x", 1, MSG_NOSIGNAL) == 1;
  const auto got = is_sent ? ::read(door->socket.get(), answer.data(), answer.size() - 1) : 0;
  const auto text = std::string_view(answer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  const bool is_good = text == "hello\n";
  std::printf("%s %.3f %.3f\n", is_good ? "hello" : "nothing", milliseconds(Clock::now() - begin),
              milliseconds(door->stopped));
  std::fflush(stdout);
  return is_good;
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  int at = 1;
  while (at + 1 < argc && take_option(settings, argv[at], argv[at + 1])) at += 2;
  if (argc - at < 2) return 2;
  const pid_t pid = std::atoi(argv[at]);
  const inject::Payload payload{argv[at + 1], {}, {argv + at + 2, argv + argc}};
  bool is_good = true;
  for (int i = 0; i < settings.times && is_good; ++i) {
    is_good = visit(pid, payload, settings);
    std::this_thread::sleep_for(settings.pause);
  }
  return is_good ? 0 : 1;
}
