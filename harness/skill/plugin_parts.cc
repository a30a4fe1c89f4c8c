#include "harness/skill/plugin_parts.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/json_text.h"
#include "harness/base/text.h"
#include "harness/skill/front_matter.h"

namespace skillaudit {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;
using Parts = std::vector<PluginPart>;

constexpr std::uint64_t kLargest = 1 << 20;
constexpr auto kManifests =
    std::to_array<const char*>({".claude-plugin/plugin.json", ".codex-plugin/plugin.json",
                                ".cursor-plugin/plugin.json", "gemini-extension.json"});
constexpr const char* kMarketplace = ".claude-plugin/marketplace.json";
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

/// Whether links lead out of the folder: what is there is not the plugin's, and may be the user's.
bool leads_out(const fs::path& folder, const std::string& file) {
  std::error_code error;
  const fs::path real = fs::canonical(folder / file, error);
  const std::string below = real.lexically_relative(fs::canonical(folder, error)).string();
  return error || below.starts_with("..");
}

/// None if the file is too large, unreadable, outside of the folder, or no JSON object.
std::optional<Json> object_in(const fs::path& folder, const std::string& file) {
  if (leads_out(folder, file)) return std::nullopt;
  try {
    Json json = Json::parse(read_file(folder / file, kLargest), nullptr, false, true);
    if (json.is_object()) return json;
  } catch (const Error&) {
    return std::nullopt;
  }
  return std::nullopt;
}

bool is_empty(const Json& value) {
  return value.is_null() || (!value.is_string() && value.empty());
}

void add_other(std::string what, Parts& parts) { parts.push_back({.what = std::move(what)}); }

std::string text_of(const Json& object, const char* key) {
  const auto value = object.find(key);
  return value != object.end() && value->is_string() ? value->get<std::string>() : std::string();
}

PluginPart server_of(const std::string& name, const Json& server, const std::string& file) {
  const std::string shown = shorten(printable(name), 60);
  PluginPart part{.kind = PluginPart::Kind::McpServer,
                  .what = fmt::format("the MCP server `{}` of {}", shown, file),
                  .place = file + ": " + shown};
  if (!server.is_object()) return part;
  part.command = text_of(server, "command");
  if (const auto list = server.find("args"); list != server.end() && list->is_array())
    for (const Json& argument : *list)
      part.arguments.push_back(argument.is_string() ? argument.get<std::string>()
                                                    : json_text(argument));
  if (const auto values = server.find("env"); values != server.end() && values->is_object())
    for (const auto& [key, value] : values->items())
      if (value.is_string()) part.environment.emplace_back(key, value.get<std::string>());
  return part;
}

void add_servers(const Json& servers, const std::string& file, Parts& parts) {
  if (!servers.is_object()) {
    if (!is_empty(servers)) add_other("the MCP servers of " + file, parts);
    return;
  }
  for (const auto& [name, server] : servers.items()) parts.push_back(server_of(name, server, file));
}

/// {"SessionStart": [{"matcher": "…", "hooks": [{"type": "command", "command": "…"}]}]}
void add_hooks(const Json& events, const std::string& file, Parts& parts) {
  const std::size_t before = parts.size();
  if (events.is_object())
    for (const auto& [event, groups] : events.items()) {
      if (!groups.is_array()) continue;
      for (const Json& group : groups) {
        if (!group.is_object() || !group.contains("hooks") || !group["hooks"].is_array()) continue;
        for (const Json& hook : group["hooks"]) {
          const std::string shown = shorten(printable(event), 60);
          parts.push_back({.kind = PluginPart::Kind::Hook,
                           .what = fmt::format("the hook {} of {}", shown, file),
                           .place = file + ": " + shown,
                           .event = event,
                           .matcher = text_of(group, "matcher"),
                           .command = hook.is_object() ? text_of(hook, "command") : ""});
        }
      }
    }
  if (parts.size() == before && !is_empty(events)) add_other("the hooks of " + file, parts);
}

/// A file of hooks or servers, which may stand below a key or at the top.
void add_file(const fs::path& folder, const std::string& file, bool hooks, Parts& parts) {
  const auto json = object_in(folder, file);
  if (!json) return add_other(file + ", which cannot be read as JSON", parts);
  const auto inner = json->find(hooks ? "hooks" : "mcpServers");
  const Json& value = inner == json->end() ? *json : *inner;
  return hooks ? add_hooks(value, file, parts) : add_servers(value, file, parts);
}

/// Whether the path leads to a file in the folder.
bool is_own_file(const fs::path& folder, const std::string& path) {
  const std::string plain = fs::path(path).lexically_normal().string();
  return !plain.starts_with('/') && !plain.starts_with("..") && is_file(folder / plain);
}

/// What a manifest names itself: in its own keys, by value or by path.
void add_keys(const fs::path& folder, const Json& manifest, const std::string& where,
              Parts& parts) {
  for (const Part& part : kParts) {
    const auto value = manifest.find(part.key);
    if (value == manifest.end() || is_empty(*value)) continue;
    const std::string_view key = part.key;
    const bool hooks = key == "hooks";
    if (!hooks && key != "mcpServers") {
      add_other(fmt::format("the {} of {}", part.word, where), parts);
    } else if (value->is_string() && is_own_file(folder, value->get<std::string>())) {
      add_file(folder, fs::path(value->get<std::string>()).lexically_normal().string(), hooks,
               parts);
    } else if (value->is_object()) {
      const auto inner = value->find("hooks");
      if (hooks)
        add_hooks(inner == value->end() ? *value : *inner, where, parts);
      else
        add_servers(*value, where, parts);
    } else {
      add_other(fmt::format("the {} of {}", part.word, where), parts);
    }
  }
}

void add_marketplace(const fs::path& folder, Parts& parts) {
  static const std::string kFile = kMarketplace;
  if (!is_file(folder / kFile)) return;
  const auto json = object_in(folder, kFile);
  if (!json) {
    add_other(kFile + ", which cannot be read as JSON", parts);
    return;
  }
  const auto plugins = json->find("plugins");
  if (plugins == json->end() || !plugins->is_array()) return;
  for (const Json& plugin : *plugins) {
    if (!plugin.is_object()) continue;
    const auto name = plugin.find("name");
    const std::string shown =
        name != plugin.end() && name->is_string() ? name->get<std::string>() : "?";
    add_keys(folder, plugin,
             fmt::format("the plugin `{}` in {}", shorten(printable(shown), 60), kFile), parts);
  }
}

/// https://code.claude.com/docs/en/hooks, "Hooks in skills and agents".
bool has_hooks_of_its_own(const fs::path& folder) {
  try {
    return is_file(folder / "SKILL.md") &&
           parse_front_matter(read_file(folder / "SKILL.md", kLargest)).has_hooks;
  } catch (const Error&) {
    return false;  // load_skill() refuses it
  }
}

bool add_manifests(const fs::path& folder, Parts& parts) {
  bool found = false;
  for (const char* file : kManifests) {
    if (!is_file(folder / file)) continue;
    found = true;
    if (const auto json = object_in(folder, file))
      add_keys(folder, *json, file, parts);
    else
      add_other(std::string(file) + ", which cannot be read as JSON", parts);
  }
  return found;
}

/// A manifest may name the file that is read anyway.
void drop_repeated(Parts& parts) {
  for (auto part = parts.begin(); part != parts.end();) {
    const bool again = std::any_of(parts.begin(), part, [&](const PluginPart& earlier) {
      return earlier.what == part->what && earlier.command == part->command &&
             earlier.arguments == part->arguments && earlier.matcher == part->matcher;
    });
    part = again ? parts.erase(part) : part + 1;
  }
}

}  // namespace

