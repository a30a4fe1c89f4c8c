#include <algorithm>
#include <map>
#include <tuple>

#include "harness/base/text.h"
#include "harness/snapshot/fields.h"
#include "harness/snapshot/tables.h"

namespace skillaudit {
namespace {

using Key = std::tuple<std::string, std::string>;

bool is_unit_name(std::string_view id) {
  return id.ends_with(".service") || id.ends_with(".timer") || id.ends_with(".socket") ||
         id.ends_with(".path");
}

std::vector<Unit> rows_of(const std::map<Key, Unit>& units) {
  std::vector<Unit> rows;
  for (const auto& [key, unit] : units) rows.push_back(unit);
  return rows;
}

}  // namespace

Parsed<Unit> parse_units(std::string_view raw) {
  Parsed<Unit> result;
  MalformedRows malformed(Table::Units);
  std::map<Key, Unit> units;
  FieldReader reader(raw);
  while (!reader.done()) {
    const std::string_view rest = reader.rest();
    const auto scope = reader.field();
    const auto content = reader.field();
    if (!content) {
      malformed.add(rest);
      break;
    }
    for (auto line : split(*content, '\n')) {
      if (line.empty()) continue;
      const std::string_view whole = line;
      Unit unit;
      unit.scope = *scope;
      unit.id = next_word(line);
      unit.load_state = next_word(line);
      unit.active_state = next_word(line);
      unit.sub_state = next_word(line);
      if (unit.sub_state.empty() || !is_unit_name(unit.id)) {
        malformed.add(whole);
      } else {
        units.insert_or_assign({unit.scope, unit.id}, unit);
      }
    }
  }
  result.rows = rows_of(units);
  result.gaps = malformed.gaps();
  return result;
}

/// A unit file that no manager has loaded is what `systemctl is-active` says of it: inactive.
Parsed<Unit> parse_unit_files(std::string_view raw) {
  Parsed<Unit> result;
  MalformedRows malformed(Table::UnitFiles);
  std::map<Key, Unit> units;
  FieldReader reader(raw);
  while (!reader.done()) {
    const std::string_view rest = reader.rest();
    const auto scope = reader.field();
    const auto id = reader.field();
    const auto state = reader.field();
    if (!state) {
      malformed.add(rest);
      break;
    }
    units.insert_or_assign(
        {std::string(*scope), std::string(*id)},
        Unit{std::string(*scope), std::string(*id), "", "inactive", "dead", std::string(*state)});
  }
  result.rows = rows_of(units);
  result.gaps = malformed.gaps();
  return result;
}

}  // namespace skillaudit
