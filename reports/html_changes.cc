// What is different after the run: files as a tree, packages, configuration, processes.
#include <fmt/core.h>

#include <array>

#include "harness/analysis/gaps.h"
#include "harness/base/text.h"
#include "reports/facts.h"
#include "reports/html_view.h"
#include "reports/overview.h"

namespace skillaudit::html {
namespace {

constexpr Bounds kRows{200, 96 << 10};
constexpr std::size_t kMostDiffs = 20;
constexpr std::size_t kMostDiffLines = 300;

/// "+" with its word: what happened never shows by colour alone.
Html sign(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::Added:
      return markup("<span class=\"sign add\">+ added</span>");
    case ChangeKind::Modified:
      return markup("<span class=\"sign mod\">~ changed</span>");
    case ChangeKind::Deleted:
      return markup("<span class=\"sign del\">− removed</span>");
  }
  return {};
}

template <typename Row>
const Row& row_of(const RowChange<Row>& change) {
  return change.kind == ChangeKind::Deleted ? change.before : change.after;
}

/// A heading and a line for each change, which `show` says of one row; nothing where none is.
template <typename Row, typename Show>
Html rows(std::string_view title, const std::vector<RowChange<Row>>& changes, Show show) {
  if (changes.empty()) return {};
  return markup("<h3>{} <span class=\"count\">{}</span></h3>\n{}", title, changes.size(),
                list_of(changes, kRows, [&](const RowChange<Row>& change) {
                  return markup("{} {}", sign(change.kind), show(change));
                }));
}

std::string became(const std::string& before, const std::string& after) {
  return before == after || before.empty() ? cut(after, 60)
                                           : cut(before, 60) + " → " + cut(after, 60);
}

Html unit_line(const RowChange<Unit>& change) {
  const Unit& unit = row_of(change);
  const Unit old = change.kind == ChangeKind::Modified ? change.before : Unit();
  return markup(
      "{} <span class=\"soft\">{}; {}; {}</span>", code(unit.id, 200), cut(unit.scope, 60),
      became(old.active_state, unit.active_state),
      unit.unit_file_state.empty() ? "no file" : became(old.unit_file_state, unit.unit_file_state));
}

/// The lines of a unified hunk, each run of the same kind as one element.
Html coloured(std::string_view unified) {
  Html out;
  std::string run;
  char kind = ' ';
  const auto flush = [&] {
    if (run.empty()) return;
    switch (kind) {
      case '+':
        out += markup("<ins>{}</ins>", run);
        break;
      case '-':
        out += markup("<del>{}</del>", run);
        break;
      case '@':
        out += markup("<span class=\"hunk\">{}</span>", run);
        break;
      default:
        out += markup("{}", run);
    }
    run.clear();
  };
  const std::vector<std::string_view> lines = split(unified, '\n');
  for (std::size_t i = 0; i < lines.size() && i < kMostDiffLines; ++i) {
    const char first = lines[i].empty() ? ' ' : lines[i][0];
    const char next = first == '+' || first == '-' || first == '@' ? first : ' ';
    if (next != kind) flush();
    kind = next;
    run.append(lines[i]).append("\n");
  }
  flush();
  if (lines.size() > kMostDiffLines)
    out += markup("and {} more lines\n", lines.size() - kMostDiffLines);
  return out;
}

Html diffs(const std::vector<ConfigDiff>& config) {
  if (config.empty()) return {};
  Html entries;
  std::size_t shown = 0;
  for (const ConfigDiff& diff : config) {
    if (shown == kMostDiffs) break;
    entries += markup("<details{}><summary>{} {}</summary><pre class=\"diff\">{}</pre></details>\n",
                      ++shown <= 3 ? markup(" open") : Html(), sign(diff.kind), code(diff.path),
                      coloured(shorten(printable_block(diff.unified.substr(0, 8192)), 8192)));
  }
  return markup("<h3>Configuration files <span class=\"count\">{}</span></h3>\n{}{}", config.size(),
                entries, and_more(config.size() - shown));
}

Html package_list(std::string_view title, const std::vector<const NewPackage*>& all) {
  if (all.empty()) return {};
  return markup("<h3>{} <span class=\"count\">{}</span></h3>\n{}", title, all.size(),
                list_of(all, kRows, [](const NewPackage* each) {
                  Html use;
                  if (!each->uses.empty())
                    use = markup(" <span class=\"soft\">at {}</span> {}",
                                 printable_code(text_of(each->uses.front().source), 160),
                                 printable_code(each->uses.front().text, 200));
                  const bool asked = each->role != PackageRole::Dependency;
                  return markup(
                      "{} <span class=\"soft\">{} {}{}{}</span>{}", code(each->package.name, 120),
                      cut(each->package.manager, 20), cut(each->package.version, 60),
                      asked ? std::string(", ") + std::string(name_of(each->role)) : std::string(),
                      !asked             ? ""
                      : each->documented ? ", documented"
                                         : ", not documented",
                      use);
                }));
}

}  // namespace

