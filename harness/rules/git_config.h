#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

/// A setting of Git by which it runs a program that the setting names, or reads one of its settings
/// from elsewhere (git-config(1)).
struct GitCommand {
  std::string key;  ///< "core.hookspath", "alias.st", "filter.NAME.clean": in small letters, the
                    ///< subsection as it stands
  std::string value;
  bool operator==(const GitCommand&) const = default;
};

/// Those of a configuration file, in its order. Reads hostile text in linear time; a line that is
/// no setting is passed over, as a variable without a value is.
[[nodiscard]] std::vector<GitCommand> git_commands(std::string_view text);

/// Whether Git reads `path` as its settings: ~/.gitconfig, ~/.config/git/config, /etc/gitconfig, a
/// repository's .git/config.
[[nodiscard]] bool is_git_config(std::string_view path);

}  // namespace skillaudit
