#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/rules/consented.h"

namespace skillaudit {

/// One thing that was done, as conditions ask about it.
struct Effect {
  Verb verb = Verb::Create;
  ObjectKind object = ObjectKind::File;
  std::string_view name;  ///< raw: of a package, a unit, an account, …
  Traits traits;
  bool takes_root = false;  ///< done with the rights of root
  /// How far the documents name it, as a rule of that class takes it. Empty: nothing names it.
  std::function<Coverage(EffectClass)> named = {};
};

/// A path that was written to or deleted: its entry, its text, or both.
struct Written {
  const FileChange* file = nullptr;
  const ConfigDiff* diff = nullptr;
  ConsentExtent extent = ConsentExtent::None;
};

/// What the conditions of the rules have found.
class Found {
 public:
  explicit Found(const RuleInput& input);

  /// Asks every rule about the effect. `describe` is called where one lists it.
  void add(const Effect& effect, const std::function<Offender()>& describe);
  /// `change` outlives this. `extent`: how far the documents name it.
  void add_file(const RubricRule& rule, const FileChange& change, ConsentExtent extent);
  void add_text(const RubricRule& rule, const ConfigDiff& diff, ConsentExtent extent);
  /// How far documents name what the condition found, where that leaves it a finding. None: it is
  /// none, and is listed where a person agrees to it.
  [[nodiscard]] std::optional<ConsentExtent> hold(const RubricRule& rule,
                                                  const Condition& condition, Verb verb,
                                                  std::string_view object,
                                                  const Coverage& coverage);
  void report(Drafts& drafts) const;

 private:
  struct Pool {
    std::vector<std::string> names;  ///< of the offenders
    std::vector<Offender> offenders;
    std::size_t unlisted = 0;
    std::vector<const FileChange*> files;           ///< of a rule that reports them together
    ConsentExtent extent = ConsentExtent::Exactly;  ///< of the one that is named least
    std::map<std::string_view, Written> written;    ///< of one that does not, by path
  };
  struct Asked {
    const RubricRule* rule;
    const Condition* condition;
  };
  void report_each(const RubricRule& rule, const Pool& pool, Drafts& drafts) const;

  const RuleInput& input_;
  std::array<std::vector<Asked>, kObjectKinds.size()> by_object_;  ///< by rule
  std::map<std::string_view, Pool> pools_;                         ///< by the rule's id
  struct Consented {
    const RubricRule* rule;
    Verb verb;
    std::string object;
    const Statement* statement;
  };
  std::vector<Consented> consented_;
};

/// Whether a document may take what the condition finds out of the findings.
[[nodiscard]] bool is_excusable(const RubricRule& rule, const Condition& condition);

/// Whether one of the globs names the path; "~/" is the user's home. No globs: any path.
[[nodiscard]] bool matches_any(const RuleInput& input, const std::vector<std::string>& globs,
                               std::string_view name);

/// What was done to the rows of each table, and how it ended. The files: see file_effects.h.
void account_effects(const RuleInput&, Found&);
void cron_effects(const RuleInput&, Found&);
void setting_effects(const RuleInput&, Found&);
void listener_effects(const RuleInput&, Found&);
void package_effects(const RuleInput&, Found&);
void process_effects(const RuleInput&, Found&);
void program_effects(const RuleInput&, Found&);
void service_effects(const RuleInput&, Found&);
void system_effects(const RuleInput&, Found&);

}  // namespace skillaudit
