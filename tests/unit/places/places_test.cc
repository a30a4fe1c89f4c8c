// The table of places, with those who read it: what is judged is watched, and all agree.
#include <gmock/gmock.h>
#include <linux/audit.h>

#include <cstring>
#include <set>

#include "harness/agents/places.h"
#include "harness/changes/locations.h"
#include "harness/rules/program_setting.h"
#include "harness/rules/rubric.h"
#include "harness/sensors/kernel_audit_rules.h"

namespace skillaudit {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;

constexpr const char* kHome = "/home/u";

/// The path of a row, or of something that matches it, in the guest of user u.
std::string example_of(const KnownPlace& place) {
  std::string path(place.pattern);
  if (place.whose() == Whose::Home) path = kHome + path.substr(1);
  if (place.whose() == Whose::Project) path = std::string(kHome) + "/work/" + path;
  if (const std::size_t star = path.find('*'); star != std::string::npos)
    path.replace(star, 1, "thing");
  return path.ends_with('/') ? path + "thing" : path;
}

/// The kinds of places of which a rule judges the changes that the trace alone shows.
Places judged_by_trace() {
  static const Rubric rubric = shipped_rubric();
  Places places;
  for (const RubricRule& rule : rubric.rules)
    for (const Condition& condition : rule.when)
      if (condition.in_trace && condition.object == ObjectKind::File)
        places |= condition.what.places;
  return places;
}

/// Whether a rule judges who changes such a place, or something there starts again.
bool is_judged(const KnownPlace& place) {
  return persists(place.kind) || !program_set_by(example_of(place)).empty() ||
         place.kind == Place::Log || judged_by_trace().test(static_cast<std::size_t>(place.kind));
}

/// The paths whose changes the kernel records.
std::set<std::string> watched_paths() {
  std::set<std::string> paths;
  for (const KernelAuditRule& rule : kernel_audit_rules({.home = kHome})) {
    audit_rule_data data{};
    std::memcpy(&data, rule.blob.data(), offsetof(audit_rule_data, buf));
    std::size_t at = offsetof(audit_rule_data, buf);
    std::string path;
    bool changes = rule.kind == TraceKind::LogCut;
    for (std::uint32_t i = 0; i < data.field_count; ++i) {
      if (data.fields[i] == AUDIT_PERM)
        changes = (data.values[i] & (AUDIT_PERM_WRITE | AUDIT_PERM_ATTR)) != 0;
      if (data.fields[i] == AUDIT_WATCH || data.fields[i] == AUDIT_DIR)
        path = rule.blob.substr(at, data.values[i]);
      const bool text = data.fields[i] == AUDIT_WATCH || data.fields[i] == AUDIT_DIR ||
                        data.fields[i] == AUDIT_FILTERKEY;
      if (text) at += data.values[i];
    }
    if (changes && !path.empty()) paths.insert(path);
  }
  return paths;
}

TEST(Places, ThatAreJudgedAreWatchedUnlessTheyMayBeInAnyFolder) {
  for (const KnownPlace& place : kPlaces) {
    if (!is_judged(place)) continue;
    const bool any_folder =
        place.whose() == Whose::Project || place.pattern.find('*') != std::string_view::npos;
    const Watch reason = any_folder                 ? Watch::AnyFolder
                         : place.kind == Place::Log ? Watch::Cuts
                                                    : Watch::Changes;
    const std::set<Watch> reasons = {Watch::Compared, Watch::TooMany};
    if (any_folder || place.kind == Place::Log || !reasons.contains(place.watch)) {
      EXPECT_EQ(place.watch, reason) << place.pattern;
    }
  }
}

TEST(Places, ThatAreWatchedHaveARuleOfTheKernelInEveryHome) {
  const std::set<std::string> watched = watched_paths();
  for (const KnownPlace& place : kPlaces) {
    if (place.watch != Watch::Changes && place.watch != Watch::Cuts) continue;
    ASSERT_NE(place.whose(), Whose::Project) << place.pattern;
    const std::string path(place.path());
    if (place.whose() == Whose::System) {
      EXPECT_THAT(watched, Contains(path));
    }
    if (place.whose() == Whose::Home) {
      EXPECT_THAT(watched, IsSupersetOf({kHome + path, "/root" + path}));
    }
  }
}

TEST(Places, ThatTheKernelDoesNotWatchHaveNoRule) {
  const std::set<std::string> watched = watched_paths();
  for (const KnownPlace& place : kPlaces)
    if (place.watch == Watch::TooMany || place.watch == Watch::NotRun ||
        place.watch == Watch::Compared) {
      EXPECT_THAT(watched, Not(Contains(std::string(place.path())))) << place.pattern;
    }
}

TEST(Places, OfWhichReadersAreWatchedHaveARuleForThat) {
  std::set<std::string> keys;
  for (const KernelAuditRule& rule : kernel_audit_rules({.home = kHome}))
    if (rule.kind == TraceKind::SecretRead) keys.insert(rule.blob.substr(rule.blob.rfind(':') + 1));
  EXPECT_THAT(keys, testing::ElementsAre("/etc/gshadow", "/etc/shadow"));
}

TEST(Places, HaveTheKindOfTheirRowWhereItIsLookedUp) {
  for (const KnownPlace& place : kPlaces) {
    if (place.pattern == ".git/config") continue;  // judged by its settings alone
    const std::string path = example_of(place);
    EXPECT_EQ(place_of(path, kHome, ""), place.kind) << path;
    if (place.whose() == Whose::Project) continue;
    const KnownPlace* found = known_place(path, kHome);
    ASSERT_NE(found, nullptr) << path;
    EXPECT_EQ(found->pattern, place.pattern) << path << " is hidden by a row before it";
  }
}

TEST(Places, OfAHomeAreThoseOfEachHome) {
  EXPECT_EQ(place_of("/root/.zshrc", kHome, ""), Place::ShellStartup);
  EXPECT_EQ(place_of("/home/other/.codex/config.toml", kHome, ""), Place::AgentSettings);
  EXPECT_EQ(place_of("/home/u/work/.zshrc", kHome, ""), Place::UserData);
}

TEST(Places, WithAStarAreThoseOfEachComponentThatItStandsFor) {
  const std::string projects = std::string(kHome) + "/.claude/projects/";
  EXPECT_EQ(place_of(projects + "-home-u-work/memory/MEMORY.md", kHome, ""), Place::AgentSettings);
  EXPECT_EQ(place_of(projects + "-home-u-work/memory", kHome, ""), Place::AgentSettings);
  EXPECT_EQ(place_of(projects + "-home-u-work/1.jsonl", kHome, ""), Place::UserConfig);
  EXPECT_EQ(place_of(projects + "a/b/memory/MEMORY.md", kHome, ""), Place::UserConfig);
  EXPECT_EQ(place_of("/usr/local/lib/python3.11/dist-packages/x.pth", kHome, ""),
            Place::ImportPath);
  EXPECT_EQ(place_of("/usr/local/lib/pythonic", kHome, ""), Place::ImportPath);
  EXPECT_EQ(place_of("/usr/local/lib/libx.so", kHome, ""), Place::Program);
}

TEST(Places, HavePatternsAsTheyAreRead) {
  std::set<std::string_view> patterns;
  for (const KnownPlace& place : kPlaces) {
    EXPECT_TRUE(patterns.insert(place.pattern).second) << place.pattern << " stands there twice";
    EXPECT_EQ(place.pattern.find("//"), std::string_view::npos) << place.pattern;
    const std::string_view first = place.pattern.substr(0, place.pattern.find('*'));
    if (place.whose() != Whose::Project && first != place.pattern) {
      EXPECT_EQ(place.watch, Watch::AnyFolder) << place.pattern << ": the kernel knows no star";
      EXPECT_TRUE(!place.has(kTextKept) || place.pattern.find("/*/") != std::string_view::npos)
          << place.pattern << ": the witness knows one that is a whole folder";
    }
    EXPECT_GT(place.path().size(), 2U) << place.pattern;
  }
}

TEST(Places, AreReadByABootWhereSomethingOfTheBootRunsThem) {
  for (const KnownPlace& place : kPlaces)
    if (place.pattern.starts_with("/run/")) {
      EXPECT_FALSE(place.has(kReadAtBoot)) << place.pattern << " is gone at the next boot";
    } else if (place.kind == Place::UnitFile || place.kind == Place::Cron ||
               place.kind == Place::Preload ||
               (place.kind == Place::SystemStartup && place.watch == Watch::Changes)) {
      EXPECT_TRUE(place.has(kReadAtBoot)) << place.pattern;
    }
}

TEST(Places, WithSettingsAreJudgedByTheirText) {
  for (const KnownPlace& place : kPlaces)
    EXPECT_EQ(program_set_by(example_of(place)), place.has(kGitSettings)   ? "git"
                                                 : place.has(kSshSettings) ? "ssh"
                                                                           : "")
        << place.pattern;
  EXPECT_EQ(program_set_by("/var/lib/postgresql/.gitconfig"), "git");
  for (const KnownPlace& place : kPlaces)
    if (place.has(kGitSettings) || place.has(kSshSettings)) {
      EXPECT_TRUE(place.has(kTextKept)) << place.pattern;
    }
}

TEST(Places, OfAnAgentSayWhichOne) {
  for (const KnownPlace& place : kPlaces)
    if (place.kind == Place::AgentSettings) {
      EXPECT_THAT(place.agent, Not(IsEmpty())) << place.pattern;
    }
}

/// Adding a rule costs the guest under emulation, and each one that is there costs every file that
/// is opened: measured by bench/trace_overhead_bench.
TEST(Places, DoNotMakeMoreRulesThanWereMeasured) {
  EXPECT_LT(kernel_audit_rules({.home = kHome}).size(), 400U);
}

}  // namespace
}  // namespace skillaudit
