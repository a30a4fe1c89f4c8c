#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "harness/rules/consented.h"
#include "harness/rules/rule_code.h"
#include "harness/rules/trace_rules.h"
#include "harness/rules/trace_words.h"

namespace skillaudit {
namespace {

constexpr std::string_view kProcessInjection = "evasion.process-injection";
constexpr std::string_view kRawDevice = "tampering.raw-device";
constexpr std::string_view kFilelessProgram = "evasion.fileless-program";
constexpr std::string_view kNamespace = "evasion.namespace";
constexpr std::string_view kIoUring = "evasion.io-uring";
constexpr std::string_view kClockChanged = "evasion.clock-changed";
constexpr std::string_view kMachineDetection = "evasion.machine-detection";

/// One offender for each way in which a process did it.
void add(const RuleInput& input, std::size_t event, const std::string& key, std::string what,
         std::string where, std::string_view did, Offenders& found) {
  Offender* offender = found.at(key);
  if (offender == nullptr) return;
  offender->words.what = std::move(what);
  offender->words.where = std::move(where);
  Offenders::add(offender, cite_event(input, event, did));
}

/// A debugger attaches to what it started, and to what the skill started otherwise. The processes
/// of others hold what the skill has no right to.
void injections(const RuleInput& input, Drafts& drafts) {
  Offenders found;
  for (const std::uint32_t i : input.processes.of_kind(TraceKind::Ptrace)) {
    const TraceEvent& event = input.processes.events()[i];
    const ProcessTree::Process target = input.processes.target(i);
    if (!event.success || !input.processes.of_skill(i) || target == ProcessTree::kNobody) continue;
    if (input.processes.is_of_skill(target)) continue;
    const std::string who = who_did(input, i);
    const std::string into = input.processes.name_of(target, i);
    const std::string whom = into.empty() ? "a process that it did not start" : as_code(into);
    add(input, i, who + '\n' + whom, who, whom,
        fmt::format("accessed pid {} {} with {}", event.target, into, event.syscall), found);
  }
  found.report(kProcessInjection, drafts);
}

void raw_devices(const RuleInput& input, Drafts& drafts) {
  Offenders found;
  for (const std::uint32_t i : input.processes.of_kind(TraceKind::RawDevice)) {
    const TraceEvent& event = input.processes.events()[i];
    // Nothing of the system's own writes to the disk as a device while it is mounted: where systemd
    // or cron do it, somebody ordered them to.
    const bool of_run = input.processes.of_skill(i) || input.processes.started_by_system(i);
    if (!event.success || !of_run) continue;
    const std::string path = event.paths.empty() ? "a device" : event.paths.front();
    const std::string who = who_did(input, i);
    const bool made = event.syscall.starts_with("mknod");
    add(input, i, path + '\n' + who, as_code(path) + " by " + who, "",
        fmt::format("{} {}", made ? "made the device" : "opened for writing", path), found);
  }
  found.report(kRawDevice, drafts);
}

void fileless(const RuleInput& input, Drafts& drafts) {
  Offenders found;
  for (const std::uint32_t i : input.processes.of_kind(TraceKind::Exec)) {
    const TraceEvent& event = input.processes.events()[i];
    const bool is_fileless =
        event.program.starts_with("/memfd:") || event.program.ends_with(" (deleted)");
    if (!is_fileless || !event.success || !input.processes.of_skill(i)) continue;
    const std::string who = as_code(event.program) + " as " + who_did(input, i);
    add(input, i, who, who, "", fmt::format("executed {}: {}", event.program, command_line(event)),
        found);
  }
  found.report(kFilelessProgram, drafts);
}

void namespaces(const RuleInput& input, Drafts& drafts) {
  const bool excusable = input.excusable(kNamespace, Excuse::Process);
  Offenders found;
  for (const std::uint32_t i : input.processes.of_kind(TraceKind::Namespace)) {
    const TraceEvent& event = input.processes.events()[i];
    if (!event.success || !input.processes.of_skill(i)) continue;
    if (excusable && input.consent.mentions_program(base_name(program_at(input, i)))) continue;
    const std::string who = who_did(input, i);
    add(input, i, who, who, "", fmt::format("called {}", event.syscall), found);
  }
  found.report(kNamespace, drafts);
}

/// libuv, on which node stands, uses it for files.
bool is_node(const RuleInput& input, const std::string& program) {
  const std::string_view name = base_name(program);
  return (name == "node" || name == "nodejs") && is_own_program(input, program);
}

void io_uring(const RuleInput& input, Drafts& drafts) {
  Offenders found;
  for (const std::uint32_t i : input.processes.of_kind(TraceKind::IoUring)) {
    const TraceEvent& event = input.processes.events()[i];
    if (!event.success || !input.processes.of_skill(i) || is_node(input, program_at(input, i)))
      continue;
    const std::string who = who_did(input, i);
    add(input, i, who, who, "", fmt::format("called {}", event.syscall), found);
  }
  found.report(kIoUring, drafts);
}

/// timedatectl has systemd's service set the clock, which does so for nobody else.
bool is_time_service(const std::string& program) {
  return program == "/usr/lib/systemd/systemd-timedated" ||
         program == "/lib/systemd/systemd-timedated";
}

void clock_changes(const RuleInput& input, Drafts& drafts) {
  Offenders found;
  for (const std::uint32_t i : input.processes.of_kind(TraceKind::Clock)) {
    const TraceEvent& event = input.processes.events()[i];
    if (!event.success) continue;
    if (!input.processes.of_skill(i) && !is_time_service(event.program)) continue;
    // Whoever may not set the clock may still ask adjtimex(2) how it runs.
    const bool asks = event.syscall.ends_with("adjtimex") && event.effective_uid != 0;
    if (asks) continue;
    const std::string who = who_did(input, i);
    add(input, i, who, as_code(event.syscall), who,
        fmt::format("set the clock with {}", event.syscall), found);
  }
  // The clocks themselves say so too, whatever became of the trace. A service of the system may set
  // the clock by a fraction of a second.
  constexpr double kSetByHand = 2;
  const double step = input.evidence.trace.clock_step_s;
  if (std::abs(step) > kSetByHand) {
    Offender* offender = found.at(found.first_key_or("clock"));
    if (offender != nullptr && offender->words.what.empty())
      offender->words = {fmt::format("by {:+.1f} s", step), "a process of the run", ""};
    Offenders::add(offender,
                   cite(source::audit(),
                        fmt::format("the clock was changed by {:+.1f} s during the run", step)));
  }
  found.report(kClockChanged, drafts);
}

bool detects_machines(std::string_view program) {
  static constexpr std::array<std::string_view, 4> kTools = {"systemd-detect-virt", "virt-what",
                                                             "dmidecode", "imvirt"};
  return std::find(kTools.begin(), kTools.end(), program) != kTools.end();
}

/// What tells of a machine is read by tools that are asked for something else: lscpu for the number
/// of processors, systemctl for the conditions of a unit.
bool reads_for_another_reason(const RuleInput& input, const std::string& program) {
  static constexpr std::array<std::string_view, 10> kTools = {
      "lscpu",   "systemctl",       "udevadm",      "systemd-tmpfiles", "systemd-sysusers",
      "systemd", "systemd-analyze", "systemd-hwdb", "update-initramfs", "journalctl"};
  return is_own_program(input, program) &&
         std::find(kTools.begin(), kTools.end(), base_name(program)) != kTools.end();
}

void machine_detection(const RuleInput& input, const Rights& rights, Drafts& drafts) {
  const bool excusable = input.excusable(kMachineDetection, Excuse::Package);
  Offenders found;
  for (const std::uint32_t i : input.processes.of_kind(TraceKind::Exec)) {
    const TraceEvent& event = input.processes.events()[i];
    const std::string name = name_of_exec(event, input.evidence.environment.skill_dir);
    const std::string_view tool = base_name(name);
    if (!detects_machines(tool) || !input.processes.of_skill(i)) continue;
    if (rights.of_package_manager(i) || (excusable && input.consent.mentions_program(tool)))
      continue;
    add(input, i, name, as_code(tool), "", "ran " + command_line(event), found);
  }
  for (const std::uint32_t i : input.processes.of_kind(TraceKind::MachineRead)) {
    const TraceEvent& event = input.processes.events()[i];
    if (!event.success || event.paths.empty() || !input.processes.of_skill(i)) continue;
    if (rights.of_package_manager(i) || reads_for_another_reason(input, program_at(input, i)))
      continue;
    const std::string name = input.processes.name(i);
    if (detects_machines(base_name(name))) continue;  // by its start
    if (excusable && is_free(EffectClass::Exposing, file_named(input, EffectClass::Exposing,
                                                               Verb::Read, event.paths.front())))
      continue;
    add(input, i, event.paths.front(),
        fmt::format("{} was read by {}", as_code(event.paths.front()), as_code(name, 60)), "",
        "read " + event.paths.front(), found);
  }
  found.report(kMachineDetection, drafts);
}

void trace_evasion_rules(const RuleInput& input, Drafts& drafts) {
  if (input.rights == nullptr) return;
  const Rights& rights = *input.rights;
  injections(input, drafts);
  raw_devices(input, drafts);
  fileless(input, drafts);
  namespaces(input, drafts);
  io_uring(input, drafts);
  clock_changes(input, drafts);
  machine_detection(input, rights, drafts);
}

}  // namespace

RuleCode trace_evasion_code() {
  return {{kProcessInjection, kRawDevice, kFilelessProgram, kNamespace, kIoUring, kClockChanged,
           kMachineDetection},
          trace_evasion_rules};
}

}  // namespace skillaudit
