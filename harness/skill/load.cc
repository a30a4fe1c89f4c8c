#include "harness/skill/load.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "harness/base/ascii.h"
#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/skill/audit_manifest.h"
#include "harness/skill/broad_tools.h"
#include "harness/skill/document.h"
#include "harness/skill/evals.h"
#include "harness/skill/front_matter.h"
#include "harness/skill/hidden_text.h"
#include "harness/skill/inventory.h"
#include "harness/skill/lookalikes.h"
#include "harness/skill/plugin_parts.h"
#include "harness/skill/secrets_inside.h"
#include "harness/skill/skill_name.h"
#include "harness/skill/static_facts.h"
#include "harness/skill/surroundings.h"
#include "harness/skill/texts.h"

namespace skillaudit {
namespace fs = std::filesystem;
namespace {

/// As the user wrote it, without trailing slashes: the name in messages.
std::string shown_name(const fs::path& folder) {
  std::string shown = printable(folder.string());
  while (shown.size() > 1 && shown.back() == '/') shown.pop_back();
  return shown;
}

std::vector<std::string> entries_of(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    names.push_back(entry->path().filename().string());
    if (names.size() > kMaximumSkillFiles) break;
  }
  std::sort(names.begin(), names.end());
  return names;
}

[[noreturn]] void fail_missing(const std::string& shown) {
  const std::size_t slash = shown.rfind('/');
  const std::string parent = slash == std::string::npos ? "" : shown.substr(0, slash + 1);
  std::vector<std::string> folders;
  std::error_code error;
  for (const std::string& entry : entries_of(parent.empty() ? "." : parent))
    if (fs::is_directory(fs::path(parent) / entry, error)) folders.push_back(printable(entry));
  const std::string near = nearest(shown.substr(parent.size()), folders);
  fail(ErrorKind::Skill, "there is no skill at {}: {}", shown,
       near.empty() ? "give the folder that contains its SKILL.md"
                    : "did you mean " + parent + near + "?");
}

[[noreturn]] void fail_without_manifest(const fs::path& folder, const std::string& shown) {
  static constexpr auto kLookAlikes = std::to_array<std::string_view>(
      {"skill.md", "skills.md", "skill.markdown", "skill.txt", "skill", "skill.md.txt"});
  const std::vector<std::string> entries = entries_of(folder);
  for (const std::string_view look_alike : kLookAlikes)
    for (const std::string& entry : entries)
      if (ascii_lower(entry) == look_alike && entry != "SKILL.md")
        fail(ErrorKind::Skill, "{} has no SKILL.md, but it has {}: rename it to SKILL.md", shown,
             printable(entry));
  for (const std::string& entry : entries) {
    std::error_code error;
    if (fs::is_regular_file(folder / entry / "SKILL.md", error))
      fail(ErrorKind::Skill, "{} has no SKILL.md, but {} in it has one: give {}/{}", shown,
           printable(entry), shown, printable(entry));
  }
  fail(ErrorKind::Skill,
       "{} has no SKILL.md, so it is not a skill: add one, or give the folder that contains it",
       shown);
}

void check_is_skill_folder(const fs::path& folder, const std::string& shown) {
  if (folder.empty())
    fail(ErrorKind::Skill, "the skill's path is empty: give the folder that contains its SKILL.md");
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (status.type() == fs::file_type::not_found) fail_missing(shown);
  if (error)
    fail(ErrorKind::Skill, "cannot access {}: {}: give a folder that you can read", shown,
         error.message());
  if (!fs::is_directory(status)) {
    const fs::path parent = folder.has_parent_path() ? folder.parent_path() : fs::path(".");
    if (folder.filename() == "SKILL.md")
      fail(ErrorKind::Skill, "{} is a file: give its folder, {}", shown,
           printable(parent.string()));
    fail(ErrorKind::Skill, "{} is a file, not a skill: give the folder that contains its SKILL.md",
         shown);
  }
  const fs::file_status manifest = fs::symlink_status(folder / "SKILL.md", error);
  if (manifest.type() == fs::file_type::not_found && !is_plugin(folder))
    fail_without_manifest(folder, shown);
}

/// The folder's own name, however the path to it was written.
std::string folder_name(const fs::path& folder) {
  std::error_code error;
  const fs::path real = fs::canonical(folder, error);
  if (error)
    fail(ErrorKind::Skill, "cannot resolve the path {}: {}: give a folder that you can read",
         printable(folder.string()), error.message());
  return real.filename().string();
}

/// The last part of the path as the user wrote it: where the folder is a link, agents see this
/// name. Empty for `.` and `..`.
std::string written_name(const std::string& shown) {
  const std::string name = shown.substr(shown.rfind('/') + 1);
  return name == "." || name == ".." ? "" : name;
}

/// None, with the reason, where the text cannot be had.
const SkillText* manifest_text(const Skill& skill, const fs::path& folder, const std::string& shown,
                               std::string& reason) {
  const auto text = std::find_if(skill.texts.begin(), skill.texts.end(),
                                 [](const SkillText& t) { return t.path == "SKILL.md"; });
  if (text != skill.texts.end()) return &*text;
  std::error_code error;
  // Agents would read it, and we do not: nothing can be said of such a skill.
  if (const auto size = fs::file_size(folder / "SKILL.md", error); !error && size > (1 << 20))
    fail(ErrorKind::Skill, "{}/SKILL.md has {}, the limit is 1 MiB: move details to other files",
         shown, human_bytes(size));
  if (!fs::exists(fs::symlink_status(folder / "SKILL.md", error))) return nullptr;  // a plugin
  reason = fs::is_directory(folder / "SKILL.md", error)
               ? "it is a folder: make it a Markdown file"
               : "it is a broken link: replace it with the file";
  return nullptr;
}

/// What its programs do is judged all the same.
void take_not_loadable(const std::string& why, Skill& skill) {
  skill.static_facts.push_back({StaticFactKind::NotLoadable, "SKILL.md", 1, why});
}

/// Always a valid name, since folders of the guest are named after it: the folder's where SKILL.md
/// has none, else the nearest that the rules allow.
std::string take_name(const FrontMatter& head, const std::string& real, const std::string& written,
                      std::vector<std::string>& notes) {
  if (head.name.empty()) {
    const std::string like = valid_skill_name_like(written.empty() ? real : written);
    return like.empty() ? "unnamed" : like;
  }
  if (head.name != real && head.name != written)
    notes.push_back(
        fmt::format("{}: the skill's name is `{}` but its folder is `{}`: make them the same",
                    head.name_position, head.name, shorten(printable(real), 80)));
  return head.name;
}

void take_front_matter(const fs::path& folder, const std::string& shown, Skill& skill) {
  std::string why;
  const SkillText* text = manifest_text(skill, folder, shown, why);
  if (text == nullptr) {
    skill.name = take_name({}, folder_name(folder), written_name(shown), skill.notes);
    if (!why.empty()) take_not_loadable(why, skill);
    return;
  }
  const FrontMatter head = parse_front_matter(text->text);
  if (!head.not_loadable.empty()) take_not_loadable(head.not_loadable, skill);
  if (const std::string_view problem = parse_document(text->text).problem; !problem.empty())
    fail(ErrorKind::Skill, "{}/SKILL.md cannot be read as Markdown, because {}: write it flatter",
         shown, problem);
  skill.name = take_name(head, folder_name(folder), written_name(shown), skill.notes);
  skill.description = head.description;
  skill.license = head.license;
  skill.compatibility = head.compatibility;
  skill.allowed_tools = head.allowed_tools;
  skill.notes.insert(skill.notes.end(), head.notes.begin(), head.notes.end());
  for (const std::string& entry : broad_tools(head.allowed_tools))
    skill.static_facts.push_back({StaticFactKind::BroadTools, "SKILL.md", head.allowed_tools_line,
                                  shorten(printable(entry), 120)});
  if (!head.has_body && head.not_loadable.empty())
    skill.notes.push_back("SKILL.md has no instructions after its front matter");
}

void take_audit_manifest(const fs::path& folder, const std::string& shown, Skill& skill) {
  const auto file = [&](std::string_view name) {
    return std::find_if(skill.files.begin(), skill.files.end(),
                        [&](const SkillFile& f) { return f.path == name; });
  };
  if (file("audit.yaml") == skill.files.end()) {
    if (file("audit.yml") != skill.files.end())
      skill.notes.push_back("audit.yml is not read: rename it to audit.yaml");
    return;
  }
  const auto text = std::find_if(skill.texts.begin(), skill.texts.end(),
                                 [](const SkillText& t) { return t.path == "audit.yaml"; });
  if (text == skill.texts.end())
    fail(ErrorKind::Skill,
         "{}/audit.yaml is not a text file of at most 1 MiB: write it as UTF-8 YAML", shown);
  AuditManifest manifest = parse_audit_manifest(shown + "/audit.yaml", text->text);
  skill.scenarios = std::move(manifest.scenarios);
  skill.prompts = std::move(manifest.prompts);
  skill.agent = std::move(manifest.agent);
  skill.surroundings = std::move(manifest.surroundings);
  read_placed_files(folder, skill.surroundings);
  for (Scenario& scenario : skill.scenarios) read_placed_files(folder, scenario.surroundings);
  skill.declares = std::move(manifest.declares);
}

/// What an agent is to be asked by the skill's evals. A file that is none is no matter of an audit:
/// `test` says what is wrong with it.
void take_evals(const fs::path& folder, Skill& skill) {
  try {
    for (Scenario& scenario : scenarios_of_evals(folder))
      if (std::none_of(skill.scenarios.begin(), skill.scenarios.end(),
                       [&](const Scenario& other) { return other.name == scenario.name; }))
        skill.scenarios.push_back(std::move(scenario));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Skill) throw;
  }
}

/// Adds the facts in the texts to those that reading the files and the front matter found.
void take_static_facts(Skill& skill) {
  std::vector<StaticFact> facts = find_hidden_text(skill);
  const auto append = [&](std::vector<StaticFact> more) {
    facts.insert(facts.end(), std::make_move_iterator(more.begin()),
                 std::make_move_iterator(more.end()));
  };
  append(find_lookalikes(skill.texts));
  append(find_secrets(skill.texts));
  append(std::move(skill.static_facts));
  skill.static_facts = std::move(facts);
}

}  // namespace

Skill load_skill(const fs::path& folder) {
  const std::string shown = shown_name(folder);
  check_is_skill_folder(folder, shown);
  Inventory inventory = take_inventory(folder, shown);
  Skill skill;
  skill.files = std::move(inventory.files);
  skill.notes = std::move(inventory.notes);
  read_files(folder, shown, skill);
  take_front_matter(folder, shown, skill);
  take_audit_manifest(folder, shown, skill);
  take_evals(folder, skill);
  skill.sha256 = digest_of(skill.files);
  skill.hard_coded_paths = find_hard_coded_paths(skill.texts);
  take_static_facts(skill);
  return skill;
}

}  // namespace skillaudit
