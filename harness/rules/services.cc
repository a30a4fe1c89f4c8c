#include <algorithm>
#include <map>
#include <set>

#include "harness/rules/rules.h"

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

  void run(Drafts& drafts) {
    read_files();
    read_rows();
    add(drafts, RuleId::ServicesInstalled);
    add(drafts, RuleId::ServicesExistingChanged);
    add(drafts, RuleId::ServicesStarted);
  }

 private:
  void found(RuleId rule, const std::string& id, Citation citation) {
    if (input_.excusable(rule, Excuse::Service) && input_.documented.service(id)) return;
    Offender& offender = found_[rule][id];
    offender.words.what = quoted(id);
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
      // systemctl enable of a unit that the image brought is seen in its row, too.
      found(was_there ? RuleId::ServicesExistingChanged : RuleId::ServicesInstalled, id,
            cite_file(*change));
    }
  }

  void read_rows() {
    for (const RowChange<Unit>& change : input_.changes.units) {
      const std::string& id =
          change.kind == ChangeKind::Deleted ? change.before.id : change.after.id;
      if (of_packages_.contains(id)) continue;
      switch (change.kind) {
        case ChangeKind::Added:
          added(change.after);
          break;
        case ChangeKind::Deleted:
          if (!change.before.unit_file_state.empty() &&
              change.before.unit_file_state != "transient" && !is_instance(id)) {
            found(
                RuleId::ServicesExistingChanged, id,
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
        found(RuleId::ServicesStarted, unit.id, cite(source::after(Table::Units), describe(unit)));
      return;
    }
    const bool has_file = !unit.unit_file_state.empty();
    if (has_file || runs) {
      found(RuleId::ServicesInstalled, unit.id, cite(source::after(Table::Units), describe(unit)));
    }
  }

  void modified(const Unit& before, const Unit& after) {
    const Citation citation =
        cite(source::after(Table::Units), describe(after) + "; before: " + describe(before));
    if (before.unit_file_state != after.unit_file_state) {
      return found(RuleId::ServicesExistingChanged, after.id, citation);
    }
    // Tasks that systemd runs by itself are static or end by themselves; a daemon keeps running.
    const bool by_itself = after.unit_file_state == "static" ||
                           after.unit_file_state == "indirect" || is_instance(after.id);
    if (by_itself) return;
    const bool ran = before.sub_state == "running";
    const bool runs = after.sub_state == "running";
    if (!ran && runs) found(RuleId::ServicesStarted, after.id, citation);
    if (ran && after.active_state != "active" && after.active_state != "activating" &&
        after.active_state != "reloading") {
      found(RuleId::ServicesExistingChanged, after.id, citation);
    }
  }

  void add(Drafts& drafts, RuleId rule) {
    std::vector<Offender> offenders;
    for (const auto& [id, offender] : found_[rule]) offenders.push_back(offender);
    drafts.add_each(rule, offenders);
  }

  const RuleInput& input_;
  std::set<std::string> before_;
  std::vector<const FileChange*> files_;
  std::set<std::string> of_packages_;
  std::map<RuleId, std::map<std::string, Offender>> found_;
};

}  // namespace

void service_rules(const RuleInput& input, Drafts& drafts) { Services(input).run(drafts); }

}  // namespace skillaudit
