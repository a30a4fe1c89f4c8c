#pragma once

#include <nlohmann/json_fwd.hpp>

#include "harness/evidence/evidence.h"

namespace skillaudit {

/// JSON forms of the evidence types that the bundle keeps as JSON. Guest bytes that are not UTF-8
/// do not survive JSON: what can hold them (snapshots, flow bodies) is kept raw instead.
/// Reading is strict: an unknown shape throws nlohmann::json::exception.
nlohmann::ordered_json to_json(const Skill&);
nlohmann::ordered_json to_json(const Environment&);
nlohmann::ordered_json to_json(const Execution&);
nlohmann::ordered_json to_json(const AgentRun&);
nlohmann::ordered_json to_json(const AgentControl&);
nlohmann::ordered_json to_json(const std::vector<Decoy>&);
nlohmann::ordered_json to_json(const std::vector<StageTime>&);
nlohmann::ordered_json to_json(const Gap&);
nlohmann::ordered_json to_json(const std::vector<Gap>&);

Skill skill_from_json(const nlohmann::ordered_json&);
Environment environment_from_json(const nlohmann::ordered_json&);
Execution execution_from_json(const nlohmann::ordered_json&);
AgentRun agent_from_json(const nlohmann::ordered_json&);
AgentControl agent_control_from_json(const nlohmann::ordered_json&);
std::vector<Decoy> decoys_from_json(const nlohmann::ordered_json&);
std::vector<StageTime> timing_from_json(const nlohmann::ordered_json&);
Gap gap_from_json(const nlohmann::ordered_json&);
std::vector<Gap> gaps_from_json(const nlohmann::ordered_json&);

}  // namespace skillaudit
