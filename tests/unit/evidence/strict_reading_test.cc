#include "harness/evidence/json.h"

#include <gmock/gmock.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "tests/unit/evidence/json_sample.h"

namespace skillaudit {
namespace {

using Json = nlohmann::ordered_json;
using testing::HasSubstr;

struct Breach {
  const char* name;
  std::function<void(Json&)> damage;
  const char* message;
};

class StrictReading : public testing::TestWithParam<Breach> {};

TEST_P(StrictReading, Throws) {
  Json json = to_json(a_skill());
  GetParam().damage(json);
  try {
    (void)skill_from_json(json);
    FAIL() << "was accepted";
  } catch (const Json::exception& error) {
    EXPECT_THAT(error.what(), HasSubstr(GetParam().message));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Skill, StrictReading,
    testing::Values(
        Breach{"NotAnObject", [](Json& j) { j = Json::array(); }, "skill is not an object"},
        Breach{"MissingField", [](Json& j) { j.erase("notes"); }, "skill has no field notes"},
        Breach{"UnknownField", [](Json& j) { j["extra\x1b"] = 1; },
               "skill has an unknown field extra\\x1b"},
        Breach{"UnknownFieldDeepDown", [](Json& j) { j["files"][1]["x"] = 1; },
               "skill.files[1] has an unknown field x"},
        Breach{"WrongType", [](Json& j) { j["name"] = 7; }, "skill.name is not a string"},
        Breach{"NullForText", [](Json& j) { j["name"] = nullptr; }, "skill.name is not a string"},
        Breach{"ListForText", [](Json& j) { j["notes"] = "x"; }, "skill.notes is not a list"},
        Breach{"ObjectForList", [](Json& j) { j["files"] = Json::object(); },
               "skill.files is not a list"},
        Breach{"WrongItem", [](Json& j) { j["declares"][0] = 1; },
               "skill.declares[0] is not a string"},
        Breach{"TrueForNumber", [](Json& j) { j["files"][0]["mode"] = true; },
               "mode is not a whole number"},
        Breach{"FractionForInteger", [](Json& j) { j["files"][0]["mode"] = 1.5; },
               "mode is not a whole number"},
        Breach{"NegativeSize", [](Json& j) { j["files"][0]["size"] = -1; }, "size is out of range"},
        Breach{"ModeBeyond32Bits", [](Json& j) { j["files"][0]["mode"] = 1LL << 32; },
               "mode is out of range"},
        Breach{"LineBeyondInt", [](Json& j) { j["hard_coded_paths"][0]["line"] = ~0ULL; },
               "line is out of range"},
        Breach{"UnknownKindOfFact", [](Json& j) { j["static_facts"][0]["kind"] = "x"; },
               "kind is not a kind of static fact"},
        Breach{"NumberForBool", [](Json& j) { j["texts"][0]["documents"] = 1; },
               "documents is not true or false"},
        Breach{"TextForOptional", [](Json& j) { j["scenarios"][0]["timeout_s"] = "1"; },
               "timeout_s is not a number"}),
    [](const auto& breach) { return breach.param.name; });

TEST(EvidenceJson, EachReaderIsStrict) {
  Json environment = to_json(an_environment());
  environment["cpus"] = "2";
  EXPECT_THROW((void)environment_from_json(environment), Json::exception);
  Json execution = to_json(an_execution());
  execution["steps"][0]["exit_code"] = "0";
  EXPECT_THROW((void)execution_from_json(execution), Json::exception);
  EXPECT_THROW((void)decoys_from_json(Json::object()), Json::exception);
  EXPECT_THROW((void)decoys_from_json(Json::parse(R"([{"name":"n","path":"p"}])")),
               Json::exception);
  EXPECT_THROW((void)timing_from_json(Json::parse(R"([{"stage":"s","seconds":"1"}])")),
               Json::exception);
}

}  // namespace
}  // namespace skillaudit
