#include <algorithm>
#include <map>
#include <set>

#include "harness/rules/effect.h"

namespace skillaudit {
namespace {

std::string describe(const Unit& unit) {
  std::string text = unit.id + " (" + unit.scope + ", " + unit.active_state + "/" + unit.sub_state;
  if (!unit.unit_file_state.empty()) text += ", " + unit.unit_file_state;
  return text + ")";
}

/// "/etc/systemd/system/x.service" for the unit itself; for a drop-in or an enabling link the unit
/// that it belongs to: "ssh.service" of ssh.service.d/y.conf and of multi-user.target.wants/.
std::string unit_of(std::string_view path) {
  for (std::string_view folder = parent_of(path); folder.size() > 1; folder = parent_of(folder)) {
    const std::string_view name = base_name(folder);
    if (name.ends_with(".d") && name.find('.') != name.size() - 2) {
      return std::string(name.substr(0, name.size() - 2));
    }
  }
  const std::string_view folder = base_name(parent_of(path));
  std::string_view name = base_name(path);
  const bool is_init_script = folder == "init.d";
  if (!is_init_script && !(folder.starts_with("rc") && folder.ends_with(".d"))) {
    return std::string(name);
  }
  // systemd-sysv-generator(8): init.d/cron and its links rc2.d/S01cron are cron.service.
  if (!is_init_script && name.size() > 3) name.remove_prefix(3);
  return std::string(name) + ".service";
}

/// ssh@.service for ssh@1.service: an instance is judged as its template.
bool is_instance(std::string_view id) {
  const std::size_t at = id.find('@');
  return at != std::string_view::npos && at + 1 < id.size() && id[at + 1] != '.';
}

class Services {
 public:
  explicit Services(const RuleInput& input) : input_(input) {
    for (const Unit& unit : input.evidence.before.units) before_.insert(unit.id);
    for (const FileChange& change : input.changes.files) {
      if (input.place(change) == Place::UnitFile) files_.push_back(&change);
    }
    for (const FileChange* change : files_) {
      if (comes_with_package(input, *change)) of_packages_.insert(unit_of(change->path()));
    }
  }

  void report(Found& found) {
    read_files();
    read_rows();
    for (const auto& [what, offender] : offenders_) {
      const auto& [verb, id] = what;
      found.add({.verb = verb,
                 .object = ObjectKind::Unit,
                 .name = id,
                 .takes_root = !users_.contains(id),
                 .named = [this, verb = verb,
                           &id = id](EffectClass) { return unit_named(input_, verb, id); }},
                [&offender = offender] { return offender; });
    }
  }

 private:
  void add(Verb verb, const std::string& id, Citation citation) {
    Offender& offender = offenders_[{verb, id}];
    offender.words.what = as_code(id);
    offender.evidence.push_back(std::move(citation));
  }

  void read_files() {
    for (const FileChange* change : files_) {
      if (change->origin != Origin::Skill && change->origin != Origin::Package) continue;
      const std::string id = unit_of(change->path());
      if (of_packages_.contains(id)) continue;
      const FileEntry& entry = change->kind == ChangeKind::Deleted ? change->before : change->after;
      if (entry.type == FileType::Directory) continue;
      const bool was_there = before_.contains(id) || change->kind != ChangeKind::Added;
      if (change->kind == ChangeKind::Modified && !change->content_changed()) continue;
      if (is_below(change->path(), input_.evidence.environment.guest_home)) users_.insert(id);
      // systemctl enable of a unit that the image brought is seen in its row, too.
      add(was_there ? Verb::Modify : Verb::Create, id, cite_file(*change));
    }
  }

  void read_rows() {
    for (const RowChange<Unit>& change : input_.changes.units) {
      const std::string& id =
          change.kind == ChangeKind::Deleted ? change.before.id : change.after.id;
      if (of_packages_.contains(id)) continue;
      const Unit& unit = change.kind == ChangeKind::Deleted ? change.before : change.after;
      if (unit.scope == "user") users_.insert(id);
      switch (change.kind) {
        case ChangeKind::Added:
          added(change.after);
          break;
        case ChangeKind::Deleted:
          if (!change.before.unit_file_state.empty() &&
              change.before.unit_file_state != "transient" && !is_instance(id)) {
            add(Verb::Modify, id,
                cite(source::before(Table::Units), "no longer there: " + describe(change.before)));
          }
          break;
        case ChangeKind::Modified:
          modified(change.before, change.after);
          break;
      }
    }
  }

  void added(const Unit& unit) {
    if (unit.load_state == "not-found") return;
    const bool runs = unit.active_state == "active" || unit.active_state == "activating";
    if (is_instance(unit.id)) {
      // A login session brings user@ and user-runtime-dir@ of its own.
      const bool of_login =
          unit.id.starts_with("user@") || unit.id.starts_with("user-runtime-dir@");
      if (runs && !of_login)
        add(Verb::Run, unit.id, cite(source::after(Table::Units), describe(unit)));
      return;
    }
    const bool has_file = !unit.unit_file_state.empty();
    if (has_file || runs) {
      add(Verb::Create, unit.id, cite(source::after(Table::Units), describe(unit)));
    }
  }

  void modified(const Unit& before, const Unit& after) {
    const Citation citation =
        cite(source::after(Table::Units), describe(after) + "; before: " + describe(before));
    if (before.unit_file_state != after.unit_file_state) {
      return add(Verb::Modify, after.id, citation);
    }
    // Tasks that systemd runs by itself are static or end by themselves; a daemon keeps running.
    const bool by_itself = after.unit_file_state == "static" ||
                           after.unit_file_state == "indirect" || is_instance(after.id);
    if (by_itself) return;
    const bool ran = before.sub_state == "running";
    const bool runs = after.sub_state == "running";
    if (!ran && runs) add(Verb::Run, after.id, citation);
    if (ran && after.active_state != "active" && after.active_state != "activating" &&
        after.active_state != "reloading") {
      add(Verb::Modify, after.id, citation);
    }
  }

  const RuleInput& input_;
  std::set<std::string> before_;
  std::vector<const FileChange*> files_;
  std::set<std::string> of_packages_;
  std::set<std::string> users_;  ///< units of a user's manager, not of the system's
  std::map<std::pair<Verb, std::string>, Offender> offenders_;
};

}  // namespace

void service_effects(const RuleInput& input, Found& found) { Services(input).report(found); }

}  // namespace skillaudit
