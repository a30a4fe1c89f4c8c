#include "harness/traffic/mirrors.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/traffic/apt_sources.h"

namespace skillaudit {
namespace fs = std::filesystem;
namespace {

std::string read_if_there(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return {};
  try {
    return read_file(path, 16U << 20);
  } catch (const Error&) {
    return {};  // not readable by this user: apt and npm skip such files too
  }
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::string codename_of(std::string_view os_release) {
  for (const std::string_view line : split(os_release, '\n')) {
    if (!line.starts_with("VERSION_CODENAME=")) continue;
    std::string value(trim(line.substr(line.find('=') + 1)));
    std::erase_if(value, [](char c) { return c == '"' || c == '\''; });
    return value;
  }
  return {};
}

/// All that npm's answer can depend on: the program, its configuration files (npmrc(5)) and the
/// variables that it reads.
std::string npm_fingerprint(const fs::path& npm) {
  std::error_code ignored;
  const fs::path program = fs::canonical(npm, ignored);
  std::string text = fmt::format("{} {}\n", program.string(),
                                 fs::last_write_time(program, ignored).time_since_epoch().count());
  const fs::path home = environment("HOME");
  for (const fs::path& file : {home / ".npmrc", fs::path("/etc/npmrc"), fs::path("/usr/etc/npmrc"),
                               fs::path("/usr/local/etc/npmrc"), program.parent_path() / "../npmrc",
                               program.parent_path() / "../../../../etc/npmrc"})
    text += fmt::format("{}\n{}\n", file.string(), read_if_there(file));
  for (char** variable = environ; *variable; ++variable) {
    const std::string_view name(*variable);
    if (name.starts_with("npm_config_") || name.starts_with("NPM_CONFIG_") ||
        name.starts_with("PREFIX="))
      text += fmt::format("{}\n", name);
  }
  return sha256(text);
}

/// `npm config get registry`; empty when npm does not answer.
std::string ask_npm() {
  CommandOptions options;
  options.timeout = std::chrono::seconds(20);
  // npm reads the .npmrc of the folder it runs in, which may be a skill's: a skill must not choose
  // what its own guest can reach.
  options.working_directory = "/";
  const CommandResult result = run_command({"npm", "config", "get", "registry"}, options);
  return result.exit_code == 0 ? clean_mirror_url(trim(result.out)) : std::string();
}

/// What npm takes for its registry; empty when it is not installed. Starting it costs half a
/// second, so its answer is kept in the cache for as long as nothing changed that it depends on.
std::string registry_of_npm() {
  const fs::path npm = find_program("npm");
  if (npm.empty()) return {};
  const fs::path kept = cache_dir() / "npm-registry";
  const std::string fingerprint = npm_fingerprint(npm);
  const std::string known = read_if_there(kept);
  if (known.starts_with(fingerprint + " "))
    return std::string(trim(std::string_view(known).substr(fingerprint.size())));
  std::string registry = ask_npm();
  try {
    if (!registry.empty()) write_file(kept, fingerprint + " " + registry + "\n", 0600);
  } catch (const Error&) {
    // A cache that cannot be written is found out where it is needed.
  }
  return registry;
}

std::string find_npm_registry(const fs::path& root) {
  std::vector<fs::path> files = {root / "etc/npmrc", root / "usr/etc/npmrc",
                                 root / "usr/local/etc/npmrc"};
  if (root == "/") {
    for (const char* name : {"NPM_CONFIG_REGISTRY", "npm_config_registry"})
      if (std::string url = clean_mirror_url(environment(name)); !url.empty()) return url;
    if (std::string url = registry_of_npm(); !url.empty()) return url;
    if (const std::string home = environment("HOME"); !home.empty())
      files.insert(files.begin(), fs::path(home) / ".npmrc");
  } else {
    files.insert(files.begin(), root / "root/.npmrc");
  }
  for (const fs::path& file : files)
    if (std::string url = registry_of_npmrc(read_if_there(file)); !url.empty()) return url;
  return {};
}

/// apt reads sources.list, then sources.list.d in the order of its names, only those with a known
/// suffix (sources.list(5)).
std::vector<AptEntry> read_apt_entries(const fs::path& root) {
  std::vector<AptEntry> entries =
      parse_one_line_sources(read_if_there(root / "etc/apt/sources.list"));
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator at(root / "etc/apt/sources.list.d", error), end; !error && at != end;
       at.increment(error))
    files.push_back(at->path());
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    std::vector<AptEntry> more;
    if (file.extension() == ".list") more = parse_one_line_sources(read_if_there(file));
    if (file.extension() == ".sources") more = parse_deb822_sources(read_if_there(file));
    entries.insert(entries.end(), more.begin(), more.end());
  }
  return entries;
}

/// "Debian" from the Release file that apt keeps of this suite; empty when it has none.
std::string origin_of(const fs::path& root, const std::string& uri, const std::string& suite) {
  for (const char* name : {"InRelease", "Release"}) {
    const std::string text =
        read_if_there(root / "var/lib/apt/lists" / (apt_list_name(uri, suite) + "_" + name));
    for (const std::string_view line : split(text, '\n'))
      if (line.starts_with("Origin:")) return std::string(trim(line.substr(7)));
  }
  return {};
}

/// The part of the entry that is the distribution's: some of its suites, or none.
AptEntry distribution_part(const fs::path& root, AptEntry entry, const std::string& codename) {
  if (is_debian_keyring(entry.signed_by)) return entry;
  if (!entry.signed_by.empty() || codename.empty()) {
    entry.suites.clear();
    return entry;
  }
  std::erase_if(entry.suites, [&](const std::string& suite) {
    const std::string_view rest =
        std::string_view(suite).substr(std::min(codename.size(), suite.size()));
    const bool ours = suite.starts_with(codename) && (rest.empty() || rest == "-updates" ||
                                                      rest == "-security" || rest == "-backports");
    if (!ours && suite != codename + "/updates") return true;
    return std::any_of(entry.uris.begin(), entry.uris.end(), [&](const std::string& uri) {
      const std::string origin = origin_of(root, uri, suite);
      return !origin.empty() && origin != "Debian";
    });
  });
  return entry;
}

}  // namespace

