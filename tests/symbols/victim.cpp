#include "victim.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "support/paths.hpp"

namespace mprofpp::test {

const char* const source_of_program = R"(
#include <functional>
namespace app {
volatile int sink;
struct Loader {
  Loader();
  virtual ~Loader();
  int load(int times) const;
  bool operator<(const Loader& other) const;
  operator int() const;
  int operator()(int n);
};
Loader::Loader() { sink = 1; }
Loader::~Loader() { sink = 2; }
int Loader::load(int times) const { return sink + times; }
bool Loader::operator<(const Loader&) const { return sink < 3; }
Loader::operator int() const { return sink; }
int Loader::operator()(int n) { return n + sink; }
template <class T> T twice(T value) { sink = 4; return value + value; }
template int twice<int>(int);
template double twice<double>(double);
std::function<int(int)> adder(int a) { return [a](int b) { return a + b + sink; }; }
}
namespace { int hidden(int n) { return app::sink + n; } }
extern "C" int plain(int n) { return app::sink - n; }
int main(int argc, char**) {
  int (*volatile way)(int) = hidden;
  return way(argc) + app::adder(1)(2) > 1000;
}
)";

const char* const source_of_library = R"(
namespace library {
volatile int sink;
static int inner(int n) { return sink + n; }
int (*volatile way)(int) = inner;
int work(int n) { return way(n); }
}
extern "C" int library_entry(int n) { return library::work(n); }
)";

namespace {

int status_of(const std::string& command) {
  return std::system(command.c_str());  // the command is our own
}

}  // namespace

bool Workshop::is_open() const {
  return status_of(compiler_ + " --version >" + path("version") + " 2>&1") == 0;
}

void Workshop::run(const std::string& command) const {
  INFO("command: ", command);
  REQUIRE(status_of("cd '" + folder_.path() + "' && " + command) == 0);
}

std::string Workshop::compile(const std::string& name, const std::string& source,
                              const std::string& options) const {
  folder_.write(name + ".cpp", source);
  run(compiler_ + " " + name + ".cpp -o " + name + " " + options);
  return path(name);
}

std::multimap<std::uint64_t, std::string> Workshop::functions_of(const std::string& name,
                                                                 const std::string& options) const {
  run("nm --defined-only " + options + " " + name + " > " + name + ".nm");
  std::istringstream lines(bytes_of(path(name + ".nm")));
  std::multimap<std::uint64_t, std::string> functions;
  std::string address;
  std::string kind;
  for (std::string symbol; lines >> address >> kind && std::getline(lines >> std::ws, symbol);) {
    if (kind == "t" || kind == "T" || kind == "W" || kind == "w") {
      functions.emplace(std::stoull(address, nullptr, 16), symbol);
    }
  }
  return functions;
}

}  // namespace mprofpp::test
