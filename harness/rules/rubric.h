#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "harness/rules/finding.h"
#include "harness/rules/rule.h"

namespace skillaudit {

/// A team's file of rules that is in force beside the shipped ones.
struct AddedRules {
  std::string file;    ///< its name without a folder: "acme.yaml"
  std::string sha256;  ///< of its content
  std::size_t rules = 0;
};

/// What is published of how points are taken: reports/rubric.yaml and reports/rules/ as a value.
struct Rubric {
  std::array<double, 5> weights{};    ///< by Axis; their sum is 1
  std::array<double, 4> least{};      ///< the least overall score for A, B, C, D
  Grade cap_rejected = Grade::F;      ///< the best grade beside the verdict REJECTED
  Grade cap_needs_review = Grade::C;  ///< the best one beside NEEDS_REVIEW
  int runaway_processes = 0;          ///< from this many left processes on, they are a runaway
  std::vector<RubricRule> rules;      ///< by id
  std::vector<AddedRules> added;      ///< by name; none: only what skillaudit ships is in force

  /// Null where there is none of that id.
  [[nodiscard]] const RubricRule* find(std::string_view id) const;
  /// Throws Error{Internal} where there is none of that id.
  [[nodiscard]] const RubricRule& rule(std::string_view id) const;
  [[nodiscard]] std::vector<std::string> ids() const;
};

/// A data file: its name for messages, and its content.
struct RuleFile {
  std::string name;  ///< "reports/rules/files.yaml"
  std::string text;
};

/// Reads a rubric strictly: `rubric` has the axes, grades, caps and limits, `rules` the rules, a
/// file for each area. Throws Error{Usage} "FILE:LINE:COLUMN: …" for broken YAML, an unknown or
/// missing key or name, a number out of range, a template with an unknown placeholder, a rule that
/// is there twice or in another file than its area's, and a rule that nothing finds: it has no
/// `when`, and no code names it. A rule that code finds and no file has is "the rule … is missing".
/// `added`: a team's files. They can only add: a rule of theirs has a condition and an id of its
/// own.
[[nodiscard]] Rubric load_rubric(const RuleFile& rubric, const std::vector<RuleFile>& rules,
                                 const std::vector<RuleFile>& added = {});

/// reports/rubric.yaml.
[[nodiscard]] RuleFile shipped_rubric_file();
/// reports/rules/*.yaml, by name.
[[nodiscard]] std::vector<RuleFile> shipped_rule_files();
/// The rubric that ships with skillaudit. Throws as load_rubric() and resource() do.
[[nodiscard]] Rubric shipped_rubric();

}  // namespace skillaudit
