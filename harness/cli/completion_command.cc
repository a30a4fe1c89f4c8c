#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "harness/cli/command_tree.h"
#include "harness/cli/commands.h"

namespace skillaudit {

void add_completion_command(CLI::App& app, Action& chosen) {
  CLI::App* command = app.add_subcommand("completion", "Print shell completion");
  const auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "The shell")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}))
      ->required();
  command->footer(
      "Examples:\n"
      "  skillaudit completion bash > ~/.local/share/bash-completion/completions/skillaudit\n"
      "  skillaudit completion zsh > ~/.zfunc/_skillaudit     a folder in $fpath\n"
      "  skillaudit completion fish > ~/.config/fish/completions/skillaudit.fish");
  command->callback([&app, &chosen, shell] {
    chosen = [&app, shell] {
      const std::vector<CommandWords> tree = command_tree(app);
      fmt::print("{}", *shell == "bash"  ? bash_completion(tree)
                       : *shell == "zsh" ? zsh_completion(tree)
                                         : fish_completion(tree));
      return 0;
    };
  });
}

void add_manual_command(CLI::App& app, Action& chosen) {
  CLI::App* command = app.add_subcommand("manual", "Print the manual page, for man(1)");
  command->footer(
      "Examples:\n"
      "  skillaudit manual | man -l -\n"
      "  skillaudit manual > /usr/local/share/man/man1/skillaudit.1");
  command->callback([&app, &chosen] {
    chosen = [&app] {
      fmt::print("{}", manual_page(command_tree(app)));
      return 0;
    };
  });
}

}  // namespace skillaudit
