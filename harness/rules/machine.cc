// What the machine itself told: its console and its hypervisor.
#include <fmt/core.h>

#include "harness/rules/rule_code.h"
#include "harness/rules/rules.h"

namespace skillaudit {
namespace {

constexpr std::string_view kOutOfMemory = "execution.out-of-memory";
constexpr std::string_view kKernelFault = "system.kernel-fault";

Citation cite_console(const ConsoleEvent& event) {
  return cite(source::console(event.line), event.text);
}

/// A program that faults leaves a line too; the kernel's own faults have names.
bool is_kernels_own(const std::string& text) {
  for (const char* sign : {"BUG:", "Oops", "kernel BUG", "Unable to handle kernel",
                           "unable to handle kernel", "soft lockup", "hard LOCKUP"})
    if (text.find(sign) != std::string::npos) return true;
  return false;
}

void machine_rules(const RuleInput& input, Drafts& drafts) {
  std::vector<Citation> memory, faults;
  std::string fault;
  for (const ConsoleEvent& event : input.evidence.machine.console) {
    if (event.kind == ConsoleEvent::Kind::OutOfMemory) memory.push_back(cite_console(event));
    const bool failed = event.kind == ConsoleEvent::Kind::Panic ||
                        (event.kind == ConsoleEvent::Kind::Crash && is_kernels_own(event.text));
    if (!failed) continue;
    if (fault.empty()) fault = as_code(event.text);
    faults.push_back(cite_console(event));
  }
  for (const MachineEvent& event : input.evidence.machine.events) {
    if (event.name != "GUEST_PANICKED" && event.name != "GUEST_CRASHLOADED") continue;
    if (fault.empty()) fault = as_code(event.name);
    faults.push_back(cite(source::machine(), fmt::format("{} {} at {:+.1f} s", event.name,
                                                         event.detail, event.time_s)));
  }
  if (!memory.empty())
    drafts.add(kOutOfMemory, {"the kernel killed processes to free memory", "", ""},
               std::move(memory));
  if (!faults.empty()) drafts.add(kKernelFault, {fault, "", ""}, std::move(faults));
}

}  // namespace

RuleCode machine_code() { return {{kOutOfMemory, kKernelFault}, machine_rules}; }

}  // namespace skillaudit
