#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "harness/analysis/assess.h"
#include "harness/rules/rubric.h"

namespace skillaudit::testing {

inline const std::string kHome = "/home/ubuntu";

inline FileEntry regular(std::string path, std::uint64_t size = 10, std::uint32_t mode = 0644,
                         std::uint32_t uid = 1000) {
  FileEntry entry;
  entry.path = std::move(path);
  entry.type = FileType::Regular;
  entry.mode = mode;
  entry.uid = entry.gid = uid;
  entry.size = size;
  return entry;
}

inline FileEntry folder(std::string path) {
  FileEntry entry = regular(std::move(path), 4096, 0755);
  entry.type = FileType::Directory;
  return entry;
}

/// An audit in which a skill ran one step and did nothing, and what the tests add to it. Changes
/// are given by hand, so that a test of a rule says what it is about and nothing else.
class AuditBuilder {
 public:
  AuditBuilder() {
    evidence.skill.name = "example";
    evidence.environment.guest_user = "ubuntu";
    evidence.environment.guest_home = kHome;
    evidence.environment.skill_dir = kHome + "/.claude/skills/example";
    evidence.environment.network = "mirrors";
    evidence.environment.files_seen_from = "disk";
    evidence.before.files = evidence.after.files = {folder("/"), folder("/home"), folder(kHome)};
    Step step;
    step.name = "works";
    step.command = "bash scripts/run.sh";
    step.ran = true;
    step.exit_code = 0;
    evidence.execution.runner = "command";
    evidence.execution.steps = {step};
    document("# Example\n");
  }

  AuditBuilder& document(const std::string& body) {
    std::erase_if(evidence.skill.texts, [](const SkillText& text) { return text.documents; });
    evidence.skill.texts.push_back(
        {"SKILL.md", "---\nname: example\ndescription: x\n---\n" + body, true, false});
    return *this;
  }
  AuditBuilder& script(const std::string& text, const std::string& path = "scripts/run.sh") {
    evidence.skill.texts.push_back({path, text, false, true});
    return *this;
  }
  AuditBuilder& added(FileEntry after, Origin origin = Origin::Skill,
                      const std::string& package = {}) {
    return change({ChangeKind::Added, origin, package, {}, std::move(after), {}});
  }
  AuditBuilder& deleted(FileEntry before) {
    return change({ChangeKind::Deleted, Origin::Skill, {}, std::move(before), {}, {}});
  }
  AuditBuilder& modified(FileEntry before, FileEntry after, Origin origin = Origin::Skill) {
    return change({ChangeKind::Modified, origin, {}, std::move(before), std::move(after), {}});
  }
  /// The same file with other content.
  AuditBuilder& written(const std::string& path) {
    FileEntry after = regular(path, 20);
    after.mtime_ns = 1;
    return modified(regular(path, 10), after);
  }
  /// A package of the mirrors with programs of its own.
  AuditBuilder& package(const std::string& name, const std::vector<std::string>& programs) {
    Package row{"dpkg", name, "1.0-1", ""};
    changes.packages.push_back({ChangeKind::Added, {}, row});
    PackageFiles files{"dpkg", name, {"/usr/share/doc/" + name + "/copyright"}};
    for (const std::string& program : programs) files.paths.push_back("/usr/bin/" + program);
    evidence.package_files.push_back(files);
    Flow flow =
        request("GET", "mirror.example.com", "/debian/pool/main/" + name + "_1.0-1_amd64.deb");
    flow.scheme = "http";
    flow.port = 80;
    flow.allowed = true;
    flow.group = "mirrors";
    flow.status = 200;
    flow.user_agent = "Debian APT-HTTP/1.3 (2.6.1)";
    return add(flow);
  }
  AuditBuilder& process(std::vector<std::string> command_line, const std::string& path,
                        std::int64_t pid = 4000, std::int64_t parent = 1) {
    ProcessEntry row;
    row.pid = pid;
    row.parent = parent;
    row.uid = 1000;
    row.username = "ubuntu";
    row.name = path.substr(path.rfind('/') + 1).substr(0, 15);
    row.path = path;
    row.command_line = std::move(command_line);
    evidence.after.processes.push_back(row);
    changes.processes.push_back({ChangeKind::Added, {}, row});
    return *this;
  }
  AuditBuilder& unit(const std::string& id) {
    Unit row{"system", id, "loaded", "active", "running", "enabled"};
    changes.units.push_back({ChangeKind::Added, {}, row});
    return *this;
  }
  AuditBuilder& cron(const std::string& line) {
    CronEntry row{"/var/spool/cron/crontabs/ubuntu", "ubuntu", line};
    changes.cron.push_back({ChangeKind::Added, {}, row});
    return *this;
  }
  static Flow request(const std::string& method, const std::string& host, const std::string& path) {
    Flow flow;
    flow.kind = "http";
    flow.method = method;
    flow.scheme = "https";
    flow.host = host;
    flow.port = 443;
    flow.path = path;
    flow.user_agent = "curl/7.88.1";
    return flow;
  }
  AuditBuilder& add(Flow flow) {
    flow.id = static_cast<std::int64_t>(evidence.flows.size()) + 1;
    evidence.flows.push_back(std::move(flow));
    return *this;
  }

