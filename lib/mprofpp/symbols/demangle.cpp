#include "mprofpp/symbols/demangle.hpp"

#include <libiberty/demangle.h>

#include <csetjmp>
#include <cstddef>

namespace mprofpp::symbols {
namespace {

constexpr std::size_t longest_text = 64 * 1024;

struct Output {
  std::string text;
  std::jmp_buf too_long;
};

void append(const char* piece, std::size_t size, void* to) {
  auto& output = *static_cast<Output*>(to);
  // the demangler has no way to stop early; it is C and owns nothing, so a jump may leave it
  if (output.text.size() + size > longest_text) std::longjmp(output.too_long, 1);
  output.text.append(piece, size);
}

/// No object with a destructor may live here, because a jump skips it.
bool print(const char* mangled, Output& output) {
  if (setjmp(output.too_long) != 0) return false;
  return cplus_demangle_v3_callback(mangled, DMGL_PARAMS, append, &output) != 0;
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
