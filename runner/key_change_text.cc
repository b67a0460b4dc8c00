#include "runner/key_change_text.h"

#include <string_view>

#include "runner/value_change.h"

namespace runner {
namespace {

constexpr std::string_view kReadable = "source that a plugin may read";

std::string from_to(const KeyChange& change) {
  return ": " + value_change(change.from.value_or(""), change.to.value_or(""));
}

std::string options_from_to(const KeyChange& change, const OptionTexts& texts) {
  const auto known = [&texts](const std::optional<std::string>& digest) {
    const auto it = digest ? texts.find(*digest) : texts.end();
    return it == texts.end() ? digest.value_or("") : it->second;
  };
  KeyChange readable = change;
  readable.from = known(change.from);
  readable.to = known(change.to);
  return from_to(readable);
}

// How strongly an import binds and whether its target is constant, as one value in the key.
std::string priority_text(const std::optional<std::string>& value) {
  if (!value || value->size() != 2) return value.value_or("");
  std::string text = "priority " + std::to_string(value->front() - '0');
  if (value->back() == 'c') text += ", part of mypy's typeshed";
  return text;
}

std::string import_text(const KeyChange& change, const std::string& importer) {
  if (change.name == "import priority") {
    KeyChange readable = change;
    readable.from = priority_text(change.from);
    readable.to = priority_text(change.to);
    return importer + " imports " + change.item + " in another way" + from_to(readable);
  }
  if (change.name == "import order") return importer + " imports the same modules in another order";
  return importer + (change.to ? " imports " : " no longer imports ") + change.item +
         (change.to ? " now" : "");
}

std::string missing_text(const KeyChange& change, const std::string& importer) {
  if (change.name == "missing import options") {
    return "the options for the missing module " + change.item + from_to(change);
  }
  if (change.name == "missing import reason") {
    return "why " + change.item + " is missing for " + importer + from_to(change);
  }
  if (change.name == "missing import order") return importer + " misses the same modules in another order";
  if (change.to) return importer + " imports " + change.item + ", which is missing";
  return importer + " no longer misses " + change.item;
}

std::string report_text(const KeyChange& change, const std::string& importer) {
  if (change.item.empty()) return "mypy reports imports of " + importer + " in another order";
  std::string text = "what mypy reports of the import of " + change.item + " in " + importer;
  if (change.name != "reported import") {
    return text + " (" + change.name.substr(std::string_view("reported import ").size()) + ")" +
           from_to(change);
  }
  return change.to ? "mypy reports the import of " + change.item + " in " + importer + " now"
                   : "mypy no longer reports the import of " + change.item + " in " + importer;
}

std::string run_text(const KeyChange& change) {
  if (change.name == "worker") return "typewave itself is another version" + from_to(change);
  if (change.name == "format") return "typewave keeps results in another form" + from_to(change);
  if (change.name == "visible submodules")
    return "which submodules it can name through its imports" + from_to(change);
  if (change.name == "missing in the run") {
    return "which modules that it can name are missing somewhere in the run" + from_to(change);
  }
  if (change.name == "shadows typeshed") {
    return change.item + (change.to ? " takes" : " no longer takes") + " the place of a module of typeshed";
  }
  if (change.name == "module") return change.item + (change.to ? " is new" : " is gone");
  if (change.name == "member order") return "mypy takes the modules of its import cycle in another order";
  if (change.name.starts_with(kReadable)) {
    return change.item + ", which a plugin may read," +
           (!change.from ? " is new"
            : !change.to ? " is gone"
                         : " changed" + from_to(change));
  }
  if (change.name.starts_with("plugin ")) return "plugin " + change.item + " changed" + from_to(change);
  if (!change.item.empty() && !change.from) return change.name + " " + short_value(change.item) + " is new";
  if (!change.item.empty() && !change.to) return change.name + " " + short_value(change.item) + " is gone";
  return change.name + from_to(change);
}

}  // namespace

std::string key_change_text(const KeyChange& change, const std::string& self, const OptionTexts& options) {
  if (change.subject.empty()) return run_text(change);
  const bool own = change.subject == self;
  const std::string whose = own ? "its" : "the";
  const std::string of = own ? "" : " of " + change.subject;
  const std::string importer = own ? "it" : change.subject;
  if (change.name == "source") return whose + " source" + of + " changed" + from_to(change);
  if (change.name == "path") return whose + " file" + of + " is another one" + from_to(change);
  if (change.name == "options") {
    return whose + " options" + of + " changed" + options_from_to(change, options);
  }
  if (change.name == "errors silenced") {
    return "errors in " + change.subject + (change.to == "yes" ? " are silenced now" : " are reported now");
  }
  if (change.name == "member") {
    return change.subject + (change.to ? " is in its import cycle now" : " is no longer in its import cycle");
  }
  if (change.name.starts_with("import")) return import_text(change, importer);
  if (change.name.starts_with("missing import")) return missing_text(change, importer);
  if (change.name.starts_with("reported import")) return report_text(change, importer);
  return change.subject + ": " + change.name + from_to(change);
}

}  // namespace runner
