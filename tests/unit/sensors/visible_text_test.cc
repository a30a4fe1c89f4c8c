#include "harness/sensors/visible_text.h"

#include <gmock/gmock.h>

#include "harness/sensors/unexplained.h"

namespace skillaudit {
namespace {

Evidence audited() {
  Evidence evidence;
  evidence.started_at = "2026-11-30T01:02:03Z";
  evidence.skill.name = "tide-times";
  evidence.skill.texts = {
      {"SKILL.md", "Asks `api.tides.example` for high water at a station.\n", true, false},
      {"scripts/run.py", "post('https://api.tides.example/v1/high', json={'station_id': s})\n",
       false, true}};
  Step step;
  step.command = "python3 scripts/run.py --station hoek 51.9775";
  evidence.execution.steps = {step};
  return evidence;
}

std::size_t unexplained(std::string_view text) {
  std::string sample;
  return VisibleText(audited()).unexplained_in(text, sample);
}

TEST(VisibleText, ExplainsWhatIsBuiltFromTheSkillsTextAndItsArguments) {
  EXPECT_EQ(unexplained(R"({"station_id": "hoek", "high": true, "at": 51.9775})"), 0U);
  EXPECT_EQ(unexplained("/v1/high?station=hoek"), 0U);
  EXPECT_EQ(unexplained("Accept: */*\r\nContent-Type: application/json\r\n"), 0U);
}

TEST(VisibleText, ExplainsTheTimeAndBase64OfVisibleText) {
  EXPECT_EQ(unexplained("1795000000"), 10U) << "another day";
  EXPECT_EQ(unexplained("1796000523"), 0U);
  EXPECT_EQ(unexplained("1796000523123"), 0U);
  EXPECT_EQ(unexplained("aG9layBzdGF0aW9uIGhpZ2g"), 0U) << "hoek station high";
}

TEST(VisibleText, CountsDataInAnyForm) {
  EXPECT_EQ(unexplained("8f3aa90c44d1be5520aa"), 20U);
  EXPECT_GT(unexplained(std::string("\x01\x02\x03\x04\x05\x8f\x9a", 7)), 6U);
  EXPECT_GT(unexplained("q1w2 e3r4 t5y6 u7i8 o9p0"), 15U) << "short words";
  EXPECT_GT(unexplained(".,;.,;!?-.,;:.,;!?.,;.,;:-.,;:.,;.,;"), 15U) << "punctuation";
}

TEST(VisibleText, CountsAWordOnceHoweverOftenItWasSent) {
  VisibleText visible(audited());
  std::string sample;
  EXPECT_EQ(visible.unexplained_in("8f3aa90c44d1be5520aa", sample), 20U);
  EXPECT_EQ(visible.unexplained_in("8f3aa90c44d1be5520aa", sample), 0U);
  EXPECT_EQ(sample, "8f3aa90c44d1be5520aa");
}

Evidence with_flow(Flow flow) {
  Evidence evidence = audited();
  flow.id = 1;
  flow.host = "api.tides.example";
  evidence.flows = {std::move(flow)};
  return evidence;
}

TEST(FindUnexplained, NamesThePlaceOfEachRequest) {
  Flow flow;
  flow.path = "/v1/high/8f3aa90c44d1be5520aa";
  flow.request_body = "bodies/1.bin";
  const Evidence evidence = with_flow(flow);
  const std::vector<UnexplainedPart> parts = find_unexplained(
      evidence, [](const std::string&) { return std::string("\xff\xfe\xfd\xfc"); });
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].where, "path");
  EXPECT_EQ(parts[0].bytes, 20U);
  EXPECT_EQ(parts[1].where, "body");
}

TEST(FindUnexplained, AnUploadInPartsMayDrawOneBoundary) {
  Flow flow;
  flow.request_head = "bodies/1.head";
  flow.request_body = "bodies/1.bin";
  const std::vector<UnexplainedPart> parts =
      find_unexplained(with_flow(flow), [](const std::string& file) -> std::string {
        if (file == "bodies/1.head")
          return "POST / HTTP/1.1\r\nContent-Type: multipart/form-data; "
                 "boundary=------------------------d74496d66958873e\r\n";
        return "--------------------------d74496d66958873e\r\nContent-Disposition: form-data; "
               "name=\"station\"\r\n\r\nhoek\r\n";
      });
  EXPECT_TRUE(parts.empty());
}

}  // namespace
}  // namespace skillaudit
