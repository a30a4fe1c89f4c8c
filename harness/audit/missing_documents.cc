#include "harness/audit/missing_documents.h"

#include <algorithm>
#include <cctype>

#include "harness/analysis/unexercised.h"
#include "harness/audit/work_documents.h"
#include "harness/base/text.h"
#include "harness/changes/said_missing.h"
#include "harness/skill/named_files.h"

namespace skillaudit {
namespace {

constexpr std::size_t kLongestPath = 100;

/// The path below the project, without "./", or one right below /tmp, where a user puts what a
/// command reads next; empty for a place that no document has.
std::string place_of_document(std::string_view path, const std::string& project) {
  const std::string_view whole = path;
  const bool is_temporary =
      path.starts_with("/tmp/") && path.find('/', 5) == std::string_view::npos;
  if (is_temporary) path.remove_prefix(5);
  if (path.starts_with(project + "/")) path.remove_prefix(project.size() + 1);
  while (path.starts_with("./")) path.remove_prefix(2);
  const bool is_plain =
      !path.empty() && path.size() <= kLongestPath && path[0] != '/' && path[0] != '.' &&
      path[0] != '-' && path.find("..") == std::string_view::npos &&
      path.find("//") == std::string_view::npos && path.find("/.") == std::string_view::npos &&
      std::all_of(path.begin(), path.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-' || c == '/';
      });
  if (!is_plain || !can_make_document(path)) return {};
  return std::string(is_temporary ? whole : path);
}

std::string_view stem_of(std::string_view path) { return path.substr(0, path.rfind('.')); }

bool exists_after(const Evidence& evidence, const std::string& path) {
  return std::any_of(evidence.after.files.begin(), evidence.after.files.end(),
                     [&](const FileEntry& file) { return file.path == path; });
}

/// What a step says is missing, first to last.
std::vector<std::string> said_missing(const Step& step) {
  std::vector<std::string> names;
  for (const std::string* text : {&step.err, &step.out})
    for (const std::string_view line : split(*text, '\n'))
      if (std::string name = file_said_missing(trim(line)); !name.empty())
        names.push_back(std::move(name));
  return names;
}

}  // namespace

std::vector<MissingThing> missing_documents(const AuditResult& audit) {
  const Evidence& evidence = audit.evidence;
  std::vector<MissingThing> missing;
  if (audit.assessment.verdict != Verdict::Inconclusive || evidence.project.empty()) return missing;
  for (const Unexercised& part : unexercised_parts(evidence, audit.assessment.ends)) {
    const Step& step = evidence.execution.steps[part.step];
    for (const std::string& name : said_missing(step)) {
      const std::string path = place_of_document(name, evidence.project);
      if (path.empty() || missing.size() == kMostDocuments ||
          exists_after(evidence, path[0] == '/' ? path : evidence.project + "/" + path) ||
          std::any_of(missing.begin(), missing.end(), [&](const MissingThing& each) {
            return stem_of(each.want) == std::string(kDocumentWant) + std::string(stem_of(path));
          }))
        continue;
      missing.push_back({std::string(kDocumentWant) + path, step.name});
    }
  }
  return missing;
}

void add_missing(const AuditResult& audit, std::vector<MissingThing>& missing) {
  const int round = missing.empty() ? 1 : missing.back().round + 1;
  for (const auto& things : {missing_packages(audit), missing_documents(audit)})
    for (const MissingThing& each : things)
      if (std::none_of(missing.begin(), missing.end(),
                       [&](const MissingThing& other) { return other.want == each.want; })) {
        missing.push_back(each);
        missing.back().round = round;
      }
}

std::vector<std::string> documents_among(const std::vector<MissingThing>& missing) {
  std::vector<std::string> paths;
  for (const MissingThing& each : missing)
    if (each.want.starts_with(kDocumentWant))
      paths.push_back(each.want.substr(kDocumentWant.size()));
  return paths;
}

void mark_steps_with(const std::vector<MissingThing>& missing, Plan& plan) {
  const std::vector<std::string> paths = documents_among(missing);
  for (PlannedStep& step : plan.steps)
    if (std::any_of(paths.begin(), paths.end(),
                    [&](const std::string& path) { return mentions_file(step.command, path); }))
      step.tentative = true;
}

}  // namespace skillaudit
