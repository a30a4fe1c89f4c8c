#include "harness/audit/answers_for.h"

#include "harness/skill/expected_answer.h"
#include "harness/traffic/stubs.h"

namespace skillaudit {

Answers answers_for(const Skill& skill, Answers given) {
  given.expected = expected_answers(skill);
  given.of_author = stubs_of(skill.surroundings.stubs, ErrorKind::Skill);
  for (const Scenario& scenario : skill.scenarios)
    for (Stub& stub : stubs_of(scenario.surroundings.stubs, ErrorKind::Skill))
      given.of_author.push_back(std::move(stub));
  return given;
}

}  // namespace skillaudit
