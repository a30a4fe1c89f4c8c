#include <fmt/core.h>

#include <cstdio>
#include <exception>

#include "harness/base/error.h"
#include "harness/base/interrupt.h"
#include "harness/base/text.h"
#include "harness/base/version.h"
#include "harness/cli/called_as.h"
#include "harness/cli/commands.h"
#include "harness/cli/gtest_flags.h"

using namespace skillaudit;

int main(int argc, char** argv) {
  CommandLine command_line(called_as(),
                           "Runs an agent skill in a disposable VM and grades what it really did.",
                           kVersion);
  Command program = command_line.program();
  program.require_command();
  program.set_footer(
      "Examples:\n"
      "  skillaudit run my-skill                     audit it and write a report\n"
      "  skillaudit run my-skill --fail-under B      for CI: exit 1 below grade B\n"
      "  skillaudit test my-skill                    test it against the expectations in "
      "audit.yaml\n"
      "  skillaudit report skillaudit-reports/X      render the report again, without a VM\n"
      "  skillaudit gate skillaudit-reports/X        check it against a policy and a baseline\n"
      "  skillaudit vm start                         start a sandbox VM with a shell\n"
      "  skillaudit doctor                           check this machine\n"
      "\n"
      "Exit codes of run: 0 approved, 1 needs review, 2 rejected, 3 inconclusive; 64 bad usage,\n"
      "65 bad skill or bundle, 69 something is missing on this machine, 70 internal error,\n"
      "130 interrupted.");
  std::vector<std::string> words(argv + 1, argv + argc);
  const std::vector<std::string> guest_command = take_guest_command(words);
  const std::vector<std::string> gtest_flags = take_gtest_flags(words);
  add_run_command(program);
  add_test_command(program, gtest_flags);
  add_report_command(program);
  add_gate_command(program);
  add_explain_command(program);
  add_image_command(program);
  add_vm_command(program, guest_command);
  add_doctor_command(program);
  add_completion_command(program);
  add_manual_command(program);
  add_version_command(program);
  const Action chosen = command_line.parse(words);
  try {
    install_interrupt_handlers();
    return chosen();
  } catch (const Error& error) {
    fmt::print(stderr, "skillaudit: {}\n", as_called(error.what()));
    return error.exit_code();
  } catch (const std::exception& error) {
    fmt::print(stderr, "skillaudit: internal error: {}\n", printable_block(error.what()));
    return static_cast<int>(ErrorKind::Internal);
  }
}
