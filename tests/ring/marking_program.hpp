#pragma once

#include <doctest/doctest.h>
#include <sys/types.h>

#include <string>
#include <utility>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/model/process_id.hpp"
#include "mprofpp/wire/names.hpp"
#include "mprofpp/wire/writer.hpp"

/// Rings as programs write them, in the folder of a run.
namespace mprofpp::test {

/// A program with a ring of 64 slots in the folder of a run. Its process does not have to exist.
class MarkingProgram {
 public:
  /// `begun` distinguishes the programs that a process runs one after another.
  MarkingProgram(std::string folder, const model::ProcessId& process, std::uint64_t begun = 1)
      : MarkingProgram(std::move(folder), process, process.pid, begun) {}
  MarkingProgram(const MarkingProgram&) = delete;
  MarkingProgram& operator=(const MarkingProgram&) = delete;
  ~MarkingProgram() { writer_.forget(); }

  /// Writes records. Their times, if made by records.hpp, are before the start of any recording.
  template <class... Records>
  void write(const Records&... records) {
    const bool all_fit = (writer_.write(records) && ...);
    REQUIRE(all_fit);
  }
  /// Writes a text of any length with that id.
  void name(std::uint64_t id, const std::string& text) {
    REQUIRE(writer_.write_text(id, {text.data(), text.size()}));
  }
  /// Counts records as dropped.
  void drop(int records) {
    for (int i = 0; i < records; ++i) writer_.count_dropped();
  }
  /// Reports that the program writes no more, for example because it is about to call exec.
  void leave() { writer_.set_state(wire::State::left); }
  /// Takes that back, because exec has failed.
  void stay() { writer_.set_state(wire::State::live); }

  /// Returns the memory that the ring uses in its process.
  Bytes size() const { return Bytes(static_cast<std::int64_t>(writer_.size())); }
  const std::string& path() const { return path_; }

 protected:
  MarkingProgram(std::string folder, const model::ProcessId& process, pid_t writer,
                 std::uint64_t begun)
      : folder_(std::move(folder)),
        path_(folder_ + "/" + std::to_string(writer) + "." + std::to_string(begun) + ".0" +
              wire::ring_suffix) {
    constexpr std::uint32_t slots = 64;
    REQUIRE(writer_.begin({folder_.c_str(), static_cast<std::uint32_t>(process.pid),
                           static_cast<std::uint32_t>(writer), process.start, begun},
                          slots));
  }

 private:
  std::string folder_;
  std::string path_;
  wire::Writer writer_;
};

/// `mprofpp mark` or `mprofpp span` in process `writer`, which makes marks in the name of another process.
class Guest : public MarkingProgram {
 public:
  Guest(std::string folder, const model::ProcessId& process, pid_t writer)
      : MarkingProgram(std::move(folder), process, writer, 1) {}
};

}  // namespace mprofpp::test
