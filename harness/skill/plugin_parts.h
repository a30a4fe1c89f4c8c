#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace skillaudit {

/// What a plugin has besides its skills that an agent runs or loads by itself.
struct PluginPart {
  enum class Kind { Hook, McpServer, Other };
  Kind kind = Kind::Other;
  std::string what;     ///< "the hook SessionStart of hooks/hooks.json": for people, printable
  std::string place;    ///< "hooks/hooks.json: SessionStart"
  std::string event;    ///< of a hook: "PreToolUse"
  std::string matcher;  ///< of a hook: which tools it is for, "Write|Edit"
  /// A hook's line for the shell, or a server's program. Empty: not to be run from here, as a
  /// server that is an address.
  std::string command;
  std::vector<std::string> arguments;                            ///< of a server
  std::vector<std::pair<std::string, std::string>> environment;  ///< of a server
};

/// The parts of a plugin in this folder. Hooks and MCP servers count in any folder; commands and
/// agents in one with a plugin's manifest. At most kMostPluginParts; the last says how many more
/// there are. Formats: https://code.claude.com/docs/en/plugins-reference.
[[nodiscard]] std::vector<PluginPart> plugin_parts(const std::filesystem::path& folder);

inline constexpr std::size_t kMostPluginParts = 20;

/// Whether the folder has a plugin's, an extension's or a marketplace's manifest.
[[nodiscard]] bool is_plugin(const std::filesystem::path& folder);

}  // namespace skillaudit
