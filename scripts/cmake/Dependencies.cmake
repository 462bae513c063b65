# Every library we did not write, named once. Headers of others are SYSTEM: their warnings are theirs.

include(CheckSourceCompiles)

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(CLI11 REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(spdlog REQUIRED)
find_package(tl-expected REQUIRED)
pkg_check_modules(DRAWING REQUIRED IMPORTED_TARGET cairo pangocairo)

# Boost's own package file, where there is one: cmake's module FindBoost is going away. Boost.Process has a
# library of its own from 1.86 on. Linked in where the static libraries are there.
if(POLICY CMP0167)
  cmake_policy(SET CMP0167 NEW)
endif()
set(Boost_USE_STATIC_LIBS ON)
find_package(Boost 1.81 QUIET COMPONENTS filesystem OPTIONAL_COMPONENTS process)
if(NOT Boost_FOUND)
  set(Boost_USE_STATIC_LIBS OFF)
  find_package(Boost 1.81 REQUIRED COMPONENTS filesystem OPTIONAL_COMPONENTS process)
endif()
add_library(boost_process INTERFACE)
target_link_libraries(boost_process INTERFACE
  Boost::headers $<TARGET_NAME_IF_EXISTS:Boost::process> Boost::filesystem)

# libelf and zlib are linked in: two libraries less to load at each start. Where the static libelf needs what
# its package does not bring, or does not go with the static zlib, both stay shared.
pkg_check_modules(LIBELF REQUIRED libelf zlib)
set(CMAKE_REQUIRED_INCLUDES ${LIBELF_INCLUDE_DIRS})
set(CMAKE_REQUIRED_LIBRARIES -l:libelf.a -l:libz.a)
check_source_compiles(C "
  #include <gelf.h>
  #include <zlib.h>
  int main(void) {
    elf_version(EV_CURRENT);
    Elf* elf = elf_begin(0, ELF_C_READ, 0);
    Elf_Data* data = elf_getdata(elf_nextscn(elf, 0), 0);
    return data != 0 && crc32(0, data->d_buf, 1) != 0;
  }" MPROFPP_STATIC_LIBELF)
unset(CMAKE_REQUIRED_INCLUDES)
unset(CMAKE_REQUIRED_LIBRARIES)
add_library(libelf INTERFACE)
target_include_directories(libelf SYSTEM INTERFACE ${LIBELF_INCLUDE_DIRS})
if(MPROFPP_STATIC_LIBELF)
  target_link_libraries(libelf INTERFACE -l:libelf.a -l:libz.a)
else()
  target_link_libraries(libelf INTERFACE ${LIBELF_LINK_LIBRARIES})
endif()

if(MPROFPP_TESTS)
  find_package(doctest REQUIRED)
endif()
