# Writes the Python worker as C++: `constexpr WorkerModule kWorkerModules[] = {{"name", "source"}, ...};`, and what
# PYTHON makes of it, `constexpr std::array<CompiledWorker, N> kCompiledWorkers`; without PYTHON, N is 0.
# The includer declares `struct WorkerModule` (two strings) and `struct CompiledWorker` (see compile_worker.py).
# Called as
#   cmake -DSOURCE_DIR=runner/worker "-DMODULES=a.py;b.py" -DOUTPUT=worker_source.inc -DCODE=worker_code.inc
#         -DPYTHON=python3 -P embed_worker.cmake
# A file `typewave_worker/x.py` below SOURCE_DIR, or `x.py` in it, becomes the module `typewave_worker.x`.

set(DELIMITER "worker_py")

set(entries "")
set(compiled "")
list(SORT MODULES)  # `__init__.py` sorts before lower-case names, so the package comes first.
foreach(path IN LISTS MODULES)
  file(RELATIVE_PATH name "${SOURCE_DIR}" "${path}")
  string(REGEX REPLACE "^typewave_worker/" "" name "${name}")
  string(REGEX REPLACE "(^|/)__init__\\.py$" "" name "${name}")
  string(REGEX REPLACE "\\.py$" "" name "${name}")
  string(REPLACE "/" "." name "${name}")
  if(name STREQUAL "")
    set(name "typewave_worker")
  else()
    set(name "typewave_worker.${name}")
  endif()

  file(READ "${path}" source)
  string(FIND "${source}" ")${DELIMITER}\"" clash)
  if(NOT clash EQUAL -1)
    message(FATAL_ERROR "${path} contains the end of the raw string it is put into")
  endif()
  if(NOT name STREQUAL "typewave_worker.bootstrap")
    list(APPEND compiled "${name}=${path}")
  endif()
  string(APPEND entries "    {\"${name}\", R\"${DELIMITER}(${source})${DELIMITER}\"},\n")
endforeach()

if(entries STREQUAL "")
  message(FATAL_ERROR "no worker modules in ${SOURCE_DIR}")
endif()
file(WRITE "${OUTPUT}" "// Made by embed_worker.cmake from runner/worker; do not edit.\n"
  "constexpr WorkerModule kWorkerModules[] = {\n${entries}};\n")

if(PYTHON)
  execute_process(COMMAND "${PYTHON}" -I "${CMAKE_CURRENT_LIST_DIR}/compile_worker.py" "${CODE}" ${compiled}
                  COMMAND_ERROR_IS_FATAL ANY)
else()
  file(WRITE "${CODE}" "// Made by embed_worker.cmake without a Python; do not edit.\n"
    "constexpr std::array<CompiledWorker, 0> kCompiledWorkers{};\n")
endif()
