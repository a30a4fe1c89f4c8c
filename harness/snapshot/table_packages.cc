#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "harness/base/json_text.h"
#include "harness/base/text.h"
#include "harness/snapshot/fields.h"
#include "harness/snapshot/tables.h"

namespace skillaudit {
namespace {

void sort_packages(std::vector<Package>& rows) {
  const auto key = [](const Package& p) { return std::tie(p.name, p.version, p.location); };
  std::sort(rows.begin(), rows.end(),
            [&](const Package& a, const Package& b) { return key(a) < key(b); });
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
}

/// The value of "Name: jinja2" among the header lines of a distribution's metadata.
std::string header(std::string_view metadata, std::string_view key) {
  for (const auto line : split(metadata, '\n')) {
    if (trim(line).empty()) break;
    if (line.starts_with(key)) return std::string(trim(line.substr(key.size())));
  }
  return {};
}

/// "jinja2-3.1.2.dist-info" without metadata in it.
Package from_folder_name(std::string_view folder) {
  const std::string_view stem = folder.substr(0, folder.rfind('.'));
  const std::size_t dash = stem.find('-');
  Package package;
  package.name = stem.substr(0, dash);
  if (dash != std::string_view::npos) {
    const std::string_view rest = stem.substr(dash + 1);
    package.version = rest.substr(0, rest.find('-'));
  }
  return package;
}

std::string string_member(const nlohmann::json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

/// Both tables hold: folder, name of the entry in it, what the entry's metadata file says.
template <typename Read>
Parsed<Package> parse_places(std::string_view raw, Table manager, const Read& read) {
  Parsed<Package> result;
  MalformedRows malformed(manager);
  FieldReader reader(raw);
  while (!reader.done()) {
    const std::string_view rest = reader.rest();
    const auto place = reader.field();
    const auto entry = reader.field();
    const auto content = reader.blob();
    if (!place || !entry || !content) {
      malformed.add(rest);
      break;
    }
    Package package = read(*entry, *content);
    package.manager = name_of(manager);
    package.location = *place;
    result.rows.push_back(std::move(package));
  }
  sort_packages(result.rows);
  result.gaps = malformed.gaps();
  return result;
}

}  // namespace

/// A package of another architecture than most is named "libc6:i386", as dpkg does.
Parsed<Package> parse_dpkg(std::string_view raw) {
  Parsed<Package> result;
  MalformedRows malformed(Table::Packages);
  std::map<std::string_view, std::size_t> architectures;
  std::vector<std::string_view> architecture_of;
  for (const auto line : split(raw, '\n')) {
    const auto fields = split(line, '\t');
    if (fields.size() >= 3 && fields[0] != "installed") {
      // Removed with its configuration left, or half-way: no installed version to speak of. dpkg
      // names eight states; any other word is not dpkg's.
      static constexpr std::string_view kStates[] = {
          "not-installed",   "config-files",     "half-installed",  "unpacked",
          "half-configured", "triggers-awaited", "triggers-pending"};
      if (std::find(std::begin(kStates), std::end(kStates), fields[0]) == std::end(kStates)) {
        malformed.add(line);
        continue;
      }
      if (fields[0] == "not-installed" || fields[0] == "config-files") continue;
    }
    if (fields.size() != 4 || fields[1].empty() || fields[3].empty()) {
      malformed.add(line);
      continue;
    }
    result.rows.push_back({"dpkg", std::string(fields[1]), std::string(fields[3]), {}});
    architecture_of.push_back(fields[2]);
    if (fields[2] != "all") ++architectures[fields[2]];
  }
  std::string_view native;
  std::size_t most = 0;
  for (const auto& [architecture, count] : architectures) {
    if (count > most) native = architecture;
    most = std::max(most, count);
  }
  for (std::size_t i = 0; i < result.rows.size(); ++i) {
    if (architecture_of[i] == "all" || architecture_of[i] == native) continue;
    result.rows[i].name.append(":").append(architecture_of[i]);
  }
  sort_packages(result.rows);
  result.gaps = malformed.gaps();
  return result;
}

Parsed<Package> parse_pip(std::string_view raw) {
  return parse_places(raw, Table::Pip, [](std::string_view folder, std::string_view metadata) {
    Package package = from_folder_name(folder);
    if (auto name = header(metadata, "Name:"); !name.empty()) package.name = std::move(name);
    if (auto version = header(metadata, "Version:"); !version.empty()) {
      package.version = std::move(version);
    }
    return package;
  });
}

/// The folder names the package, since that is what `require` goes by; package.json only tells the
/// version, and a broken one none.
Parsed<Package> parse_npm(std::string_view raw) {
  return parse_places(raw, Table::Npm, [](std::string_view folder, std::string_view manifest) {
    Package package;
    package.name = folder;
    const auto json = parse_json_or_discard(manifest);
    if (json.is_object()) package.version = string_member(json, "version");
    return package;
  });
}

}  // namespace skillaudit
