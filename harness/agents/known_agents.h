#pragma once

#include <span>
#include <string_view>

#include "harness/agents/claude.h"
#include "harness/agents/codex.h"
#include "harness/agents/gemini.h"
#include "harness/agents/opencode.h"

namespace skillaudit {

struct KnownAgent {
  std::string_view name;  ///< Agent::name
  Agent (*make)();
  std::span<const KnownPlace> places;  ///< at compile time, for the guest's program
};

/// Every agent that skillaudit drives. An agent is a file of its own and a line here.
inline constexpr KnownAgent kKnownAgents[] = {
    {"claude", claude, kClaudePlaces},
    {"codex", codex, kCodexPlaces},
    {"gemini", gemini, kGeminiPlaces},
    {"opencode", opencode, kOpenCodePlaces},
};

}  // namespace skillaudit
