# Every library we did not write, named once. Headers of others are SYSTEM: their warnings are theirs.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(CLI11 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(tl-expected REQUIRED)
set(Boost_USE_STATIC_LIBS ON)
find_package(Boost 1.81 REQUIRED COMPONENTS filesystem)
pkg_check_modules(DRAWING REQUIRED IMPORTED_TARGET cairo pangocairo)
if(MPROFPP_TESTS)
  find_package(doctest REQUIRED)
endif()
