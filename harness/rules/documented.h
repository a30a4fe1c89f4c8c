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
/// the `declares:` of audit.yaml. All questions are answered by looking for names in text, so each
/// is narrow where a wide answer would let an effect hide behind a common word.
class Documented {
 public:
  explicit Documented(const Evidence& evidence);

  /// The documents contain the name as a whole word (letters, digits, `+`, `-`, `.`, `_` make
  /// words).
  [[nodiscard]] bool package(std::string_view name) const;
  /// The host itself, or `*.parent` of it.
  [[nodiscard]] bool host(std::string_view name) const;
  /// "foo.service" as a word, or "foo" in a line that speaks of a service, unit, timer or systemd.
  [[nodiscard]] bool service(std::string_view unit) const;
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
  /// A line speaks of cron or a crontab, and does not deny it.
  [[nodiscard]] bool cron() const { return cron_; }
  /// The program, or for an interpreter its script, in a line that says that something stays:
  /// background, daemon, server, service, listens, watches.
  [[nodiscard]] bool process(const ProcessEntry& process) const;

 private:
  void add_text(std::string_view text);
  void add_line(std::string_view line);
  void add_path(std::string path);
  void add_skill_files(std::string_view line);

  std::string home_;
  std::string skill_dir_;
  std::unordered_set<std::string> words_;          ///< lower case
  std::unordered_set<std::string> service_words_;  ///< of lines that speak of services
  std::unordered_set<std::string> staying_words_;  ///< of lines that speak of what stays running
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
  bool cron_ = false;
};

}  // namespace skillaudit
