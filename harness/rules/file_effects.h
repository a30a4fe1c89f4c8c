#pragma once

#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "harness/rules/effect.h"

namespace skillaudit {

/// Asks the rules about every file that was created, modified or deleted, and about the texts of
/// settings: one that differs counts although its size and time were put back.
void file_effects(const RuleInput&, Found&);

/// Whether files are in a project folder: version control or a
/// project's manifest stands in it or above it, below the home.
class Projects {
 public:
  explicit Projects(const Evidence& evidence)
      : files_(evidence.before.files), home_(evidence.environment.guest_home) {}

  [[nodiscard]] bool holds(std::string_view path);

 private:
  [[nodiscard]] bool has_marker(std::string_view folder) const;

  const std::vector<FileEntry>& files_;
  const std::string& home_;
  std::unordered_map<std::string, bool> cache_;
};

/// The project in which the steps ran and its copies, where they are under version control: what is
/// written there is the user's to look through and to take back. That holds for new files and for
/// files of which enough is left; not for what is not under version control, for what tools run by
/// themselves, nor for the history itself. Hooks and settings have places of their own.
class OpenProject {
 public:
  explicit OpenProject(const Evidence& evidence);

  [[nodiscard]] bool allows(Verb verb, std::string_view path) const;
  /// Of those that `path` lies in, the folder; empty: in none.
  [[nodiscard]] std::string_view folder_of(std::string_view path) const;

 private:
  const std::vector<std::string>& edited_;
  std::vector<std::string> folders_;
};

/// The folders of the home that a project stands in, as Projects knows them: at most a hundred.
[[nodiscard]] std::vector<std::string> project_folders(const Evidence& evidence);

/// Files that pip and npm put where their newly installed packages live. What Python executes by
/// itself at every start is never explained by that (site(3): *.pth, sitecustomize, usercustomize).
class PackageFolders {
 public:
  explicit PackageFolders(const RuleInput& input);

  [[nodiscard]] bool explain(const FileChange& change) const;

 private:
  std::set<std::string> folders_;
  std::set<std::string> programs_;
};

/// Documented::path() for many files of one folder after each other.
class DocumentedFiles {
 public:
  explicit DocumentedFiles(const Documented& documented) : documented_(documented) {}

  [[nodiscard]] bool covers(std::string_view path, bool is_folder);

 private:
  const Documented& documented_;
  std::string_view folder_;  ///< of the last path, which outlives this
  bool covers_folder_ = false;
};

/// Whether accounts that could not read a key or credential of the user can now: of the file
/// itself, or of those in a folder that was closed to them.
[[nodiscard]] bool exposes_secret(const RuleInput&, const FileChange& change);

/// What was done to owner and mode of a file that is still there: OpenedToAll, ClosedToOwner or
/// OtherwiseChanged; none where nothing was.
[[nodiscard]] std::optional<Trait> permission_change(const FileChange& change);

}  // namespace skillaudit
