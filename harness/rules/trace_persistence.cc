// Code that was given to the kernel.
#include <fmt/core.h>

#include <algorithm>

#include "harness/rules/rule_code.h"
#include "harness/rules/trace_rules.h"
#include "harness/rules/trace_words.h"

namespace skillaudit {
namespace {

constexpr std::string_view kKernelModule = "persistence.kernel-module";

/// modprobe takes a module by its name, from where the system keeps them.
bool is_own_module(const RuleInput& input, std::size_t event) {
  const TraceEvent* exec = input.processes.image(event);
  if (exec == nullptr || !is_own_program(input, exec->program) || exec->arguments.empty())
    return false;
  if (base_name(exec->program) != "kmod" && base_name(exec->program) != "modprobe") return false;
  if (base_name(exec->arguments[0]) != "modprobe") return false;
  const bool by_name =
      std::none_of(exec->arguments.begin() + 1, exec->arguments.end(), [](const std::string& word) {
        return word.find('/') != std::string::npos || word == "-d" || word.starts_with("--dirname");
      });
  const auto& files = input.changes.files;
  return by_name && std::none_of(files.begin(), files.end(), [](const FileChange& change) {
           return change.origin == Origin::Skill && change.path().find("/lib/modules/") < 5;
         });
}

void kernel_code(const RuleInput& input, Drafts& drafts) {
  if (input.rights == nullptr) return;
  Offenders found;
  for (const std::uint32_t i : input.processes.of_kind(TraceKind::KernelCode)) {
    const TraceEvent& event = input.processes.events()[i];
    if (!event.success || !input.processes.of_skill(i) ||
        event.syscall.starts_with("delete_module"))
      continue;
    const std::string who = who_did(input, i);
    if (found.is_full() || is_own_module(input, i)) continue;
    Offender* offender = found.at(event.syscall + '\n' + who);
    if (offender == nullptr) continue;
    offender->words.what = as_code(event.syscall) + " by " + who;
    const std::string of = event.paths.empty() ? std::string() : " of " + event.paths.front();
    Offenders::add(offender, cite_event(input, i,
                                        fmt::format("loaded code into the kernel with {}{}",
                                                    event.syscall, of)));
  }
  found.report(kKernelModule, drafts);
}

}  // namespace

RuleCode trace_persistence_code() { return {{kKernelModule}, kernel_code}; }

}  // namespace skillaudit
