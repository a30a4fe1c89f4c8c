#include "harness/sensors/trace_log.h"

#include <gmock/gmock.h>

#include <string>

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kFirst = "0123456789abcdef0123456789abcdef";
constexpr const char* kLast = "fedcba9876543210fedcba9876543210";

/// Between the marks, whose serial numbers are 10 and `last`.
TraceLog parse(const std::string& records, int last = 100) {
  return parse_trace_log(std::string("1005 5000000 audit(1.000:10): pid=9 uid=0 msg='") + kFirst +
                             "'\n" + records + "1005 9000000 audit(1.000:" + std::to_string(last) +
                             "): pid=9 uid=0 msg='" + kLast + "'\n",
                         kFirst, kLast);
}

std::string person(int pid, int parent) {
  return "ppid=" + std::to_string(parent) + " pid=" + std::to_string(pid) +
         " auid=1000 uid=1000 gid=1000 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) "
         "ses=3 ";
}

TEST(TraceLog, JoinsTheRecordsOfAnEvent) {
  const TraceLog log = parse(
      "1300 5250000 audit(1.250:11): arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 "
      "a3=0 "
      "items=2 " +
      person(812, 800) +
      "comm=\"curl\" exe=\"/usr/bin/curl\" subj=unconfined key=\"exec\"\n"
      "1309 5250000 audit(1.250:11): argc=3 a0=\"curl\" a1=\"-d\" a2=40782079\n"
      "1307 5250000 audit(1.250:11): cwd=\"/home/u\"\n"
      "1302 5250000 audit(1.250:11): item=0 name=\"/usr/bin/curl\" inode=5 nametype=NORMAL\n");
  ASSERT_THAT(log.events, SizeIs(1));
  const TraceEvent& event = log.events[0];
  EXPECT_EQ(event.kind, TraceKind::Exec);
  EXPECT_EQ(event.serial, 11U);
  EXPECT_DOUBLE_EQ(event.time_s, 0.25);
  EXPECT_EQ(event.pid, 812);
  EXPECT_EQ(event.parent, 800);
  EXPECT_EQ(event.uid, 1000U);
  EXPECT_EQ(event.effective_uid, 0U);
  EXPECT_EQ(event.login_uid, 1000U);
  EXPECT_EQ(event.syscall, "execve");
  EXPECT_EQ(event.name, "curl");
  EXPECT_EQ(event.program, "/usr/bin/curl");
  EXPECT_EQ(event.folder, "/home/u");
  EXPECT_THAT(event.arguments, ElementsAre("curl", "-d", "@x y"));
  EXPECT_THAT(event.paths, ElementsAre("/usr/bin/curl"));
}

TEST(TraceLog, JoinsTheRecordsOfTwoEventsThatCameMixed) {
  const TraceLog log = parse(
      "1300 5100000 audit(1.0:11): arch=c000003e syscall=59 success=yes exit=0 " + person(1, 2) +
      "comm=\"a\" exe=\"/a\" key=\"exec\"\n"
      "1300 5100000 audit(1.0:12): arch=c000003e syscall=59 success=yes exit=0 " +
      person(3, 4) +
      "comm=\"b\" exe=\"/b\" key=\"exec\"\n"
      "1309 5100000 audit(1.0:12): argc=1 a0=\"b\"\n"
      "1309 5100000 audit(1.0:11): argc=1 a0=\"a\"\n");
  ASSERT_THAT(log.events, SizeIs(2));
  EXPECT_THAT(log.events[0].arguments, ElementsAre("a"));
  EXPECT_THAT(log.events[1].arguments, ElementsAre("b"));
}

TEST(TraceLog, JoinsTheArgumentThatTheKernelCutIntoPieces) {
  const TraceLog log = parse(
      "1300 5100000 audit(1.0:11): arch=c000003e syscall=59 success=yes exit=0 " + person(1, 2) +
      "comm=\"sh\" exe=\"/bin/sh\" key=\"exec\"\n"
      "1309 5100000 audit(1.0:11): argc=2 a0=\"sh\" a1_len=8 a1[0]=61626364\n"
      "1309 5100000 audit(1.0:11): a1[1]=65666768\n");
  ASSERT_THAT(log.events, SizeIs(1));
  EXPECT_THAT(log.events[0].arguments, ElementsAre("sh", "abcdefgh"));
}

