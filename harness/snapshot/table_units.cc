#include <algorithm>
#include <map>
#include <tuple>

#include "harness/base/text.h"
#include "harness/snapshot/fields.h"
#include "harness/snapshot/tables.h"

namespace skillaudit {
namespace {

/// For each manager: scope, what systemctl printed. A user's manager is asked as that user, since
/// it need not answer root. `list-unit-files` is not asked: under emulation it alone takes longer
/// than the walk over all files; unit_files_python() reads the same folders at a tenth of the cost.
constexpr std::string_view kCommand = R"sh(
failed=0
section() {
  printf '%s\0' "$1"
  shift
  /usr/bin/timeout -k 5 60 "$@" list-units --all --no-pager --no-legend --plain --full \
    --type=service,timer,socket,path || failed=$?
  printf '\0'
}
section system /usr/bin/systemctl
for socket in /run/user/*/systemd/private; do
  [ -S "$socket" ] || continue
  user=${socket#/run/user/}
  user=${user%%/*}
  case $user in *[!0-9]*) continue ;; esac
  group=$(/usr/bin/stat -c %g "/run/user/$user") || failed=1
  section "user:$user" /usr/bin/setpriv --reuid "$user" --regid "$group" --clear-groups \
    /usr/bin/env "XDG_RUNTIME_DIR=/run/user/$user" /usr/bin/systemctl --user
done
return "$failed"
)sh";

/// Folders of unit files in the order of systemd.unit(5): the first that has a name wins. A unit is
/// enabled where a *.wants or *.requires folder, or an alias, of the administrator's links to it;
/// those under /usr are the distribution's own wiring. /run is not among the files of a snapshot,
/// so this is the only look at units put there.
constexpr std::string_view kFilesPython = R"py(
UNIT_TYPES = (b".service", b".timer", b".socket", b".path")

def unit_state(path, name, places):
    try:
        target = os.path.normpath(os.path.join(os.path.dirname(path), os.readlink(path)))
        if target == b"/dev/null":
            return b"masked"
        if os.path.basename(target) != name:
            return b"alias"
        if os.path.dirname(target) not in places:
            return b"linked"
    except OSError:
        pass
    try:
        content = read(path, 1 << 18)
    except OSError:
        return b"bad"
    if not content:
        return b"masked"
    return b"disabled" if b"\n[Install]" in b"\n" + content else b"static"

def table_unit_files(out):
    system = [b"/etc/systemd/system", b"/run/systemd/system", b"/usr/local/lib/systemd/system",
              b"/usr/lib/systemd/system"]
    everyone = [b"/etc/systemd/user", b"/usr/local/lib/systemd/user", b"/usr/lib/systemd/user"]
    known = set(system + everyone + [b"/lib/systemd/system", b"/lib/systemd/user"])
    scopes = [(b"system", system), (b"user:*", everyone)]
    for user, home in homes():
        scopes.append((b"user:" + user, [home + b"/.config/systemd/user",
                                         home + b"/.local/share/systemd/user"]))
    for scope, folders in scopes:
        known_here = known | set(folders)
        found, linked = {}, {}
        for folder in folders:
            how = b"enabled-runtime" if folder.startswith(b"/run/") else b"enabled"
            own = not folder.startswith(b"/usr/")
            for name in names(folder):
                if name.endswith((b".wants", b".requires")) and own:
                    for link in names(folder + b"/" + name):
                        linked.setdefault(link, how)
                elif name.endswith(UNIT_TYPES):
                    found.setdefault(name, folder + b"/" + name)
                    if own and os.path.islink(folder + b"/" + name):
                        target = os.path.basename(os.readlink(folder + b"/" + name))
                        if target != name:
                            linked.setdefault(target, how)
        for link, how in list(linked.items()):
            if b"@" in link:
                template = link.partition(b"@")[0] + b"@." + link.rpartition(b".")[2]
                linked.setdefault(template, how)
        for name in sorted(set(found) | set(linked)):
            if name.endswith(UNIT_TYPES):
                state = unit_state(found[name], name, known_here) if name in found else None
                if state in (None, b"disabled", b"static", b"linked"):
                    state = linked.get(name, state)
                out(scope + b"\0" + name + b"\0" + state + b"\0")
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

std::vector<Unit> rows_of(const std::map<Key, Unit>& units) {
  std::vector<Unit> rows;
  for (const auto& [key, unit] : units) rows.push_back(unit);
  return rows;
}

}  // namespace

std::string_view units_command() { return kCommand; }
std::string_view unit_files_python() { return kFilesPython; }

Parsed<Unit> parse_units(std::string_view raw) {
  Parsed<Unit> result;
  MalformedRows malformed("units");
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
      line = without_mark(line);
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
  MalformedRows malformed("unit_files");
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
