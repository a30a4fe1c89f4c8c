#include "harness/audit/user_files.h"

#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr const char* kSkills = ".claude/skills";

}  // namespace

std::vector<ArchiveEntry> home_files(const FurnishedHome& home) {
  std::vector<ArchiveEntry> entries;
  for (const HomeFile& file : home.files)
    entries.push_back({.path = file.path, .mode = file.mode, .content = file.content});
  return entries;
}

std::vector<ArchiveEntry> skill_files(const std::filesystem::path& skill_folder,
                                      const std::string& name) {
  std::vector<ArchiveEntry> entries =
      archive_folder(skill_folder, std::string(kSkills) + "/" + name);
  entries.insert(entries.begin(), {.path = kSkills, .mode = 0755, .directory = true});
  return entries;
}

std::string installed_skill(const std::string& guest_home, const std::string& name) {
  return guest_home + "/" + kSkills + "/" + name;
}

std::string install_skill(SshSession& guest, const std::filesystem::path& skill_folder,
                          const std::string& name, const std::string& guest_home) {
  guest.check(
      "installing the skill in the guest", "tar -x -p -f - -C " + shell_quote(guest_home),
      {.timeout = std::chrono::seconds(120), .input = make_tar(skill_files(skill_folder, name))});
  return installed_skill(guest_home, name);
}

}  // namespace skillaudit
