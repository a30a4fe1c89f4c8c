#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "harness/snapshot/fields.h"
#include "harness/snapshot/tables.h"

namespace skillaudit {
namespace {

constexpr std::string_view kDpkg = R"sh(
/usr/bin/timeout -k 5 60 /usr/bin/dpkg-query -W \
  -f='${db:Status-Status}\t${Package}\t${Architecture}\t${Version}\n'
)sh";

/// The folders of installed Python distributions are read rather than pip run: pip takes seconds
/// under emulation, is not always there, and runs code that the skill may have put in its way.
constexpr std::string_view kPip = R"py(
def table_pip(out):
    places = set()
    for lib in [b"/usr/lib", b"/usr/local/lib"] + [home + b"/.local/lib" for _, home in homes()]:
        for python in names(lib):
            if python.startswith(b"python"):
                for kind in (b"site-packages", b"dist-packages"):
                    places.add(lib + b"/" + python + b"/" + kind)
    for place in sorted(places):
        for name in names(place):
            if name.endswith((b".dist-info", b".egg-info")):
                metadata = b""
                for part in (b"/METADATA", b"/PKG-INFO", b""):
                    try:
                        metadata = read(place + b"/" + name + part, 4096)
                        break
                    except OSError:
                        pass
                out(place + b"\0" + name + b"\0" + b"%d\0" % len(metadata) + metadata)
)py";

constexpr std::string_view kNpm = R"py(
def table_npm(out):
    places = {b"/usr/lib/node_modules", b"/usr/local/lib/node_modules"}
    for _, home in homes():
        prefixes = [home + b"/.npm-global", home + b"/.npm-packages", home + b"/.npm",
                    home + b"/.local", home + b"/.node"]
        versions = home + b"/.nvm/versions/node"
        prefixes += [versions + b"/" + version for version in names(versions)]
        try:
            for line in read(home + b"/.npmrc", 1 << 16).split(b"\n"):
                key, _, value = line.partition(b"=")
                value = value.strip().strip(b"\"'").replace(b"${HOME}", home).replace(b"~", home, 1)
                if key.strip() == b"prefix" and value.startswith(b"/"):
                    prefixes.append(value)
        except OSError:
            pass
        places.update(prefix + b"/lib/node_modules" for prefix in prefixes)
    for place in sorted(places):
        for name in names(place):
            inside = [name]
            if name.startswith(b"@"):
                inside = [name + b"/" + part for part in names(place + b"/" + name)]
            for package in inside:
                try:
                    manifest = read(place + b"/" + package + b"/package.json", 1 << 18)
                except OSError:
                    continue
                out(place + b"\0" + package + b"\0" + b"%d\0" % len(manifest) + manifest)
)py";

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
Parsed<Package> parse_places(std::string_view raw, std::string_view manager, const Read& read) {
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
    package.manager = manager;
    package.location = *place;
    result.rows.push_back(std::move(package));
  }
  sort_packages(result.rows);
  result.gaps = malformed.gaps();
  return result;
}

}  // namespace

std::string_view dpkg_command() { return kDpkg; }
std::string_view pip_python() { return kPip; }
std::string_view npm_python() { return kNpm; }

/// A package of another architecture than most is named "libc6:i386", as dpkg does.
Parsed<Package> parse_dpkg(std::string_view raw) {
  Parsed<Package> result;
  MalformedRows malformed("packages");
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
  return parse_places(raw, "pip", [](std::string_view folder, std::string_view metadata) {
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
  return parse_places(raw, "npm", [](std::string_view folder, std::string_view manifest) {
    Package package;
    package.name = folder;
    const auto json = nlohmann::json::parse(manifest, nullptr, false);
    if (json.is_object()) package.version = string_member(json, "version");
    return package;
  });
}

}  // namespace skillaudit
