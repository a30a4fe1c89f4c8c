#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "harness/changes/file_groups.h"
#include "harness/changes/locations.h"
#include "harness/changes/process_tree.h"
#include "harness/evidence/step_end.h"
#include "harness/rules/dependencies.h"
#include "harness/rules/documented.h"
#include "harness/rules/finding.h"
#include "harness/rules/rubric.h"

namespace skillaudit {

class Consent;
class Rights;
struct Statement;

/// What every rule sees.
struct RuleInput {
  const Evidence& evidence;
  const Changes& changes;
  const Rubric& rubric;
  const Documented& documented;
  const Consent& consent;  ///< what the skill's documents excuse, statement by statement
  const std::vector<NewPackage>& packages;
  const NewFolders& folders;
  /// place() of each of changes.files: most rules concern few places, and look at those alone.
  const std::vector<Place>& places;
  const ProcessTree& processes;
  const std::vector<StepEnd>& ends;  ///< why each of Execution::steps ended
  const Rights* rights = nullptr;    ///< none: there is no trace. Set by run_rules()

  /// Whether the rubric lets documentation of this kind excuse the rule.
  [[nodiscard]] bool excusable(std::string_view id, Excuse by) const {
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
  std::vector<std::string> subjects;           ///< as Finding::subjects
  std::size_t unnamed = 0;                     ///< as Finding::unnamed
  ConsentExtent extent = ConsentExtent::None;  ///< as Finding::named
};

/// A finding before its points are known: they depend on what else the same rule found.
struct Draft {
  const RubricRule* rule = nullptr;
  std::string title;
  Named named;
  std::string recommendation;
  std::vector<Citation> evidence;
  std::size_t offenders = 1;
  std::vector<std::string> worlds = {};  ///< as Finding::worlds
};

/// The words that fill a template; `what` and its like are ready to show: see as_code().
struct Words {
  std::string what;
  std::string where;
  std::string instead;
};

/// One offender of a rule that finds many of a kind.
struct Offender {
  Words words;
  std::vector<Citation> evidence;
  ConsentExtent extent = ConsentExtent::None;  ///< how far the documents name it
};

/// Offenders whose words and citations can matter to add_each(). A rule of which a skill can make a
/// million describes that many, and counts the others.
inline constexpr std::size_t kMostListed = 32;
/// Effects that documents name exactly and a report lists.
inline constexpr std::size_t kMostConsented = 200;

/// Collects what the rules find. Rules are named by their ids.
class Drafts {
 public:
  explicit Drafts(const Rubric& rubric) : rubric_(rubric) {}

  /// From now on only these rules find something.
  void expect(std::vector<std::string_view> rules) { expected_ = std::move(rules); }
  /// Throws Error{Internal} when `evidence` is empty (no finding without an observation), and for a
  /// rule that is not expected.
  /// The finding's subjects are the code spans of `words.what`.
  void add(std::string_view rule, const Words& words, std::vector<Citation> evidence,
           std::size_t offenders = 1);
  /// The same where the finding's subjects are more than its title names.
  void add(std::string_view rule, const Words& words, Named named, std::vector<Citation> evidence,
           std::size_t offenders);
  /// A finding for each offender, the first dozen apart and the rest in one, so that a skill that
  /// does something a million times does not get an unreadable report.
  /// `unlisted` others are only counted: see kMostListed.
  void add_each(std::string_view rule, const std::vector<Offender>& offenders,
                std::size_t unlisted = 0);
  /// An effect that `rule` would find, and that a document names exactly. `object` is raw.
  void consent(const RubricRule& rule, Verb verb, std::string_view object,
               const Statement& statement);

  [[nodiscard]] const std::vector<Draft>& all() const { return drafts_; }
  /// By rule, verb and object, each once; at most kMostConsented.
  [[nodiscard]] std::vector<ConsentedEffect> consented() const;

 private:
  const Rubric& rubric_;
  std::optional<std::vector<std::string_view>> expected_;  ///< none: any
  std::vector<Draft> drafts_;
  std::map<std::tuple<std::string, Verb, std::string>, ConsentedEffect> consented_;
};

/// Raw bytes as one code word: printable, shortened, in backticks and without any inside.
[[nodiscard]] std::string as_code(std::string_view raw, std::size_t limit = 120);
/// "`a`, `b`, `c` and 7 more". `unlisted` others are not in `raw` and count as more.
[[nodiscard]] std::string as_code_list(const std::vector<std::string>& raw, std::size_t shown = 3,
                                       std::size_t unlisted = 0);
/// A citation whose text is made printable and short.
[[nodiscard]] Citation cite(Source source, std::string_view text);
/// Cites what a snapshot says of a changed file: "after/files: added /tmp/x (regular file, 3 B)".
[[nodiscard]] Citation cite_file(const FileChange& change);

/// Adds one finding for all `files` (sorted by path), named and counted by their groups. `extent`:
/// how far the documents name the one that they name least.
void add_files(const RuleInput&, Drafts&, std::string_view rule,
               const std::vector<const FileChange*>& files, ConsentExtent extent);

/// Whether a newly installed package of the distribution's mirrors owns the file: what such a
/// package brings is judged as the package.
[[nodiscard]] bool comes_with_package(const RuleInput&, const FileChange&);
/// The same for a process, by its program.
[[nodiscard]] bool comes_with_package(const RuleInput&, std::string_view path);

}  // namespace skillaudit
