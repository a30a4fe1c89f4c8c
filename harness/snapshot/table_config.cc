#include <algorithm>

#include "harness/snapshot/fields.h"
#include "harness/snapshot/tables.h"

namespace skillaudit {

Parsed<ConfigText> parse_config(std::string_view raw) {
  Parsed<ConfigText> result;
  MalformedRows malformed(Table::Config);
  FieldReader reader(raw);
  while (!reader.done()) {
    const std::string_view rest = reader.rest();
    const auto path = reader.field();
    const auto content = reader.blob();
    if (!path || !content || !path->starts_with('/')) {
      malformed.add(rest);
      break;
    }
    result.rows.push_back({std::string(*path), std::string(*content)});
  }
  const auto by_path = [](const ConfigText& a, const ConfigText& b) { return a.path < b.path; };
  std::sort(result.rows.begin(), result.rows.end(), by_path);
  const auto same = [](const ConfigText& a, const ConfigText& b) { return a.path == b.path; };
  result.rows.erase(std::unique(result.rows.begin(), result.rows.end(), same), result.rows.end());
  result.gaps = malformed.gaps();
  return result;
}

}  // namespace skillaudit
