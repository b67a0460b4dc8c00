// The real file system, remembered: each directory is read once, each other path asked for once.
#include "graph/disk_file_system.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "graph/posix_path.h"
#include "graph/regular_file.h"

namespace graph {
namespace {

struct CloseDirectory {
  void operator()(DIR* stream) const { ::closedir(stream); }
};

FileKind kind_of_mode(mode_t mode) {
  if (S_ISREG(mode)) return FileKind::kFile;
  if (S_ISDIR(mode)) return FileKind::kDirectory;
  return FileKind::kOther;
}

FileKind entry_kind(const std::string& directory, const dirent& entry) {
  switch (entry.d_type) {
    case DT_REG:
      return FileKind::kFile;
    case DT_DIR:
      return FileKind::kDirectory;
    case DT_LNK:
    case DT_UNKNOWN:
      // By the whole path, so that links leading in circles end where the system's limit ends them.
      return kind_on_disk(posix_path::join(directory, entry.d_name));
    default:
      return FileKind::kOther;
  }
}

// `links`: names of entries whose kind is that of what they lead to.
std::optional<std::vector<DirectoryEntry>> read_directory(const std::string& path,
                                                          std::vector<std::string>& links) {
  const std::unique_ptr<DIR, CloseDirectory> stream(::opendir(path.c_str()));
  if (!stream) return std::nullopt;
  std::vector<DirectoryEntry> entries;
  errno = 0;
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") {
      entries.push_back({std::string(name), entry_kind(path, *entry)});
      if (entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN) links.emplace_back(name);
    }
    errno = 0;  // entry_kind may have set it; readdir reports its own errors here
  }
  if (errno != 0) return std::nullopt;
  std::sort(entries.begin(), entries.end(),
            [](const DirectoryEntry& a, const DirectoryEntry& b) { return a.name < b.name; });
  return entries;
}

Error system_error(int code) {
  return Error{.message = std::system_category().message(code)};
}

bool is_clean(std::string_view path) {
  if (!path.starts_with('/') || path.ends_with('/')) return false;
  for (std::size_t slash = 0; slash != std::string_view::npos; slash = path.find('/', slash + 1)) {
    const std::string_view rest = path.substr(slash + 1);
    if (rest.starts_with('/') || rest == "." || rest.starts_with("./")) return false;
  }
  return true;
}

}  // namespace

FileKind kind_on_disk(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return FileKind::kMissing;
  return kind_of_mode(status.st_mode);
}

DiskFileSystem::DiskFileSystem() {
  std::error_code unreadable;
  const std::filesystem::path cwd = std::filesystem::current_path(unreadable);
  cwd_ = unreadable ? std::string(1, '.') : cwd.string();
}

std::string_view DiskFileSystem::key_of(std::string_view path, std::string& buffer) const {
  if (is_clean(path)) return path;
  if (!path.starts_with('/') && cwd_ != "/") buffer = cwd_;
  std::size_t start = 0;
  while (start < path.size()) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const std::string_view part = path.substr(start, end - start);
    if (!part.empty() && part != ".") buffer.append("/").append(part);
    start = end + 1;
  }
  if (buffer.empty()) buffer.push_back('/');
  return buffer;
}

const DiskFileSystem::Listing* DiskFileSystem::known_listing(const std::string& key) const {
  const auto it = listings_.find(key);
  return it == listings_.end() ? nullptr : &it->second;
}

const std::vector<DirectoryEntry>* DiskFileSystem::list(const std::string& directory) {
  if (directory.find('\0') != std::string::npos) return nullptr;
  std::string buffer;
  const std::string key(key_of(directory, buffer));
  const Listing* listing = known_listing(key);
  if (listing == nullptr) {
    Listing fresh;
    auto entries = stat_file(key, fresh.stat) ? read_directory(key, fresh.links) : std::nullopt;
    fresh.listable = entries.has_value();
    if (entries) {
      fresh.entries = std::move(*entries);
    } else {
      fresh.kind = kind_on_disk(key);
    }
    listing = &listings_.emplace(key, std::move(fresh)).first->second;
  }
  return listing->listable ? &listing->entries : nullptr;
}

FileKind DiskFileSystem::kind(const std::string& path) {
  if (path.empty() || path.find('\0') != std::string::npos) return FileKind::kMissing;
  if (path.ends_with('/') && path.find_first_not_of('/') != std::string::npos) {
    const FileKind target = kind(path.substr(0, path.find_last_not_of('/') + 1));
    return target == FileKind::kDirectory ? target : FileKind::kMissing;
  }
  std::string buffer;
  const std::string key(key_of(path, buffer));
  if (const auto known = kinds_.find(key); known != kinds_.end()) return known->second;
  const auto [parent, name] = posix_path::split(key);
  const Listing* siblings = name.empty() || name == ".." ? nullptr : known_listing(std::string(parent));
  if (siblings != nullptr && siblings->listable) {
    const DirectoryEntry* entry = find_entry(siblings->entries, name);
    const FileKind answer = entry == nullptr ? FileKind::kMissing : entry->kind;
    if (!always_matters(name)) named_.emplace(key, answer);
    return answer;
  }
  const FileKind answer = kind_on_disk(key);
  kinds_.emplace(key, answer);
  return answer;
}

Result<std::string> DiskFileSystem::read(const std::string& path) {
  if (path.find('\0') != std::string::npos) return system_error(ENOENT);
  FileRead file = read_file(path);
  if (file.error.empty() && S_ISDIR(file.stat.mode)) return system_error(EISDIR);
  SeenFile seen{.path = path, .stat = file.stat, .digest = {}, .code = {}, .shape = {}, .by_shape = false};
  if (file.error.empty()) seen.digest = seen.code = seen.shape = sha256(file.text);
  // One that changes while it is read has no stat that speaks for it.
  if (!file.stable) seen.stat = {};
  read_.emplace(path, std::move(seen));
  if (!file.error.empty()) return Error{.message = std::move(file.error)};
  return std::move(file.text);
}

DiskObservations DiskFileSystem::observations() const {
  DiskObservations seen;
  for (const auto& [path, listing] : listings_) {
    if (!listing.listable) {
      // Not there, or no directory: both are told by the kind. One that may not be read is not.
      if (listing.kind == FileKind::kDirectory) seen.complete = false;
      seen.paths.push_back({path, listing.kind});
      continue;
    }
    seen.directories.push_back({path, listing.stat, digest_of_entries(listing.entries)});
    for (const std::string& name : listing.links) {
      seen.paths.push_back({posix_path::join(path, name), find_entry(listing.entries, name)->kind});
    }
  }
  for (const auto& [path, kind] : kinds_) seen.paths.push_back({path, kind});
  for (const auto& [path, kind] : named_) seen.paths.push_back({path, kind});
  for (const auto& [path, file] : read_) seen.files.push_back(file);
  const auto by_path = [](const auto& a, const auto& b) { return a.path < b.path; };
  std::sort(seen.directories.begin(), seen.directories.end(), by_path);
  std::sort(seen.paths.begin(), seen.paths.end(), by_path);
  std::sort(seen.files.begin(), seen.files.end(), by_path);
  return seen;
}

}  // namespace graph
