#include <set>

#include "harness/witness/io.h"
#include "harness/witness/tables.h"

namespace witness {
namespace {

/// The value of "Name: value" lines.
std::string_view value_of(std::string_view line, std::string_view key) {
  if (!line.starts_with(key) || line.substr(key.size(), 2) != ": ") return {};
  return line.substr(key.size() + 2);
}

std::string_view stripped(std::string_view text) {
  constexpr std::string_view kAround = " \t\r\"'";
  const std::size_t begin = text.find_first_not_of(kAround);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kAround) - begin + 1);
}

/// Where `npm install -g` of this user goes, by the settings file in the home.
std::string npm_prefix(const std::string& home) {
  const auto settings = read_file(home + "/.npmrc", 1U << 16);
  std::string prefix;
  if (!settings) return prefix;
  for (const std::string_view line : split(*settings, '\n')) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || stripped(line.substr(0, equals)) != "prefix") continue;
    std::string value(stripped(line.substr(equals + 1)));
    for (const std::string variable : {"${HOME}", "~"})
      if (const std::size_t at = value.find(variable); at != std::string::npos)
        value.replace(at, variable.size(), home);
    if (value.starts_with('/')) prefix = value;
  }
  return prefix;
}

}  // namespace

/// dpkg's own account of what is installed, as `dpkg-query -W` would print it.
std::string dpkg_table() {
  std::string out;
  const std::string status = must_read("/var/lib/dpkg/status", 1U << 28);
  std::string_view package, state, architecture, version;
  const auto flush = [&] {
    if (!package.empty()) {
      const auto parts = words(state);
      const std::string_view now = parts.size() == 3 ? parts[2] : "";
      for (const std::string_view field : {now, package, architecture})
        out.append(field).append("\t");
      out.append(version).append("\n");
    }
    package = state = architecture = version = {};
  };
  std::string_view rest = status;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.empty()) {
      flush();
    } else if (line[0] == 'P' && package.empty()) {
      package = value_of(line, "Package");
    } else if (line[0] == 'S' && state.empty()) {
      state = value_of(line, "Status");
    } else if (line[0] == 'A' && architecture.empty()) {
      architecture = value_of(line, "Architecture");
    } else if (line[0] == 'V' && version.empty()) {
      version = value_of(line, "Version");
    }
  }
  flush();
  return out;
}

/// The folders of installed Python distributions are read rather than pip run: pip takes seconds
/// under emulation, is not always there, and runs code that the skill may have put in its way.
std::string pip_table() {
  std::set<std::string> places;
  std::vector<std::string> libraries = {"/usr/lib", "/usr/local/lib"};
  for (const Account& account : homes()) libraries.push_back(account.home + "/.local/lib");
  for (const std::string& library : libraries)
    for (const std::string& python : names_in(library))
      if (python.starts_with("python"))
        for (const std::string kind : {"site-packages", "dist-packages"})
          places.insert(library + "/" + python + "/" + kind);
  std::string out;
  for (const std::string& place : places)
    for (const std::string& name : names_in(place)) {
      if (!name.ends_with(".dist-info") && !name.ends_with(".egg-info")) continue;
      std::string metadata;
      for (const std::string part : {"/METADATA", "/PKG-INFO", ""})
        if (auto content = read_file(place + "/" + name + part, 4096)) {
          metadata = *std::move(content);
          break;
        }
      put_field(out, place);
      put_blob(out, name, metadata);
    }
  return out;
}

std::string npm_table() {
  std::set<std::string> places = {"/usr/lib/node_modules", "/usr/local/lib/node_modules"};
  for (const Account& account : homes()) {
    std::vector<std::string> prefixes;
    for (const std::string name : {"/.npm-global", "/.npm-packages", "/.npm", "/.local", "/.node"})
      prefixes.push_back(account.home + name);
    const std::string versions = account.home + "/.nvm/versions/node";
    for (const std::string& version : names_in(versions))
      prefixes.push_back(versions + "/" + version);
    if (const std::string prefix = npm_prefix(account.home); !prefix.empty())
      prefixes.push_back(prefix);
    for (const std::string& prefix : prefixes) places.insert(prefix + "/lib/node_modules");
  }
  std::string out;
  for (const std::string& place : places)
    for (const std::string& name : names_in(place)) {
      std::vector<std::string> inside = {name};
      if (name.starts_with('@')) {
        inside.clear();
        for (const std::string& part : names_in(place + "/" + name))
          inside.push_back(name + "/" + part);
      }
      for (const std::string& package : inside)
        if (const auto manifest = read_file(place + "/" + package + "/package.json", 1U << 18)) {
          put_field(out, place);
          put_blob(out, package, *manifest);
        }
    }
  return out;
}

}  // namespace witness
