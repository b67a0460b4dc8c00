#include "tests/support/repository.h"

namespace support {

std::filesystem::path repository() {
  return TYPEWAVE_REPOSITORY;
}

}  // namespace support
