// Processes whose program nobody can look at any more.
#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/rules/rule_code.h"
#include "harness/rules/rules.h"

namespace skillaudit {
namespace {

constexpr std::string_view kDeletedProgram = "evasion.deleted-program";

/// What the kernel puts after the path of a program that has no name any more (proc(5)).
constexpr std::string_view kDeleted = " (deleted)";

void deleted_program_rules(const RuleInput& input, Drafts& drafts) {
  std::vector<Offender> offenders;
  std::size_t unlisted = 0;
  for (const RowChange<ProcessEntry>& change : input.changes.processes) {
    const ProcessEntry& process = change.after;
    if (change.kind != ChangeKind::Added || !process.path.ends_with(kDeleted)) continue;
    const std::string_view program =
        std::string_view(process.path).substr(0, process.path.size() - kDeleted.size());
    // An upgrade replaces the program of what runs; a program that never had a file is judged where
    // the trace tells of it.
    if (comes_with_package(input, program)) continue;
    if (program.starts_with("/memfd:") && input.evidence.trace.collected) continue;
    if (offenders.size() == kMostListed) {
      ++unlisted;
      continue;
    }
    Offender offender;
    offender.words.what = as_code(program);
    offender.evidence.push_back(cite(
        source::after(Table::Processes),
        fmt::format("{}: {} ({})", process.pid, process.path, join(process.command_line, " "))));
    offenders.push_back(std::move(offender));
  }
  drafts.add_each(kDeletedProgram, offenders, unlisted);
}

}  // namespace

RuleCode deleted_program_code() { return {{kDeletedProgram}, deleted_program_rules}; }

}  // namespace skillaudit
