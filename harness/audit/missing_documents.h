#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/audit/missing_packages.h"
#include "harness/runner/plan.h"

namespace skillaudit {

inline constexpr std::string_view kDocumentWant = "document:";

/// The documents that steps did not find in the project or in /tmp and that can be made there
/// (make_document()): of a step that was not exercised and could harm, since nothing else is open.
/// None that the skill made later, nor one whose name a conversion of another one gives: it would
/// be overwritten. None where an audit already refuses the skill. At most kMostDocuments, in the
/// order in which they were missed.
[[nodiscard]] std::vector<MissingThing> missing_documents(const AuditResult& audit);

inline constexpr std::size_t kMostDocuments = 12;

/// Adds to `missing`, which an audit was given, what it lacked still: missing_packages(), then
/// missing_documents(). What it lacks although it was given is not to be had.
void add_missing(const AuditResult& audit, std::vector<MissingThing>& missing);

/// The paths of the documents among `missing`, relative to the project or absolute.
[[nodiscard]] std::vector<std::string> documents_among(const std::vector<MissingThing>& missing);

/// Marks the steps that name one of the documents as the audit's own reading of the skill: that a
/// step cannot work with a document that nobody described is not the skill's fault.
void mark_steps_with(const std::vector<MissingThing>& missing, Plan& plan);

}  // namespace skillaudit
