#include "harness/audit/user_files.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

/// The folders of `path` and the folder itself, which is relative to the home.
void add_folders(std::string_view path, std::vector<ArchiveEntry>& entries) {
  for (std::size_t end = path.find('/');; end = path.find('/', end + 1)) {
    entries.push_back({.path = std::string(path.substr(0, end)), .mode = 0755, .directory = true});
    if (end == std::string_view::npos) return;
  }
}

}  // namespace

std::string draw_model_key(const Agent& agent, const Entropy& entropy) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  constexpr std::size_t kLength = 48;
  std::string key = agent.model.key_form;
  for (const char byte : entropy(kLength)) key += kLetters[static_cast<unsigned char>(byte) % 64];
  return key;
}

void equip(FurnishedHome& home, const Agent& agent, const std::string& key) {
  for (const AgentFile& file : agent.settings) {
    std::erase_if(home.files, [&](const HomeFile& own) { return own.path == file.path; });
    home.files.push_back({.path = file.path, .mode = 0644, .content = file.content});
  }
  std::sort(home.files.begin(), home.files.end(),
            [](const HomeFile& a, const HomeFile& b) { return a.path < b.path; });
  home.environment.insert(home.environment.end(), agent.environment.begin(),
                          agent.environment.end());
  home.environment.emplace_back(agent.model.key_variable, key);
  home.decoys.push_back({.name = std::string(kModelKey),
                         .path = std::string(kInEnvironment),
                         .nonce = key.substr(agent.model.key_form.size())});
  std::sort(home.decoys.begin(), home.decoys.end(),
            [](const Decoy& a, const Decoy& b) { return a.name < b.name; });
}

std::string skills_folder(const Agent* agent) {
  return agent ? agent->skills : known_agents().front().skills;
}

std::vector<ArchiveEntry> home_files(const FurnishedHome& home) {
  std::vector<ArchiveEntry> entries;
  for (const std::string& folder : home.projects)
    entries.push_back({.path = folder, .mode = 0755, .directory = true});
  for (const HomeFile& file : home.files) {
    // Those of the copies of the project lie in folders that are made for them.
    const bool elsewhere =
        file.path.starts_with('/') &&
        std::none_of(home.projects.begin(), home.projects.end(), [&](const std::string& folder) {
          return file.path.starts_with(folder + "/");
        });
    entries.push_back(
        {.path = file.path, .mode = file.mode, .content = file.content, .placed = elsewhere});
  }
  return entries;
}

void place(const std::vector<PlacedEntry>& placed, const FurnishedHome& home,
           std::vector<ArchiveEntry>& files) {
  for (const PlacedEntry& file : placed) {
    const bool is_there =
        std::any_of(home.files.begin(), home.files.end(),
                    [&](const HomeFile& own) { return own.path == file.entry.path; });
    if (is_there && !file.must_be_new.empty())
      fail(ErrorKind::Skill,
           "{}: ~/{} is a file of the guest's user already: give the file another name",
           file.must_be_new, printable(file.entry.path));
    files.push_back(file.entry);
  }
}

std::vector<ArchiveEntry> folder_files(const std::filesystem::path& folder,
                                       const std::string& place) {
  std::vector<ArchiveEntry> entries;
  add_folders(place.substr(0, place.rfind('/')), entries);
  for (ArchiveEntry& entry : archive_folder(folder, place)) entries.push_back(std::move(entry));
  return entries;
}

std::vector<ArchiveEntry> skill_files(const std::filesystem::path& skill_folder,
                                      const std::string& name, const Agent* agent) {
  return folder_files(skill_folder, skills_folder(agent) + "/" + name);
}

std::string installed_skill(const std::string& guest_home, const std::string& name,
                            const Agent* agent) {
  return guest_home + "/" + skills_folder(agent) + "/" + name;
}

std::string install_skill(SshSession& guest, const std::filesystem::path& skill_folder,
                          const std::string& name, const std::string& guest_home) {
  guest.check(
      "installing the skill in the guest", "tar -x -p -f - -C " + shell_quote(guest_home),
      {.timeout = std::chrono::seconds(120), .input = make_tar(skill_files(skill_folder, name))});
  return installed_skill(guest_home, name);
}

}  // namespace skillaudit
