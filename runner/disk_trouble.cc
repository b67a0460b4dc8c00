#include "runner/disk_trouble.h"

#include <cerrno>
#include <system_error>

namespace runner {
namespace {

std::string hint_for(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return "free some space or choose another directory";
    case EACCES:
    case EPERM:
    case EROFS:
      return "make it writable or choose another directory";
    case ELOOP:
    case ENOTDIR:
      return "remove what is there or choose another directory";
    case EMFILE:
    case ENFILE:
      return "raise the limit of open files";
    case EFBIG:
      return "raise the limit of the size of files with ulimit -f";
    default:
      return "choose another directory if this lasts";
  }
}

}  // namespace

graph::Error disk_error(std::string_view action, std::string_view path, int error_number) {
  std::string message = "cannot ";
  message.append(action).append(" ").append(path).append(": ");
  message += std::generic_category().message(error_number);
  return {std::move(message), hint_for(error_number)};
}

std::string one_sentence(const graph::Error& error) {
  return error.hint.empty() ? error.message : error.message + " (" + error.hint + ")";
}

}  // namespace runner
