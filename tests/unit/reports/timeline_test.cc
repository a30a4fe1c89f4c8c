#include "harness/analysis/timeline.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "reports/render.h"
#include "tests/unit/analysis/trace_builder.h"

namespace skillaudit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::kHome;
using ::testing::Not;
using testing::regular;
using testing::TraceBuilder;

std::vector<std::string> lines_of(const TraceBuilder& audit) {
  std::vector<std::string> lines;
  for (const TimelineEntry& entry : make_timeline(audit.evidence, audit.changes).entries)
    lines.push_back(
        fmt::format("{:+.1f} {} {}: {}", entry.t, entry.kind, text_of(entry.source), entry.text));
  return lines;
}

/// One thing of each witness. The trace began at 1000, and the skill 3 s later.
TraceBuilder joined() {
  TraceBuilder audit;
  audit.evidence.trace.began_at = 1000;
  audit.evidence.trace.began_uptime_s = 20;
  audit.fork(100, 101).exec(101, 100, {"curl", "x"}).reads(101, kHome + "/.aws/credentials");
  TraceEvent& connect = audit.event(TraceKind::Connect, 101);
  connect.address = "192.0.2.7";
  connect.port = 22;
  audit.evidence.wire.contacts = {{"tcp", "192.0.2.7", 22, 1, 60, 99}};
  Flow flow = audit.request("POST", "example.com", "/");
  flow.time = 1003.7;
  audit.add(flow);
  FileEntry file = regular("/tmp/x");
  file.ctime_ns = 1003'900'000'000;
  audit.added(file);
  audit.evidence.execution.steps[0].duration_s = 5;
  audit.evidence.machine.console = {{ConsoleEvent::Kind::Warning, 24, "WARNING: x", 7}};
  audit.evidence.machine.events = {{2, "SHUTDOWN", ""}};
  return audit;
}

TEST(Timeline, JoinsAllWitnessesInTheOrderOfTime) {
  EXPECT_THAT(
      lines_of(joined()),
      ElementsAre(
          "+0.0 exec trace.log#1: pid 100 `scripts/run.sh` (in the step `works`) ran bash "
          "scripts/run.sh",
          "+0.2 exec trace.log#3: pid 101 `curl` (child of `scripts/run.sh`) ran curl x",
          "+0.3 secret-read trace.log#4: pid 101 `curl` (child of `scripts/run.sh`) read "
          "/home/ubuntu/.aws/credentials",
          "+0.4 connect trace.log#5: pid 101 `curl` (child of `scripts/run.sh`) connected to "
          "192.0.2.7 port 22",
          "+0.4 wire network.pcap: tcp to 192.0.2.7 port 22, 1 frame, bypassing the proxy",
          "+0.7 flow flows.jsonl#1: POST https://example.com/, blocked",
          "+0.9 file-change after/files: added /tmp/x (regular file, 10 B, mode 0644)",
          "+1.0 console console.log#7: WARNING: x", "+2.0 machine machine.jsonl: SHUTDOWN"));
}

TEST(Timeline, AClockThatWasSetPlacesNoFile) {
  TraceBuilder audit = joined();
  audit.event(TraceKind::Clock, 101).syscall = "clock_settime";
  for (const std::string& line : lines_of(audit)) EXPECT_THAT(line, Not(HasSubstr("file-change")));
}

TEST(Timeline, WithoutATraceTheHostsClockPlacesFlows) {
  TraceBuilder audit;
  audit.evidence.trace = {};
  audit.evidence.started_at = "1970-01-01T00:16:40Z";
  audit.evidence.timing = {{"Reading the skill", 1}, {"Running the skill", 4}, {"x", 1}};
  EXPECT_EQ(skill_began_at(audit.evidence, 0), 1001);
  Flow flow = audit.request("GET", "example.com", "/");
  flow.time = 1002.5;
  audit.add(flow);
  EXPECT_THAT(lines_of(audit),
              ElementsAre("+1.5 flow flows.jsonl#1: GET https://example.com/, blocked"));
  audit.evidence.started_at = "yesterday";
  EXPECT_THAT(lines_of(audit), ElementsAre());
}

TEST(Timeline, IsOneObjectALine) {
  const TraceBuilder audit = joined();
  const std::string text = render_timeline(audit.evidence, audit.assessed());
  const auto lines = split(text, '\n');
  ASSERT_EQ(lines.size(), 9U);
  const auto entry = nlohmann::json::parse(lines[5]);
  EXPECT_EQ(entry["t"], 0.7);
  EXPECT_EQ(entry["kind"], "flow");
  EXPECT_EQ(entry["source"], "flows.jsonl#1");
  EXPECT_EQ(text, render_timeline(audit.evidence, audit.assessed()));
}

