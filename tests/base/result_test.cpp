#include "mprofpp/base/result.hpp"

#include <doctest/doctest.h>

#include <cerrno>

using namespace mprofpp;

TEST_CASE("an errno becomes a kind of failure that a caller can distinguish") {
  const auto code_of = [](int error_number) {
    return fail_errno(error_number, "", "").value().code;
  };
  CHECK(code_of(ENOENT) == Errc::not_found);
  CHECK(code_of(ENOTDIR) == Errc::not_found);
  CHECK(code_of(EACCES) == Errc::denied);
  CHECK(code_of(EPERM) == Errc::denied);
  CHECK(code_of(EROFS) == Errc::denied);
  CHECK(code_of(EEXIST) == Errc::exists);
  CHECK(code_of(ESRCH) == Errc::vanished);
  CHECK(code_of(ENOSPC) == Errc::io);
}

TEST_CASE("an errno becomes a message that continues a sentence") {
  const auto error = fail_errno(ENOENT, "x.dat", "cannot open").value();
  CHECK(error.place == "x.dat");
  CHECK(error.what == "cannot open: no such file or directory");
  CHECK(error.hint.empty());
}
