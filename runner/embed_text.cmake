# Writes a text file as a C++ string literal. Called as
#   cmake -DINPUT=mypy_options.txt -DOUTPUT=mypy_options.inc -P embed_text.cmake
set(DELIMITER "text")

file(READ "${INPUT}" text)
string(FIND "${text}" ")${DELIMITER}\"" clash)
if(NOT clash EQUAL -1)
  message(FATAL_ERROR "${INPUT} contains the end of the raw string it is put into")
endif()
file(WRITE "${OUTPUT}" "R\"${DELIMITER}(${text})${DELIMITER}\"\n")
