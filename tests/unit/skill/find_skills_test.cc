#include "harness/skill/find_skills.h"

#include <gmock/gmock.h>

#include "harness/base/file.h"
#include "harness/base/temp_dir.h"
#include "harness/skill/load.h"
#include "harness/skill/plugin_parts.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

class Tree {
 public:
  void write(const std::string& name, std::string_view content = "{}") const {
    fs::create_directories((path() / name).parent_path());
    write_file(path() / name, content);
  }
  [[nodiscard]] fs::path path() const { return folder_.path(); }

 private:
  TempDir folder_;
};

std::vector<std::string> parts_of(const fs::path& folder) {
  std::vector<std::string> names;
  for (const PluginPart& part : plugin_parts(folder)) names.push_back(part.what);
  return names;
}

TEST(FindSkills, FindsThemAtAnyDepth) {
  const Tree tree;
  for (const char* file :
       {"b/skills/y/SKILL.md", "a/SKILL.md", "a/examples/z/SKILL.md", "node_modules/m/SKILL.md",
        ".git/g/SKILL.md", ".claude/skills/h/SKILL.md"})
    tree.write(file);
  fs::create_directory_symlink("..", tree.path() / "b/up");
  fs::create_directory(tree.path() / "b/skills/none");
  EXPECT_THAT(find_skills(tree.path()), ElementsAre(tree.path() / ".claude/skills/h",
                                                    tree.path() / "a", tree.path() / "b/skills/y"));
  EXPECT_THAT(find_skills(tree.path() / "a"), ElementsAre(tree.path() / "a"));
  EXPECT_THAT(find_skills(tree.path() / "b/skills/none"), IsEmpty());
}

TEST(FindSkills, FindsPluginsThatHoldNone) {
  const Tree tree;
  for (const char* file :
       {".claude-plugin/marketplace.json", "a/.claude-plugin/plugin.json", "a/skills/x/SKILL.md",
        "b/.claude-plugin/plugin.json", "b/hooks/hooks.json", "c/gemini-extension.json"})
    tree.write(file);
  EXPECT_THAT(find_skills(tree.path()),
              ElementsAre(tree.path() / "a/skills/x", tree.path() / "b", tree.path() / "c"));
  EXPECT_THAT(find_skills(tree.path() / "b"), ElementsAre(tree.path() / "b"));
  EXPECT_EQ(load_skill(tree.path() / "b").name, "b");
}

TEST(PluginParts, NamesWhatAnAgentRunsByItself) {
  const Tree tree;
  tree.write("hooks/hooks.json", R"({"hooks": {"Stop": [{"hooks": [{"command": "ls"}]}]}})");
  tree.write(".mcp.json", R"({"mcpServers": {"sum": {"command": "python3"}, "b": {}}})");
  EXPECT_THAT(parts_of(tree.path()),
              ElementsAre("the hook Stop of hooks/hooks.json", "the MCP server `b` of .mcp.json",
                          "the MCP server `sum` of .mcp.json"));
}

TEST(PluginParts, NamesTheHooksOfFrontMatter) {
  const Tree tree;
  tree.write("SKILL.md", "---\nname: x\ndescription: a: b\nhooks:\n  Stop: []\n---\nText.\n");
  EXPECT_THAT(parts_of(tree.path()), ElementsAre("the `hooks` in the front matter of SKILL.md"));
}

TEST(PluginParts, ReadsManifests) {
  const Tree tree;
  tree.write(".claude-plugin/plugin.json",
             R"({"name": "x", "hooks": "./h.json", "mcpServers": {"a": {}}})");
  tree.write(".claude-plugin/marketplace.json",
             R"({"plugins": [{"name": "p", "hooks": {"Stop": []}}, {"name": "q"}, 7]})");
  tree.write("agents/helper.md");
  EXPECT_THAT(parts_of(tree.path()),
              ElementsAre("the hooks of .claude-plugin/plugin.json",
                          "the MCP server `a` of .claude-plugin/plugin.json",
                          "the hooks of the plugin `p` in .claude-plugin/marketplace.json",
                          "the agents in agents/"));
}

TEST(PluginParts, NamesWhatItCannotRead) {
  const Tree tree;
  tree.write(".claude-plugin/plugin.json", "{");
  tree.write(".mcp.json", "[");
  EXPECT_THAT(parts_of(tree.path()),
              ElementsAre(".claude-plugin/plugin.json, which cannot be read as JSON",
                          ".mcp.json, which cannot be read as JSON"));
}

TEST(PluginParts, AreNotReadThroughALinkThatLeavesThePlugin) {
  const Tree tree;
  tree.write("servers.json", R"({"mcpServers": {"mine": {"command": "python3"}}})");
  fs::create_directory(tree.path() / "plugin");
  fs::create_symlink("../servers.json", tree.path() / "plugin/.mcp.json");
  EXPECT_THAT(parts_of(tree.path() / "plugin"),
              ElementsAre(".mcp.json, which cannot be read as JSON"));
}

TEST(PluginParts, AreNoneInAPlainSkill) {
  const Tree tree;
  tree.write("agents/openai.yaml");
  tree.write("commands/x.md");
  tree.write("scripts/run.sh");
  EXPECT_THAT(parts_of(tree.path()), IsEmpty());
  tree.write(".claude-plugin/plugin.json", R"({"name": "x", "version": "1"})");
  EXPECT_EQ(plugin_parts(tree.path()).size(), 2U);
}

}  // namespace
}  // namespace skillaudit
