#include "mprofpp/launch/target.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "mprofpp/launch/ended.hpp"
#include "support/paths.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using launch::Target;
using test::TemporaryFolder;

namespace {

launch::Program program(std::vector<std::string> argv) {
  return {std::move(argv), test::stub()};
}

Result<Target> hold(std::vector<std::string> argv) {
  return Target::hold(program(std::move(argv)), launch::read_start_state());
}

}  // namespace

TEST_CASE("a program that is held back has its pid and has not started") {
  const TemporaryFolder folder;
  const auto file = folder / "begun";
  auto target = hold({"touch", file});
  REQUIRE(target.has_value());
  CHECK(target->pid() > 0);
  CHECK_FALSE(std::filesystem::exists(file));
  CHECK(target->release().has_value());
  CHECK(launch::reap(target->pid()).status == 0);
  CHECK(std::filesystem::exists(file));
}

TEST_CASE("a program that is never released is never run, and reaped") {
  const TemporaryFolder folder;
  const auto file = folder / "begun";
  pid_t pid = 0;
  {
    const auto target = hold({"touch", file});
    pid = target->pid();
  }
  CHECK(::waitpid(pid, nullptr, WNOHANG) == -1);
  CHECK_FALSE(std::filesystem::exists(file));
}

TEST_CASE("a program that is killed while it is held back counts as started and ended") {
  ::signal(SIGPIPE, SIG_IGN);
  auto target = hold({"true"});
  REQUIRE(target.has_value());
  ::kill(target->pid(), SIGTERM);
  siginfo_t info{};
  ::waitid(P_PID, static_cast<id_t>(target->pid()), &info, WEXITED | WNOWAIT);
  CHECK(target->release().has_value());
  CHECK(launch::reap(target->pid()).status == 128 + SIGTERM);
}

TEST_CASE("the reason of a failed exec is returned") {
  const TemporaryFolder folder;
  const auto missing_interpreter = folder / "script";
  std::ofstream(missing_interpreter) << "#!/no/such/interpreter\n";
  std::filesystem::permissions(missing_interpreter, std::filesystem::perms::all);
  const auto plain = folder / "plain";
  std::ofstream(plain) << "text";

  const auto reason = [](const std::string& name) {
    auto target = hold({name});
    const auto released = target->release();
    launch::reap(target->pid());
    return released.error().code;
  };
  CHECK(reason("no-such-program-anywhere") == Errc::not_found);
  CHECK(reason("/no/such/program") == Errc::not_found);
  CHECK(reason(plain) == Errc::denied);
  CHECK(reason(missing_interpreter) == Errc::unsupported);
}

TEST_CASE("a Python file that does not exist is a missing file, not a missing program") {
  const auto message = [](const std::string& name) {
    auto target = hold({name});
    const auto released = target->release();
    launch::reap(target->pid());
    return released.error().what;
  };
  CHECK(message("no-such-script.py") == "no such file");
  CHECK(message("/no/such/script.py") == "no such file");
  CHECK(message("python3 no-such-script.py") == "no such program");
  CHECK(message("NAME=no-such-script.py") == "no such program");
}

TEST_CASE("a missing stub is reported before anything runs") {
  const auto target = Target::hold({{"true"}, "/no/such/stub"}, launch::read_start_state());
  REQUIRE_FALSE(target.has_value());
  CHECK(target.error().place == "/no/such/stub");
}

TEST_CASE("the status after a signal is 128 plus its number") {
  auto target = hold({"sh", "-c", "kill -KILL $$"});
  REQUIRE(target->release().has_value());
  CHECK(launch::reap(target->pid()).status == 128 + 9);
}

TEST_CASE("ru_maxrss of a program starts no higher than the stub reported") {
  auto target = hold({"true"});
  CHECK(target->inherited_peak() > Bytes{});
  REQUIRE(target->release().has_value());
  CHECK(launch::reap(target->pid()).largest >= target->inherited_peak());
}

TEST_CASE("descriptors that the program inherits stay open, ours do not") {
  const TemporaryFolder folder;
  const int inherited = ::open("/dev/null", O_RDONLY);
  const auto start_state = launch::read_start_state();
  const int ours = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const auto list = folder / "descriptors";
  auto target = Target::hold(program({"sh", "-c", "ls /proc/$$/fd > " + list}), start_state);
  REQUIRE(target->release().has_value());
  CHECK(launch::reap(target->pid()).status == 0);
  ::close(ours);
  ::close(inherited);

  std::ifstream file(list);
  std::vector<int> open;
  for (int fd = 0; file >> fd;) open.push_back(fd);
  CHECK(std::find(open.begin(), open.end(), inherited) != open.end());
  CHECK(std::find(open.begin(), open.end(), ours) == open.end());
}