std::string clean_mirror_url(std::string_view url) {
  url = trim(url);
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  const std::string_view name = url.substr(0, scheme);
  if (name != "http" && name != "https") return {};
  std::string_view rest = url.substr(scheme + 3);
  rest = rest.substr(0, rest.find_first_of("?#"));
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  if (const std::size_t at = rest.substr(0, slash).rfind('@'); at != std::string_view::npos)
    rest.remove_prefix(at + 1);
  while (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.empty() || rest.find_first_of(" \t\r\n'\"$") != std::string_view::npos) return {};
  return fmt::format("{}://{}", name, rest);
}

std::string registry_of_npmrc(std::string_view text) {
  std::string found;
  for (std::string_view line : split(text, '\n')) {
    line = trim(line);
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || trim(line.substr(0, equals)) != "registry") continue;
    std::string_view value = trim(line.substr(equals + 1));
    if (value.size() >= 2 && (value[0] == '"' || value[0] == '\'') && value.back() == value[0])
      value = value.substr(1, value.size() - 2);
    found = clean_mirror_url(value);
  }
  return found;
}

HostMirrors host_mirrors(const fs::path& root) {
  HostMirrors mirrors;
  mirrors.codename = codename_of(read_if_there(root / "etc/os-release"));
  if (mirrors.codename.empty())
    mirrors.codename = codename_of(read_if_there(root / "usr/lib/os-release"));
  // The image need not have this host's copy of the keyring, but has the package's.
  constexpr const char* kKeyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
  std::error_code ignored;
  const bool has_keyring = fs::exists(root / std::string_view(kKeyring).substr(1), ignored);
  for (AptEntry entry : read_apt_entries(root)) {
    for (std::string& uri : entry.uris) uri = clean_mirror_url(uri);
    std::erase(entry.uris, std::string());
    entry = distribution_part(root, std::move(entry), mirrors.codename);
    if (entry.uris.empty() || entry.suites.empty()) continue;
    if (!entry.signed_by.empty() && has_keyring) entry.signed_by = kKeyring;
    if (!mirrors.apt_sources.empty()) mirrors.apt_sources += '\n';
    mirrors.apt_sources += to_deb822(entry);
    for (const std::string& uri : entry.uris)
      if (std::find(mirrors.apt_urls.begin(), mirrors.apt_urls.end(), uri) ==
          mirrors.apt_urls.end())
        mirrors.apt_urls.push_back(uri);
  }
  mirrors.npm_registry = find_npm_registry(root);
  return mirrors;
}

}  // namespace skillaudit
