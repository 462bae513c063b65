# The build folder has the layout of an installation, so that one function relative to the
# executable finds our other files in both.

set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
set(MPROFPP_LIBEXECDIR "libexec/mprofpp")
set(MPROFPP_LIBDIR "lib/mprofpp")
set(MPROFPP_DATADIR "share/mprofpp")
