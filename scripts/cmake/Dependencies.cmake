# Every library of other projects is named once, here. Their headers are SYSTEM, so that they cause no
# warnings.

include(CheckSourceCompiles)

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(CLI11 REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(spdlog REQUIRED)
find_package(tl-expected REQUIRED)
pkg_check_modules(DRAWING REQUIRED IMPORTED_TARGET cairo pangocairo libpng)

# Only the headers of Boost are used. Its own package file finds them, because CMake removes FindBoost.
if(POLICY CMP0167)
  cmake_policy(SET CMP0167 NEW)
endif()
find_package(Boost 1.81 REQUIRED)

# libelf and zlib are linked statically, which saves loading two libraries at each start. If the static libelf
# needs a library that its package does not depend on, or conflicts with the static zlib, both are shared.
# zlib goes first, because libelf may contain another crc32 with other results.
pkg_check_modules(LIBELF REQUIRED libelf zlib)
set(static_libelf -l:libz.a -l:libelf.a -l:libz.a)
set(CMAKE_REQUIRED_INCLUDES ${LIBELF_INCLUDE_DIRS})
set(CMAKE_REQUIRED_LIBRARIES ${static_libelf})
check_source_compiles(C "
  #include <gelf.h>
  #include <zlib.h>
  int main(void) {
    size_t names = elf_version(EV_CURRENT);
    Elf* elf = elf_begin(0, ELF_C_READ, 0);
    Elf_Scn* section = elf_nextscn(elf, 0);
    Elf_Data* notes = elf_getdata(section, 0);
    GElf_Nhdr note;
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == 0 || elf_getshdrstrndx(elf, &names) != 0) return 1;
    if (elf_strptr(elf, names, 0) == 0 || elf_rawdata(section, 0) == 0) return 1;
    return crc32(0, notes->d_buf, gelf_getnote(notes, 0, &note, &names, &names)) != 0;
  }" MPROFPP_STATIC_LIBELF)
unset(CMAKE_REQUIRED_INCLUDES)
unset(CMAKE_REQUIRED_LIBRARIES)
add_library(libelf INTERFACE)
target_include_directories(libelf SYSTEM INTERFACE ${LIBELF_INCLUDE_DIRS})
if(MPROFPP_STATIC_LIBELF)
  target_link_libraries(libelf INTERFACE ${static_libelf})
else()
  target_link_libraries(libelf INTERFACE ${LIBELF_LINK_LIBRARIES})
endif()

# utf8proc is linked statically where that is possible, for the same reason.
pkg_check_modules(UTF8PROC REQUIRED libutf8proc)
find_library(UTF8PROC_STATIC_LIBRARY libutf8proc.a HINTS ${UTF8PROC_LIBRARY_DIRS})
add_library(utf8proc INTERFACE)
target_include_directories(utf8proc SYSTEM INTERFACE ${UTF8PROC_INCLUDE_DIRS})
if(UTF8PROC_STATIC_LIBRARY)
  target_link_libraries(utf8proc INTERFACE ${UTF8PROC_STATIC_LIBRARY})
else()
  target_link_libraries(utf8proc INTERFACE ${UTF8PROC_LINK_LIBRARIES})
endif()

# zlib for the pages, linked as above.
add_library(zlib INTERFACE)
target_include_directories(zlib SYSTEM INTERFACE ${LIBELF_INCLUDE_DIRS})
if(MPROFPP_STATIC_LIBELF)
  target_link_libraries(zlib INTERFACE -l:libz.a)
else()
  target_link_libraries(zlib INTERFACE z)
endif()

# libedit, the line editor of the console, linked statically with what it needs where that is possible.
pkg_check_modules(LIBEDIT REQUIRED libedit)
set(static_libedit -l:libedit.a -l:libbsd.a -l:libmd.a -l:libtinfo.a)
set(CMAKE_REQUIRED_INCLUDES ${LIBEDIT_INCLUDE_DIRS})
set(CMAKE_REQUIRED_LIBRARIES ${static_libedit})
check_source_compiles(C "
  #include <stdio.h>
  #include <histedit.h>
  int main(int count, char** arguments) {
    EditLine* editor = el_init(arguments[0], stdin, stdout, stderr);
    History* lines = history_init();
    HistEvent event;
    return el_gets(editor, &count) == 0 || history(lines, &event, H_SAVE, arguments[0]) < 0;
  }" MPROFPP_STATIC_LIBEDIT)
unset(CMAKE_REQUIRED_INCLUDES)
unset(CMAKE_REQUIRED_LIBRARIES)
add_library(libedit INTERFACE)
target_include_directories(libedit SYSTEM INTERFACE ${LIBEDIT_INCLUDE_DIRS})
if(MPROFPP_STATIC_LIBEDIT)
  target_link_libraries(libedit INTERFACE ${static_libedit})
else()
  target_link_libraries(libedit INTERFACE ${LIBEDIT_LINK_LIBRARIES})
endif()

# The demangler of libiberty, which exists only as a static library.
find_library(LIBIBERTY libiberty.a REQUIRED)
find_path(LIBIBERTY_INCLUDE_DIR libiberty/demangle.h REQUIRED)
add_library(libiberty INTERFACE)
target_include_directories(libiberty SYSTEM INTERFACE ${LIBIBERTY_INCLUDE_DIR})
target_link_libraries(libiberty INTERFACE ${LIBIBERTY})
# Its header declares basename() in another way than <string.h>, unless this macro says that it is declared.
target_compile_definitions(libiberty INTERFACE HAVE_DECL_BASENAME=1)

if(MPROFPP_TESTS)
  find_package(doctest REQUIRED)
endif()
