#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "harness/analysis/assessment.h"
#include "harness/base/text.h"
#include "harness/evidence/evidence.h"

/// The parts of report.json: what render_json() puts together.
namespace skillaudit::json_report {

using Json = nlohmann::ordered_json;

/// Lists of what the guest did end here; `omitted` beside them says how many are not shown. The
/// bundle holds all of them.
inline constexpr std::size_t kMostJsonRows = 1000;

/// Bytes of one text of the guest's that may be long.
inline constexpr std::size_t kMostJsonText = 4096;

inline Json text(std::string_view raw) { return printable(raw); }

template <typename Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// The first rows as JSON under `key`, and the number of the others as "KEY_omitted".
template <typename Rows, typename Make>
void put_rows(Json& object, const std::string& key, const Rows& rows, Make make) {
  Json list = Json::array();
  for (std::size_t i = 0; i < rows.size() && i < kMostJsonRows; ++i) list.push_back(make(rows[i]));
  object[key] = std::move(list);
  object[key + "_omitted"] = rows.size() - object[key].size();
}

/// Changes of the file system and of the tables of the state: "changes".
[[nodiscard]] Json changes_of(const Assessment& assessment);
/// "coverage".
[[nodiscard]] Json coverage_of(const SkillCoverage& coverage);
/// "worlds", where there are any.
void put_worlds(Json& json, const Evidence& evidence);
[[nodiscard]] Json packages_of(const Evidence& evidence, const Assessment& assessment);
[[nodiscard]] Json processes_of(const Changes& changes);

}  // namespace skillaudit::json_report