TEST(TraceLog, ReadsWhereAConnectionGoes) {
  const TraceLog log =
      parse("1300 5100000 audit(1.0:11): arch=c000003e syscall=42 success=no exit=-115 a0=3 " +
            person(1, 2) +
            "comm=\"nc\" exe=\"/bin/nc\" key=\"connect\"\n"
            "1306 5100000 audit(1.0:11): saddr=020001BBC6336407\n"
            "1300 5100000 audit(1.0:12): arch=c000003e syscall=42 success=no exit=-101 a0=3 " +
            person(1, 2) +
            "comm=\"nc\" exe=\"/bin/nc\" key=\"connect\"\n"
            "1306 5100000 audit(1.0:12): saddr=0A00003500000000"
            "20010DB8000000000000000000000001"
            "00000000\n");
  ASSERT_THAT(log.events, SizeIs(2));
  EXPECT_EQ(log.events[0].address, "198.51.100.7");
  EXPECT_EQ(log.events[0].port, 443);
  EXPECT_FALSE(log.events[0].success);
  EXPECT_EQ(log.events[1].address, "2001:db8::1");
  EXPECT_EQ(log.events[1].port, 53);
}

TEST(TraceLog, NamesTheWatchedFileWhateverNameLedToIt) {
  const TraceLog log = parse(
      "1300 5100000 audit(1.0:11): arch=c000003e syscall=257 success=yes exit=3 a0=4 a1=0 a2=0 " +
      person(1, 2) +
      "comm=\"cat\" exe=\"/bin/cat\" key=\"secret-read:/home/u/.aws/credentials\"\n"
      "1307 5100000 audit(1.0:11): cwd=\"/tmp\"\n"
      "1302 5100000 audit(1.0:11): item=0 name=\"link\" nametype=NORMAL\n");
  ASSERT_THAT(log.events, SizeIs(1));
  EXPECT_EQ(log.events[0].kind, TraceKind::SecretRead);
  // "link" is relative to a descriptor: nobody knows where it is.
  EXPECT_THAT(log.events[0].paths, ElementsAre("/home/u/.aws/credentials", "link"));
}

TEST(TraceLog, JoinsARelativeNameToTheWorkingDirectory) {
  const TraceLog log = parse(
      "1300 5100000 audit(1.0:11): arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=0 " +
      person(1, 2) +
      "comm=\"sh\" exe=\"/bin/sh\" key=\"persist:/etc/cron.d\"\n"
      "1307 5100000 audit(1.0:11): cwd=\"/etc\"\n"
      "1302 5100000 audit(1.0:11): item=0 name=\"cron.d/\" nametype=PARENT\n"
      "1302 5100000 audit(1.0:11): item=1 name=\"cron.d/x\" nametype=CREATE\n");
  ASSERT_THAT(log.events, SizeIs(1));
  EXPECT_THAT(log.events[0].paths, ElementsAre("/etc/cron.d/x"));
}

TEST(TraceLog, JoinsARelativeNameOfACallThatTakesNoDescriptor) {
  // setcap(8) calls setxattr(2), whose name has an "at" in it, and creat(2) ends with one.
  for (const char* call : {"188", "189", "85", "76"}) {
    const TraceLog log =
        parse("1300 5100000 audit(1.0:11): arch=c000003e syscall=" + std::string(call) +
              " success=yes exit=0 a0=7ffd1 a1=7f02 " + person(1, 2) +
              "comm=\"setcap\" exe=\"/usr/sbin/setcap\" key=\"setid\"\n"
              "1307 5100000 audit(1.0:11): cwd=\"/home/u/bin\"\n"
              "1302 5100000 audit(1.0:11): item=0 name=\"./tool\" "
              "nametype=NORMAL\n");
    ASSERT_THAT(log.events, SizeIs(1));
    EXPECT_THAT(log.events[0].paths, ElementsAre("/home/u/bin/./tool")) << log.events[0].syscall;
  }
}

