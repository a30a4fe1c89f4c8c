#include <fmt/core.h>

#include "harness/cli/command_tree.h"
#include "harness/cli/commands.h"

namespace skillaudit {

void add_completion_command(Command& program) {
  Command command = program.add_command("completion", "Print shell completion");
  const auto shell = std::make_shared<std::string>();
  command.add_option("SHELL", *shell, "The shell").one_of({"bash", "zsh", "fish"}).required();
  command.set_footer(
      "Examples:\n"
      "  skillaudit completion bash > ~/.local/share/bash-completion/completions/skillaudit\n"
      "  skillaudit completion zsh > ~/.zfunc/_skillaudit     a folder in $fpath\n"
      "  skillaudit completion fish > ~/.config/fish/completions/skillaudit.fish");
  command.set_action([program, shell] {
    const std::vector<CommandWords> tree = program.tree();
    fmt::print("{}", *shell == "bash"  ? bash_completion(tree)
                     : *shell == "zsh" ? zsh_completion(tree)
                                       : fish_completion(tree));
    return 0;
  });
}

void add_manual_command(Command& program) {
  Command command = program.add_command("manual", "Print the manual page, for man(1)");
  command.set_footer(
      "Examples:\n"
      "  skillaudit manual | man -l -\n"
      "  skillaudit manual > /usr/local/share/man/man1/skillaudit.1");
  command.set_action([program] {
    fmt::print("{}", manual_page(program.tree()));
    return 0;
  });
}

}  // namespace skillaudit
