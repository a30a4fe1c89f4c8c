// What the machine's next boot showed.
#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "harness/base/text.h"
#include "harness/changes/drawn_words.h"
#include "harness/rules/consented.h"
#include "harness/rules/rule_code.h"
#include "harness/rules/rules.h"

namespace skillaudit {
namespace {

constexpr std::string_view kRunsAtBoot = "persistence.runs-at-boot";
constexpr std::string_view kUnbootable = "system.unbootable";

Citation cite_cause(const BootCheck& boot) {
  return cite(source::audit(), "read at boot and changed: " + join(boot.because, ", "));
}

/// A process of the system's own has the same program and words at each boot. Where a daemon has
/// written its state over its words, as one text ("sshd: /usr/sbin/sshd -D [listener] 1 of 10-100
/// startups"), its numbers are of the moment, and so are the empty words that the old ones left.
auto likeness(const ProcessEntry& process) {
  std::vector<std::string> words = process.command_line;
  while (!words.empty() && words.back().empty()) words.pop_back();
  if (words.size() == 1 && words[0].find(' ') != std::string::npos)
    words[0] = without_drawn_words(words[0]);
  return std::tuple(process.uid, process.path, std::move(words));
}

/// systemd and udev start workers as they need them; one that the run replaced is another matter.
bool is_of_the_boot(const RuleInput& input, const std::string& path) {
  if (!path.starts_with("/usr/lib/systemd/") && path != "/usr/bin/udevadm") return false;
  return find_change(input.changes.files, path) == nullptr;
}

/// Pids of the udev that the initramfs started, and of its workers. On a busy machine it is still
/// there when login is possible; its program was deleted with the initramfs. Nothing of the disk
/// starts before it, so that a program of the skill's which takes its name comes too late.
std::set<std::int64_t> initramfs_udev(const RuleInput& input) {
  static constexpr std::string_view kUdev = "/usr/bin/udevadm";
  const auto is_deleted_udev = [](const ProcessEntry& process) {
    return process.uid == 0 && process.path == std::string(kUdev) + " (deleted)";
  };
  std::set<std::int64_t> pids;
  if (find_change(input.changes.files, kUdev) != nullptr) return pids;
  const std::vector<ProcessEntry>& processes = input.evidence.boot.state.processes;
  std::uint64_t first = UINT64_MAX;  // of what came from the disk; pid 1 goes on from the initramfs
  for (const ProcessEntry& process : processes)
    if (process.pid != 1 && !process.path.empty() && !is_deleted_udev(process))
      first = std::min(first, process.start_time);
  for (const ProcessEntry& process : processes)
    if (is_deleted_udev(process) && process.start_time < first) pids.insert(process.pid);
  for (const ProcessEntry& process : processes)
    if (is_deleted_udev(process) && pids.contains(process.parent)) pids.insert(process.pid);
  return pids;
}

void runs_at_boot(const RuleInput& input, Drafts& drafts) {
  const BootCheck& boot = input.evidence.boot;
  std::set<std::tuple<std::uint32_t, std::string, std::vector<std::string>>> known;
  for (const ProcessEntry& process : input.evidence.before.processes)
    known.insert(likeness(process));
  const std::set<std::int64_t> udev = initramfs_udev(input);
  std::set<std::int64_t> fresh;
  for (const ProcessEntry& process : boot.state.processes)
    if (!process.path.empty() && !process.of_capture && !known.contains(likeness(process)) &&
        !is_of_the_boot(input, process.path) && !udev.contains(process.pid))
      fresh.insert(process.pid);
  std::vector<Offender> offenders;
  std::size_t unlisted = 0;
  for (const ProcessEntry& process : boot.state.processes) {
    // The kernel's own have no program; the audit's are its session's.
    if (process.path.empty() || process.of_capture || known.contains(likeness(process))) continue;
    if (comes_with_package(input, process.path) || is_of_the_boot(input, process.path) ||
        udev.contains(process.pid))
      continue;
    if (fresh.contains(process.parent)) continue;  // told with it
    const Coverage named = process_named(input, process);
    if (input.excusable(kRunsAtBoot, Excuse::Service) && is_free(EffectClass::Lasting, named))
      continue;
    if (!known.insert(likeness(process)).second) continue;
    if (offenders.size() == kMostListed) {
      ++unlisted;
      continue;
    }
    const std::string words = join(process.command_line, " ");
    Offender offender;
    offender.words.what = as_code(words.empty() ? process.path : words);
    offender.evidence.push_back(
        cite(source::boot(Table::Processes),
             fmt::format("uid {}: {} {}", process.uid, process.path, words)));
    offender.evidence.push_back(cite_cause(boot));
    offender.extent = extent_for(EffectClass::Lasting, named);
    offenders.push_back(std::move(offender));
  }
  drafts.add_each(kRunsAtBoot, offenders, unlisted);
}

void boot_rules(const RuleInput& input, Drafts& drafts) {
  const BootCheck& boot = input.evidence.boot;
  if (!boot.made) return;
  if (!boot.came_up) {
    drafts.add(kUnbootable, {as_code(boot.problem), "", ""},
               {cite(source::audit(), boot.problem), cite_cause(boot)});
    return;
  }
  runs_at_boot(input, drafts);
}

}  // namespace

RuleCode boot_code() { return {{kRunsAtBoot, kUnbootable}, boot_rules}; }

}  // namespace skillaudit
