#pragma once

#include <errno.h>

namespace mprofpp::agent {

/// The program must not find an errno that is ours.
class KeepErrno {
 public:
  KeepErrno() : error_(errno) {}
  ~KeepErrno() { errno = error_; }
  KeepErrno(const KeepErrno&) = delete;
  KeepErrno& operator=(const KeepErrno&) = delete;

 private:
  int error_;
};

}  // namespace mprofpp::agent
