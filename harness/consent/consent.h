#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "harness/consent/extent.h"
#include "harness/consent/path_pattern.h"
#include "harness/consent/statement.h"
#include "harness/evidence/skill.h"

namespace skillaudit {

struct Coverage {
  ConsentExtent extent = ConsentExtent::None;
  const Statement* statement = nullptr;  ///< that says it; null for ConsentExtent::None
  bool by_author = false;                ///< `declares:` alone says it: covers at most litter
};

/// What a skill's documents excuse: every statement of SKILL.md (description, compatibility, body),
/// of README, and of the documents that SKILL.md links to or names; and `declares:` of audit.yaml,
/// as the author's word. Pure and deterministic.
///
/// Rules, from trust.md: verb by verb; what is only mentioned may be read and created; denial
/// covers nothing; a folder covers what is new below it, and reading; deleting and overwriting need
/// the file or a glob, named with that verb; no folder and no glob covers a secret; a lasting place
/// (a file that another program executes or is configured by) must be named itself, with a verb
/// that writes it; a unit and a line of cron are covered with the command that they start; a
/// setting by program, key and value; what is not visible, and what was cut, covers nothing.
class Consent {
 public:
  Consent(const Skill& skill, ConsentPlaces places);

  /// Whether the documents name that the skill does `verb` to `object`, whose paths are absolute.
  /// Of several statements the one that says it most exactly, then the first.
  ///
  /// - Path: the caller sets `secret`, `lasting`, `encrypted` and `is_folder` of the object.
  /// - Verb::Stay with a Path asks for a file that lasts, Unit and Listener for what goes on.
  /// - Verb::Send with a Variable asks whether the credential is paired with the host.
  /// - Verb::Elevate with a Command: what runs with rights that the user has not.
  [[nodiscard]] Coverage covers(Verb verb, const ConsentObject& object) const;

  /// Statements that say of the skill that it never does `verb` to `object`; those that tell the
  /// agent or the user are none.
  [[nodiscard]] std::vector<const Statement*> contradictions(Verb verb,
                                                             const ConsentObject& object) const;

  /// Whether a statement that a reader sees names the program in a code span or a command, and has
  /// no word of denial. For programs that a person should hear of, whatever the verb.
  [[nodiscard]] bool mentions_program(std::string_view program) const;

  /// In the order of the documents.
  [[nodiscard]] const std::vector<Statement>& statements() const { return statements_; }
  /// What was too much to be read and therefore excuses nothing: "SKILL.md: line 3 and …".
  [[nodiscard]] const std::vector<std::string>& cuts() const { return cuts_; }
  [[nodiscard]] const ConsentPlaces& places() const { return places_; }

 private:
  struct Reference {
    std::uint32_t statement = 0;
    std::uint32_t claim = 0;
  };
  /// How a claim's object and the object asked for relate.
  enum class Match : std::uint8_t { Same, Pattern, Loose, Below, Above };
  struct Found {
    Reference reference;
    Match match = Match::Same;
  };

  void index();
  void index_claim(const ConsentClaim& claim, Reference reference);
  [[nodiscard]] const ConsentClaim& claim_at(const Reference& reference) const {
    return statements_[reference.statement].claims[reference.claim];
  }
  [[nodiscard]] std::vector<Found> find(const ConsentObject& object) const;
  void find_paths(std::string_view form, std::vector<Found>& found) const;
  void find_hosts(const ConsentObject& object, std::vector<Found>& found) const;
  [[nodiscard]] ConsentExtent extent(Verb verb, const ConsentObject& object,
                                     const ConsentClaim& claim, Match match) const;
  [[nodiscard]] ConsentExtent extent_of_command(Verb verb, const ConsentObject& object,
                                                const ConsentClaim& claim) const;
  void consider_settings(const ConsentObject& object, Coverage& best) const;

  ConsentPlaces places_;
  std::vector<Statement> statements_;
  std::vector<std::string> cuts_;
  using Index = std::unordered_map<std::string, std::vector<Reference>>;
  Index paths_;          ///< by canonical path
  Index folders_above_;  ///< by folder above a named path
  Index others_;         ///< by kind and name
  std::vector<Reference> patterns_;
  std::vector<Reference> wild_hosts_;
  std::vector<Reference> commands_;  ///< Command, CronLine, and Run of paths
  std::vector<std::uint32_t> setting_statements_;
  std::vector<std::uint32_t> network_denials_;
};

}  // namespace skillaudit
