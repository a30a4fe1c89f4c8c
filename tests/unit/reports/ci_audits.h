#pragma once

#include <string>
#include <vector>

#include "harness/gate/gate.h"
#include "tests/unit/analysis/evidence_builder.h"

/// Audits of each verdict, and what a gate says of them, for the tests of the formats that CI
/// reads.
namespace skillaudit::testing {

inline AuditBuilder timed(AuditBuilder audit) {
  audit.evidence.started_at = "2026-11-22T23:59:50Z";
  audit.evidence.timing = {{"prepare", 4.25}, {"run", 10.5}};
  audit.evidence.skill.sha256 = std::string(64, 'a');
  return audit;
}

/// No findings at all.
inline AuditBuilder approved() { return timed(AuditBuilder()); }

/// APPROVED after fixing, with a CRITICAL, two HIGH … findings, one of which names a line.
inline AuditBuilder approved_with_findings() {
  AuditBuilder audit = timed(calibration());
  audit.evidence.skill.files = {{"SKILL.md"}, {"scripts/run.sh"}};
  return audit;
}

inline AuditBuilder needs_review() { return timed(AuditBuilder()).unit("example.service"); }

inline AuditBuilder rejected() {
  AuditBuilder audit = timed(AuditBuilder());
  audit.evidence.decoys = {{"aws-secret-key", "/home/ubuntu/.aws/credentials", "nonce"}};
  Flow flow = AuditBuilder::request("POST", "evil.example", "/");
  audit.add(flow);
  audit.evidence.decoy_sightings = {{"aws-secret-key", source::flow(1), "body", "base64"}};
  return audit;
}

inline AuditBuilder inconclusive() {
  AuditBuilder audit = timed(AuditBuilder());
  audit.evidence.gaps = {Gap::lost(GapSource::Trace, "the trace ended early")};
  return audit;
}

/// The guest was lost before a step ran.
inline AuditBuilder aborted() {
  AuditBuilder audit = timed(AuditBuilder());
  audit.evidence.execution = {.runner = {}, .steps = {}, .aborted = "the guest stopped answering"};
  audit.evidence.after = {};
  audit.evidence.after.missing = {Table::Files};
  audit.evidence.after.gaps = {Gap::lost(
      GapSource::Snapshot, "the guest's table 'files' is missing", {.table = Table::Files})};
  return audit;
}

/// `text` wherever a skill or a guest can put it into what these formats show.
inline AuditBuilder hostile(const std::string& text) {
  AuditBuilder audit = timed(AuditBuilder());
  Evidence& evidence = audit.evidence;
  evidence.skill.name = text;
  evidence.gaps = {Gap::lost(GapSource::Guest, text)};
  evidence.execution.aborted = text;
  evidence.execution.steps[0].name = text;
  evidence.execution.steps[0].exit_code = 3;
  evidence.execution.steps[0].err = text;
  evidence.environment.os = evidence.environment.skillaudit_version = text;
  evidence.skill.hard_coded_paths = {{text, 3, "/home/x/" + text, "$HOME/" + text}};
  evidence.skill.static_facts = {{StaticFactKind::Secret, text, 1, text}};
  evidence.skill.files = {{text}};
  evidence.skill.notes = {text};
  audit.add(AuditBuilder::request("POST", text, "/" + text));
  audit.added(regular("/tmp/" + text)).written(kHome + "/" + text);
  audit.process({text, text}, "/" + text).unit(text + ".service").cron(text);
  return audit;
}

inline const std::vector<std::string>& texts_against_ci() {
  static const std::vector<std::string> texts = {
      "a\n::error::owned",
      "::set-output name=x::y",
      "##[add-path]/tmp",
      "###[error]x",
      "a%0A::error::owned",
      "a\r::warning::owned",
      "\x1b[31mred\x1b[0m",
      "\xff\xfe\x80",
      "\xef\xbf\xbf\xef\xbf\xbe",  // U+FFFF, U+FFFE
      std::string("nul\0x", 5),
      "]]><x/>&amp;\"'",
      "<script>alert(1)</script>",
      "[x](https://evil.example)",
      "{0} %s {{x}}",
      "a,line=9:b",
      "../../etc/passwd?q#f",
      "https://evil.example/",
      "</details><h1>x",
      "a|b`c``d",
      std::string(5000, 'x'),
  };
  return texts;
}

inline GateResult at_gate(const AuditBuilder& audit, const GateRules& rules) {
  return pass_gate(audit.evidence, audit.assessed(), shipped_rubric(), rules);
}

/// A gate that accepts the finding of the first rule, with a baseline that had the second one.
inline GateRules accepting(const std::string& rule, const AuditBuilder& before) {
  GateRules rules;
  rules.today = "2026-11-22";
  rules.accepted.file = "accept.yaml";
  rules.accepted.entries = {{.rule = rule, .reason = "reviewed in #17", .expires = "2027-01-31"}};
  rules.baseline = release_of(before.evidence, before.assessed());
  return rules;
}

}  // namespace skillaudit::testing
