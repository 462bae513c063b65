# Two ways to compile everything in less time. Both hide missing includes, which a build without them reports.
#
# Headers that nearly every source includes are compiled once for all targets with the same options. Parsing
# them takes half of the time of a source.
#
# The sources of a library are compiled several at once, so that templates that they share are instantiated
# once. While one source is changed again and again, -DMPROFPP_UNITY=OFF compiles only that one.

option(MPROFPP_PRECOMPILE "Compile the most common headers only once" OFF)
option(MPROFPP_UNITY "Compile the sources of a library several at once" OFF)

set(mprofpp_common_headers
  <algorithm> <array> <cerrno> <charconv> <chrono> <cmath> <cstdint> <cstring> <filesystem> <functional>
  <limits> <map> <memory> <optional> <set> <span> <string> <string_view> <tuple> <unordered_map> <utility>
  <variant> <vector> <tl/expected.hpp>)

# A target that only has the precompiled headers, for others to use.
function(mprofpp_headers name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "OPTIONS;HEADERS;LIBRARIES")
  if(NOT MPROFPP_PRECOMPILE)
    return()
  endif()
  file(WRITE ${CMAKE_BINARY_DIR}/headers/${name}.cpp "")
  add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/headers/${name}.cpp)
  target_link_libraries(${name} PRIVATE mprofpp_settings tl::expected ${arg_LIBRARIES})
  target_compile_options(${name} PRIVATE ${arg_OPTIONS})
  target_precompile_headers(${name} PRIVATE ${mprofpp_common_headers} ${arg_HEADERS})
endfunction()

# Lets `target`, whose options must be those of `headers`, use the headers.
function(mprofpp_use_headers target headers)
  if(MPROFPP_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM ${headers})
  endif()
endfunction()

# Lets the library `target` be compiled several sources at once. Names in unnamed namespaces must differ then.
function(mprofpp_use_unity target)
  if(MPROFPP_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
  endif()
endfunction()
