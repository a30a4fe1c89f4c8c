#include <fmt/core.h>

#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/skill/find_skills.h"
#include "harness/skill/front_matter.h"

namespace skillaudit {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kLargest = 1 << 20;
constexpr std::size_t kMostNamed = 20;

struct Part {
  const char* key;
  const char* word;
};
constexpr auto kParts = std::to_array<Part>({{"hooks", "hooks"},
                                             {"mcpServers", "MCP servers"},
                                             {"lspServers", "language servers"},
                                             {"commands", "commands"},
                                             {"agents", "agents"},
                                             {"outputStyles", "output styles"}});

bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

/// None if the file is too large, unreadable, or no JSON object.
std::optional<Json> object_in(const fs::path& path) {
  try {
    Json json = Json::parse(read_file(path, kLargest), nullptr, false, true);
    if (json.is_object()) return json;
  } catch (const Error&) {
    return std::nullopt;
  }
  return std::nullopt;
}

bool is_empty(const Json& value) {
  return value.is_null() || (!value.is_string() && value.empty());
}

void add_servers(const Json& servers, const std::string& file, std::vector<std::string>& parts) {
  if (!servers.is_object()) {
    if (!is_empty(servers)) parts.push_back("the MCP servers of " + file);
    return;
  }
  for (const auto& [name, ignored] : servers.items())
    parts.push_back(fmt::format("the MCP server `{}` of {}", shorten(printable(name), 60), file));
}

/// What a manifest names itself: in its own keys, by value or by path.
void add_keys(const Json& manifest, const std::string& where, std::vector<std::string>& parts) {
  for (const Part& part : kParts)
    if (const auto value = manifest.find(part.key); value != manifest.end() && !is_empty(*value))
      parts.push_back(fmt::format("the {} of {}", part.word, where));
}

void add_marketplace(const fs::path& folder, std::vector<std::string>& parts) {
  static const std::string kFile = ".claude-plugin/marketplace.json";
  if (!is_file(folder / kFile)) return;
  const auto json = object_in(folder / kFile);
  if (!json) {
    parts.push_back(kFile + ", which cannot be read as JSON");
    return;
  }
  const auto plugins = json->find("plugins");
  if (plugins == json->end() || !plugins->is_array()) return;
  for (const Json& plugin : *plugins) {
    if (!plugin.is_object()) continue;
    const auto name = plugin.find("name");
    const std::string shown =
        name != plugin.end() && name->is_string() ? name->get<std::string>() : "?";
    add_keys(plugin, fmt::format("the plugin `{}` in {}", shorten(printable(shown), 60), kFile),
             parts);
  }
}

/// https://code.claude.com/docs/en/hooks, "Hooks in skills and agents".
bool has_hooks_of_its_own(const fs::path& folder) {
  try {
    return is_file(folder / "SKILL.md") &&
           parse_front_matter("SKILL.md", read_file(folder / "SKILL.md", kLargest)).has_hooks;
  } catch (const Error&) {
    return false;  // load_skill() refuses it
  }
}

bool add_manifests(const fs::path& folder, std::vector<std::string>& parts) {
  bool found = false;
  for (const char* file : {".claude-plugin/plugin.json", ".codex-plugin/plugin.json",
                           ".cursor-plugin/plugin.json", "gemini-extension.json"}) {
    if (!is_file(folder / file)) continue;
    found = true;
    if (const auto json = object_in(folder / file))
      add_keys(*json, file, parts);
    else
      parts.push_back(std::string(file) + ", which cannot be read as JSON");
  }
  return found;
}

}  // namespace

std::vector<std::string> plugin_parts(const fs::path& folder) {
  std::vector<std::string> parts;
  const bool is_plugin = add_manifests(folder, parts);
  add_marketplace(folder, parts);
  for (const char* file : {"hooks/hooks.json", "hooks.json"})
    if (is_file(folder / file)) parts.push_back(std::string("the hooks of ") + file);
  if (has_hooks_of_its_own(folder))
    parts.emplace_back("the `hooks` in the front matter of SKILL.md");
  if (is_file(folder / ".mcp.json")) {
    const auto json = object_in(folder / ".mcp.json");
    const auto servers = json ? json->find("mcpServers") : Json::const_iterator();
    // Servers may also stand at the top, without that key.
    add_servers(!json ? Json("?") : servers == json->end() ? *json : *servers, ".mcp.json", parts);
  }
  if (is_plugin)
    for (const char* name : {"commands", "agents"})
      if (std::error_code error;
          fs::is_directory(folder / name, error) && !fs::is_empty(folder / name, error))
        parts.push_back(fmt::format("the {} in {}/", name, name));
  if (parts.size() > kMostNamed) {
    const std::size_t more = parts.size() - kMostNamed;
    parts.resize(kMostNamed);
    parts.push_back(fmt::format("{} more", more));
  }
  return parts;
}

}  // namespace skillaudit
