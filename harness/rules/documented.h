#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "harness/evidence/evidence.h"

namespace skillaudit {

/// What a skill's documents name: SKILL.md (body, `compatibility`, `allowed-tools`), README, and
/// the `declares:` of audit.yaml. It looks for names in text, so it answers for what costs points
/// at most: packages, files left, the skill's own files. For all else see harness/consent.
class Documented {
 public:
  explicit Documented(const Evidence& evidence);

  /// The documents contain the name as a whole word (letters, digits, `+`, `-`, `.`, `_` make
  /// words).
  [[nodiscard]] bool package(std::string_view name) const;
  /// The path, or a meaningful parent folder of it: at least one component below the home, or two
  /// below `/`, and none of the folders that all programs share (~/.config, /usr/local, …). `~`,
  /// `$HOME`, `${HOME}` and `/home/NAME` are the guest's home. `*`, `<name>`, `$NAME` and dates
  /// like YYYY-MM-DD match any text within a component. A folder above a documented path is
  /// documented as a folder (`is_folder`), since the path cannot exist without it.
  [[nodiscard]] bool path(std::string_view path, bool is_folder = false) const;
  /// The path itself, not a folder above it.
  [[nodiscard]] bool names(std::string_view path) const;
  /// The path of one of the skill's own files, relative to its folder, as the whole or the end of a
  /// path that is written there: `assets/model.bin`, `$SKILL_DIR/assets/model.bin`.
  [[nodiscard]] bool skill_file(std::string_view path) const;

 private:
  void add_text(std::string_view text);
  void add_line(std::string_view line);
  void add_path(std::string path);
  void add_skill_files(std::string_view line);

  std::string home_;
  std::string skill_dir_;
  std::unordered_set<std::string> words_;  ///< lower case
  /// Found by views of a path's parents, without a copy of each.
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::unordered_set<std::string, Hash, std::equal_to<>> paths_;
  std::unordered_set<std::string, Hash, std::equal_to<>> folders_above_;
  std::set<std::string> patterns_;
  std::unordered_set<std::string, Hash, std::equal_to<>> skill_files_;
};

}  // namespace skillaudit
