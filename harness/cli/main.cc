#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <iostream>

#include "harness/base/error.h"
#include "harness/base/interrupt.h"
#include "harness/base/text.h"
#include "harness/base/version.h"
#include "harness/cli/called_as.h"
#include "harness/cli/commands.h"
#include "harness/cli/gtest_flags.h"

namespace {

using namespace skillaudit;

/// CLI11's help, with as_called() applied to descriptions and examples.
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_footer(const CLI::App* app) const override {
    return as_called(CLI::Formatter::make_footer(app));
  }
  std::string make_option_desc(const CLI::Option* option) const override {
    return as_called(CLI::Formatter::make_option_desc(option));
  }
};

/// The innermost command that was given: the one whose help is of use.
std::string command_line_of(const CLI::App& app) {
  std::string words = app.get_name();
  for (const CLI::App* at = &app; !at->get_subcommands().empty();) {
    at = at->get_subcommands().front();
    words += " " + at->get_name();
  }
  return words;
}

/// CLI11 names neither the word that is no command nor the words that are.
std::string without_command(const CLI::App& app) {
  std::vector<std::string> commands;
  for (const CLI::App* each : app.get_subcommands([](const CLI::App*) { return true; }))
    commands.push_back(each->get_name());
  const std::string list = "the commands are " + join(commands, ", ");
  const std::vector<std::string> words = app.remaining();
  if (words.empty()) return "a command is missing: " + list;
  const std::string near = nearest(words[0], commands);
  return fmt::format("there is no command '{}': {}", shorten(words[0], 80),
                     near.empty() ? list : "did you mean '" + near + "'?");
}

/// CLI11's own codes are its affair; ours are frozen (0 for --help, 64 for bad usage).
int parse_failure(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) return app.exit(error);
  const std::string complaint = app.get_subcommands().empty() ? without_command(app) : error.what();
  fmt::print(stderr, "skillaudit: {}\nTry `{} --help`.\n", as_called(printable(complaint)),
             command_line_of(app));
  return static_cast<int>(ErrorKind::Usage);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Runs an agent skill in a disposable VM and grades what it really did.",
               called_as());
  app.formatter(std::make_shared<HelpFormatter>());
  app.require_subcommand(1);
  app.set_version_flag("--version", kVersion);
  app.footer(
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
  Action chosen;
  std::vector<std::string> words(argv + 1, argv + argc);
  const std::vector<std::string> guest_command = take_guest_command(words);
  const std::vector<std::string> gtest_flags = take_gtest_flags(words);
  add_run_command(app, chosen);
  add_test_command(app, chosen, gtest_flags);
  add_report_command(app, chosen);
  add_gate_command(app, chosen);
  add_explain_command(app, chosen);
  add_image_command(app, chosen);
  add_vm_command(app, chosen, guest_command);
  add_doctor_command(app, chosen);
  add_completion_command(app, chosen);
  add_manual_command(app, chosen);
  add_version_command(app, chosen);
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::ParseError& error) {
    return parse_failure(app, error);
  }
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
