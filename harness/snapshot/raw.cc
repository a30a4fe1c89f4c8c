#include <fmt/core.h>

#include <algorithm>
#include <system_error>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/snapshot/capture.h"
#include "harness/snapshot/capture_tables.h"

namespace skillaudit {
namespace {

constexpr std::string_view kGaps = "gaps";

bool names(const std::string& gap, std::string_view table) {
  return gap.find(fmt::format("'{}'", table)) != std::string::npos;
}

}  // namespace

void write_raw(const RawSnapshot& raw, const std::filesystem::path& dir) {
  std::error_code error;
  std::filesystem::create_directories(dir, error);
  if (error) {
    fail(ErrorKind::Environment, "cannot create {}: {}; free space there or choose another --out",
         dir.string(), error.message());
  }
  for (const auto& [name, bytes] : raw.tables) write_file(dir / name, bytes);
  std::string gaps;
  // Gaps quote what a guest said: printable already, and so without line feeds.
  for (const auto& gap : raw.gaps) gaps += gap + "\n";
  write_file(dir / kGaps, gaps);
}

RawSnapshot read_raw(const std::filesystem::path& dir) {
  RawSnapshot raw;
  const std::string gaps = read_file(dir / kGaps);
  for (const auto line : split(gaps, '\n')) raw.gaps.emplace_back(line);
  const auto& tables = capture_tables();
  std::error_code error;
  std::filesystem::directory_iterator entries(dir, error);
  if (error) {
    fail(ErrorKind::Skill, "cannot read {} of the bundle: {}", dir.string(), error.message());
  }
  for (const auto& entry : entries) {
    const std::string name = entry.path().filename().string();
    if (name == kGaps) continue;
    if (std::find(tables.begin(), tables.end(), name) == tables.end()) {
      fail(ErrorKind::Skill, "{} is no table of a snapshot; the bundle was made by another version",
           printable(entry.path().string()));
    }
    raw.tables.emplace(name, read_file(entry.path()));
  }
  for (const auto table : tables) {
    const bool said = std::any_of(raw.gaps.begin(), raw.gaps.end(),
                                  [&](const std::string& gap) { return names(gap, table); });
    if (!said && !raw.tables.contains(std::string(table))) {
      fail(ErrorKind::Skill, "{} is missing from the bundle; audit the skill again",
           (dir / table).string());
    }
  }
  return raw;
}

}  // namespace skillaudit
