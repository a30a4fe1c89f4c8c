#pragma once

#include <vector>

#include "harness/evidence/skill.h"
#include "harness/evidence/stub.h"

namespace skillaudit {

/// More are not looked for.
inline constexpr std::size_t kMostExpectedFields = 200;

/// What the skill's code does with the answers of servers, so that somebody who answers in their
/// place (traffic/answers.h) can give one with which the code goes on:
///  - fields of a parsed answer: `data["flags"]["beta"]`, `.get("items")`, `data.items[0].id`, `jq
///    .next`, with the text or number that they are compared with;
///    A field whose value is ":shell", ":python" or ":javascript" is run as that, and decoded ahead
///    of it with ",base64" behind; one that ":spaced" names has a blank after its colon;
///  - texts with which a whole answer is compared or searched: `[ "$f" = on ]`, `grep -q on`;
///  - the status that is tested: `status_code == 201`;
///  - the interpreter that runs an answer: `curl … | bash`, `exec(r.text)`;
///  - what its documents show as an answer (example_answer.h).
/// Where a text names hosts, a field is theirs: "api.example.com enabled". Each once. Read by
/// words, so comments count as well. Linear in the size of the texts.
[[nodiscard]] std::vector<ExpectedField> expected_answers(const Skill& skill);

/// The same of one text, whatever hosts it names.
[[nodiscard]] std::vector<ExpectedField> expected_answers(std::string_view code);

/// The hosts of the URLs in a text, in lower case.
[[nodiscard]] std::vector<std::string> hosts_in(std::string_view code);

}  // namespace skillaudit
