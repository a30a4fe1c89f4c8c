#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/scenario.h"

namespace skillaudit {

/// What is known of a skill before it runs. A plain value: analysis reads it from the bundle, never
/// from the folder.

/// A text of the skill: what documents it, or what it executes.
struct SkillText {
  std::string path;  ///< relative to the skill's folder
  std::string text;
  bool documents = false;   ///< SKILL.md or README*: what it names counts as documented
  bool executable = false;  ///< a script: has a shebang, an x bit, or a script's suffix
};

/// A path of one machine written into a script or text: `/home/NAME/…`, `/Users/NAME/…`,
/// `C:\Users\…`.
struct HardCodedPath {
  std::string file;        ///< relative to the skill's folder
  int line = 0;            ///< 1-based
  std::string path;        ///< as written: "/home/ubuntu/.claude/cache"
  std::string suggestion;  ///< "$HOME/.claude/cache"
};

enum class StaticFactKind {
  HiddenText,   ///< invisible characters, in a text or in a file's name
  Secret,       ///< what has the form of a credential
  OpaqueFile,   ///< a program or an archive, told by its first bytes
  BroadTools,   ///< `allowed-tools` without a limit
  NotLoadable,  ///< SKILL.md gives an agent nothing to load
  Lookalike,    ///< letters of another script that look like Latin ones
};
inline constexpr std::array kStaticFactKinds = {
    StaticFactKind::HiddenText, StaticFactKind::Secret,      StaticFactKind::OpaqueFile,
    StaticFactKind::BroadTools, StaticFactKind::NotLoadable, StaticFactKind::Lookalike};
/// "hidden-text": as in skill.json.
[[nodiscard]] std::string_view name_of(StaticFactKind);

/// A skill may have 20,000 files with facts in each; at most this many of a kind are kept.
inline constexpr std::size_t kMostStaticFacts = 100;

/// Facts from a skill's files, which a run may not show.
struct StaticFact {
  StaticFactKind kind = StaticFactKind::HiddenText;
  std::string file;  ///< relative to the skill's folder
  int line = 0;      ///< 1-based; 0: the file as a whole, or its name
  std::string text;  ///< what was found, in printable words: "GitHub token, ghp_ab…"
};

struct SkillFile {
  std::string path;  ///< relative to the skill's folder
  std::uint32_t mode = 0;
  std::uint64_t size = 0;
  std::string sha256;  ///< empty for symlinks
  std::string link_target;
};

/// The Git repository that a skill was cloned from for its audit.
struct GitSource {
  std::string url;     ///< without user, password and query
  std::string ref;     ///< branch, tag or commit as asked for; empty: the default branch
  std::string commit;  ///< its id, in hexadecimal digits
  std::string path;    ///< of the skill in the repository; empty: its top
};

struct Skill {
  std::string name;
  std::string description;
  std::string license;
  std::string compatibility;
  std::string allowed_tools;
  std::string sha256;            ///< over the sorted list of files with modes and digests
  std::vector<SkillFile> files;  ///< sorted by path
  std::vector<SkillText> texts;
  std::vector<HardCodedPath> hard_coded_paths;
  std::vector<StaticFact>
      static_facts;                 ///< by kind, then by file; at most kMostStaticFacts of a kind
  std::vector<Scenario> scenarios;  ///< of audit.yaml
  std::vector<std::string> prompts = {};  ///< of audit.yaml: what a user says to an agent
  std::vector<std::string>
      declares;                    ///< of audit.yaml: packages, paths, hosts, services it declares
  std::string agent = {};          ///< of audit.yaml: who is asked in tests; not in a bundle
  Surroundings surroundings = {};  ///< of audit.yaml, for all scenarios; not in a bundle
  std::vector<std::string> notes;  ///< breaches of the format that do not prevent an audit
  std::optional<GitSource> source = {};  ///< none: from a folder or an archive of this machine
};

}  // namespace skillaudit
