#pragma once

#include <string>
#include <string_view>

namespace mprofpp::symbols {

/// Extracts the qualified name from the text that the C++ demangler prints for a function: no
/// return type, no parameters, no qualifiers, ABI tags or "[clone …]" after it.
/// `int app::f<int>(int) const` becomes `app::f<int>`,
/// `main::{lambda(int)#1}::operator()(int) const` becomes `main::{lambda(int)#1}::operator()`. Text
/// whose parentheses do not match stays as it is.
std::string qualified_name(std::string_view demangled);

/// Does the same for the text that compilers call __PRETTY_FUNCTION__, which ends with the values
/// of the template arguments: `static T app::f(T) [with T = int]` becomes `app::f`.
std::string name_in_signature(std::string_view signature);

/// Returns the function that a symbol of an ELF file stands for, as people call it. C++ names are
/// demangled and shortened; a part that the compiler split off (`.cold`, `.part.0`, `.constprop.0`,
/// …) has the name of its function; a version (`@GLIBC_2.2.5`) is dropped. A name that cannot be
/// demangled stays as it is. The result is at most 1,000 bytes long, cut with an ellipsis. Any
/// bytes are accepted: time and memory are bounded.
std::string readable(std::string_view symbol);

}  // namespace mprofpp::symbols
