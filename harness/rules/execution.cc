#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "harness/base/ascii.h"
#include "harness/base/text.h"
#include "harness/evidence/runner_names.h"
#include "harness/rules/rule_code.h"
#include "harness/rules/rules.h"

namespace skillaudit {
namespace {

constexpr std::string_view kFailed = "execution.failed";
constexpr std::string_view kWrongExit = "execution.wrong-exit";
constexpr std::string_view kHang = "execution.hang";
constexpr std::string_view kCrash = "execution.crash";
constexpr std::string_view kStepNotRun = "execution.step-not-run";
constexpr std::string_view kErrorOutput = "execution.error-output";

/// The signal behind an exit code as shells report it (128 + signal), for those that a defect of
/// the program raises, and SIGKILL, which the kernel sends when memory runs out.
std::string_view crash_signal(int exit_code) {
  switch (exit_code) {
    case 132:
      return "ILL";
    case 134:
      return "ABRT";
    case 135:
      return "BUS";
    case 136:
      return "FPE";
    case 137:
      return "KILL";
    case 139:
      return "SEGV";
    default:
      return {};
  }
}

/// Lines that report a failure, not progress: many programs write progress to stderr.
bool is_error_line(std::string_view line) {
  const std::string text = ascii_lower(trim(line.substr(0, 400)));
  static constexpr std::array<std::string_view, 12> kStarts = {"traceback (most recent call last)",
                                                               "error:",
                                                               "error ",
                                                               "fatal:",
                                                               "panic:",
                                                               "e: ",
                                                               "npm err!",
                                                               "npm error",
                                                               "uncaught ",
                                                               "unhandled ",
                                                               "segmentation fault",
                                                               "exception in "};
  static constexpr std::array<std::string_view, 5> kWithin = {
      ": command not found", ": error: ", ": fatal error", ": syntax error", ": fatal: "};
  return std::any_of(kStarts.begin(), kStarts.end(),
                     [&](std::string_view each) { return text.starts_with(each); }) ||
         std::any_of(kWithin.begin(), kWithin.end(),
                     [&](std::string_view each) { return text.find(each) != std::string::npos; });
}

std::string_view first_error_line(std::string_view err) {
  for (const std::string_view line : split(err, '\n')) {
    if (is_error_line(line)) return trim(line);
  }
  return {};
}

std::string_view last_line(std::string_view text) {
  text = trim(text);
  const std::size_t newline = text.rfind('\n');
  return newline == std::string_view::npos ? text : trim(text.substr(newline + 1));
}

std::vector<Citation> cite_step(const Step& step, std::string_view what) {
  const Source source = source::step(step.name);
  std::vector<Citation> evidence = {cite(source, what)};
  if (const std::string_view line = last_line(step.err); !line.empty()) {
    evidence.push_back(cite(source, fmt::format("stderr: {}", line)));
  }
  return evidence;
}

void execution_rules(const RuleInput& input, Drafts& drafts) {
  std::vector<Offender> wrong, hung, crashed, not_run, noisy;
  const std::vector<Step>& steps = input.evidence.execution.steps;
  std::size_t ran = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    const StepEnd& end = input.ends[i];
    // Nobody's fault. What its code could have done is a gap (assessment.unexercised), or the
    // second try tells of it.
    const bool is_left_out = !step.ran && input.evidence.execution.runner == kWalkthrough;
    if (end.is_unexercised() || end.tried_again || is_left_out) continue;
    if (step.ran) ++ran;
    Offender offender;
    offender.words.what = as_code(step.name);
    const auto end_in = [&](std::vector<Offender>& list, const std::string& where,
                            std::vector<Citation> evidence) {
      offender.words.where = where;
      offender.evidence = std::move(evidence);
      list.push_back(offender);
    };
    const int code = step.exit_code.value_or(0);
    const bool unexpected = step.exit_code && code != step.expected_exit;
    if (!step.ran) {
      const std::string why = step.reason_not_run.empty() ? "no reason given" : step.reason_not_run;
      end_in(not_run, as_code(why, 200), cite_step(step, "not run: " + why));
    } else if (!input.evidence.agent.name.empty() || end.cause == StepCause::Serving) {
      // How an agent ends is its own affair, or its model's: agent_gaps() tells of it. A server was
      // ended by the audit.
    } else if ((step.tentative || !step.in_words.empty()) && !step.timed_out) {
      // The command is our reading of the skill: that it fails or waits is not the skill's fault.
    } else if (step.timed_out || step.hung) {
      // To the second: two runs must read the same.
      const std::string after =
          step.hung ? "waiting for nothing" : fmt::format("{:.0f} s", step.duration_s);
      end_in(hung, after, cite_step(step, "stopped after " + after));
    } else if (!step.signal.empty() || (unexpected && !crash_signal(code).empty())) {
      const std::string signal =
          step.signal.empty() ? std::string(crash_signal(code)) : step.signal;
      end_in(crashed, "it was killed by signal " + as_code(signal),
             cite_step(step, "killed by signal " + signal));
    } else if (unexpected) {
      const std::string what = fmt::format("exit code {}, expected {}", code, step.expected_exit);
      end_in(wrong, what, cite_step(step, what));
    } else if (!step.exit_code) {
      end_in(wrong, "no exit code", cite_step(step, "no exit code"));
    } else if (const std::string_view line = first_error_line(step.err); !line.empty()) {
      end_in(noisy, as_code(line),
             {cite(source::step(step.name), fmt::format("exit code {}, stderr: {}", code, line))});
    }
  }
  // A skill of which nothing succeeded did not do its work; one step of several is a fault to mend.
  const bool nothing_succeeded = !wrong.empty() && ran == wrong.size();
  drafts.add_each(nothing_succeeded ? kFailed : kWrongExit, wrong);
  drafts.add_each(kHang, hung);
  drafts.add_each(kCrash, crashed);
  drafts.add_each(kStepNotRun, not_run);
  drafts.add_each(kErrorOutput, noisy);
}

}  // namespace

RuleCode execution_code() {
  return {{kFailed, kWrongExit, kHang, kCrash, kStepNotRun, kErrorOutput}, execution_rules};
}

}  // namespace skillaudit
