#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "harness/evidence/stub.h"
#include "harness/skill/yaml_source.h"

namespace skillaudit {

/// A list of stubs, as `stubs:` of audit.yaml and a file for --stub have it:
///
///     - request: GET https://api.example.com/v1/items*   # as a rule of the network policy
///       json: {items: [1, 2]}       # or body: TEXT, or file: PATH; default no body
///       status: 200                 # 100 to 599, default 200
///       headers: {X-Total: "2"}
///       delay: 500ms                # at most 60s
///     - request: POST https://api.example.com/v1/items
///       sequence:                   # in this order; the last repeats
///         - {status: 201, json: {id: 7}}
///         - {failure: close}        # or timeout
///
/// Throws Error{source.blame} "FILE:LINE:COLUMN: …". The request is checked later
/// (traffic/stubs.h), and `file` is only named (read_stub_files()).
[[nodiscard]] std::vector<GivenStub> parse_stubs(const YamlSource& source, const YAML::Node& node);

/// Reads what `file` names, relative to `folder`, and nothing outside of it. Throws Error{blame}.
void read_stub_files(const std::filesystem::path& folder, std::vector<GivenStub>& stubs,
                     ErrorKind blame);

/// The stubs of a file for --stub: the list, or a map with the key `stubs`. Throws Error{Usage}.
[[nodiscard]] std::vector<GivenStub> load_stub_file(const std::filesystem::path& path);

inline constexpr std::size_t kMostStubs = 200;
inline constexpr std::uint64_t kMostStubBytes = 8ULL << 20;  ///< of all bodies of one list

}  // namespace skillaudit
