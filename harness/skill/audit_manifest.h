#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/skill.h"

namespace skillaudit {

/// `audit.yaml` next to SKILL.md: how to run the skill and what it declares.
///
///     scenarios:
///       - name: takes a note            # default "scenario 1", "scenario 2", …
///         command: bash scripts/note.sh "Water the plants"
///         arguments: [--due, "next week"]   # added to the command, each as one word
///         stdin: ""                     # default empty
///         expect:                       # or `exit: 0` alone
///           exit: 0                     # 0 to 255, default 0
///           writes: [~/notes]           # and more, for `test`: docs/skill-tests.md
///         timeout: 30s                  # ms, s, m, h, or seconds as a number; at most 24 h
///         parameters:                   # a test for each combination: {text} stands for a value
///           text: [milk, bread]         # in command, arguments, stdin, environment and prompts
///       - name: asks an agent           # instead of a command; for `test --agent` or `agent:`
///         prompts: [Note that I need milk]
///     agent: claude                     # who is asked
///     prompts:                          # what a user says to an agent so that it uses the skill
///       - Note that I have to water the plants.
///     packages: [jq, "npm:express"]     # what follows may stand in a scenario as well
///     environment: {NOTES_REGION: eu}   # for the steps; a credential is watched as a decoy
///     files:                            # there before the skill runs
///       ~/list.csv: "milk,2\n"
///       /srv/menu.pdf: {from: examples/menu.pdf}
///     setup: [git init -q ~/shop]       # runs before the scenarios
///     working_directory: "{project}"    # or "{skill}", "~/shop", "/srv"
///     terminal: false                   # true: commands run on a terminal
///     stubs:                            # answers in place of servers (skill/stubs.h)
///       - {request: GET https://api.example.com/v1/items, json: {items: [1]}}
///     stdin: ""                         # of steps that have none of their own
///     arguments:                        # programs of the skill that run with these as well
///       scripts/note.sh: [--list]
///     declares:                         # a list of texts, or lists under these keys
///       packages: [jq]
///       paths: [~/notes]
///       hosts: [api.example.com]
///       services: []
///       cron: []
///       reads: []                     # and by verb: creates, modifies, overwrites, deletes, runs,
///                                     # keeps, sends, receives, installs, elevates
///
/// What it declares counts as documentation; it never opens the network.
struct AuditManifest {
  std::vector<Scenario> scenarios;
  Surroundings surroundings;
  std::string agent;
  std::vector<std::string> prompts;
  std::vector<std::string> declares;
};

/// `file` is the file's name as shown to the user. Throws Error{Skill} that starts with
/// "FILE:LINE:COLUMN: " for unknown keys (with the nearest known one), wrong types and values out
/// of range.
[[nodiscard]] AuditManifest parse_audit_manifest(const std::string& file, std::string_view text);

}  // namespace skillaudit
