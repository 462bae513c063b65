#include "cli/cli.hpp"
#include "cli/exit_status.hpp"
#include "console/console.hpp"
#include "console/process_setup.hpp"

int main(int argc, char** argv) {
  using namespace mprofpp::app;
  occupy_standard_descriptors();
  report_file_size_limit();
  Console console;
  const int status = dispatch(Arguments(argv + 1, argv + argc), console);
  const auto printed = console.printed();
  if (printed) return status;
  console.report(printed.error());
  return status == exit_status::success ? exit_status::failure : status;
}
