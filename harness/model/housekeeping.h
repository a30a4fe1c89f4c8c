#pragma once

#include "harness/model/conversation.h"

namespace skillaudit {

/// Whether the request is one of the agent's own besides the conversation: it offers no tools.
/// Titles, topics, summaries, the choice of a model.
[[nodiscard]] bool is_housekeeping(const ModelRequest& request);

/// "Untitled"; where an answer by a JSON schema is asked for, the least that fits it: the first of
/// an enumeration, the smallest number, 1 for an integer without bounds, else empty.
[[nodiscard]] ModelReply housekeeping_reply(const ModelRequest& request);

}  // namespace skillaudit
