# Copies the shared libraries that BINARY needs to the folder LIBRARIES, but for those of the C library, which have to
# be the machine's own. Each gets the name that it is loaded by.
file(GET_RUNTIME_DEPENDENCIES
  EXECUTABLES ${BINARY}
  RESOLVED_DEPENDENCIES_VAR FOUND
  PRE_EXCLUDE_REGEXES "^ld-linux" "^lib(c|m|dl|rt|pthread|resolv)\\.so\\.")
foreach(LIBRARY IN LISTS FOUND)
  get_filename_component(NAME ${LIBRARY} NAME)
  file(REAL_PATH ${LIBRARY} FILE)
  message(STATUS "Bundling ${NAME}")
  file(INSTALL ${FILE} DESTINATION ${LIBRARIES} RENAME ${NAME})
endforeach()
