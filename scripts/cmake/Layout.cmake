# The build folder has the layout of an installation, so that our other files have the same paths relative to
# the executable in both.

set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
set(MPROFPP_LIBEXECDIR "libexec/mprofpp")
set(MPROFPP_LIBDIR "lib/mprofpp")
set(MPROFPP_DATADIR "share/mprofpp")