bool is_plugin(const fs::path& folder) {
  return is_file(folder / kMarketplace) ||
         std::any_of(kManifests.begin(), kManifests.end(),
                     [&](const char* file) { return is_file(folder / file); });
}

Parts plugin_parts(const fs::path& folder) {
  Parts parts;
  const bool has_manifest = add_manifests(folder, parts);
  add_marketplace(folder, parts);
  for (const char* file : {"hooks/hooks.json", "hooks.json"})
    if (is_file(folder / file)) add_file(folder, file, true, parts);
  if (is_file(folder / ".mcp.json")) add_file(folder, ".mcp.json", false, parts);
  if (has_hooks_of_its_own(folder)) add_other("the `hooks` in the front matter of SKILL.md", parts);
  if (has_manifest)
    for (const char* name : {"commands", "agents"})
      if (std::error_code error;
          fs::is_directory(folder / name, error) && !fs::is_empty(folder / name, error))
        add_other(fmt::format("the {} in {}/", name, name), parts);
  drop_repeated(parts);
  if (parts.size() > kMostPluginParts) {
    const std::size_t more = parts.size() - kMostPluginParts;
    parts.resize(kMostPluginParts);
    add_other(fmt::format("{} more", more), parts);
  }
  return parts;
}

}  // namespace skillaudit
