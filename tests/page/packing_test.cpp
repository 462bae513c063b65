#include "mprofpp/page/packing.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

using namespace mprofpp::page;

TEST_CASE("base64 is that of RFC 4648") {
  CHECK(base64("").empty());
  CHECK(base64("f") == "Zg==");
  CHECK(base64("no") == "bm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foobar") == "Zm9vYmFy");
  CHECK(base64("\xff\xfe\xfd") == "//79");
  CHECK(base64_length(0) == 0);
  CHECK(base64_length(4) == 8);
}

TEST_CASE("zlib unpacks what was packed") {
  std::string bytes;
  for (int i = 0; i < 10'000; ++i) bytes += static_cast<char>(i * i);
  const auto packed = deflated(bytes).value();
  CHECK(packed.size() < bytes.size());
  std::string unpacked(bytes.size(), '\0');
  auto size = static_cast<uLongf>(unpacked.size());
  const int status =
      uncompress(reinterpret_cast<Bytef*>(unpacked.data()), &size,
                 reinterpret_cast<const Bytef*>(packed.data()), static_cast<uLong>(packed.size()));
  CHECK(status == Z_OK);
  CHECK(unpacked == bytes);
}
