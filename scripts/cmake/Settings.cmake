# The options of all our targets. They are linked PRIVATE through the interface target `mprofpp_settings`, so
# that they do not affect projects that include this one.

option(MPROFPP_TESTS "Build the tests" ON)
option(MPROFPP_FUZZ "Build the fuzz targets with clang's libFuzzer" OFF)
option(MPROFPP_WERROR "Treat warnings as errors" OFF)
set(MPROFPP_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them: address,undefined or thread")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_library(mprofpp_settings INTERFACE)
target_compile_options(mprofpp_settings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Woverloaded-virtual>
  # g++ 12 warns of overlaps in std::string and, with -O3, of uninitialized vectors, and is wrong
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-restrict>
  $<$<AND:$<COMPILE_LANG_AND_ID:CXX,GNU>,$<CONFIG:Release>>:-Wno-maybe-uninitialized>
  $<$<BOOL:${MPROFPP_WERROR}>:-Werror>)

# Unused sections are dropped and the C++ runtime is linked statically. The recorder stays small in memory,
# starts fast, and runs on machines without our compiler's libstdc++.
target_compile_options(mprofpp_settings INTERFACE -ffunction-sections -fdata-sections)
target_link_options(mprofpp_settings INTERFACE -Wl,--gc-sections -Wl,--as-needed)

if(MPROFPP_SANITIZE)
  target_compile_options(mprofpp_settings INTERFACE
    -fsanitize=${MPROFPP_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(mprofpp_settings INTERFACE -fsanitize=${MPROFPP_SANITIZE})
  if(MPROFPP_SANITIZE STREQUAL "thread")
    # ThreadSanitizer does not understand the fence in Asio, which is used by one thread only here
    target_compile_options(mprofpp_settings INTERFACE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-tsan>)
  endif()
else()
  target_link_options(mprofpp_settings INTERFACE -static-libstdc++ -static-libgcc)
endif()
