#include <fmt/format.h>

#include <kainjow/mustache.hpp>

#include "harness/analysis/flow_text.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "reports/checks.h"
#include "reports/markdown_text.h"
#include "reports/overview.h"
#include "reports/render.h"

namespace skillaudit {
namespace {

namespace mustache = kainjow::mustache;
using mustache::data;

constexpr std::size_t kMostItems = 50;
constexpr std::size_t kMostDiffs = 20;

/// Raw bytes of the guest as one code span.
std::string code(std::string_view raw) {
  return markdown_code(shorten(printable(raw.substr(0, 2000)), 300));
}

data items(const std::vector<std::string>& markdown) {
  data list{data::type::list};
  for (std::size_t i = 0; i < markdown.size() && i < kMostItems; ++i) {
    list.push_back(data{"text", markdown[i]});
  }
  if (markdown.size() > kMostItems) {
    list.push_back(data{"text", fmt::format("and {} more", markdown.size() - kMostItems)});
  }
  return list;
}

data section(const std::string& label, std::size_t count, const std::vector<std::string>& lines) {
  data entry;
  entry.set("label", label);
  entry.set("count", std::to_string(count));
  entry.set("items", items(lines));
  return entry;
}

std::string seconds(double value) { return fmt::format("{:.1f}", value); }
std::string points(double value) {
  return value == static_cast<double>(static_cast<long>(value)) ? fmt::format("{:.0f}", value)
                                                                : fmt::format("{:.1f}", value);
}

std::string mark_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::Approved:
      return "✅";
    case Verdict::NeedsReview:
      return "⚠️";
    case Verdict::Rejected:
      return "❌";
    case Verdict::Inconclusive:
      return "❔";
  }
  return "";
}

void put_environment(data& view, const Evidence& evidence) {
  const Environment& environment = evidence.environment;
  data list{data::type::list};
  const auto add = [&](const char* label, const std::string& markdown) {
    data entry;
    entry.set("label", label);
    entry.set("value", markdown);
    list.push_back(entry);
  };
  add("VM Platform",
      fmt::format("QEMU {} ({})", markdown_prose(printable(environment.qemu_version)),
                  markdown_prose(printable(environment.accelerator))));
  add("OS", markdown_prose(printable(environment.os)));
  add("Kernel", markdown_prose(printable(environment.kernel)));
  add("Image", code(environment.image));
  add("Resources", fmt::format("{} vCPU, {} MiB RAM, {} MiB disk", environment.cpus,
                               environment.memory_mib, environment.disk_mib));
  add("User",
      fmt::format("{}, home {}", code(environment.guest_user), code(environment.guest_home)));
  add("Files", environment.files_seen_from == "disk"
                   ? "Read from the disk, from outside the guest"
                   : "As the guest lists them: its disk could not be read from outside");
  add("Network", fmt::format("{}, {} in force", code(environment.network),
                             count_of(environment.rules.size(), "rule")));
  add("Skill",
      fmt::format("{}, {}, SHA-256 {}", code(environment.skill_dir),
                  count_of(evidence.skill.files.size(), "file"), code(evidence.skill.sha256)));
  add("Started", code(evidence.started_at));
  add("skillaudit", code(environment.skillaudit_version));
  view.set("environment", list);
}

struct Outcome {
  std::string mark;
  std::string text;
  bool good = false;
};

Outcome outcome_of(const Step& step) {
  if (!step.ran) return {"⚠️", "not run: " + code(step.reason_not_run), false};
  const std::string after = fmt::format(" ({} s)", seconds(step.duration_s));
  if (step.timed_out) return {"❌", "stopped because it did not end in its time" + after, false};
  if (!step.signal.empty()) return {"❌", "ended by signal " + code(step.signal) + after, false};
  if (!step.exit_code) return {"❌", "no exit code" + after, false};
  if (*step.exit_code == step.expected_exit) {
    const std::string expected = step.expected_exit == 0 ? "" : ", as expected";
    return {"✅", fmt::format("exit code {}{}{}", *step.exit_code, expected, after), true};
  }
  return {"❌",
          fmt::format("exit code {}, expected {}{}", *step.exit_code, step.expected_exit, after),
          false};
}

std::string last_lines(std::string_view text, std::size_t count) {
  text = trim(text.substr(text.size() - std::min<std::size_t>(text.size(), 4096)));
  std::size_t at = text.size();
  for (; count > 0 && at != std::string_view::npos && at > 0; --count)
    at = text.rfind('\n', at - 1);
  return printable_block(at == std::string_view::npos ? text : text.substr(at == 0 ? 0 : at + 1));
}

