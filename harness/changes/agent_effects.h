#pragma once

#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/changes/changes.h"

namespace skillaudit {

/// What an agent does on its own, without regard to the skill: its sessions, caches and first-start
/// files. Known from a run of the same agent on the same template without a skill (AgentControl).
///
/// Who writes a skill knows that control too. So a path or a host is the agent's own only where the
/// control has the same one, ignoring names that are random in each run; and a file by which
/// an agent is told or allowed something is its own only where every single setting in it is the
/// control's.
class AgentEffects {
 public:
  /// Refers to `evidence`, which must outlive it.
  explicit AgentEffects(const Evidence& evidence);

  [[nodiscard]] bool owns(const FileChange& change) const;
  [[nodiscard]] bool owns(const Flow& flow) const;
  /// Gives those files back to the skill of which there are more than the agent makes: a session
  /// that did not exist, under a name like those of sessions. `files` are already judged.
  void limit(std::vector<FileChange>& files) const;

 private:
  /// A path of the control: its words, and how many of it there were.
  struct Known {
    std::vector<std::string> words;
    std::size_t count = 0;
  };
  /// The control's path that is this one, drawn names aside; null: there is none.
  [[nodiscard]] const Known* known(std::string_view path) const;
  [[nodiscard]] bool leads_astray(const FileChange& change) const;

  const Evidence& evidence_;
  /// By how many words they have.
  std::unordered_map<std::size_t, std::vector<Known>> files_;
  std::set<std::string, std::less<>> requests_;
  std::set<std::string, std::less<>> settings_;
};

/// What a run without a skill shows of the agent.
[[nodiscard]] AgentControl control_of(const Evidence& evidence, const Changes& changes);

/// Each setting of a file as one line, "PATH\tKEY.KEY = VALUE": of JSON its leaves, of any other
/// text its lines. Random values are masked, and numbers that an agent keeps under the skill's
/// name, as a count of its uses, are left out. A file with more settings than are listed is one
/// setting, its digest.
[[nodiscard]] std::vector<std::string> settings_of(const AgentFileText& file,
                                                   const std::string& skill);

/// Whether `path` holds what an agent is told or allowed: such a file's text is kept in the
/// evidence.
[[nodiscard]] bool is_agent_settings(std::string_view path, std::string_view home);

}  // namespace skillaudit
