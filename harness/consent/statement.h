#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/consent/object.h"
#include "harness/consent/verb_set.h"

namespace skillaudit {

struct ConsentPlace {
  std::string file;  ///< relative to the skill's folder
  int line = 0;      ///< 1-based
  int column = 0;    ///< 1-based; 0: not known
};

enum class StatementKind {
  Sentence,
  Item,      ///< of a list, with what introduces the list
  Row,       ///< of a table
  Block,     ///< a code block of commands
  Declared,  ///< an entry of `declares:` in audit.yaml
};
[[nodiscard]] std::string_view name_of(StatementKind);

/// Whose act a statement speaks of.
enum class Speaker {
  Skill,
  Agent,  ///< "Delete …", "never edit it yourself": what the agent is told
  User,   ///< "you can delete it by hand", "ask the user to …"
  Other,  ///< "other skills delete …"
};
[[nodiscard]] std::string_view name_of(Speaker);

enum class Polarity { Affirmed, Denied };

/// Why a claim covers nothing.
enum class WhyNot : std::uint8_t {
  Covers,      ///< it does cover
  Denied,      ///< it is said not to happen
  NotVisible,  ///< it does not show when the page is rendered
  Question,
  Hypothetical,  ///< "would", "a later version", "used to"
  Quoted,        ///< somebody's words
  Example,       ///< "like `rm`", "a bad example"
  Users,         ///< the user's own act
  Others,        ///< somebody else's act
  Unclear,       ///< "unless", "and" after a denial: it can be read in two ways
};
[[nodiscard]] std::string_view explanation_of(WhyNot);

/// How firmly a verb is bound to its object.
enum class Binding : std::uint8_t {
  Mentioned,  ///< no verb: the object is only there
  Loose,      ///< by a pronoun with two antecedents, an unknown subject, "such as", "needs"
  Named,      ///< verb and object stand together
};

/// One verb and object of a statement.
struct ConsentClaim {
  VerbSet verbs;    ///< empty where the object is only mentioned
  VerbSet loosely;  ///< verbs that it covers in general alone, whatever the binding
  ConsentObject object;
  Binding binding = Binding::Named;
  Polarity polarity = Polarity::Affirmed;
  Speaker speaker = Speaker::Skill;
  WhyNot why_not = WhyNot::Covers;
  bool encrypts = false;
  bool any_use = false;  ///< "never touches": every verb on files is denied

  [[nodiscard]] bool covers() const { return why_not == WhyNot::Covers; }
};

/// One sentence, list item, table row or code block of a skill's documents.
struct Statement {
  StatementKind kind = StatementKind::Sentence;
  ConsentPlace place;
  std::string text;  ///< as it is shown, code in backticks; at most 2 KiB
  std::vector<ConsentClaim> claims;
  bool visible = true;
  std::string hidden_by = {};  ///< "an HTML comment", where it is not visible
  bool sets = false;           ///< affirmed, and with a verb that sets a value: for settings
};

}  // namespace skillaudit