void put_execution(data& view, const Evidence& evidence) {
  const Execution& execution = evidence.execution;
  std::size_t good = 0;
  double duration = 0;
  data steps{data::type::list};
  std::size_t shown = 0;
  for (const Step& step : execution.steps) {
    const Outcome outcome = outcome_of(step);
    good += outcome.good ? 1 : 0;
    duration += step.duration_s;
    if (++shown > kMostItems) continue;
    data entry;
    entry.set("mark", outcome.mark);
    entry.set("name", code(step.name));
    entry.set("outcome", outcome.text);
    if (!outcome.good && !trim(step.err).empty()) {
      entry.set("stderr", markdown_block(last_lines(step.err, 10), 2));
    }
    steps.push_back(entry);
  }
  const std::size_t all = execution.steps.size();
  std::string status = all == 0 ? "❔ Nothing ran"
                       : good == all
                           ? "✅ Completed successfully"
                           : fmt::format("❌ {} of {} as expected", good, count_of(all, "step"));
  if (!execution.aborted.empty()) {
    status = "❔ Cut short: " + markdown_prose(printable(execution.aborted));
  }
  if (all > kMostItems) status += fmt::format(" (the first {} are shown)", kMostItems);
  view.set("execution_status", status);
  view.set("runner", execution.runner.empty() ? "none: the audit ended before the skill could run"
                                              : code(execution.runner));
  view.set("duration", seconds(duration) + " s");
  view.set("steps", steps);
}

void put_files(data& view, const Assessment& assessment) {
  const FileOverview overview = file_overview(assessment);
  data kinds{data::type::list};
  const char* const labels[] = {"Added", "Modified", "Deleted"};
  for (std::size_t kind = 0; kind < 3; ++kind) {
    const FileTotals& totals = overview.totals[kind];
    data entry;
    entry.set("label", labels[kind]);
    entry.set("count", std::to_string(totals.files));
    entry.set("size", totals.bytes > 0 ? " (" + human_bytes(totals.bytes) + ")" : "");
    data groups{data::type::list};
    const std::vector<FileGroup>& all = overview.groups[kind];
    for (std::size_t i = 0; i < all.size() && i < kMostItems; ++i) {
      data group;
      group.set("path", code(all[i].label));
      group.set("detail", all[i].files == 1 ? human_bytes(all[i].bytes)
                                            : fmt::format("{}, {}", count_of(all[i].files, "file"),
                                                          human_bytes(all[i].bytes)));
      groups.push_back(group);
    }
    if (all.size() > kMostItems) {
      data more;
      more.set("path", "more");
      more.set("detail", fmt::format("and {} more", all.size() - kMostItems));
      groups.push_back(more);
    }
    entry.set("groups", groups);
    kinds.push_back(entry);
  }
  view.set("files", kinds);
  const auto count = [&](Origin origin) {
    return overview.by_origin[static_cast<std::size_t>(origin)];
  };
  view.set("other_files",
           fmt::format("Not counted above: {} of newly installed packages, {} of the package "
                       "managers themselves, {} that a running system changes by itself, {} of the "
                       "skill as it was installed.",
                       count_of(count(Origin::Package), "file"), count(Origin::PackageManager),
                       count(Origin::System), count(Origin::SkillFolder)));
}

std::string package_line(const Package& package) {
  std::string line = code(package.name) + " (" + markdown_prose(printable(package.version));
  if (package.manager != "dpkg") line += ", " + markdown_prose(printable(package.manager));
  return line + ")";
}

