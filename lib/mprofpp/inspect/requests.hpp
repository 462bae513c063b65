#pragma once

#include <string>
#include <vector>

#include "mprofpp/inspect/client.hpp"
#include "mprofpp/inspect/stacks.hpp"

/// The requests that the agent answers. The place of an error is empty, because only the caller knows the
/// name of the process.
namespace mprofpp::inspect {

/// Checks that the agent answers. Errors: those of Client::ask().
Result<void> say_hello(Client& client);

enum class Locals { left_out, shown };

struct StacksAnswer {
  Stacks stacks;
  Duration held{};  ///< how long Python ran nothing else
};
/// Reads the stacks of all threads, tasks and greenlets. Errors: busy if Python could not answer within
/// `patience`; unsupported if the program does not run Python; those of Client::ask().
Result<StacksAnswer> read_stacks(Client& client, Locals locals, Duration patience);

/// Which thread runs code.
enum class Runner {
  agent,        ///< one of the agent's own
  main_thread,  ///< the main thread of the program, at its next safe point
};
/// Whether code is complete.
enum class Source {
  script,  ///< it is, and values are not shown
  typed    ///< more lines may follow
};
struct Code {
  std::string text;
  Source source = Source::script;
  Runner runner = Runner::agent;
  Duration patience{};
};
Result<Ending> run_code(Client& client, const Code& code, const TakeOutput& take,
                        const Control& control);

/// Returns the names that start with `text`, which may have dots. Names that a terminal cannot show are left
/// out. Errors: busy; denied if the program refuses code; those of Client::ask().
Result<std::vector<std::string>> complete(Client& client, const std::string& text,
                                          Duration patience);

/// Returns the error for a request that has not been carried out. Errors: busy, denied, unsupported.
Error not_done(const Ending& ending);

}  // namespace mprofpp::inspect
