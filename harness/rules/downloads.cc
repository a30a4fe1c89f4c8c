// Files that came from the network and were run, or made to be run.
#include <fmt/core.h>

#include <filesystem>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "harness/base/hash.h"
#include "harness/base/text.h"
#include "harness/rules/consented.h"
#include "harness/rules/flow_text.h"
#include "harness/rules/hosts_named.h"
#include "harness/rules/mirrors_seen.h"
#include "harness/rules/rule_code.h"
#include "harness/rules/rules.h"

namespace skillaudit {
namespace {

constexpr std::string_view kDownloadAndRun = "network.download-and-run";

std::string absolute(std::string_view path, std::string_view folder) {
  if (path.empty() || path.starts_with('/') || folder.empty()) return std::string(path);
  return (std::filesystem::path(folder) / path).lexically_normal().string();
}

bool is_interpreter(std::string_view name) {
  for (const std::string_view known :
       {"sh",   "bash", "dash", "zsh",     "fish", "python", "python3", "node", "nodejs", "perl",
        "ruby", "php",  "lua",  "busybox", "deno", "bun",    "java",    "pwsh", "source", "."})
    if (name == known) return true;
  return name.starts_with("python3.");
}

/// Which of some files ran, as programs or as scripts, and what tells of it. A file that another
/// program was only told of (cat, sha256sum) did not.
class Ran {
 public:
  Ran(const RuleInput& input, std::unordered_set<std::string_view> wanted)
      : wanted_(std::move(wanted)) {
    for (const RowChange<ProcessEntry>& change : input.changes.processes) {
      if (change.kind != ChangeKind::Added) continue;
      const ProcessEntry& process = change.after;
      add(process.path, process.command_line, "", source::after(Table::Processes), process.pid);
    }
    for (const TraceEvent& event : input.evidence.trace.events)
      if (event.kind == TraceKind::Exec)
        add(event.program, event.arguments, event.folder, source::trace(event.serial), event.pid);
  }

  [[nodiscard]] const Citation* find(std::string_view path) const {
    const auto found = by_path_.find(path);
    return found == by_path_.end() ? nullptr : &found->second;
  }

 private:
  void add(const std::string& program, const std::vector<std::string>& arguments,
           std::string_view folder, const Source& source, std::int64_t pid) {
    const auto note = [&](const std::string& path) {
      const auto at = wanted_.find(path);
      if (at != wanted_.end())
        by_path_.try_emplace(*at, cite(source, fmt::format("{}: {}", pid, join(arguments, " "))));
    };
    note(program);
    if (arguments.empty()) return;
    // Of a script that was called by its name the kernel gives the interpreter as the program.
    note(absolute(arguments[0], folder));
    if (!is_interpreter(base_name(program)) && !is_interpreter(base_name(arguments[0]))) return;
    for (std::size_t i = 1; i < arguments.size(); ++i) {
      const std::string& word = arguments[i];
      if (word.starts_with('-') || is_interpreter(base_name(word))) continue;
      note(absolute(word, folder));
      return;
    }
  }

  std::unordered_set<std::string_view> wanted_;
  std::unordered_map<std::string_view, Citation> by_path_;
};

/// Answers with content, by what they held. A mirror's are the package managers' own, or a package
/// that somebody fetched by hand.
std::unordered_map<std::string_view, const Flow*> answers(const RuleInput& input) {
  const std::set<std::string> mirrors = mirror_hosts(input.evidence);
  std::unordered_map<std::string_view, const Flow*> by_hash;
  for (const Flow& flow : input.evidence.flows) {
    if (flow.response_size == 0 || flow.response_sha256.empty()) continue;
    if (!flow.allowed && !flow.answered) continue;
    if (is_package_flow(flow, mirrors)) continue;
    by_hash.emplace(flow.response_sha256, &flow);
  }
  return by_hash;
}

/// Where the proxy answers in a host's place, what can be run of the answer holds a command with
/// this argument (filter/answer_files.py). Whatever way the skill took to run it, the trace shows
/// it.
std::string mark_of(std::string_view host) {
  const std::string digest = sha256(host);
  return fmt::format("0.000{}", std::stoul(digest.substr(0, 6), nullptr, 16) % 90000 + 10000);
}

/// Hosts of which an answer was run, each once.
std::vector<Offender> answers_that_ran(const RuleInput& input) {
  std::map<std::string, const Flow*> by_mark;
  std::set<std::string_view> hosts;
  for (const Flow& flow : input.evidence.flows)
    if (flow.answered && hosts.insert(flow.host).second) by_mark.emplace(mark_of(flow.host), &flow);
  std::vector<Offender> offenders;
  if (by_mark.empty()) return offenders;
  for (const TraceEvent& event : input.evidence.trace.events) {
    if (event.kind != TraceKind::Exec || event.arguments.size() != 2) continue;
    const auto found = by_mark.find(event.arguments[1]);
    if (found == by_mark.end() || base_name(event.arguments[0]) != "sleep") continue;
    const Flow& flow = *found->second;
    Offender offender;
    offender.words.what = fmt::format("an answer of {}", skillaudit::as_code(origin_of(flow)));
    offender.evidence.push_back(cite_flow(flow));
    offender.evidence.push_back(
        cite(source::trace(event.serial), fmt::format("{}: {}, which only this answer holds",
                                                      event.pid, join(event.arguments, " "))));
    offender.extent = extent_for(EffectClass::Harm, host_named(input, flow.host, flow.port));
    offenders.push_back(std::move(offender));
    by_mark.erase(found);
  }
  return offenders;
}

void download_rules(const RuleInput& input, Drafts& drafts) {
  std::vector<Offender> offenders = answers_that_ran(input);
  const auto by_hash = answers(input);
  std::vector<std::pair<const FileChange*, const Flow*>> fetched;
  std::unordered_set<std::string_view> paths;
  for (const FileChange& change : input.changes.files) {
    if (change.kind == ChangeKind::Deleted || change.origin != Origin::Skill) continue;
    if (change.sha256.empty() || change.after.type != FileType::Regular) continue;
    const auto flow = by_hash.find(change.sha256);
    if (flow == by_hash.end()) continue;
    fetched.emplace_back(&change, flow->second);
    paths.insert(change.path());
  }
  const Ran ran(input, std::move(paths));
  std::size_t unlisted = 0;
  for (const auto& [change, flow] : fetched) {
    const Citation* run = ran.find(change->path());
    const bool executable = (change->after.mode & 0111U) != 0;
    if (!run && !executable) continue;
    if (offenders.size() == kMostListed) {
      ++unlisted;
      continue;
    }
    Offender offender;
    offender.words.what = skillaudit::as_code(change->path());
    offender.evidence.push_back(cite_flow(*flow));
    offender.evidence.push_back(cite_file(*change));
    if (run) offender.evidence.push_back(*run);
    offender.extent = extent_for(EffectClass::Harm, host_named(input, flow->host, flow->port));
    offenders.push_back(std::move(offender));
  }
  drafts.add_each(kDownloadAndRun, offenders, unlisted);
}

}  // namespace

RuleCode download_code() { return {{kDownloadAndRun}, download_rules}; }

}  // namespace skillaudit