void put_packages(data& view, const Evidence& evidence, const Assessment& assessment) {
  std::vector<std::string> asked, dependencies, required, optional, unused;
  for (const NewPackage& each : package_overview(evidence, assessment)) {
    if (each.role == PackageRole::Dependency) {
      dependencies.push_back(package_line(each.package));
      continue;
    }
    asked.push_back(package_line(each.package));
    const std::string documented = each.documented ? "documented" : "not documented";
    auto& list = each.role == PackageRole::Required   ? required
                 : each.role == PackageRole::Optional ? optional
                                                      : unused;
    std::string line = code(each.package.name) + ", " + documented;
    if (!each.uses.empty()) {
      line += fmt::format(", at {}: {}", markdown_code(each.uses.front().source),
                          markdown_code(each.uses.front().text));
    }
    list.push_back(std::move(line));
  }
  std::vector<std::string> removed, changed;
  for (const RowChange<Package>& change : assessment.changes.packages) {
    if (change.kind == ChangeKind::Deleted) removed.push_back(package_line(change.before));
    if (change.kind == ChangeKind::Modified) {
      changed.push_back(package_line(change.before) + " is now " +
                        markdown_prose(printable(change.after.version)));
    }
  }
  data sections{data::type::list};
  sections.push_back(section("Installed Packages", asked.size(), asked));
  if (!dependencies.empty()) {
    sections.push_back(section("Their Dependencies", dependencies.size(), dependencies));
  }
  sections.push_back(section("Removed Packages", removed.size(), removed));
  if (!changed.empty()) sections.push_back(section("Changed Versions", changed.size(), changed));
  view.set("packages", sections);

  data kinds{data::type::list};
  const auto add = [&](const char* label, const std::vector<std::string>& lines) {
    data entry = section(label, lines.size(), lines);
    entry.set("none", lines.empty() ? " none" : "");
    kinds.push_back(entry);
  };
  add("Packages Required", required);
  add("Packages Optional", optional);
  if (!unused.empty()) add("Installed, and not seen used", unused);
  view.set("dependencies", kinds);
}

data checks_list(const std::vector<Check>& checks) {
  data list{data::type::list};
  for (const Check& check : checks) {
    data entry;
    entry.set("mark", check.mark);
    entry.set("text", check.text);
    entry.set("items", items(check.items));
    list.push_back(entry);
  }
  return list;
}

void put_diffs(data& view, const Changes& changes) {
  data list{data::type::list};
  for (std::size_t i = 0; i < changes.config.size() && i < kMostDiffs; ++i) {
    data entry;
    entry.set("path", code(changes.config[i].path));
    entry.set("block", markdown_block(shorten(printable_block(changes.config[i].unified), 8192)));
    list.push_back(entry);
  }
  view.set("diffs", list);
}

void put_processes(data& view, const Evidence& evidence, const Assessment& assessment) {
  const auto titles = [&](const char* rule) {
    std::vector<std::string> lines;
    for (const Finding* finding : findings_of(assessment, rule)) {
      lines.push_back(markdown_sentence(finding->title));
    }
    return lines;
  };
  data sections{data::type::list};
  const bool seen = is_observed(evidence, "processes");
  const auto add = [&](const char* label, const std::vector<std::string>& lines) {
    data entry = section(label, lines.size(), lines);
    if (!seen) entry.set("count", "not observed");
    sections.push_back(entry);
  };
  const auto runaway = titles("processes.runaway");
  if (!runaway.empty()) add("Runaway", runaway);
  add("Orphaned Processes", titles("processes.orphan"));
  add("Background Jobs", titles("processes.left-running"));
  std::vector<std::string> connections;
  for (const RowChange<SocketEntry>& change : assessment.changes.sockets) {
    if (change.kind != ChangeKind::Added) continue;
    const SocketEntry& socket = change.after;
    if (socket.protocol == "unix") continue;
    connections.push_back(code(
        fmt::format("{} {}:{} {}:{} {}", socket.protocol, socket.local_address, socket.local_port,
                    socket.remote_address, socket.remote_port, socket.state)));
  }
  add("Network Connections", connections);
  view.set("processes", sections);
}

void put_network(data& view, const Evidence& evidence) {
  std::size_t blocked = 0;
  for (const Flow& flow : evidence.flows) blocked += flow.allowed ? 0 : 1;
  view.set("network_summary", fmt::format("{} reached the proxy, {} blocked.",
                                          count_of(evidence.flows.size(), "exchange"), blocked));
  data hosts{data::type::list};
  const std::vector<HostTraffic> all = host_traffic(evidence);
  for (std::size_t i = 0; i < all.size() && i < kMostItems; ++i) {
    const HostTraffic& host = all[i];
    data entry;
    entry.set("mark", host.blocked > 0 ? "❌" : "✅");
    entry.set("text", fmt::format("{}: {} allowed, {} blocked, {} sent, {} received{}",
                                  code(host.origin), host.allowed, host.blocked,
                                  human_bytes(host.sent), human_bytes(host.received),
                                  host.packages ? ", by package managers" : ""));
    hosts.push_back(entry);
  }
  if (all.size() > kMostItems) {
    data more;
    more.set("mark", "…");
    more.set("text", fmt::format("and {} more", all.size() - kMostItems));
    hosts.push_back(more);
  }
  view.set("hosts", hosts);
}

