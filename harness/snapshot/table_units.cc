#include <algorithm>
#include <map>
#include <tuple>

#include "harness/base/text.h"
#include "harness/snapshot/fields.h"
#include "harness/snapshot/tables.h"

namespace skillaudit {
namespace {

/// For each manager two sections: scope, kind, what systemctl printed. A user's manager is asked as
/// that user, since it need not answer root.
constexpr std::string_view kCommand = R"sh(
failed=0
section() {
  printf '%s\0%s\0' "$1" "$2"
  shift 2
  /usr/bin/timeout -k 5 30 "$@" --no-pager --no-legend --plain --full \
    --type=service,timer,socket,path || failed=$?
  printf '\0'
}
section system units /usr/bin/systemctl list-units --all
section system files /usr/bin/systemctl list-unit-files
for socket in /run/user/*/systemd/private; do
  [ -S "$socket" ] || continue
  user=${socket#/run/user/}
  user=${user%%/*}
  case $user in *[!0-9]*) continue ;; esac
  group=$(/usr/bin/stat -c %g "/run/user/$user") || failed=1
  set -- /usr/bin/setpriv --reuid "$user" --regid "$group" --clear-groups \
    /usr/bin/env "XDG_RUNTIME_DIR=/run/user/$user" /usr/bin/systemctl --user
  section "user:$user" units "$@" list-units --all
  section "user:$user" files "$@" list-unit-files
done
return "$failed"
)sh";

/// Unit files that no manager need have read yet: they start at the next login. The third field is
/// "enabled" where a *.wants or *.requires folder links to the unit.
constexpr std::string_view kUserPython = R"py(
def table_user_units(out):
    places = [(user, home + b"/.config/systemd/user") for user, home in homes()]
    for scope, folder in places + [(b"*", b"/etc/systemd/user")]:
        found, linked = set(), set()
        for name in names(folder):
            if name.endswith((b".wants", b".requires")):
                linked.update(names(folder + b"/" + name))
            else:
                found.add(name)
        for name in sorted(found | linked):
            if name.endswith((b".service", b".timer", b".socket", b".path")):
                out(scope + b"\0" + name + b"\0")
                out((b"enabled" if name in linked else b"disabled") + b"\0")
)py";

using Key = std::tuple<std::string, std::string>;

/// systemctl marks a failed unit with "●" ("*" in the C locale), in some versions with --plain too.
std::string_view without_mark(std::string_view line) {
  line = trim(line);
  for (const std::string_view mark : {"\xe2\x97\x8f ", "* "}) {
    if (line.starts_with(mark)) return line.substr(mark.size());
  }
  return line;
}

bool is_unit_name(std::string_view id) {
  return id.ends_with(".service") || id.ends_with(".timer") || id.ends_with(".socket") ||
         id.ends_with(".path");
}

bool take_unit(std::string_view line, Unit& unit) {
  unit.load_state = next_word(line);
  unit.active_state = next_word(line);
  unit.sub_state = next_word(line);
  return !unit.sub_state.empty();
}

bool take_unit_file(std::string_view line, Unit& unit) {
  unit.unit_file_state = next_word(line);
  return !unit.unit_file_state.empty();
}

std::vector<Unit> rows_of(std::map<Key, Unit>& units) {
  std::vector<Unit> rows;
  for (auto& [key, unit] : units) {
    // A unit file that the manager has not loaded: what `systemctl is-active` says of it.
    if (unit.active_state.empty()) {
      unit.active_state = "inactive";
      unit.sub_state = "dead";
    }
    rows.push_back(std::move(unit));
  }
  return rows;
}

}  // namespace

std::string_view units_command() { return kCommand; }
std::string_view user_units_python() { return kUserPython; }

Parsed<Unit> parse_units(std::string_view raw) {
  Parsed<Unit> result;
  MalformedRows malformed("units");
  std::map<Key, Unit> units;
  FieldReader reader(raw);
  while (!reader.done()) {
    const std::string_view rest = reader.rest();
    const auto scope = reader.field();
    const auto kind = reader.field();
    const auto content = reader.field();
    if (!content || (*kind != "units" && *kind != "files")) {
      malformed.add(rest);
      break;
    }
    for (auto line : split(*content, '\n')) {
      line = without_mark(line);
      if (line.empty()) continue;
      const std::string_view whole = line;
      const std::string_view id = next_word(line);
      Unit& unit = units[{std::string(*scope), std::string(id)}];
      unit.scope = *scope;
      unit.id = id;
      const bool taken = *kind == "units" ? take_unit(line, unit) : take_unit_file(line, unit);
      if (!taken || !is_unit_name(id)) {
        malformed.add(whole);
        units.erase({std::string(*scope), std::string(id)});
      }
    }
  }
  result.rows = rows_of(units);
  result.gaps = malformed.gaps();
  return result;
}

Parsed<Unit> parse_user_units(std::string_view raw) {
  Parsed<Unit> result;
  MalformedRows malformed("user_units");
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
    Unit& unit = units[{"user:" + std::string(*scope), std::string(*id)}];
    unit.scope = "user:" + std::string(*scope);
    unit.id = *id;
    unit.unit_file_state = *state;
  }
  result.rows = rows_of(units);
  result.gaps = malformed.gaps();
  return result;
}

}  // namespace skillaudit
