#include "target.hpp"

// the name under which clang's libFuzzer calls a target
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mprofpp::fuzz::check({reinterpret_cast<const char*>(data), size});
  return 0;
}
