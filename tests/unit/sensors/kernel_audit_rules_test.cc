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
    for (std::uint32_t i = 0; i < each.rule.field_count; ++i)
      if (each.rule.fields[i] == AUDIT_ARG0) guarded.insert(each.rule.values[i]);
  }
  EXPECT_THAT(guarded, testing::ElementsAre(462U, 463U));
}

TEST(KernelAuditRules, PackIntoSizesAndBytes) {
  const std::string packed =
      pack_rules({{TraceKind::Exec, std::string(300, 'x')}, {TraceKind::Exec, "yz"}});
  EXPECT_EQ(packed, std::string("\x2c\x01\0\0", 4) + std::string(300, 'x') +
                        std::string("\x02\0\0\0", 4) + "yz");
}

}  // namespace
}  // namespace skillaudit
