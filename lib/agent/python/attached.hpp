#pragma once

/// Marks in a program that was running before a recorder attached to it. Unlike in programs that the recorder
/// has started, there is no `profile`, and no audit hook, because Python never removes one. Everything here
/// requires the interpreter's lock.
namespace mprofpp::agent::python {

/// The result of begin_attached_marks().
enum class Attachment {
  begun,
  of_another,  ///< a recorder makes marks in this program already
  refused      ///< by this Python; a note in the folder of the run says why
};

/// Starts to mark functions for the recorder that the block describes: see Environment::adopt().
Attachment begin_attached_marks(const char* block);
/// Ends that and removes everything that the marks needed.
void end_attached_marks();

/// Ends the marks if their recorder was killed. It is called when marked functions start, and looks once in
/// many calls.
void end_marks_without_recorder();

}  // namespace mprofpp::agent::python
