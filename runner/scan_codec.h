// What the scan of a file gave, in bytes, for all files in which scans are remembered.
//
//   scan    := SHA-256 of the source, its code and its shape, SHA-1 of the source, varint size, u8 flags,
//              string doubt, varint import count, imports, varint word count, { u32 }*
//   import  := u8 flags, varint dots, signed varint line minus the line before, varint module (a string id),
//              for `from m import x`: varint count, { varint name (a string id) }*
//   strings := { u32 end in the text }* text
//
// Integers are little-endian. Nothing here tells damage by itself: whoever keeps the bytes keeps a checksum.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "graph/byte_codec.h"
#include "graph/module_graph.h"
#include "runner/string_table.h"

namespace runner {

void write_scan(graph::ByteWriter& out, const graph::ScannedFile& file, StringTable& strings);
// Malformed bytes leave the reader failed; the result is then of no use.
graph::ScannedFile read_scan(graph::ByteReader& in, const StringTable& strings);

// All strings of a table, whose count is kept elsewhere.
void write_string_table(graph::ByteWriter& out, const StringTable& strings);
// Views into what the reader reads. Nothing if that is malformed.
std::optional<std::vector<std::string_view>> read_string_table(graph::ByteReader& in, std::size_t count);

}  // namespace runner
