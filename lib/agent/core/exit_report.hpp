#pragma once

/// A process reports its own memory peak when it exits, so that a process that no sample saw is
/// recorded too. A process that is killed, is sandboxed or cannot reach the folder of the run
/// reports nothing.
namespace mprofpp::agent {

/// Must be called once, before the program's own constructors.
void prepare_exit_reports();
/// Must be called in the child of a fork, which has memory of its own to report.
void report_as_new_process();

/// Reports that this process is about to exit. Safe in a signal handler; preserves errno.
void report_exit();
/// Reports that another program is about to replace the one in this process.
void report_exec();

}  // namespace mprofpp::agent