TEST(TraceLog, LeavesANameAloneThatIsRelativeToADescriptor) {
  // unlinkat, renameat2, fchmodat2, openat2; openat of a 32-bit program.
  for (const char* call :
       {"arch=c000003e syscall=263", "arch=c000003e syscall=316", "arch=c000003e syscall=452",
        "arch=c000003e syscall=437", "arch=40000003 syscall=295"}) {
    const TraceLog log =
        parse("1300 5100000 audit(1.0:11): " + std::string(call) +
              " success=yes exit=0 a0=5 a1=0 " + person(1, 2) +
              "comm=\"x\" exe=\"/x\" key=\"setid\"\n"
              "1307 5100000 audit(1.0:11): cwd=\"/home/u\"\n"
              "1302 5100000 audit(1.0:11): item=0 name=\"tool\" nametype=NORMAL\n");
    ASSERT_THAT(log.events, SizeIs(1));
    EXPECT_THAT(log.events[0].paths, ElementsAre("tool")) << log.events[0].syscall;
  }
}

TEST(TraceLog, TellsAnAttemptToChangeTheAuditSystem) {
  const TraceLog log = parse(
      "1305 5100000 audit(1.0:11): pid=77 uid=0 auid=1000 ses=3 op=remove_rule audit_enabled=2 "
      "res=0\n");
  ASSERT_THAT(log.events, SizeIs(1));
  EXPECT_EQ(log.events[0].kind, TraceKind::AuditConfig);
  EXPECT_EQ(log.events[0].pid, 77);
  EXPECT_FALSE(log.events[0].success);
}

TEST(TraceLog, TakesACrashedProgramForNoOneElsesThanItsUsers) {
  const TraceLog log = parse(
      "1701 5100000 audit(1.0:11): auid=1000 uid=1000 gid=1000 ses=3 subj=unconfined pid=473 "
      "comm=\"bash\" exe=\"/usr/bin/bash\" sig=11 res=1\n");
  ASSERT_THAT(log.events, SizeIs(1));
  EXPECT_EQ(log.events[0].kind, TraceKind::Crash);
  EXPECT_EQ(log.events[0].uid, 1000U);
  EXPECT_EQ(log.events[0].effective_uid, 1000U);
}

TEST(TraceLog, LeavesOutAWatchThatTheKernelRemovesWithItsFile) {
  const std::string deletion = "1300 5100000 audit(1.0:11): arch=c000003e syscall=84 success=yes " +
                               person(1, 2) + "comm=\"rmdir\" exe=\"/usr/bin/rmdir\" ";
  const auto removal = [](const std::string& session) {
    return "1305 5100000 audit(1.0:11): auid=1000 " + session +
           "op=remove_rule path=\"/home/u/.aws/credentials\" "
           "key=\"secret-read:/home/u/.aws/credentials\" list=4 res=1\n";
  };
  const std::string upkeep = removal("ses=3 ");
  // Linux 6.1 forgets the blank.
  for (const std::string& each : {upkeep, removal("ses=3")})
    EXPECT_THAT(parse(each + deletion + "key=(null)\n").events, testing::IsEmpty());
  const TraceLog log = parse(upkeep + deletion + "key=\"persist:/home/u/.profile\"\n");
  ASSERT_THAT(log.events, SizeIs(1));
  EXPECT_EQ(log.events[0].kind, TraceKind::Persist);
}

TEST(TraceLog, TellsSignalsAndNotQuestions) {
  // kill, tkill, tgkill, pidfd_send_signal.
  for (const char* call : {"syscall=62 a0=1cf a1=9", "syscall=200 a0=1cf a1=9",
                           "syscall=234 a0=1cf a1=1cf a2=9", "syscall=424 a0=5 a1=9"}) {
    const std::string head = "1300 5100000 audit(1.0:11): arch=c000003e ";
    const std::string tail =
        " success=yes exit=0 " + person(1, 2) + "comm=\"x\" exe=\"/x\" key=\"kill\"\n";
    const std::string object = "1318 5100000 audit(1.0:11): opid=463 oauid=-1 ouid=0 oses=-1\n";
    const TraceLog log = parse(head + call + tail + object);
    ASSERT_THAT(log.events, SizeIs(1)) << call;
    EXPECT_EQ(log.events[0].target, 463) << call;
    std::string question = call;
    question.back() = '0';
    EXPECT_THAT(parse(head + question + tail + object).events, testing::IsEmpty()) << call;
  }
}