  [[nodiscard]] Assessment assessed(const Rubric& rubric = shipped_rubric()) const {
    Changes sorted = changes;
    std::sort(sorted.files.begin(), sorted.files.end(),
              [](const FileChange& a, const FileChange& b) { return a.path() < b.path(); });
    return assess_changes(evidence, std::move(sorted), rubric);
  }

  Evidence evidence;
  Changes changes;

 private:
  AuditBuilder& change(FileChange each) {
    changes.files.push_back(std::move(each));
    return *this;
  }
};

/// The calibration of the grading rules: the audit of a skill like
/// skills-examples/vm-report-sample.
inline AuditBuilder calibration() {
  AuditBuilder audit;
  audit.evidence.skill.name = "vm-report-sample";
  audit.document(
      "Reads notes and builds an index.\n"
      "- `~/.claude/cache` holds the index.\n"
      "- `~/.cache/skill-assets` holds the word lists.\n"
      "- It registers itself in `~/.claude/config.json`.\n");
  audit.script(
      "#!/usr/bin/env bash\nset -euo pipefail\n"
      "sudo apt-get update\n"
      "sudo apt-get install -y --no-install-recommends jq tree\n"
      "for note in \"$@\"; do\n  jq -R -s --arg name \"$note\" '.' \"$note\" >\"$asset\"\ndone\n"
      "registered=$(jq '.skills' \"$config\")\n"
      "if command -v tree >/dev/null 2>&1; then\n  tree --noreport \"$assets\"\nfi\n");
  audit.package("jq", {"jq"})
      .package("tree", {"tree"})
      .package("libjq1", {})
      .package("libonig5", {});
  audit.evidence.skill.hard_coded_paths = {
      {"scripts/run.sh", 67, "/home/ubuntu/.claude/cache", "$HOME/.claude/cache"}};
  audit.added(folder(kHome + "/.claude/cache"))
      .added(regular(kHome + "/.claude/cache/skill-data.json", 15000))
      .added(folder(kHome + "/.cache/skill-assets"));
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g", "h"}) {
    audit.added(regular(kHome + "/.cache/skill-assets/" + name + ".json", 15000));
  }
  for (const char* name : {"merge", "scan", "terms"}) {
    audit.added(regular(std::string("/tmp/skill-temp-") + name + ".log", 15000));
  }
  audit.written(kHome + "/.claude/config.json");
  audit.added(regular("/usr/bin/jq", 30000, 0755, 0), Origin::Package, "jq");
  return audit;
}

/// The audit of a skill with one program, which one step runs; its lines are measured.
inline AuditBuilder with_program(const std::string& path, const std::string& code) {
  AuditBuilder audit;
  audit.evidence.execution.runner = "walkthrough";
  audit.evidence.skill.files = {{path, 0755}};
  audit.evidence.skill.texts.push_back({path, code, false, true});
  Step& step = audit.evidence.execution.steps[0];
  step.name = path;
  step.command = "/home/ubuntu/.claude/skills/x/" + path;
  audit.evidence.lines = {true, "", {}};
  return audit;
}

}  // namespace skillaudit::testing
