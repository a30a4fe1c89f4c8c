#include <algorithm>
#include <tuple>

#include "harness/snapshot/capture.h"
#include "harness/snapshot/fields.h"
#include "harness/snapshot/tables.h"

namespace skillaudit {

std::string format_attributes(const std::vector<FileAttribute>& rows) {
  std::string text;
  for (const FileAttribute& row : rows) {
    text.append(row.path).append(1, '\0').append(row.name).append(1, '\0');
    text.append(std::to_string(row.value.size())).append(1, '\0').append(row.value);
  }
  return text;
}

/// PATH NUL NAME NUL SIZE NUL, and as many bytes.
Parsed<FileAttribute> parse_attributes(std::string_view raw) {
  Parsed<FileAttribute> result;
  MalformedRows malformed(Table::Attributes);
  FieldReader reader(raw);
  while (!reader.done()) {
    const auto path = reader.field();
    const auto name = path ? reader.field() : std::nullopt;
    const auto blob = name ? reader.blob() : std::nullopt;
    if (!blob || !path->starts_with('/') || name->empty()) {
      malformed.add(path ? *path : reader.rest());
      break;
    }
    result.rows.push_back({std::string(*path), std::string(*name), std::string(*blob)});
  }
  const auto key = [](const FileAttribute& row) { return std::tie(row.path, row.name); };
  std::stable_sort(result.rows.begin(), result.rows.end(),
                   [&](const FileAttribute& a, const FileAttribute& b) { return key(a) < key(b); });
  const auto same = [&](const FileAttribute& a, const FileAttribute& b) {
    return key(a) == key(b);
  };
  result.rows.erase(std::unique(result.rows.begin(), result.rows.end(), same), result.rows.end());
  result.gaps = malformed.gaps();
  return result;
}

}  // namespace skillaudit
