#include "harness/sensors/kernel_audit_rules.h"

#include <gmock/gmock.h>
#include <linux/audit.h>
#include <sys/syscall.h>

#include <cstddef>
#include <cstring>
#include <map>
#include <set>

namespace skillaudit {
namespace {

/// A rule as the kernel reads it.
struct Read {
  std::map<std::uint32_t, std::string> texts;  ///< by field
  audit_rule_data rule{};                      ///< last: its length is open
};

Read read(const KernelAuditRule& rule) {
  Read out;
  const std::size_t head = offsetof(audit_rule_data, buf);
  std::memcpy(&out.rule, rule.blob.data(), head);
  std::size_t at = head;
  for (std::uint32_t i = 0; i < out.rule.field_count; ++i) {
    const std::uint32_t field = out.rule.fields[i];
    if (field != AUDIT_WATCH && field != AUDIT_FILTERKEY && field != AUDIT_DIR) continue;
    out.texts[field] = rule.blob.substr(at, out.rule.values[i]);
    at += out.rule.values[i];
  }
  EXPECT_EQ(at, rule.blob.size());
  EXPECT_EQ(out.rule.buflen, rule.blob.size() - head);
  return out;
}

const KernelAuditOrder kOrder{
    .home = "/home/u", .secrets = {"/home/u/.netrc"}, .guarded = {463, 462}};

bool has_call(const audit_rule_data& rule, int number) {
  return (rule.mask[AUDIT_WORD(number)] & AUDIT_BIT(number)) != 0;
}

TEST(KernelAuditRules, FitIntoWhatTheKernelReads) {
  for (const KernelAuditRule& rule : kernel_audit_rules(kOrder)) {
    const Read each = read(rule);
    EXPECT_LE(each.rule.field_count, AUDIT_MAX_FIELDS);
    EXPECT_LT(each.texts.count(AUDIT_FILTERKEY) ? each.texts.at(AUDIT_FILTERKEY).size() : 0, 256U);
  }
}

TEST(KernelAuditRules, RecordEachProgramByBothInterfaces) {
  bool now = false;
  bool old = false;
  for (const KernelAuditRule& rule : kernel_audit_rules(kOrder)) {
    if (rule.kind != TraceKind::Exec) continue;
    const Read each = read(rule);
    ASSERT_EQ(each.rule.fields[0], static_cast<std::uint32_t>(AUDIT_ARCH));
    now = now || (each.rule.values[0] == AUDIT_ARCH_X86_64 && has_call(each.rule, SYS_execve) &&
                  has_call(each.rule, SYS_execveat));
    old = old || (each.rule.values[0] == AUDIT_ARCH_I386 && has_call(each.rule, 11));
  }
  EXPECT_TRUE(now);
  EXPECT_TRUE(old);
}

TEST(KernelAuditRules, WatchEachDecoyAndSayWhichOne) {
  std::set<std::string> keys;
  for (const KernelAuditRule& rule : kernel_audit_rules(kOrder)) {
    const Read each = read(rule);
    if (rule.kind != TraceKind::SecretRead) continue;
    keys.insert(each.texts.at(AUDIT_FILTERKEY));
    EXPECT_EQ(each.texts.at(AUDIT_FILTERKEY), "secret-read:" + each.texts.at(AUDIT_WATCH));
  }
  EXPECT_THAT(keys,
              testing::IsSupersetOf({"secret-read:/home/u/.netrc", "secret-read:/etc/shadow"}));
}

TEST(KernelAuditRules, TellWhoSignalsTheAuditsOwnProcesses) {
  std::set<std::uint32_t> guarded;
  for (const KernelAuditRule& rule : kernel_audit_rules(kOrder)) {
    if (rule.kind != TraceKind::Kill) continue;
    const Read each = read(rule);
    bool asks = true;  // signal 0
    for (std::uint32_t i = 0; i < each.rule.field_count; ++i) {
      if (each.rule.fields[i] == AUDIT_ARG0) guarded.insert(each.rule.values[i]);
      if (each.rule.fields[i] == AUDIT_ARG1 || each.rule.fields[i] == AUDIT_ARG2)
        asks = each.rule.values[i] != 0 || each.rule.fieldflags[i] != AUDIT_NOT_EQUAL;
    }
    EXPECT_FALSE(asks);
  }
  EXPECT_THAT(guarded, testing::ElementsAre(462U, 463U));
}

/// The value that a rule asks of an argument; 0: of none.
std::uint32_t asked_of(const audit_rule_data& rule, std::uint32_t argument) {
  for (std::uint32_t i = 0; i < rule.field_count; ++i)
    if (rule.fields[i] == AUDIT_ARG0 + argument) return rule.values[i];
  return 0;
}

TEST(KernelAuditRules, TellASetuidBitHoweverItIsSet) {
  const std::map<int, std::uint32_t> modes = {{SYS_chmod, 1},  {SYS_fchmodat, 2}, {SYS_creat, 1},
                                              {SYS_open, 2},   {SYS_openat, 3},   {SYS_mknod, 1},
                                              {SYS_mknodat, 2}};
  std::set<int> told;
  for (const KernelAuditRule& rule : kernel_audit_rules(kOrder)) {
    if (rule.kind != TraceKind::SetId) continue;
    const Read each = read(rule);
    if (each.rule.values[0] != AUDIT_ARCH_X86_64) continue;
    for (const auto& [call, argument] : modes)
      if (has_call(each.rule, call) && asked_of(each.rule, argument) == 06000) told.insert(call);
  }
  EXPECT_THAT(told, testing::SizeIs(modes.size()));
}

TEST(KernelAuditRules, GiveADiskThatIsOpenedForBothTheKindOfWriting) {
  std::map<TraceKind, std::size_t> first;
  std::size_t at = 0;
  for (const KernelAuditRule& rule : kernel_audit_rules(kOrder)) {
    ++at;
    if (rule.kind != TraceKind::RawDevice && rule.kind != TraceKind::RawRead) continue;
    const Read each = read(rule);
    const auto path = each.texts.find(AUDIT_WATCH);
    if (path != each.texts.end() && path->second == "/dev/vda") first.emplace(rule.kind, at);
  }
  EXPECT_LT(first.at(TraceKind::RawDevice), first.at(TraceKind::RawRead));
}

TEST(KernelAuditRules, PackIntoSizesAndBytes) {
  const std::string packed =
      pack_rules({{TraceKind::Exec, std::string(300, 'x')}, {TraceKind::Exec, "yz"}});
  EXPECT_EQ(packed, std::string("\x2c\x01\0\0", 4) + std::string(300, 'x') +
                        std::string("\x02\0\0\0", 4) + "yz");
}

}  // namespace
}  // namespace skillaudit
