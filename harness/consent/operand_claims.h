#pragma once

#include <string>
#include <vector>

#include "harness/consent/statement.h"

namespace skillaudit {

/// What one command does to its operands, by command_verbs.h: `words` is the program and its
/// arguments, without wrappers and redirections. Paths among the operands of a program that is not
/// known are mentioned.
void add_operand_claims(const std::vector<std::string>& words, std::vector<ConsentClaim>& claims);

}  // namespace skillaudit
