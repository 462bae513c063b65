# Two binaries of ours that share memory, such as the recorder and the agent, must come from one build. Both
# contain a stamp and compare it: a hash of the headers that they share and of whatever else decides how
# those are compiled. It changes by itself with any of them.

# Sets <variable> to the stamp, as a C++ literal of 32 bits.
#
#   mprofpp_stamp(<variable> FILES <headers> [ALSO <texts>])
function(mprofpp_stamp variable)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "FILES;ALSO")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${arg_FILES})
  set(hashes ${CMAKE_SYSTEM_PROCESSOR} ${arg_ALSO})
  foreach(file IN LISTS arg_FILES)
    file(SHA256 ${file} hash)
    list(APPEND hashes ${hash})
  endforeach()
  string(SHA256 hash "${hashes}")
  string(SUBSTRING ${hash} 0 8 digits)
  set(${variable} 0x${digits}U PARENT_SCOPE)
endfunction()

# Appends to <variable> the header and every header of lib/ that it includes, directly or through others.
function(mprofpp_add_headers variable header)
  set(found ${${variable}})
  if(header IN_LIST found)
    return()
  endif()
  list(APPEND found ${header})
  file(STRINGS ${header} includes REGEX "^#include \"")
  foreach(include IN LISTS includes)
    string(REGEX REPLACE "^#include \"(.*)\".*" "\\1" included "${include}")
    mprofpp_add_headers(found ${PROJECT_SOURCE_DIR}/lib/${included})
  endforeach()
  set(${variable} ${found} PARENT_SCOPE)
endfunction()
