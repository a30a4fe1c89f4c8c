#include "harness/bundle/manifest.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/json_text.h"
#include "harness/base/text.h"
#include "harness/bundle/layout.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr BundleFile kManifest = BundleFile::Manifest;
constexpr int kSchemaVersion = 2;
constexpr std::uint64_t kManifestLimit = 64U << 20;
/// Far above any audit (a file for each flow): a tree that only keeps us busy is refused.
constexpr std::size_t kFileLimit = 200000;
constexpr std::size_t kDepthLimit = 8;
/// Differences that a message names before it says "and N more".
constexpr std::size_t kNamedDifferences = 10;

struct Listed {
  std::uint64_t size = 0;
  std::string sha256;  ///< filled when it was asked for
};

/// Every evidence file under `dir` by its path relative to it. Never follows a symlink and never
/// opens a file, so nothing in the manifest or the tree can lead out of the bundle.
std::map<std::string, Listed> list_files(const fs::path& dir) {
  std::map<std::string, Listed> files;
  std::error_code error;
  const auto check = [&](const fs::path& path) {
    if (error)
      fail(ErrorKind::Skill, "cannot read the bundle at {}: {}", path.string(), error.message());
  };
  fs::recursive_directory_iterator entry(dir, error);
  check(dir);
  for (const fs::recursive_directory_iterator end; entry != end;
       entry.increment(error), check(dir)) {
    const std::string relative = entry->path().lexically_relative(dir).string();
    const auto shown = [&] { return shorten(printable(relative), 200); };
    const fs::file_type type = entry->symlink_status(error).type();
    check(entry->path());
    if (type == fs::file_type::directory) {
      if (entry.depth() >= static_cast<int>(kDepthLimit))
        fail(ErrorKind::Skill, "the bundle {} is nested too deep at {}", dir.string(), shown());
      continue;
    }
    if (type != fs::file_type::regular)
      fail(ErrorKind::Skill,
           "{} in the bundle {} is {}: a bundle contains only files and folders, remove it",
           shown(), dir.string(),
           type == fs::file_type::symlink ? "a symlink" : "not a regular file");
    if (as_utf8(relative) != relative)
      fail(ErrorKind::Skill, "the file name {} in the bundle {} is not UTF-8: remove it", shown(),
           dir.string());
    if (relative == name_of(kManifest) || is_rendered_file(relative)) continue;
    files[relative].size = entry->file_size(error);
    check(entry->path());
    if (files.size() > kFileLimit)
      fail(ErrorKind::Skill, "the bundle {} holds more than {} files", dir.string(), kFileLimit);
  }
  return files;
}

/// What the manifest says of each file. Throws when it is anything but a manifest.
std::map<std::string, Listed> read_manifest(const fs::path& dir) {
  const auto malformed = [&](const std::string& why) {
    fail(ErrorKind::Skill, "the manifest of the bundle {} is damaged ({}): run the audit again",
         dir.string(), why);
  };
  const Json json = Json::parse(read_file(path_in(dir, kManifest), kManifestLimit), nullptr,
                                /*allow_exceptions=*/false);
  if (json.is_discarded() || !json.is_object()) malformed("it is not a JSON object");
  const auto version = json.find("schema_version");
  if (version == json.end() || !version->is_number_integer()) malformed("it has no schema_version");
  if (*version != kSchemaVersion)
    fail(ErrorKind::Skill,
         "the bundle {} has schema version {}, but this skillaudit reads version {}", dir.string(),
         shorten(version->dump(), 40), kSchemaVersion);
  const auto files = json.find("files");
  if (json.size() != 2 || files == json.end() || !files->is_array())
    malformed("its fields are unknown");

  std::map<std::string, Listed> listed;
  std::string previous;
  for (const Json& file : *files) {
    const auto is = [&](const char* name, auto predicate) {
      return file.is_object() && file.contains(name) && predicate(file[name]);
    };
    const bool well_formed = file.is_object() && file.size() == 3 &&
                             is("path", [](const Json& v) { return v.is_string(); }) &&
                             is("size", [](const Json& v) { return v.is_number_unsigned(); }) &&
                             is("sha256", [](const Json& v) { return v.is_string(); });
    if (!well_formed) malformed("an entry is not {path, size, sha256}");
    const std::string path = file["path"].get<std::string>();
    const std::string sha256 = file["sha256"].get<std::string>();
    if (path <= previous) malformed("its entries are not sorted");
    if (sha256.size() != 64 || sha256.find_first_not_of("0123456789abcdef") != std::string::npos)
      malformed("the SHA-256 of " + shorten(printable(path), 200) + " is not one");
    listed[path] = {file["size"].get<std::uint64_t>(), sha256};
    previous = path;
  }
  return listed;
}

void require_folder(const fs::path& dir) {
  std::error_code error;
  if (!fs::is_directory(dir, error))
    fail(ErrorKind::Skill, "{} is not a bundle: it is not a folder", dir.string());
}

}  // namespace

void seal_bundle(const fs::path& dir) {
  require_folder(dir);
  Json files = Json::array();
  for (const auto& [path, file] : list_files(dir))
    files.push_back({{"path", path}, {"size", file.size}, {"sha256", sha256_file(dir / path)}});
  const Json manifest = {{"schema_version", kSchemaVersion}, {"files", std::move(files)}};
  write_file(path_in(dir, kManifest), json_text(manifest, 2) + "\n");
}

void verify_bundle(const fs::path& dir) {
  require_folder(dir);
  // Listed first: that refuses a manifest that is a symlink or a pipe before anything is opened.
  const std::map<std::string, Listed> present = list_files(dir);
  std::error_code error;
  if (!fs::exists(path_in(dir, kManifest), error))
    fail(ErrorKind::Skill, "{} is not a complete bundle: it has no {}, which an audit writes last",
         dir.string(), name_of(kManifest));
  const std::map<std::string, Listed> expected = read_manifest(dir);

  std::vector<std::string> differences;
  const auto differs = [&](const std::string& path, const char* how) {
    differences.push_back(fmt::format("{} {}", shorten(printable(path), 200), how));
  };
  for (const auto& [path, file] : expected) {
    const auto found = present.find(path);
    if (found == present.end()) {
      differs(path, "is missing");
    } else if (found->second.size != file.size || sha256_file(dir / path) != file.sha256) {
      differs(path, "was changed");
    }
  }
  for (const auto& [path, file] : present) {
    if (!expected.contains(path)) differs(path, "was added");
  }
  if (differences.empty()) return;
  const std::size_t more = differences.size() - std::min(differences.size(), kNamedDifferences);
  differences.resize(differences.size() - more);
  fail(ErrorKind::Skill, "the bundle {} was changed after the audit: {}{}", dir.string(),
       join(differences, ", "), more ? fmt::format(" and {} more", more) : "");
}

}  // namespace skillaudit
