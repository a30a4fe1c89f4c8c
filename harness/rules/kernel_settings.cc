// Settings of the running kernel.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "harness/changes/changes_rows.h"
#include "harness/rules/consented.h"
#include "harness/rules/rule_code.h"
#include "harness/rules/rules.h"
#include "harness/rules/trace_words.h"

namespace skillaudit {
namespace {

constexpr std::string_view kSetting = "system.kernel-setting";
constexpr std::string_view kHelper = "system.kernel-helper";

/// Settings that name a program, which the kernel starts.
bool names_program(const KernelSetting& setting) {
  static constexpr std::array<std::string_view, 4> kPrograms = {
      "kernel.core_pattern", "kernel.hotplug", "kernel.modprobe", "kernel.poweroff_cmd"};
  if (setting.kind != "sysctl") return false;
  if (setting.name.starts_with("fs.binfmt_misc.")) return true;
  // A core pattern without a pipe is the name of a file.
  if (setting.name == "kernel.core_pattern" && !setting.value.starts_with('|')) return false;
  return std::find(kPrograms.begin(), kPrograms.end(), setting.name) != kPrograms.end();
}

/// By its name, which of a route is where it leads; of filters by the programs that set them.
bool is_documented(const RuleInput& input, const KernelSetting& setting) {
  if (!input.excusable(kSetting, Excuse::Package)) return false;
  if (setting.kind == "filter") {
    static constexpr std::array<std::string_view, 5> kTools = {"nftables", "nft", "iptables", "ufw",
                                                               "firewalld"};
    return std::any_of(kTools.begin(), kTools.end(),
                       [&](std::string_view tool) { return input.consent.mentions_program(tool); });
  }
  const Coverage coverage = input.consent.covers(
      Verb::Modify, ConsentObject::setting("sysctl", setting.name, setting.value));
  return is_free(EffectClass::Exposing, coverage);
}

void kernel_setting_rules(const RuleInput& input, Drafts& drafts) {
  Offenders settings, helpers;
  const auto changes =
      compare_rows(input.evidence.before.kernel_settings, input.evidence.after.kernel_settings,
                   [](const KernelSetting& row) { return std::tie(row.kind, row.name); });
  for (const RowChange<KernelSetting>& change : changes) {
    const bool gone = change.kind == ChangeKind::Deleted;
    const KernelSetting& row = gone ? change.before : change.after;
    const std::string name = row.kind == "sysctl" ? row.name : row.kind + " " + row.name;
    const bool helper = !gone && names_program(row);
    if (!helper && is_documented(input, row)) continue;
    Offender* offender = (helper ? helpers : settings).at(name);
    if (offender == nullptr) continue;
    offender->words.what = as_code(name);
    const std::string was =
        change.kind == ChangeKind::Added ? "" : fmt::format(", was {}", change.before.value);
    Offenders::add(offender, cite(gone ? source::before(Table::KernelSettings)
                                       : source::after(Table::KernelSettings),
                                  fmt::format("{} is {}{}", name, gone ? "gone" : row.value, was)));
  }
  settings.report(kSetting, drafts);
  helpers.report(kHelper, drafts);
}

}  // namespace

RuleCode kernel_setting_code() { return {{kSetting, kHelper}, kernel_setting_rules}; }

}  // namespace skillaudit
