#include <algorithm>

#include "harness/base/text.h"
#include "harness/snapshot/fields.h"
#include "harness/snapshot/tables.h"

namespace skillaudit {
namespace {

/// split() drops an empty last part; in passwd(5) an empty shell means /bin/sh.
std::vector<std::string_view> colon_fields(std::string_view line) {
  auto fields = split(line, ':');
  if (line.ends_with(':')) fields.emplace_back();
  return fields;
}

}  // namespace

Parsed<User> parse_users(std::string_view raw) {
  Parsed<User> result;
  MalformedRows malformed(Table::Users);
  for (const auto line : split(raw, '\n')) {
    if (trim(line).empty() || line.starts_with('#')) continue;
    const auto fields = colon_fields(line);
    const auto uid = fields.size() == 7 ? parse_number<std::uint32_t>(fields[2]) : std::nullopt;
    const auto gid = fields.size() == 7 ? parse_number<std::uint32_t>(fields[3]) : std::nullopt;
    if (!uid || !gid || fields[0].empty()) {
      malformed.add(line);
      continue;
    }
    result.rows.push_back({std::string(fields[0]), *uid, *gid, std::string(fields[5]),
                           std::string(fields[6].empty() ? "/bin/sh" : fields[6])});
  }
  result.gaps = malformed.gaps();
  return result;
}

Parsed<Group> parse_groups(std::string_view raw) {
  Parsed<Group> result;
  MalformedRows malformed(Table::Groups);
  for (const auto line : split(raw, '\n')) {
    if (trim(line).empty() || line.starts_with('#')) continue;
    const auto fields = colon_fields(line);
    const auto gid = fields.size() == 4 ? parse_number<std::uint32_t>(fields[2]) : std::nullopt;
    if (!gid || fields[0].empty()) {
      malformed.add(line);
      continue;
    }
    Group group{std::string(fields[0]), *gid, {}};
    for (const auto member : split(fields[3], ',')) {
      if (!member.empty()) group.members.emplace_back(member);
    }
    std::sort(group.members.begin(), group.members.end());
    result.rows.push_back(std::move(group));
  }
  result.gaps = malformed.gaps();
  return result;
}

}  // namespace skillaudit