TEST(Timeline, HostileBytesArePrintable) {
  TraceBuilder audit;
  const std::string hostile = "/tmp/a\n\x1b[2J\xff\xe2\x80\xae`<script>";
  audit.fork(100, 101).exec(101, 100, {hostile, hostile});
  audit.evidence.machine.events = {{1, hostile, hostile}};
  const std::string text = render_timeline(audit.evidence, audit.assessed());
  for (const auto line : split(text, '\n')) EXPECT_TRUE(nlohmann::json::accept(line)) << line;
  EXPECT_TRUE(is_utf8(text));
  for (const char* raw : {"\x1b", "\xe2\x80\xae", "\\u001b"})
    EXPECT_THAT(text, Not(HasSubstr(raw)));
}

TEST(Timeline, TheReportShowsWhatFindingsCiteFirst) {
  TraceBuilder audit;
  for (std::int64_t i = 0; i < 200; ++i) audit.exec(1000 + i, 100, {"true"});
  audit.exec(2000, 100, {"cat", "x"}).reads(2000, kHome + "/.aws/credentials");
  const std::string report = render_markdown(audit.evidence, audit.assessed());
  const std::size_t begin = report.find("## Timeline");
  ASSERT_NE(begin, std::string::npos);
  const std::string section = report.substr(begin, report.find("\n## ", begin + 1) - begin);
  EXPECT_EQ(std::count(section.begin(), section.end(), '\n'), 40 + 4);
  EXPECT_THAT(section, HasSubstr("secret-read: "));
  EXPECT_THAT(section, HasSubstr("163 more in `timeline.jsonl`."));
}

TEST(Timeline, OfAMillionEventsHoldsTheFirstAndCountsTheRest) {
  TraceBuilder audit;
  const TraceEvent event = audit.evidence.trace.events[0];
  audit.evidence.trace.events.resize(150000, event);
  const Timeline timeline = make_timeline(audit.evidence, audit.changes);
  EXPECT_EQ(timeline.entries.size(), 100000U);
  EXPECT_EQ(timeline.omitted, 50000U);
  EXPECT_THAT(render_timeline(audit.evidence, audit.assessed()),
              HasSubstr("50000 more entries are not listed"));
}

TEST(Resources, AreThoseOfTheRunAlone) {
  TraceBuilder audit;
  audit.evidence.execution.steps[0].duration_s = 1;
  audit.evidence.machine.samples = {{.time_s = 0.5, .cpus = 2},  // while the guest was prepared
                                    {.time_s = 1.5, .cpus = 2},
                                    {.time_s = 0.2, .cpus = 0.1},
                                    {.time_s = 0.7, .cpus = 0.2},
                                    {.time_s = 9, .cpus = 2}};  // while its state was taken
  const auto json = nlohmann::json::parse(render_json(audit.evidence, audit.assessed()));
  EXPECT_EQ(json["resources"]["samples"].size(), 2U);
  EXPECT_EQ(json["resources"]["peaks"]["cpus"], 0.2);
}

TEST(Resources, AreInTheReportAsRowsWithBars) {
  TraceBuilder audit;
  EXPECT_THAT(render_markdown(audit.evidence, audit.assessed()),
              HasSubstr("## Resources\n\nNot recorded.\n"));
  audit.evidence.environment.cpus = 2;
  audit.evidence.environment.memory_mib = 2048;
  audit.evidence.machine.samples = {{0, 0.5, 1U << 20, 0, 0, 0},
                                    {0.5, 1.5, 2U << 20, 0, 1U << 20, 0},
                                    {1, 0, 1U << 20, 0, 1U << 20, 0}};
  const std::string report = render_markdown(audit.evidence, audit.assessed());
  EXPECT_THAT(report, HasSubstr("- **Processors**: peak 1.5 of 2 ▃█▁\n"));
  EXPECT_THAT(report, HasSubstr("- **Disk written**: 1.0 MiB, peak 2.0 MiB/s ▁█▁\n"));
  const auto json = nlohmann::json::parse(render_json(audit.evidence, audit.assessed()));
  EXPECT_EQ(json["resources"]["samples"].size(), 3U);
  EXPECT_EQ(json["resources"]["peaks"]["cpus"], 1.5);
}

}  // namespace
}  // namespace skillaudit
