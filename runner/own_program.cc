#include "runner/own_program.h"

#include <elf.h>
#include <link.h>

#include <cstddef>
#include <cstring>
#include <string_view>

#include "graph/regular_file.h"

namespace runner {
namespace {

constexpr std::size_t kNoteAlignment = 4;

std::size_t aligned(std::size_t size) {
  return (size + kNoteAlignment - 1) / kNoteAlignment * kNoteAlignment;
}

// The description of the GNU build id among a segment's notes; empty if it is not there.
std::string_view find_build_id(std::string_view notes) {
  constexpr std::string_view kOwner("GNU", 4);
  while (notes.size() >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) header;
    std::memcpy(&header, notes.data(), sizeof(header));
    notes.remove_prefix(sizeof(header));
    const std::size_t name = aligned(header.n_namesz);
    const std::size_t size = name + aligned(header.n_descsz);
    if (size > notes.size()) break;
    if (header.n_type == NT_GNU_BUILD_ID && notes.substr(0, header.n_namesz) == kOwner) {
      return notes.substr(name, header.n_descsz);
    }
    notes.remove_prefix(size);
  }
  return {};
}

// Called for the program first.
int look_at_program(dl_phdr_info* program, std::size_t, void* answer) {
  for (int i = 0; i < program->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = program->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    const auto* notes = reinterpret_cast<const char*>(program->dlpi_addr + segment.p_vaddr);
    const std::string_view id = find_build_id({notes, segment.p_memsz});
    if (!id.empty()) *static_cast<std::string_view*>(answer) = id;
  }
  return 1;
}

}  // namespace

std::optional<graph::Digest> digest_of_own_program() {
  std::string_view id;
  ::dl_iterate_phdr(look_at_program, &id);
  if (!id.empty()) {
    graph::DigestBuilder builder;
    builder.field("build id", id);
    return builder.finish();
  }
  const graph::FileRead self = graph::read_file("/proc/self/exe");
  if (!self.error.empty()) return std::nullopt;
  return graph::sha256(self.text);
}

}  // namespace runner
