#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "harness/evidence/dependence.h"
#include "harness/sensors/sent_parts.h"

namespace skillaudit {

/// What a world sent, read from its folder: a bundle's, of which only audit.json, the flows with
/// their bodies and the frames are needed. `folder` must outlive it. The audit's own request is
/// left out. Throws as load_evidence() does.
[[nodiscard]] Sent read_sent(const std::filesystem::path& bundle, const std::string& world);

/// Takes the audit's own request to `host`, and what is before it, out of the flows. False: there
/// was none.
bool leave_out_probe(std::vector<Flow>& flows, const std::string& host);

/// Ids of the requests of `world` (empty: of the audit's own evidence) that all of `worlds` made
/// too, alike to the last byte.
[[nodiscard]] std::set<std::int64_t> read_sent_alike(const std::filesystem::path& bundle,
                                                     const std::string& world,
                                                     const std::vector<std::string>& worlds);

/// What depends on the secrets, by the worlds that are there (kComparedWorlds): the first of
/// `worlds`, and each second one after it, has the audit's own secrets. Of an odd number the last
/// counts for nothing. Empty for less than two.
[[nodiscard]] std::vector<Dependence> read_dependences(const std::filesystem::path& bundle,
                                                       const std::vector<std::string>& worlds);

}  // namespace skillaudit
