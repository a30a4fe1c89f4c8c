#pragma once

#include <array>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/rules/rules.h"

namespace skillaudit {

/// One thing that was done, as conditions ask about it.
struct Effect {
  Verb verb = Verb::Create;
  ObjectKind object = ObjectKind::File;
  std::string_view name;  ///< raw: of a package, a unit, an account, …
  Traits traits;
  bool takes_root = false;       ///< done with the rights of root
  Excuse excuse = Excuse::None;  ///< the kind of documentation that could excuse it
  bool documented = false;       ///< whether there is such documentation
};

/// A path that was written to or deleted: its entry, its text, or both.
struct Written {
  const FileChange* file = nullptr;
  const ConfigDiff* diff = nullptr;
};

/// What the conditions of the rules have found.
class Found {
 public:
  explicit Found(const RuleInput& input);

  /// Asks every rule about the effect. `describe` is called where one lists it.
  void add(const Effect& effect, const std::function<Offender()>& describe);
  /// `change` outlives this.
  void add_file(const RubricRule& rule, const FileChange& change);
  void add_text(const RubricRule& rule, const ConfigDiff& diff);
  void report(Drafts& drafts) const;

 private:
  struct Pool {
    std::vector<std::string> names;  ///< of the offenders
    std::vector<Offender> offenders;
    std::size_t unlisted = 0;
    std::vector<const FileChange*> files;         ///< of a rule that reports them together
    std::map<std::string_view, Written> written;  ///< of one that does not, by path
  };
  struct Asked {
    const RubricRule* rule;
    const Condition* condition;
  };
  void report_each(const RubricRule& rule, const Pool& pool, Drafts& drafts) const;

  const RuleInput& input_;
  std::array<std::vector<Asked>, kObjectKinds.size()> by_object_;  ///< by rule
  std::map<std::string_view, Pool> pools_;                         ///< by the rule's id
};

/// Whether a document of the kind that the rule and its condition accept names the object.
[[nodiscard]] bool is_excused(const RubricRule& rule, const Condition& condition,
                              const std::function<bool(Excuse)>& is_documented);
/// The same for a path.
[[nodiscard]] bool is_path_excused(const RuleInput& input, const RubricRule& rule,
                                   const Condition& condition, std::string_view path);

/// Whether one of the globs names the path; "~/" is the user's home. No globs: any path.
[[nodiscard]] bool matches_any(const RuleInput& input, const std::vector<std::string>& globs,
                               std::string_view name);

/// What was done to the rows of each table, and how it ended. The files: see file_effects.h.
void account_effects(const RuleInput&, Found&);
void cron_effects(const RuleInput&, Found&);
void git_effects(const RuleInput&, Found&);
void listener_effects(const RuleInput&, Found&);
void package_effects(const RuleInput&, Found&);
void process_effects(const RuleInput&, Found&);
void program_effects(const RuleInput&, Found&);
void service_effects(const RuleInput&, Found&);
void system_effects(const RuleInput&, Found&);

}  // namespace skillaudit
