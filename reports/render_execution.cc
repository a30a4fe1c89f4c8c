#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "reports/markdown_text.h"
#include "reports/markdown_view.h"

namespace skillaudit::markdown {
namespace {

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

}  // namespace

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

}  // namespace skillaudit::markdown
