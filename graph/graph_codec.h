// A module graph and its components as bytes, for runs that find the same graph again.
//
//   graph      := names of modules, names of paths, names of canonical paths, names of others, options,
//                 modules, files, missing, components
//   options    := varint count { varint count { varint section }* }*, each list of sections once
//   modules    := { u8 flags, varint options (0: none, else their place in the list from 1), varint order,
//   varint count { varint module, u8 priority, varint line }*,
//                 varint count { varint other, u8 priority, varint line }*, varint count { report }*,
//                 if imported: varint module, varint line }*
//   report     := u8 kind, varint other, varint line, u8 reason, string path
//   files      := { SHA-256 of the source, its code and its shape, u8[20] SHA-1, varint size, SHA-256 of the
//                 imports' shape, varint count { signed varint line minus the line before }* }*, of the
//                 modules that have one
//   missing    := varint count { varint other, u8 reason }*
//   components := varint count { varint count { varint module }*, varint count { varint component }*, varint
//                 wave }*
//
// Damage is told by whoever keeps the bytes.
#pragma once

#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "graph/build_options.h"
#include "graph/byte_codec.h"
#include "graph/condensation.h"
#include "graph/import_shape.h"
#include "graph/module_graph.h"

namespace graph {

// Modules with a text of their own (-c) have no form.
void write_graph(ByteWriter& out, const ModuleGraph& graph, const Condensation& components);

struct StoredGraph {
  ModuleGraph graph;
  std::optional<Condensation> components;
  std::deque<ScannedFile> files;          // what modules refer to; without their scans
  std::vector<std::string_view> imports;  // by ModuleId, as they lie in the bytes; empty for directories

  // Of a module with a file, read from there.
  ImportShape imports_of(ModuleId module) const;
};

// Modules get their options from the table. Malformed bytes leave the reader failed; the result is then of no
// use.
StoredGraph read_graph(ByteReader& in, OptionsTable& table);

}  // namespace graph
