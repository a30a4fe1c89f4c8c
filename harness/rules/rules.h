#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/changes/file_groups.h"
#include "harness/changes/locations.h"
#include "harness/changes/process_tree.h"
#include "harness/rules/dependencies.h"
#include "harness/rules/documented.h"
#include "harness/rules/finding.h"
#include "harness/rules/rubric.h"

namespace skillaudit {

/// What every rule sees.
struct RuleInput {
  const Evidence& evidence;
  const Changes& changes;
  const Rubric& rubric;
  const Documented& documented;
  const std::vector<NewPackage>& packages;
  const NewFolders& folders;
  /// place() of each of changes.files: most rules concern few places, and look at those alone.
  const std::vector<Place>& places;
  const ProcessTree& processes;

  /// Whether the rubric lets documentation of this kind excuse the rule.
  [[nodiscard]] bool excusable(RuleId id, Excuse by) const {
    return rubric.rule(id).excused_by == by;
  }
  /// `change` must be one of changes.files.
  [[nodiscard]] Place place(const FileChange& change) const {
    return places[static_cast<std::size_t>(&change - changes.files.data())];
  }
  [[nodiscard]] Place place(std::string_view path) const {
    return place_of(path, evidence.environment.guest_home, evidence.environment.skill_dir);
  }
};

/// Who a finding is about.
struct Named {
  std::vector<std::string> subjects;  ///< as Finding::subjects
  std::size_t unnamed = 0;            ///< as Finding::unnamed
};

/// A finding before its points are known: they depend on what else the same rule found.
struct Draft {
  RuleId rule = RuleId::ExecutionWrongExit;
  std::string title;
  Named named;
  std::string recommendation;
  std::vector<Citation> evidence;
  std::size_t offenders = 1;
};

/// The words that fill a template; `what` and its like are ready to show: see quoted().
struct Words {
  std::string what;
  std::string where;
  std::string instead;
};

/// One offender of a rule that finds many of a kind.
struct Offender {
  Words words;
  std::vector<Citation> evidence;
};

/// Offenders whose words and citations can matter to add_each(). A rule of which a skill can make a
/// million describes that many, and counts the others.
inline constexpr std::size_t kMostListed = 32;

/// Collects what the rules find.
class Drafts {
 public:
  explicit Drafts(const Rubric& rubric) : rubric_(rubric) {}

  /// Throws Error{Internal} when `evidence` is empty: no finding without an observation.
  /// The finding's subjects are the code spans of `words.what`.
  void add(RuleId rule, const Words& words, std::vector<Citation> evidence,
           std::size_t offenders = 1);
  /// The same where the finding's subjects are more than its title names.
  void add(RuleId rule, const Words& words, Named named, std::vector<Citation> evidence,
           std::size_t offenders);
  /// A finding for each offender, the first dozen apart and the rest in one, so that a skill that
  /// does something a million times does not get a report that nobody can read.
  /// `unlisted` others are only counted: see kMostListed.
  void add_each(RuleId rule, const std::vector<Offender>& offenders, std::size_t unlisted = 0);

  [[nodiscard]] const std::vector<Draft>& all() const { return drafts_; }

 private:
  const Rubric& rubric_;
  std::vector<Draft> drafts_;
};

/// Raw bytes as one code word: printable, shortened, in backticks and without any inside.
[[nodiscard]] std::string quoted(std::string_view raw, std::size_t limit = 120);
/// "`a`, `b`, `c` and 7 more". `unlisted` others are not in `raw` and count as more.
[[nodiscard]] std::string quoted_list(const std::vector<std::string>& raw, std::size_t shown = 3,
                                      std::size_t unlisted = 0);
/// A citation whose text is made printable and short.
[[nodiscard]] Citation cite(Source source, std::string_view text);
/// Cites what a snapshot says of a changed file: "after/files: added /tmp/x (regular file, 3 B)".
[[nodiscard]] Citation cite_file(const FileChange& change);

/// Adds one finding for all `files` (sorted by path), named and counted by their groups.
void add_files(const RuleInput&, Drafts&, RuleId, const std::vector<const FileChange*>& files);

void execution_rules(const RuleInput&, Drafts&);
void file_rules(const RuleInput&, Drafts&);
void persistence_rules(const RuleInput&, Drafts&);
void permission_rules(const RuleInput&, Drafts&);
void package_rules(const RuleInput&, Drafts&);
void process_rules(const RuleInput&, Drafts&);
void service_rules(const RuleInput&, Drafts&);
void cron_rules(const RuleInput&, Drafts&);
void account_rules(const RuleInput&, Drafts&);
void system_rules(const RuleInput&, Drafts&);
void network_rules(const RuleInput&, Drafts&);
void wire_rules(const RuleInput&, Drafts&);
void credential_rules(const RuleInput&, Drafts&);
void tampering_rules(const RuleInput&, Drafts&);
void git_rules(const RuleInput&, Drafts&);
void agent_rules(const RuleInput&, Drafts&);
void agent_call_rules(const RuleInput&, Drafts&);
void times_rules(const RuleInput&, Drafts&);
void deleted_program_rules(const RuleInput&, Drafts&);
void port_rules(const RuleInput&, Drafts&);
void miner_rules(const RuleInput&, Drafts&);
void download_rules(const RuleInput&, Drafts&);
void decoy_copy_rules(const RuleInput&, Drafts&);
void documentation_rules(const RuleInput&, Drafts&);
void portability_rules(const RuleInput&, Drafts&);
void static_rules(const RuleInput&, Drafts&);
void boot_rules(const RuleInput&, Drafts&);
void trace_rules(const RuleInput&, Drafts&);
void machine_rules(const RuleInput&, Drafts&);

/// The rule for a file by which something runs again, or as somebody else; none where another kind
/// of evidence than the file has a rule of its own.
[[nodiscard]] std::optional<RuleId> persistence_rule(Place place);

/// Whether a newly installed package of the distribution's mirrors owns the file: what such a
/// package brings is judged as the package.
[[nodiscard]] bool comes_with_package(const RuleInput&, const FileChange&);
/// The same for a process, by its program.
[[nodiscard]] bool comes_with_package(const RuleInput&, std::string_view path);

}  // namespace skillaudit
