# Writes page.html as two C++ strings, what is before its data and what is after: `kHead` and `kTail`. Called as
#   cmake -DPAGE=page.html -DOUTPUT=page_template.inc -P embed_page.cmake
set(MARK "@DATA@")
set(DELIMITER "page_html")

if(NOT EXISTS "${PAGE}")
  message(FATAL_ERROR "there is no page ${PAGE}")
endif()
file(READ "${PAGE}" page)
if(page STREQUAL "")  # a build without a page
  set(page "${MARK}")
endif()
string(FIND "${page}" "${MARK}" place)
string(FIND "${page}" ")${DELIMITER}\"" clash)
if(place EQUAL -1 OR NOT clash EQUAL -1)
  message(FATAL_ERROR "${PAGE} is not a page that a build of typewave made")
endif()
string(SUBSTRING "${page}" 0 ${place} head)
string(LENGTH "${MARK}" length)
math(EXPR place "${place} + ${length}")
string(SUBSTRING "${page}" ${place} -1 tail)
file(WRITE "${OUTPUT}" "// Made by embed_page.cmake; do not edit.\n"
  "constexpr std::string_view kHead = R\"${DELIMITER}(${head})${DELIMITER}\";\n"
  "constexpr std::string_view kTail = R\"${DELIMITER}(${tail})${DELIMITER}\";\n")
