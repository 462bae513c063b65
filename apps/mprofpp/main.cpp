#include <string>
#include <vector>

#include "cli.hpp"
#include "console.hpp"

int main(int argc, char** argv) {
  const mprofpp::app::Console console;
  return mprofpp::app::dispatch(std::vector<std::string>(argv + 1, argv + argc), console);
}
