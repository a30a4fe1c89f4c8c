#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <system_error>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/json_text.h"
#include "harness/base/text.h"
#include "harness/evidence/json.h"
#include "harness/snapshot/capture.h"

namespace skillaudit {
namespace {

constexpr std::string_view kGaps = "gaps";

/// A JSON object a line.
std::vector<Gap> read_gaps(const std::filesystem::path& file) {
  std::vector<Gap> gaps;
  const std::string text = read_file(file);
  try {
    for (const std::string_view line : split(text, '\n'))
      gaps.push_back(gap_from_json(parse_ordered_json(line)));
  } catch (const nlohmann::json::exception& error) {
    fail(ErrorKind::Skill, "{} is not what an audit wrote: {}", file.string(), error.what());
  }
  return gaps;
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
  for (const Gap& gap : raw.gaps) gaps += json_text(to_json(gap)) + "\n";
  write_file(dir / kGaps, gaps);
}

RawSnapshot read_raw(const std::filesystem::path& dir) {
  RawSnapshot raw;
  raw.gaps = read_gaps(dir / kGaps);
  std::error_code error;
  std::filesystem::directory_iterator entries(dir, error);
  if (error) {
    fail(ErrorKind::Skill, "cannot read {} of the bundle: {}", dir.string(), error.message());
  }
  for (const auto& entry : entries) {
    const std::string name = entry.path().filename().string();
    if (name == kGaps) continue;
    if (!table_from_name(name)) {
      fail(ErrorKind::Skill, "{} is not a table of a snapshot; another version made the bundle",
           printable(entry.path().string()));
    }
    raw.tables.emplace(name, read_file(entry.path()));
  }
  for (const Table table : kTables) {
    const bool said = std::any_of(raw.gaps.begin(), raw.gaps.end(),
                                  [&](const Gap& gap) { return gap.scope.table == table; });
    if (!said && !may_be_absent(table) && !raw.tables.contains(std::string(name_of(table)))) {
      fail(ErrorKind::Skill, "{} is missing from the bundle; audit the skill again",
           (dir / name_of(table)).string());
    }
  }
  return raw;
}

}  // namespace skillaudit
