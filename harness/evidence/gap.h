#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/table.h"

namespace skillaudit {

/// Why a piece of evidence is missing.
enum class GapKind {
  NotWatched,   ///< the provider of the VM cannot observe this
  Lost,         ///< an observer failed, or its records are damaged or gone
  Cut,          ///< there was more than this program keeps or reads
  NotExercised  ///< the skill, or a part of it, did not run as planned
};
inline constexpr std::array kGapKinds = {GapKind::NotWatched, GapKind::Lost, GapKind::Cut,
                                         GapKind::NotExercised};
/// "not_watched": as in audit.json and report.json.
[[nodiscard]] std::string_view name_of(GapKind);

/// The source whose evidence is missing.
enum class GapSource {
  Agent,         ///< whether the agent did its work
  AgentFiles,    ///< the texts of agents' settings that changed
  Boot,          ///< the machine's next boot
  Console,       ///< the serial console
  DecoySearch,   ///< the search for decoys in what left the guest
  Digests,       ///< the content of changed files
  Disk,          ///< the file system as the host reads it
  Execution,     ///< the steps of the skill
  Flows,         ///< what reached the proxy
  Guest,         ///< the guest as a whole: it did not answer
  GuestView,     ///< what the guest shows of files that are on its disk
  Machine,       ///< the VM and what it reports
  Model,         ///< the agent's model
  PackageFiles,  ///< which package put which file where
  Snapshot,      ///< the guest's tables; the scope says which
  Trace,         ///< what the guest's kernel recorded of its processes
  Wire           ///< traffic that bypassed the proxy
};
inline constexpr std::array kGapSources = {
    GapSource::Agent,       GapSource::AgentFiles,   GapSource::Boot,      GapSource::Console,
    GapSource::DecoySearch, GapSource::Digests,      GapSource::Disk,      GapSource::Execution,
    GapSource::Flows,       GapSource::Guest,        GapSource::GuestView, GapSource::Machine,
    GapSource::Model,       GapSource::PackageFiles, GapSource::Snapshot,  GapSource::Trace,
    GapSource::Wire};
/// "decoy_search".
[[nodiscard]] std::string_view name_of(GapSource);

/// Which part of the source is missing, if known. Only our own names, never the guest's.
struct GapScope {
  std::string world;             ///< empty: the audit as a whole
  std::optional<Moment> moment;  ///< of a snapshot
  std::optional<Table> table;    ///< of a snapshot; none: all of them
  bool operator==(const GapScope&) const = default;
};

/// A piece of evidence that is missing. Kind, source and scope decide what follows from it; the
/// text is for people and may quote the guest, so nothing is ever decided by it.
struct Gap {
  GapKind kind = GapKind::Lost;
  GapSource source = GapSource::Guest;
  GapScope scope;
  std::string text;  ///< one sentence
  bool operator==(const Gap&) const = default;

  static Gap not_watched(GapSource source, std::string text, GapScope scope = {});
  static Gap lost(GapSource source, std::string text, GapScope scope = {});
  static Gap cut(GapSource source, std::string text, GapScope scope = {});
  static Gap not_exercised(GapSource source, std::string text, GapScope scope = {});
};

/// Adds all of `more` to the end of `gaps`.
void append(std::vector<Gap>& gaps, const std::vector<Gap>& more);

}  // namespace skillaudit
