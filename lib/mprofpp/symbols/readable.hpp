#pragma once

#include <string>
#include <string_view>

namespace mprofpp::symbols {

/// The qualified name alone of what the C++ demangler prints for a function: no return type, no
/// parameters, no qualifiers, ABI tags or "[clone …]" behind it. `int app::f<int>(int) const`
/// becomes `app::f<int>`, `main::{lambda(int)#1}::operator()(int) const` becomes
/// `main::{lambda(int)#1}::operator()`. Text whose parentheses do not match stays as it is.
std::string qualified_name(std::string_view demangled);

/// The same for what compilers call __PRETTY_FUNCTION__, which ends in what the template arguments
/// stand for: `static T app::f(T) [with T = int]` becomes `app::f`.
std::string name_in_signature(std::string_view signature);

/// The function a symbol of an ELF file stands for, as people call it. C++ names are demangled and
/// shortened; what the compiler split off (`.cold`, `.part.0`, `.constprop.0`, …) has the name of
/// the function; a version (`@GLIBC_2.2.5`) is dropped. What cannot be demangled stays as it is.
/// The name is at most 1,000 bytes long, cut with an ellipsis. Any bytes are welcome: neither time
/// nor memory grow without bounds.
std::string readable(std::string_view symbol);

}  // namespace mprofpp::symbols
