#include "runner/state_directory.h"

#include "runner/atomic_file.h"
#include "runner/disk_trouble.h"

namespace runner {

StateDirectory StateDirectory::open(const std::filesystem::path& checkout, Access access) {
  StateDirectory state;
  state.access_ = access;
  const bool writing = access == Access::kReadWrite;
  graph::Result<OwnedDirectory> root =
      OwnedDirectory::open(checkout.empty() ? std::filesystem::path(".") : checkout, Creation::kNever);
  const auto open_inside = [&](const OwnedDirectory& parent) {
    return parent.open_child(std::string(kStateDirectoryName),
                             writing ? Creation::kIfMissing : Creation::kNever);
  };
  graph::Result<OwnedDirectory> directory = root ? open_inside(*root) : std::move(root);
  if (!directory) {
    if (writing) {
      state.trouble_ = "nothing is remembered of this checkout: " + one_sentence(directory.error());
    }
    return state;
  }
  if (writing) {
    directory->write_cache_tag();
    directory->keep_note(".gitignore", "*\n");
    remove_abandoned_files(*directory);
  }
  state.directory_ = std::move(*directory);
  return state;
}

void StateDirectory::drop_damaged(const std::string& name) const {
  count_damage();
  if (writable()) directory_->remove_anything(name);
}

void StateDirectory::drop_displaced(const std::string& name) const {
  if (directory_ && directory_->is_displaced(name)) drop_damaged(name);
}

}  // namespace runner