TEST(TraceLog, NamesTheOldInterface) {
  const TraceLog log =
      parse("1300 5100000 audit(1.0:11): arch=40000003 syscall=11 success=yes exit=0 " +
            person(1, 2) + "comm=\"x\" exe=\"/x\" key=\"exec\"\n");
  ASSERT_THAT(log.events, SizeIs(1));
  EXPECT_EQ(log.events[0].syscall, "execve (32-bit)");
}

TEST(TraceLog, CountsTheNumbersThatNoRecordBears) {
  const std::string record =
      "): arch=c000003e syscall=231 " + person(1, 2) + "comm=\"x\" exe=\"/x\" key=\"exit\"\n";
  EXPECT_EQ(parse("1300 5100000 audit(1.0:11" + record + "1300 5100000 audit(1.0:12" + record, 13)
                .missing,
            0U);
  EXPECT_EQ(parse("1300 5100000 audit(1.0:11" + record + "1300 5100000 audit(1.0:15" + record, 17)
                .missing,
            4U);
}

TEST(TraceLog, ReadsNothingBeforeItsBeginningOrAfterItsEnd) {
  const std::string exit = "1300 5100000 audit(1.0:11): arch=c000003e syscall=231 " + person(1, 2) +
                           "comm=\"x\" exe=\"/x\" key=\"exit\"\n";
  const TraceLog late = parse_trace_log(exit, kFirst, kLast);
  EXPECT_FALSE(late.began);
  EXPECT_THAT(late.events, IsEmpty());
  const TraceLog cut = parse_trace_log(
      std::string("1005 1 audit(1.0:10): msg='") + kFirst + "'\n" + exit, kFirst, kLast);
  EXPECT_TRUE(cut.began);
  EXPECT_FALSE(cut.ended);
  EXPECT_THAT(cut.events, SizeIs(1));
}

TEST(TraceLog, TakesNoMarkFromARecordThatAProcessCanShape) {
  // The arguments of a process say what it likes, in a record of another type.
  const TraceLog log = parse_trace_log(
      std::string("1309 1 audit(1.0:10): argc=1 a0=\"") + kFirst + "\"\n", kFirst, kLast);
  EXPECT_FALSE(log.began);
}

TEST(TraceLog, CountsLinesThatAreNoRecords) {
  const TraceLog log = parse(
      "\n"
      "1300\n"
      "1300 x audit(1.0:11): key=\"exec\"\n"
      "1300 5100000 audit(1.0:): key=\"exec\"\n"
      "99999999999999999999 5100000 audit(1.0:11): key=\"exec\"\n"
      "1300 5100000 audit(1.0:12): key=\n"
      "1302 5100000 audit(1.0:12): name=\"open\n");
  EXPECT_EQ(log.malformed, 5U);
  EXPECT_THAT(log.events, IsEmpty());
}

TEST(TraceLog, KeepsALongHostileArgumentShort) {
  const TraceLog log = parse(
      "1300 5100000 audit(1.0:11): arch=c000003e syscall=59 success=yes exit=0 " + person(1, 2) +
      "comm=\"x\" exe=\"/x\" key=\"exec\"\n"
      "1309 5100000 audit(1.0:11): argc=99999999 a0=" +
      std::string(100'000, '4') + " a4000000000=\"x\" a300=\"y\" a1=0A1B5B326A\n");
  ASSERT_THAT(log.events, SizeIs(1));
  ASSERT_THAT(log.events[0].arguments, SizeIs(2));
  EXPECT_LE(log.events[0].arguments[0].size(), 4096U);
  EXPECT_EQ(log.events[0].arguments[1], "\n\x1b[2j");
}

}  // namespace
}  // namespace skillaudit
