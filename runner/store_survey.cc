#include "runner/store_survey.h"

#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "graph/byte_codec.h"
#include "runner/body_records.h"
#include "runner/diagnostic_codec.h"
#include "runner/last_run.h"
#include "runner/live_records.h"
#include "runner/pack_set.h"
#include "runner/project_uses.h"
#include "runner/stored_outcomes.h"

namespace runner {
namespace {

// All packs opened to be read, the newest first.
class Reading {
 public:
  explicit Reading(const PackDirectory& directory) {
    for (std::string& name : directory.list()) {
      const std::uint64_t corrupt_before = corrupt_;
      std::shared_ptr<PackReader> reader = open_reader(
          name, {.directory = directory,
                 .caches = caches_,
                 .next_layer = next_layer_,
                 .corrupt = corrupt_,
                 .remove_corrupt = false,
                 .note = [this](const graph::Error& error) { troubles_.push_back(error.message); }});
      if (corrupt_ > corrupt_before) broken_.push_back(name);
      if (!reader) continue;
      const auto written = static_cast<std::int64_t>(pack_time_ns(name));
      packs_.push_back({std::move(name), std::move(reader), written});
    }
  }

  const std::vector<CountedPack>& packs() const { return packs_; }
  const std::vector<std::string>& broken() const { return broken_; }
  const std::vector<std::string>& troubles() const { return troubles_; }

 private:
  BlockCaches caches_;
  std::atomic<std::uint32_t> next_layer_{0};
  std::atomic<std::uint64_t> corrupt_{0};
  std::vector<CountedPack> packs_;
  std::vector<std::string> broken_;
  std::vector<std::string> troubles_;
};

std::vector<NamedUses> projects_of(const PackDirectory& directory) {
  if (directory.uses() == nullptr) return {};
  return read_uses(*directory.uses(), false);
}

std::unordered_set<std::uint64_t> keys_of(const ProjectUses& uses) {
  std::unordered_set<std::uint64_t> keys;
  for (const UseLayer& layer : uses.layers) keys.insert(layer.keys.begin(), layer.keys.end());
  return keys;
}

// Whether the bytes are what a record of this kind has to be.
bool makes_sense(const PackedRecord& record, std::string_view bytes) {
  switch (record.kind) {
    case RecordKind::kManifest:
      return decode_entry(bytes).ok();
    case RecordKind::kTouched:
      return decode_touched(bytes).ok();
    case RecordKind::kInterface:
    case RecordKind::kPaths:
      return may_be_content(record.kind, record.key, bytes);
    case RecordKind::kProbe:
    case RecordKind::kPlugins:
      return nlohmann::json::accept(bytes);
    case RecordKind::kSightings:
      return bytes.size() == sizeof(graph::Digest::bytes);
    case RecordKind::kBodies:
      return decode_body_record(bytes).has_value();
    case RecordKind::kAnswer: {
      graph::ByteReader in(bytes);
      static_cast<void>(read_answer(in));
      return in.finished();
    }
  }
  return false;
}

void examine_pack(const CountedPack& pack, const std::string& path, StoreExamination& result) {
  PackReader& reader = *pack.reader;
  std::size_t unreadable = 0;
  std::size_t senseless = 0;
  for (const PackedRecord& record : reader.index().records) {
    ++result.records;
    const std::optional<std::string> bytes = reader.read(place_of(record));
    if (!bytes) {
      ++unreadable;
    } else if (!makes_sense(record, *bytes)) {
      ++senseless;
    }
  }
  result.bytes += reader.size();
  if (unreadable > 0) {
    result.findings.push_back(path + ": " + std::to_string(unreadable) +
                              (unreadable == 1 ? " entry is damaged" : " entries are damaged"));
    result.damaged_packs.push_back(pack.name);
  }
  if (senseless > 0) {
    result.findings.push_back(
        path + ": " + std::to_string(senseless) +
        (senseless == 1 ? " entry is not what its name says" : " entries are not what their names say"));
    result.broken_packs.push_back(pack.name);
  }
}

}  // namespace

std::size_t StoreSurvey::record_count() const {
  return std::accumulate(records.begin(), records.end(), std::size_t{0});
}

StoreSurvey survey_store(const PackDirectory& directory) {
  const Reading reading(directory);
  StoreSurvey survey;
  survey.packs = reading.packs().size();
  survey.bytes = directory.used_bytes();
  survey.broken_packs = reading.broken().size();
  for (const CountedPack& pack : reading.packs()) {
    for (const PackedRecord& record : pack.reader->index().records) {
      ++survey.records.at(static_cast<std::size_t>(record.kind));
    }
  }
  if (!reading.packs().empty()) {
    survey.newest_ns = reading.packs().front().written_ns;
    survey.oldest_ns = reading.packs().back().written_ns;
  }
  const std::vector<NamedUses> projects = projects_of(directory);
  const LiveRecords live(reading.packs(), last_uses(projects), static_cast<std::int64_t>(now_ns()));
  for (const auto& [id, uses] : projects) {
    const LiveRecords::Share share = live.share_of(keys_of(uses));
    survey.runs += uses.runs;
    survey.reused += uses.reused;
    survey.checked += uses.checked;
    survey.projects.push_back({.id = id,
                               .label = uses.label,
                               .records = share.records,
                               .bytes = share.bytes,
                               .runs = uses.runs,
                               .reused = uses.reused,
                               .checked = uses.checked,
                               .first_run_ns = uses.first_run_ns,
                               .last_run_ns = uses.last_run_ns});
  }
  return survey;
}

StoreExamination examine_store(const PackDirectory& directory) {
  const Reading reading(directory);
  StoreExamination result;
  result.packs = reading.packs().size() + reading.broken().size();
  for (const std::string& name : reading.broken()) {
    result.findings.push_back(directory.path_of(name) + ": the pack is damaged");
    result.broken_packs.push_back(name);
  }
  for (const std::string& trouble : reading.troubles()) result.findings.push_back(trouble);
  for (const CountedPack& pack : reading.packs()) examine_pack(pack, directory.path_of(pack.name), result);
  const LiveRecords live(reading.packs(), {}, static_cast<std::int64_t>(now_ns()));
  result.incomplete = live.incomplete_count();
  if (result.incomplete > 0) {
    result.findings.push_back(std::to_string(result.incomplete) + " results name interfaces that are gone");
  }
  return result;
}

}  // namespace runner
