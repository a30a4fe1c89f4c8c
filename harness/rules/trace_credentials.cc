#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "harness/rules/consented.h"
#include "harness/rules/hosts_named.h"
#include "harness/rules/own_credentials.h"
#include "harness/rules/passing_reads.h"
#include "harness/rules/rule_code.h"
#include "harness/rules/trace_rules.h"
#include "harness/rules/trace_words.h"

namespace skillaudit {
namespace {

constexpr std::string_view kDecoyRead = "credentials.decoy-read";
constexpr std::string_view kShadowRead = "credentials.shadow-read";
constexpr std::string_view kReadInPassing = "credentials.read-in-passing";

bool is_hashes(std::string_view path) {
  return path == "/etc/shadow" || path == "/etc/shadow-" || path == "/etc/gshadow" ||
         path == "/etc/gshadow-";
}

/// Who must know the password hashes: shadow(5)'s own tools, what asks for a password by PAM, and
/// what systemd does for accounts. Debian's adduser and debconf are scripts of Perl, whose getpwnam
/// reads them.
bool may_read_hashes(const RuleInput& input, std::size_t event) {
  static constexpr std::array<std::string_view, 36> kTools = {"sudo",
                                                              "su",
                                                              "passwd",
                                                              "unix_chkpwd",
                                                              "sshd",
                                                              "login",
                                                              "cron",
                                                              "crontab",
                                                              "atd",
                                                              "useradd",
                                                              "usermod",
                                                              "userdel",
                                                              "groupadd",
                                                              "groupmod",
                                                              "groupdel",
                                                              "gpasswd",
                                                              "chage",
                                                              "chfn",
                                                              "chsh",
                                                              "chpasswd",
                                                              "newusers",
                                                              "pwck",
                                                              "grpck",
                                                              "pwconv",
                                                              "pwunconv",
                                                              "grpconv",
                                                              "newgrp",
                                                              "sg",
                                                              "vipw",
                                                              "runuser",
                                                              "pkexec",
                                                              "expiry",
                                                              "systemd",
                                                              "update-passwd",
                                                              "systemd-sysusers",
                                                              "polkit-agent-helper-1"};
  static constexpr std::array<std::string_view, 7> kScripts = {
      "adduser",           "deluser",          "addgroup", "delgroup",
      "dpkg-preconfigure", "dpkg-reconfigure", "frontend"};
  const TraceEvent* exec = input.processes.image(event);
  const std::string& program =
      exec != nullptr ? exec->program : input.processes.events()[event].program;
  if (!is_own_program(input, program)) return false;
  if (std::find(kTools.begin(), kTools.end(), base_name(program)) != kTools.end()) return true;
  if (exec == nullptr) return false;
  const std::string_view script = script_of_exec(*exec);
  // Maintainer scripts of debconf's packages start below its program.
  const bool is_debconf =
      script == "/usr/share/debconf/frontend" && change_at(input, script) == nullptr;
  return !script.empty() && (is_debconf || is_own_program(input, script)) &&
         exec->arguments.size() > 1 && base_name(program).starts_with("perl") &&
         std::find(kScripts.begin(), kScripts.end(), base_name(script)) != kScripts.end();
}

/// A document says that this file is read: a folder above it, or a mention, says nothing of it.
bool is_consented(const RuleInput& input, std::string_view path, Drafts& drafts) {
  const RubricRule& rule = input.rubric.rule(kDecoyRead);
  const Coverage coverage = secret_named(input, Verb::Read, path);
  if (!is_free(rule.effect_class, coverage)) return false;
  drafts.consent(rule, Verb::Read, with_tilde(input, path), *coverage.statement);
  return true;
}

void add_read(const RuleInput& input, std::size_t event, const std::string& path,
              Offenders& found) {
  const std::string who = who_did(input, event);
  Offender* offender = found.at(path + '\n' + who);
  if (offender == nullptr) return;
  offender->words.what = as_code(with_tilde(input, path));
  offender->words.where = who;
  Offenders::add(offender, cite_event(input, event, "read " + with_tilde(input, path)));
}

void trace_credential_rules(const RuleInput& input, Drafts& drafts) {
  if (!input.evidence.trace.collected) return;
  const ProcessTree& processes = input.processes;
  std::set<std::string_view> decoys;
  for (const Decoy& decoy : input.evidence.decoys) decoys.insert(decoy.path);
  const bool excusable = input.excusable(kDecoyRead, Excuse::Path);
  const UnexplainedSends sends(input);
  Offenders read, hashes, passed;
  for (const std::uint32_t i : processes.of_kind(TraceKind::SecretRead)) {
    const TraceEvent& event = processes.events()[i];
    if (!event.success) continue;
    const bool of_skill = processes.of_skill(i);
    // Nothing of the system's own ever reads a user's keys: where systemd or cron do it, somebody
    // ordered them to.
    if (!of_skill && !processes.started_by_system(i)) continue;
    for (const std::string& path : event.paths) {
      const bool of_hashes = of_skill && is_hashes(path) && !may_read_hashes(input, i);
      const bool of_decoy = decoys.contains(path) && !reads_its_own(input, i, path) &&
                            !(excusable && is_consented(input, path, drafts));
      if (!of_hashes && !of_decoy) continue;
      if (is_read_in_passing(input, sends, i, path))
        add_read(input, i, path, passed);
      else
        add_read(input, i, path, of_hashes ? hashes : read);
    }
  }
  read.report(kDecoyRead, drafts);
  hashes.report(kShadowRead, drafts);
  passed.report(kReadInPassing, drafts);
}

}  // namespace

RuleCode trace_credential_code() {
  return {{kDecoyRead, kShadowRead, kReadInPassing}, trace_credential_rules};
}

bool is_secret_read(const RuleInput& input, std::size_t event, std::string_view path) {
  const TraceEvent& read = input.processes.events()[event];
  const bool of_skill = input.processes.of_skill(event);
  if (!read.success || (!of_skill && !input.processes.started_by_system(event))) return false;
  if (is_hashes(path)) return !may_read_hashes(input, event);
  const bool of_decoy = std::any_of(input.evidence.decoys.begin(), input.evidence.decoys.end(),
                                    [&](const Decoy& decoy) { return decoy.path == path; });
  if (!of_decoy) return false;
  // These two hand a password to whatever host they are pointed at.
  const TraceEvent* exec = input.processes.image(event);
  const std::string_view program = exec == nullptr ? "" : base_name(exec->program);
  return program == "curl" || program == "wget" || !reads_its_own(input, event, path);
}

std::optional<Citation> cite_reader(const RuleInput& input, std::string_view decoy,
                                    const Flow* flow, const std::string& carried) {
  if (!input.evidence.trace.collected) return std::nullopt;
  std::set<std::string_view> paths;
  for (const Decoy& each : input.evidence.decoys)
    if (each.name == decoy) paths.insert(each.path);
  const auto at = flow == nullptr ? std::nullopt : time_in_trace(input, *flow);
  const bool timed = at.has_value();
  const double sent = at.value_or(0);
  std::optional<std::size_t> last;
  std::string path;
  for (const std::uint32_t i : input.processes.of_kind(TraceKind::SecretRead)) {
    const TraceEvent& event = input.processes.events()[i];
    if (!event.success || (timed && event.time_s > sent + kClockSlack)) continue;
    if (!input.processes.of_skill(i) && !input.processes.started_by_system(i)) continue;
    for (const std::string& each : event.paths) {
      if (!paths.contains(each)) continue;
      last = i;
      path = each;
    }
  }
  if (!last) return std::nullopt;
  const TraceEvent& event = input.processes.events()[*last];
  std::string text = told(input.processes, *last, "read " + with_tilde(input, path));
  if (timed)
    text += fmt::format("; {:.1f} s later {}", std::max(0.0, sent - event.time_s), carried);
  return cite(source::trace(event.serial), text);
}

}  // namespace skillaudit
