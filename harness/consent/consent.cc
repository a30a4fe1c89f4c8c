#include "harness/consent/consent.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "harness/base/ascii.h"
#include "harness/base/text.h"
#include "harness/consent/command_match.h"
#include "harness/consent/documents.h"
#include "harness/consent/word_class.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostPatterns = 1000;

/// Packages, units and hosts do not differ by case; Python's packages not by "_" and "-" either.
std::string key_of(const ConsentObject& object) {
  std::string name = ascii_lower(object.name);
  if (object.kind == ConsentKind::Name) std::replace(name.begin(), name.end(), '_', '-');
  return std::to_string(static_cast<int>(object.kind)) + ":" + name;
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host.starts_with("127.") || host == "::1";
}

}  // namespace

std::string_view name_of(ConsentExtent extent) {
  static constexpr std::array<std::string_view, 3> kNames = {"none", "in general", "exactly"};
  return kNames[static_cast<std::size_t>(extent)];
}

Consent::Consent(const Skill& skill, ConsentPlaces places) : places_(std::move(places)) {
  ReadDocuments documents = read_documents(skill);
  statements_ = std::move(documents.statements);
  cuts_ = std::move(documents.cuts);
  index();
}

void Consent::index() {
  for (std::uint32_t s = 0; s < statements_.size(); ++s) {
    const Statement& statement = statements_[s];
    if (statement.sets && statement.visible && statement.kind != StatementKind::Block)
      setting_statements_.push_back(s);
    for (std::uint32_t c = 0; c < statement.claims.size(); ++c)
      index_claim(statement.claims[c], {s, c});
  }
  if (patterns_.size() >= kMostPatterns)
    cuts_.push_back("patterns of paths beyond the first 1,000");
}

void Consent::index_claim(const ConsentClaim& claim, Reference reference) {
  const ConsentObject& object = claim.object;
  if (object.kind == ConsentKind::Command || object.kind == ConsentKind::CronLine ||
      (object.kind == ConsentKind::Path && claim.verbs.has(Verb::Run)))
    if (commands_.size() < 20'000) commands_.push_back(reference);
  if (object.kind == ConsentKind::Host && object.name.starts_with("*.")) {
    if (wild_hosts_.size() < kMostPatterns) wild_hosts_.push_back(reference);
    return;
  }
  if (object.kind != ConsentKind::Path) {
    if (object.kind == ConsentKind::Host && object.name.empty())
      network_denials_.push_back(reference.statement);
    others_[key_of(object)].push_back(reference);
    return;
  }
  std::string folder = object.name;
  if (is_pattern(folder)) {
    if (patterns_.size() < kMostPatterns) patterns_.push_back(reference);
    folder = folder.substr(0, folder.find_first_of("*?"));
    folder = folder.substr(0, folder.rfind('/'));
    if (!folder.empty()) folders_above_[folder].push_back(reference);
  } else {
    paths_[folder].push_back(reference);
  }
  for (std::size_t slash = folder.rfind('/'); slash != std::string::npos && slash > 0;
       slash = folder.rfind('/', slash - 1)) {
    std::vector<Reference>& above = folders_above_[folder.substr(0, slash)];
    if (above.size() < 4) above.push_back(reference);
  }
}

void Consent::find_paths(std::string_view form, std::vector<Found>& found) const {
  constexpr std::size_t kMostFound = 2000;
  const auto add = [&](const Index& index, std::string_view path, Match match) {
    const auto at = index.find(std::string(path));
    if (at == index.end()) return;
    for (const Reference& reference : at->second)
      if (found.size() < kMostFound) found.push_back({reference, match});
  };
  add(paths_, form, Match::Same);
  for (const Reference& reference : patterns_) {
    const std::string& pattern = claim_at(reference).object.name;
    if (matches_path(pattern, form))
      found.push_back({reference, is_telling(pattern) ? Match::Pattern : Match::Loose});
  }
  for (std::size_t slash = form.rfind('/'); slash != std::string_view::npos;
       slash = slash == 0 ? std::string_view::npos : form.rfind('/', slash - 1))
    add(paths_, slash == 0 ? "/" : form.substr(0, slash), Match::Below);
  add(folders_above_, form, Match::Above);
}

void Consent::find_hosts(const ConsentObject& object, std::vector<Found>& found) const {
  std::string host = ascii_lower(object.name);
  while (host.ends_with('.')) host.pop_back();
  const auto add = [&](const std::string& name) {
    const auto at = others_.find(key_of(ConsentObject::host_at(name)));
    if (at == others_.end()) return;
    for (const Reference& reference : at->second) found.push_back({reference, Match::Same});
  };
  add(host);
  if (is_loopback(host))
    for (const char* name : {"localhost", "127.0.0.1", "::1"})
      if (host != name) add(name);
  for (const Reference& reference : wild_hosts_) {
    const std::string_view suffix = std::string_view(claim_at(reference).object.name).substr(1);
    if (!host.ends_with(suffix)) continue;
    // A name needs two short labels at most below a wildcard; more of them carry data.
    const std::string_view labels = std::string_view(host).substr(0, host.size() - suffix.size());
    const bool sound = !labels.empty() && labels.size() <= 32 &&
                       std::count(labels.begin(), labels.end(), '.') <= 1 &&
                       std::count(suffix.begin(), suffix.end(), '.') >= 2;
    if (sound) found.push_back({reference, Match::Pattern});
  }
}

bool Consent::mentions_program(std::string_view program) const {
  const auto names = [&](const Statement& statement) {
    bool found = false;
    for (const std::string_view word : split(statement.text, ' ')) {
      if (is_negator(ascii_lower(word))) return false;
      found = found || word.find(program) != std::string_view::npos;
    }
    return found;
  };
  const auto is_named_in = [&](const ConsentClaim& claim) {
    return claim.why_not != WhyNot::Denied &&
           (claim.object.kind == ConsentKind::Name
                ? claim.object.name == program
                : claim.object.kind == ConsentKind::Command &&
                      program_of_command(claim.object.name) == program);
  };
  return std::any_of(statements_.begin(), statements_.end(), [&](const Statement& statement) {
    return statement.visible && statement.kind != StatementKind::Declared && names(statement) &&
           std::any_of(statement.claims.begin(), statement.claims.end(), is_named_in);
  });
}

std::vector<Consent::Found> Consent::find(const ConsentObject& object) const {
  std::vector<Found> found;
  if (object.kind == ConsentKind::Path) {
    for (const std::string& form : written_forms(places_, object.name)) find_paths(form, found);
  } else if (object.kind == ConsentKind::Host) {
    find_hosts(object, found);
  } else if (object.kind == ConsentKind::Command || object.kind == ConsentKind::CronLine) {
    for (const Reference& reference : commands_) found.push_back({reference, Match::Same});
  } else {
    const auto at = others_.find(key_of(object));
    if (at != others_.end())
      for (const Reference& reference : at->second) found.push_back({reference, Match::Same});
    if (object.kind == ConsentKind::Listener) {
      // The port says more than the address.
      for (const char* address : {"", "127.0.0.1", "0.0.0.0"}) {
        ConsentObject other = object;
        other.name = address;
        const auto same_port = others_.find(key_of(other));
        if (address == object.name || same_port == others_.end()) continue;
        for (const Reference& reference : same_port->second)
          found.push_back({reference, Match::Same});
      }
      for (const Reference& reference : commands_) found.push_back({reference, Match::Same});
    }
  }
  return found;
}

}  // namespace skillaudit