Section files(const Assessment& assessment) {
  const FileOverview overview = file_overview(assessment, 0);
  const std::array<std::string_view, 3> labels = {"added", "modified", "deleted"};
  const std::array<std::string_view, 3> signs = {"+", "~", "−"};
  const std::array<std::string_view, 3> css = {"add", "mod", "del"};
  Html totals;
  std::size_t all = 0;
  for (std::size_t kind = 0; kind < 3; ++kind) {
    const FileTotals& total = overview.totals[kind];
    all += total.files;
    totals += markup("<li class=\"{}\"><b>{}{}</b> {} <span class=\"soft\">{}</span></li>",
                     css[kind], signs[kind], total.files, labels[kind], human_bytes(total.bytes));
  }
  const auto count = [&](Origin origin) {
    return count_of(overview.by_origin[static_cast<std::size_t>(origin)], "file");
  };
  const std::size_t of_agent = overview.by_origin[static_cast<std::size_t>(Origin::Agent)];
  const std::string other = fmt::format(
      "Not counted: {} of newly installed packages, {} of the package managers themselves, {} of "
      "the skill as installed{}, and what a running system changes by itself.",
      count(Origin::Package), count(Origin::PackageManager), count(Origin::SkillFolder),
      of_agent == 0 ? ""
                    : fmt::format(", {} that the agent also changes without a skill", of_agent));
  return {"files", "Files", std::to_string(all),
          markup("<ul class=\"totals\">{}</ul>\n{}<p class=\"hint\">{}</p>\n", totals,
                 change_tree(assessment), other)};
}

Section packages(const Evidence& evidence, const Assessment& assessment) {
  const std::vector<NewPackage> all = package_overview(evidence, assessment);
  std::vector<const NewPackage*> asked, dependencies;
  for (const NewPackage& each : all)
    (each.role == PackageRole::Dependency ? dependencies : asked).push_back(&each);
  std::vector<RowChange<Package>> other;
  for (const RowChange<Package>& change : assessment.changes.packages)
    if (change.kind != ChangeKind::Added) other.push_back(change);
  Html body = package_list("Installed", asked);
  body += package_list("Their dependencies", dependencies);
  body += rows("Removed or changed version", other, [](const RowChange<Package>& change) {
    const std::string before = change.kind == ChangeKind::Modified ? change.before.version : "";
    return markup("{} <span class=\"soft\">{} {}</span>", code(row_of(change).name, 120),
                  cut(row_of(change).manager, 20), became(before, row_of(change).version));
  });
  if (body.empty()) body = markup("<p>No package was installed, removed or changed.</p>\n");
  return {"packages", "Packages", std::to_string(all.size() + other.size()), body};
}

