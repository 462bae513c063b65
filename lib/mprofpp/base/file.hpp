#pragma once

#include <span>
#include <string>
#include <string_view>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp {

/// Opens for reading, close-on-exec. The error's place is the path.
Result<Fd> open_for_reading(const std::string& path);

/// Whether a descriptor may be kept open for long: the last few that this process can have are needed
/// for everything else.
bool may_be_kept(const Fd& fd);

/// All bytes of a small file (configuration, /proc). Files of /proc report size 0, so it is read to
/// its end and not by its size.
Result<std::string> read_file(const std::string& path);

/// Fills `buffer` as far as the file goes; short only at the end of the file. Answers the bytes
/// read.
Result<std::size_t> read_block(int fd, std::span<char> buffer);

/// As read_block, from `offset` and without moving the file's position.
Result<std::size_t> read_block_at(int fd, std::span<char> buffer, off_t offset);

/// Writes every byte or answers the errno: a short write is continued, an interrupted one repeated.
/// After a failure part of the data may have been written.
Result<void> write_all(int fd, std::string_view data);

/// Gives the file `path` this content in one step: it is written beside and renamed, so nobody ever
/// sees half of it and a failure leaves what was there. Symbolic links are followed; what is no
/// regular file (a pipe, /dev/stdout) is written to. The error's place is the path.
Result<void> replace_file(const std::string& path, std::string_view data);

}  // namespace mprofpp
