#pragma once

#include <span>
#include <string>
#include <string_view>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp {

/// Opens a file for reading, close-on-exec. The error's place is the path.
Result<Fd> open_for_reading(const std::string& path);

/// Returns true if the descriptor may stay open for long. The last few descriptors that this
/// process can have are needed for everything else.
bool may_be_kept(const Fd& fd);

/// Reads a small file (configuration, /proc) as a whole. Files in /proc report size 0, so it reads
/// to the end of the file and ignores the size.
Result<std::string> read_file(const std::string& path);

/// Reads until `buffer` is full or the file ends. Returns the number of bytes read, which is less
/// than the size of `buffer` only at the end of the file.
Result<std::size_t> read_block(int fd, std::span<char> buffer);

/// Like read_block, but reads from `offset` and does not move the file's position.
Result<std::size_t> read_block_at(int fd, std::span<char> buffer, off_t offset);

/// Writes every byte: continues after a short write and repeats an interrupted one. After a
/// failure, part of the data may have been written.
Result<void> write_all(int fd, std::string_view data);

/// Replaces the content of the file `path` in one step. The data is written to a temporary file
/// next to it, which is then renamed, so no process ever sees half of the content and a failure
/// leaves the old content in place. Symbolic links are followed. Anything that is not a regular
/// file (a pipe, /dev/stdout) is written to directly. The error's place is the path.
Result<void> replace_file(const std::string& path, std::string_view data);

}  // namespace mprofpp
