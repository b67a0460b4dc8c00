#include "runner/cli_store_options.h"

#include <CLI/CLI.hpp>

#include "runner/disk_trouble.h"
#include "runner/store_limit.h"

namespace runner {

std::uint64_t size_of_option(const char* option, const std::string& text) {
  const auto bytes = parse_size(text);
  if (!bytes) throw CLI::ValidationError(option, one_sentence(bytes.error()));
  return *bytes;
}

void add_store_options(CLI::App& app, std::optional<std::string>& store,
                       std::optional<std::uint64_t>& limit) {
  app.add_option("--store", store, "Directory results are kept in (default: $XDG_CACHE_HOME/typewave)")
      ->type_name("DIR");
  app.add_option_function<std::string>(
         "--store-limit",
         [&limit](const std::string& text) { limit = size_of_option("--store-limit", text); },
         "How large the store may become, such as 500M (default: 5G)")
      ->type_name("SIZE");
}

}  // namespace runner
