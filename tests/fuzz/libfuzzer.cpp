#include "target.hpp"

// libFuzzer calls the function of this name for each input
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mprofpp::fuzz::check({reinterpret_cast<const char*>(data), size});
  return 0;
}
