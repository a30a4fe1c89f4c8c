#pragma once

#include "harness/evidence/json.h"

namespace skillaudit {

inline Skill a_skill() {
  Skill skill;
  skill.name = "vm-report";
  skill.description = "Reports \"things\"\n\x1b[31m";
  skill.license = "MIT";
  skill.compatibility = "Needs jq";
  skill.allowed_tools = "Bash";
  skill.sha256 = std::string(64, 'a');
  skill.files = {{"SKILL.md", 0644, 120, std::string(64, 'b'), ""},
                 {"link", 0777, 0, "", "../\u202eelsewhere"}};
  skill.texts = {{"SKILL.md", "# Report\n", true, false}, {"run.sh", "#!/bin/sh\n", false, true}};
  skill.static_facts = {{StaticFactKind::Secret, "run.sh", 3, "GitHub token, ghp_ab…"}};
  for (const StaticFactKind kind : kStaticFactKinds)
    skill.static_facts.push_back({kind, "SKILL.md", 1, "x"});
  skill.hard_coded_paths = {{"run.sh", 67, "/home/ubuntu/.claude/cache", "$HOME/.claude/cache"}};
  skill.scenarios = {{"once", "run.sh", "yes\n", 3, 12.5},
                     {"twice", "run.sh", "", 0, std::nullopt}};
  skill.scenarios[0].line = 4;
  skill.scenarios[0].exit_line = 7;
  ScenarioExpectations& expect = skill.scenarios[0].expect;
  expect.within = {1.5, 8};
  expect.grade = {"B", 9};
  expect.verdict = {"APPROVED", 10};
  expect.writes = {{"~/notes"}, 11};
  expect.creates = {{"~/notes/a", "/tmp/\u202eb"}, 12};
  expect.modifies = {{"~/.profile"}, 13};
  expect.deletes = {{}, 14};
  expect.contacts = {{"api.example.org"}, 15};
  expect.installs = {{"jq"}, 16};
  expect.findings = {{"files.temp-left"}, 17};
  expect.no_processes = 18;
  expect.no_persistence = 19;
  expect.decoys_kept = 20;
  skill.prompts = {"Report on \u202e\nthis", "x"};
  skill.declares = {"jq", "~/.cache/x"};
  skill.notes = {"the name differs"};
  skill.source = {"https://example.org/x.git", "v1", std::string(40, 'd'), "skills/x"};
  return skill;
}

inline Environment an_environment() {
  Environment environment;
  environment.skillaudit_version = "0.1.0";
  environment.os = "Debian GNU/Linux 12 (bookworm)";
  environment.kernel = "6.1.0";
  environment.accelerator = "tcg";
  environment.hypervisor = "QEMU";
  environment.hypervisor_version = "7.2.0";
  environment.image = std::string(64, 'c');
  environment.cpus = 2;
  environment.memory_mib = 1024;
  environment.disk_mib = 8192;
  environment.guest_user = "ubuntu";
  environment.guest_home = "/home/ubuntu";
  environment.addresses = {"10.0.2.15", "10.0.2.2", "10.0.2.3", "10.0.2.100", 3128};
  environment.skill_dir = "/home/ubuntu/.claude/skills/x";
  environment.network = "mirrors";
  environment.rules = {"GET https://example.com/*"};
  return environment;
}

inline Execution an_execution() {
  Step ran;
  ran.name = "SKILL.md:12";
  ran.command = "ls";
  ran.ran = true;
  ran.exit_code = 2;
  ran.expected_exit = 1;
  ran.started_s = 0.1;
  ran.duration_s = 1.0 / 3;
  ran.out = "a\tb\n";
  ran.err = "no\n";
  ran.out_truncated = true;
  ran.in_words = "List the files.";
  ran.tentative = true;
  ran.example = true;
  Step killed;
  killed.name = "scripts/x.sh";
  killed.reason_not_run = "the step before it failed";
  killed.signal = "KILL";
  killed.timed_out = true;
  killed.err_truncated = true;
  return {"walkthrough", {ran, killed}, "time-out of 600 s"};
}

}  // namespace skillaudit
