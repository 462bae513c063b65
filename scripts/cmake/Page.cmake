# The page into which `plot -o x.html` puts a recording. npm builds it from share/html; a release archive has
# it built already, and without both everything but `plot -o x.html` works.

set(html_folder ${PROJECT_SOURCE_DIR}/share/html)
set(html_built ${html_folder}/dist/page.html)
set(html_page_file ${PROJECT_BINARY_DIR}/${MPROFPP_DATADIR}/html/page.html)

find_program(NPM npm)
find_program(NODE NAMES node nodejs)
mark_as_advanced(NPM NODE)

# Sets <variable> to the reason why npm cannot build the page; empty if it can.
function(mprofpp_npm_obstacle variable)
  set(${variable} "" PARENT_SCOPE)
  if(NOT NPM OR NOT NODE)
    set(${variable} "npm and nodejs are not installed" PARENT_SCOPE)
    return()
  endif()
  execute_process(COMMAND ${NODE} --version OUTPUT_VARIABLE version ERROR_QUIET)
  string(REGEX MATCH "[0-9]+" major "${version}")
  if(NOT major OR major LESS 18)
    set(${variable} "nodejs is older than 18" PARENT_SCOPE)
  endif()
endfunction()

mprofpp_npm_obstacle(html_obstacle)
file(GLOB_RECURSE html_sources CONFIGURE_DEPENDS ${html_folder}/src/* ${html_folder}/scripts/*)
list(APPEND html_sources ${html_folder}/package.json ${html_folder}/package-lock.json)
if(EXISTS ${html_folder}/package.json AND EXISTS ${PROJECT_SOURCE_DIR}/.git AND NOT html_obstacle)
  set(MPROFPP_PAGE "built by npm")
  set(html_command ${PROJECT_SOURCE_DIR}/scripts/build_page ${html_page_file})
elseif(EXISTS ${html_built})
  set(MPROFPP_PAGE "comes with the source")
  set(html_sources ${html_built})
  set(html_command ${CMAKE_COMMAND} -E copy ${html_built} ${html_page_file})
else()
  set(MPROFPP_PAGE "missing, so plot -o x.html will not work: ${html_obstacle}")
endif()

if(DEFINED html_command)
  set(html_stamp ${CMAKE_CURRENT_BINARY_DIR}/page.stamp)
  add_custom_command(OUTPUT ${html_stamp}
    COMMAND ${html_command}
    COMMAND ${CMAKE_COMMAND} -E touch ${html_stamp}
    DEPENDS ${html_sources} ${PROJECT_SOURCE_DIR}/scripts/build_page
    COMMENT "Building the page of plot -o x.html"
    VERBATIM)
  add_custom_target(html_page ALL DEPENDS ${html_stamp})
endif()
install(FILES ${html_page_file} DESTINATION ${MPROFPP_DATADIR}/html OPTIONAL)
