#pragma once

#include <string>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/store/lines.hpp"
#include "mprofpp/store/sparse_lines.hpp"
#include "mprofpp/store/writer.hpp"

namespace mprofpp::store {

/// A recording that is being written. It gathers records and writes those of a tick in one piece. Once a
/// Settings record makes it sparse, it leaves out repeated samples.
/// If it is destroyed before the first flush(), it removes the file that it created.
class RecordingFile {
 public:
  explicit RecordingFile(Writer writer) : writer_(std::move(writer)) {}
  RecordingFile(const RecordingFile&) = delete;
  RecordingFile& operator=(const RecordingFile&) = delete;

  /// Returns the sink for the records of the next flush().
  model::Sink& lines() { return sparse_lines_; }
  /// See SparseLines::start_over().
  void start_over() { sparse_lines_.start_over(); }

  /// Writes the gathered records. Fails as Writer::append does; the lines that failed are dropped.
  Result<void> flush() {
    sparse_lines_.end_tick();
    if (lines_.empty()) return {};
    auto written = writer_.append(lines_.text());
    lines_.clear();
    return written;
  }

  /// Returns true if the file has lost its last name: its content disappears with this object.
  bool was_removed() const { return writer_.was_removed(); }
  const std::string& path() const { return writer_.path(); }
  Bytes size() const { return Bytes(static_cast<std::int64_t>(writer_.bytes_written())); }

 private:
  Writer writer_;
  Lines lines_;
  SparseLines sparse_lines_{lines_};
};

}  // namespace mprofpp::store
