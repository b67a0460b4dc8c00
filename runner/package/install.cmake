# What `cmake --install` and a wheel consist of: the binary, and beside it every shared library but the C library's.
# Not lib/: `pip install --target` loses what lies there.
if(SKBUILD)
  set(TYPEWAVE_BINARY_FOLDER ${SKBUILD_SCRIPTS_DIR})
  set(TYPEWAVE_LIBRARY_FOLDER ${SKBUILD_DATA_DIR}/libexec/typewave)
else()
  set(TYPEWAVE_BINARY_FOLDER ${CMAKE_INSTALL_PREFIX}/bin)
  set(TYPEWAVE_LIBRARY_FOLDER ${CMAKE_INSTALL_PREFIX}/libexec/typewave)
endif()

if(TYPEWAVE_PREBUILT)
  add_custom_target(typewave)
  set(TYPEWAVE_INSTALLED ${TYPEWAVE_PREBUILT})
  install(PROGRAMS ${TYPEWAVE_PREBUILT} DESTINATION ${TYPEWAVE_BINARY_FOLDER} RENAME typewave
    COMPONENT package)
else()
  set(TYPEWAVE_INSTALLED $<TARGET_FILE:typewave>)
  install(TARGETS typewave DESTINATION ${TYPEWAVE_BINARY_FOLDER} COMPONENT package)
endif()
install(CODE "set(BINARY \"${TYPEWAVE_INSTALLED}\")\nset(LIBRARIES \"${TYPEWAVE_LIBRARY_FOLDER}\")"
  COMPONENT package)
install(SCRIPT ${CMAKE_CURRENT_LIST_DIR}/bundle.cmake COMPONENT package)
if(SKBUILD)
  # pip removes a folder that it has emptied only if a file lay directly in it.
  install(FILES ${CMAKE_CURRENT_LIST_DIR}/typewave.txt DESTINATION ${SKBUILD_DATA_DIR}/libexec COMPONENT package)
endif()