void put_paths(data& view, const Skill& skill) {
  data list{data::type::list};
  for (std::size_t i = 0; i < skill.hard_coded_paths.size() && i < kMostItems; ++i) {
    const HardCodedPath& found = skill.hard_coded_paths[i];
    data entry;
    entry.set("path", code(found.path));
    entry.set("where", code(fmt::format("{}:{}", found.file, found.line)));
    entry.set("instead", code(found.suggestion));
    list.push_back(entry);
  }
  view.set("paths", list);
}

void put_findings(data& view, const Assessment& assessment) {
  data findings{data::type::list};
  for (std::size_t i = 0; i < assessment.findings.size(); ++i) {
    const Finding& finding = assessment.findings[i];
    data entry;
    entry.set("number", std::to_string(i + 1));
    entry.set("severity", std::string(name_of(finding.severity)));
    entry.set("title", markdown_sentence(finding.title));
    entry.set("rule", markdown_code(finding.rule));
    entry.set("axis", std::string(name_of(finding.axis)));
    entry.set("deduction", points(finding.deduction));
    data evidence{data::type::list};
    for (const Citation& citation : finding.evidence) {
      data cited;
      cited.set("source", markdown_code(citation.source));
      cited.set("text", markdown_code(citation.text));
      evidence.push_back(cited);
    }
    entry.set("evidence", evidence);
    findings.push_back(entry);
  }
  view.set("findings", findings);

  data recommendations{data::type::list};
  for (std::size_t i = 0; i < assessment.recommendations.size(); ++i) {
    data entry;
    entry.set("number", std::to_string(i + 1));
    entry.set("severity", std::string(name_of(assessment.recommendations[i].severity)));
    entry.set("text", markdown_sentence(assessment.recommendations[i].text));
    recommendations.push_back(entry);
  }
  view.set("recommendations", recommendations);
}

void put_verdict(data& view, const Evidence& evidence, const Assessment& assessment) {
  view.set("name", shorten(printable(evidence.skill.name), 80));
  view.set("summary", one_line(evidence, assessment));
  view.set("mark", mark_of(assessment.verdict));
  std::string grade = assessment.grade ? std::string(name_of(*assessment.grade)) : "not assessed";
  if (assessment.overall) grade += fmt::format(" ({:.1f}/100)", *assessment.overall);
  view.set("grade", grade);
  data scores{data::type::list};
  for (const Axis axis : kAxes) {
    const auto& score = assessment.scores[static_cast<std::size_t>(axis)];
    std::string label(name_of(axis));
    label[0] = static_cast<char>(label[0] - 'a' + 'A');
    data entry;
    entry.set("axis", label);
    entry.set("score", score ? points(*score) + "/100" : "not assessed");
    scores.push_back(entry);
  }
  view.set("scores", scores);
  const char* const words[] = {"APPROVED", "NEEDS REVIEW", "REJECTED", "INCONCLUSIVE"};
  view.set("verdict", words[static_cast<std::size_t>(assessment.verdict)]);
  view.set("verdict_note", assessment.after_fixing
                               ? " after addressing the CRITICAL and HIGH recommendations"
                               : "");
  data reasons{data::type::list};
  for (const std::string& reason : assessment.reasons) reasons.push_back(data{"text", reason});
  view.set("reasons", reasons);
}

void put_timing(data& view, const Evidence& evidence) {
  data timing{data::type::list};
  for (const StageTime& stage : evidence.timing) {
    data entry;
    entry.set("stage", printable(stage.stage));
    entry.set("seconds", seconds(stage.seconds));
    timing.push_back(entry);
  }
  view.set("timing", timing);
  data gaps{data::type::list};
  for (const std::string& each : not_seen(evidence)) gaps.push_back(data{"text", each});
  view.set("gaps", gaps);
}

}  // namespace

std::string render_markdown(const Evidence& evidence, const Assessment& assessment) {
  mustache::mustache page(read_file(resource("reports/report.md.mustache"), 1 << 20));
  if (!page.is_valid()) {
    fail(ErrorKind::Internal, "reports/report.md.mustache: {}", page.error_message());
  }
  page.set_custom_escape([](const std::string& text) { return markdown_prose(text); });
  data view;
  put_verdict(view, evidence, assessment);
  put_environment(view, evidence);
  put_execution(view, evidence);
  put_files(view, assessment);
  put_packages(view, evidence, assessment);
  view.set("system", checks_list(system_checks(evidence, assessment)));
  put_diffs(view, assessment.changes);
  put_processes(view, evidence, assessment);
  put_network(view, evidence);
  view.set("security", checks_list(security_checks(evidence, assessment)));
  put_paths(view, evidence.skill);
  put_findings(view, assessment);
  put_timing(view, evidence);
  return tidy_markdown(page.render(view));
}

}  // namespace skillaudit
