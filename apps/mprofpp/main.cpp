#include <string>
#include <vector>

#include "cli.hpp"
#include "console.hpp"
#include "exit_status.hpp"
#include "file_size_limit.hpp"
#include "standard_descriptors.hpp"

int main(int argc, char** argv) {
  using namespace mprofpp::app;
  occupy_standard_descriptors();
  survive_file_size_limit();
  const Console console;
  const int status = dispatch(std::vector<std::string>(argv + 1, argv + argc), console);
  const auto printed = console.printed();
  if (printed) return status;
  console.report(printed.error());
  return status == exit_status::success ? exit_status::failure : status;
}