Section system_changes(const Changes& changes) {
  Html body = rows("systemd units", changes.units, unit_line);
  body += rows("Cron", changes.cron, [](const RowChange<CronEntry>& change) {
    return markup("{} <span class=\"soft\">{} {}</span>", code(row_of(change).line),
                  cut(row_of(change).user, 40), cut(row_of(change).source, 200));
  });
  body += rows("Users", changes.users, [](const RowChange<User>& change) {
    const User& user = row_of(change);
    return markup("{} <span class=\"soft\">uid {}, gid {}, {}, {}</span>", code(user.username, 120),
                  std::size_t{user.uid}, std::size_t{user.gid}, cut(user.directory, 160),
                  cut(user.shell, 120));
  });
  body += rows("Groups", changes.groups, [](const RowChange<Group>& change) {
    return markup("{} <span class=\"soft\">members: {}</span>", code(row_of(change).groupname, 120),
                  cut(join(row_of(change).members, ", "), 300));
  });
  body += rows("Mounts", changes.mounts, [](const RowChange<Mount>& change) {
    return markup("{} <span class=\"soft\">{} {}</span>", code(row_of(change).path, 200),
                  cut(row_of(change).type, 40), cut(row_of(change).device, 160));
  });
  body += rows("Kernel modules", changes.kernel_modules,
               [](const RowChange<std::string>& change) { return code(row_of(change), 120); });
  if (!changes.new_setuid.empty()) {
    body += markup(
        "<h3>New setuid programs <span class=\"count\">{}</span></h3>\n{}",
        changes.new_setuid.size(), list_of(changes.new_setuid, kRows, [](const FileEntry& file) {
          return markup("{} <span class=\"soft\">mode {:04o}, owner {}</span>", code(file.path),
                        static_cast<int>(file.mode), std::size_t{file.uid});
        }));
  }
  body += diffs(changes.config);
  const std::size_t count = changes.units.size() + changes.cron.size() + changes.users.size() +
                            changes.groups.size() + changes.mounts.size() +
                            changes.kernel_modules.size() + changes.new_setuid.size() +
                            changes.config.size();
  if (count == 0)
    body = markup("<p>No unit, cron job, account, mount, module or configuration changed.</p>\n");
  return {"system", "System and persistence", std::to_string(count), body};
}

Section processes(const Evidence& evidence, const Assessment& assessment) {
  Section section{"processes", "Processes and sockets", "", {}};
  if (!is_observed(evidence, Table::Processes) || !something_ran(evidence.execution)) {
    section.body = markup("<p>Not observed.</p>\n");
    return section;
  }
  for (const auto part : {ReportSection::RunawayProcesses, ReportSection::OrphanedProcesses,
                          ReportSection::BackgroundJobs}) {
    section.body += list_of(findings_of(assessment, part), kRows, [](const Finding* finding) {
      return markup("{} {}", chip(finding->severity), sentence(shorten(finding->title, 600)));
    });
  }
  std::vector<const ProcessEntry*> left;
  for (const auto& change : assessment.changes.processes)
    if (change.kind == ChangeKind::Added) left.push_back(&change.after);
  if (!left.empty()) {
    std::size_t more = 0;
    const Html lines = first_of(left, kRows, more, [](const ProcessEntry* process) {
      return markup(
          "<tr><td class=\"n\">{}</td><td>{}</td><td>{}</td><td class=\"n\">{}</td></tr>\n",
          static_cast<std::size_t>(process->pid), cut(process->username, 40),
          code(process->command_line.empty() ? process->name : join(process->command_line, " ")),
          static_cast<std::size_t>(process->parent));
    });
    section.body += table("Running after the run, but not before",
                          {"#pid", "User", "Command", "#Parent"}, lines) += and_more(more);
  }
  std::vector<RowChange<SocketEntry>> sockets;
  for (const auto& change : assessment.changes.sockets)
    if (row_of(change).protocol != "unix" && change.kind == ChangeKind::Added)
      sockets.push_back(change);
  section.body += rows("Network sockets", sockets, [](const RowChange<SocketEntry>& change) {
    const SocketEntry& socket = change.after;
    return markup("{} <span class=\"soft\">{} {}</span>",
                  code(fmt::format("{} {}:{} {}:{}", socket.protocol, socket.local_address,
                                   socket.local_port, socket.remote_address, socket.remote_port)),
                  cut(socket.state, 40), cut(socket.process, 80));
  });
  section.count = std::to_string(left.size() + sockets.size());
  if (section.body.empty())
    section.body = markup("<p>No process and no socket was left behind.</p>\n");
  return section;
}

}  // namespace skillaudit::html
