#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/temp_dir.h"
#include "harness/skill/load.h"

namespace skillaudit {

inline constexpr std::string_view kGoodHead = "---\nname: demo\ndescription: Shows things.\n---\n";

/// A folder `demo` that holds a valid skill, for a test to spoil.
class SkillFolder {
 public:
  SkillFolder() {
    std::filesystem::create_directory(path());
    write("SKILL.md", std::string(kGoodHead) + "\n# Demo\n\nText.\n");
  }

  [[nodiscard]] std::filesystem::path path() const { return parent_.path() / "demo"; }
  [[nodiscard]] std::filesystem::path parent() const { return parent_.path(); }

  void write(const std::string& name, std::string_view content, unsigned mode = 0644) const {
    std::filesystem::create_directories((path() / name).parent_path());
    write_file(path() / name, content, mode);
  }
  void link(const std::string& name, const std::string& target) const {
    std::filesystem::create_directories((path() / name).parent_path());
    std::filesystem::create_symlink(target, path() / name);
  }

 private:
  TempDir parent_;
};

/// The message with which loading the skill fails, the temporary folder's name replaced by "DIR";
/// empty when it loads, or fails with another kind than Skill.
inline std::string complaint(const SkillFolder& folder, const std::filesystem::path& path) {
  try {
    (void)load_skill(path);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Skill) return {};
    std::string message = error.what();
    const std::string real = folder.parent().string();
    for (std::size_t at = message.find(real); at != std::string::npos; at = message.find(real, at))
      message.replace(at, real.size(), "DIR");
    return message;
  }
  return {};
}

inline std::string complaint(const SkillFolder& folder) { return complaint(folder, folder.path()); }

}  // namespace skillaudit
