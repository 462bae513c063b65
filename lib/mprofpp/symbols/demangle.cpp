#include "mprofpp/symbols/demangle.hpp"

#include <csetjmp>
#include <cstddef>

// The demangler behind abi::__cxa_demangle, which hands its text on in pieces. No header of
// libsupc++ declares it; libiberty's demangle.h does.
extern "C" int __gcclibcxx_demangle_callback(const char* mangled,
                                             void (*take)(const char*, std::size_t, void*),
                                             void* argument);

namespace mprofpp::symbols {
namespace {

constexpr std::size_t longest_text = 64 * 1024;

struct Output {
  std::string text;
  std::jmp_buf too_long;
};

void take(const char* piece, std::size_t size, void* argument) {
  auto& output = *static_cast<Output*>(argument);
  // the demangler cannot be told to stop; it is C and owns nothing, so it can be left
  if (output.text.size() + size > longest_text) std::longjmp(output.too_long, 1);
  output.text.append(piece, size);
}

/// Nothing with a destructor may live here: a jump skips it.
bool print(const char* mangled, Output& output) {
  if (setjmp(output.too_long) != 0) return false;
  return __gcclibcxx_demangle_callback(mangled, take, &output) == 0;
}

}  // namespace

std::optional<std::string> demangled(const std::string& symbol) {
  // other text would be read as a type: `i` is int
  if (!symbol.starts_with("_Z")) return std::nullopt;
  Output output;
  if (!print(symbol.c_str(), output)) return std::nullopt;
  return std::move(output.text);
}

}  // namespace mprofpp::symbols
