#include "mprofpp/base/source_hash.hpp"

#include <doctest/doctest.h>

using mprofpp::source_hash;

TEST_CASE("the hash of a source is FNV-1a") {
  CHECK(source_hash("") == 0xcbf29ce484222325);
  CHECK(source_hash("a") == 0xaf63dc4c8601ec8c);
  CHECK(source_hash("foobar") == 0x85944171f73967e8);
}

TEST_CASE("bytes that are not ASCII change the hash of a source") {
  CHECK(source_hash("\xff") != source_hash("\x7f"));
}
