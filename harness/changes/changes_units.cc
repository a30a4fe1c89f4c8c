#include <tuple>

#include "harness/changes/changes_rows.h"
#include "harness/changes/noise.h"

namespace skillaudit {
namespace {

/// A name that some unit's dependencies mention, without anything behind it: it comes and goes as
/// units are loaded.
bool is_mere_mention(const Unit& unit) {
  return unit.load_state == "not-found" && unit.unit_file_state.empty() &&
         unit.active_state == "inactive";
}

std::vector<Unit> real_units(const std::vector<Unit>& units) {
  std::vector<Unit> real;
  for (const auto& unit : units) {
    if (!is_mere_mention(unit)) real.push_back(unit);
  }
  return real;
}

/// systemd unloads an idle unit when it likes: then only its file is known, and no load state.
bool same_load(const Unit& a, const Unit& b) {
  return a.load_state == b.load_state || a.load_state.empty() || b.load_state.empty();
}

/// Sub states ("waiting", "running" of a timer) move by themselves; whether a unit is active, and
/// whether it starts at boot, is what counts.
bool same_unit(const Unit& a, const Unit& b) {
  if (a.unit_file_state != b.unit_file_state || !same_load(a, b)) return false;
  return a.active_state == b.active_state || is_transient_unit(a);
}

}  // namespace

std::vector<RowChange<Unit>> changed_units(const Snapshot& before, const Snapshot& after) {
  const auto key_of = [](const Unit& unit) { return std::tie(unit.scope, unit.id); };
  return compare_rows(real_units(before.units), real_units(after.units), key_of, same_unit);
}

}  // namespace skillaudit
