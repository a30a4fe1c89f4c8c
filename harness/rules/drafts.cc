#include "harness/rules/rules.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "harness/base/code_spans.h"
#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/consent/statement.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostApart = 12;
constexpr std::size_t kMostCitations = 10;
constexpr std::size_t kLongestCitation = 300;
static_assert(kMostListed > kMostApart + kMostCitations);  // each listed one has a citation
/// Files or groups of files that a title names.
constexpr std::size_t kMostNames = 3;
constexpr std::size_t kLongestSubject = 400;

/// Fills a template in one pass, so that a placeholder within guest text stays text.
std::string fill(std::string_view text, const Words& words) {
  std::string out;
  while (!text.empty()) {
    const std::size_t brace = std::min(text.find('{'), text.size());
    out += text.substr(0, brace);
    text.remove_prefix(brace);
    if (text.starts_with("{what}")) {
      out += words.what;
      text.remove_prefix(6);
    } else if (text.starts_with("{where}")) {
      out += words.where;
      text.remove_prefix(7);
    } else if (text.starts_with("{instead}")) {
      out += words.instead;
      text.remove_prefix(9);
    } else if (!text.empty()) {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

std::string_view type_name(FileType type) {
  switch (type) {
    case FileType::Regular:
      return "regular file";
    case FileType::Directory:
      return "folder";
    case FileType::Symlink:
      return "symbolic link";
    case FileType::Socket:
      return "socket";
    case FileType::Fifo:
      return "named pipe";
    case FileType::BlockDevice:
      return "block device";
    case FileType::CharacterDevice:
      return "character device";
    case FileType::Unknown:
      return "file of unknown type";
  }
  return "";
}

std::string describe(const FileEntry& entry) {
  if (entry.type == FileType::Symlink) {
    return fmt::format("symbolic link to {}", entry.link_target);
  }
  if (entry.type != FileType::Regular) return std::string(type_name(entry.type));
  return fmt::format("{}, {}", type_name(entry.type), human_bytes(entry.size));
}

/// The names in code spans, and the number of " and N more" at the end. A text without code spans
/// is a name itself.
Named names_in(std::string_view what) {
  Named named;
  std::string_view rest;
  for (const TextPart& part : code_spans(what)) {
    if (part.code) named.subjects.emplace_back(part.text);
    rest = part.code ? std::string_view() : part.text;
  }
  const bool has_names = !named.subjects.empty();
  if (!has_names && !what.empty()) named.subjects.emplace_back(what);
  constexpr std::string_view kAnd = " and ";
  if (has_names && rest.starts_with(kAnd) && rest.ends_with(" more"))
    std::from_chars(rest.data() + kAnd.size(), rest.data() + rest.size(), named.unnamed);
  return named;
}

}  // namespace

void Drafts::add(std::string_view rule, const Words& words, std::vector<Citation> evidence,
                 std::size_t offenders) {
  add(rule, words, names_in(words.what), std::move(evidence), offenders);
}

void Drafts::add(std::string_view rule, const Words& words, Named named,
                 std::vector<Citation> evidence, std::size_t offenders) {
  if (evidence.empty()) {
    fail(ErrorKind::Internal, "the rule {} found something and cites nothing", rule);
  }
  if (expected_ && std::find(expected_->begin(), expected_->end(), rule) == expected_->end())
    fail(ErrorKind::Internal, "the rule {} is found by code that does not name it", rule);
  if (evidence.size() > kMostCitations) {
    const std::size_t more = evidence.size() - kMostCitations;
    evidence.resize(kMostCitations);
    evidence.back().text += fmt::format(" (and {} more)", more);
  }
  const RubricRule& entry = rubric_.rule(rule);
  drafts_.push_back({&entry, fill(entry.title, words), std::move(named),
                     fill(entry.recommendation, words), std::move(evidence), offenders});
}

void Drafts::add_each(std::string_view rule, const std::vector<Offender>& offenders,
                      std::size_t unlisted) {
  const std::size_t all = offenders.size() + unlisted;
  const std::size_t apart = all <= kMostApart ? all : kMostApart - 1;
  for (std::size_t i = 0; i < apart; ++i) {
    Named named = names_in(offenders[i].words.what);
    named.extent = offenders[i].extent;
    add(rule, offenders[i].words, std::move(named), offenders[i].evidence, 1);
  }
  if (apart == all) return;
  Words words = offenders[apart].words;
  words.what += fmt::format(" and {} more", all - apart - 1);
  std::vector<Citation> evidence;
  Named named{.extent = ConsentExtent::Exactly};
  for (std::size_t i = apart; i < offenders.size(); ++i) {
    named.extent = std::min(named.extent, offenders[i].extent);
    Named each = names_in(offenders[i].words.what);
    std::move(each.subjects.begin(), each.subjects.end(), std::back_inserter(named.subjects));
    named.unnamed += each.unnamed;
  }
  named.unnamed += unlisted;
  for (std::size_t i = apart; i < offenders.size(); ++i) {
    std::copy(offenders[i].evidence.begin(), offenders[i].evidence.end(),
              std::back_inserter(evidence));
    if (evidence.size() > kMostCitations) break;
  }
  add(rule, words, std::move(named), std::move(evidence), all - apart);
}

void Drafts::consent(const RubricRule& rule, Verb verb, std::string_view object,
                     const Statement& statement) {
  if (consented_.size() >= kMostConsented) return;
  std::string name = shorten(printable(object.substr(0, kLongestSubject * 4)), kLongestSubject);
  std::tuple key(rule.id, verb, name);
  if (consented_.contains(key)) return;
  const ConsentPlace& place = statement.place;
  consented_.emplace(
      std::move(key),
      ConsentedEffect{.verb = verb,
                      .object = std::move(name),
                      .effect_class = rule.effect_class,
                      .rule = rule.id,
                      .statement = shorten(printable(statement.text), kLongestSubject),
                      .place = printable(fmt::format("{}:{}", place.file, place.line))});
}

std::vector<ConsentedEffect> Drafts::consented() const {
  std::vector<ConsentedEffect> all;
  for (const auto& [key, each] : consented_) all.push_back(each);
  return all;
}

std::string as_code(std::string_view raw, std::size_t limit) {
  const std::string text = shorten(printable(raw.substr(0, limit * 4)), limit);
  return code_span(text.empty() ? "(empty)" : text);
}

std::string as_code_list(const std::vector<std::string>& raw, std::size_t shown,
                         std::size_t unlisted) {
  const std::size_t count = std::min(shown, raw.size());
  const std::size_t more = raw.size() - count + unlisted;
  std::string list;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) list += i + 1 == count && more == 0 ? " and " : ", ";
    list += as_code(raw[i]);
  }
  if (more > 0) list += fmt::format(" and {} more", more);
  return list;
}

Citation cite(Source source, std::string_view text) {
  return {std::move(source),
          shorten(printable(text.substr(0, kLongestCitation * 4)), kLongestCitation)};
}

Citation cite_file(const FileChange& change) {
  switch (change.kind) {
    case ChangeKind::Added:
      return cite(source::after(Table::Files),
                  fmt::format("added {} ({}, mode {:04o})", change.path(), describe(change.after),
                              change.after.mode));
    case ChangeKind::Deleted:
      return cite(source::before(Table::Files),
                  fmt::format("deleted {} ({})", change.path(), describe(change.before)));
    case ChangeKind::Modified:
      break;
  }
  return cite(source::after(Table::Files),
              fmt::format("modified {} ({}, mode {:04o}, owner {}:{}; before: {}, mode {:04o}, "
                          "owner {}:{})",
                          change.path(), describe(change.after), change.after.mode,
                          change.after.uid, change.after.gid, describe(change.before),
                          change.before.mode, change.before.uid, change.before.gid));
}

void add_files(const RuleInput& input, Drafts& drafts, std::string_view rule,
               const std::vector<const FileChange*>& files, ConsentExtent extent) {
  if (files.empty()) return;
  const FileGroups groups = group_files(files, input.folders, kMostListed);
  std::vector<std::string> labels;
  Named named{.extent = extent};
  for (const FileGroup& group : groups.first) {
    if (labels.size() < kMostNames) labels.push_back(group.label);
    named.subjects.push_back(shorten(printable(group.label), kLongestSubject));
  }
  named.unnamed = groups.count - named.subjects.size();
  std::vector<Citation> evidence;
  for (std::size_t i = 0; i < files.size() && i < kMostCitations; ++i) {
    evidence.push_back(cite_file(*files[i]));
  }
  if (files.size() > kMostCitations) {
    evidence.back().text += fmt::format(" (and {} more)", files.size() - kMostCitations);
  }
  const std::size_t unnamed = groups.count - labels.size();
  drafts.add(rule, {as_code_list(labels, kMostNames, unnamed), "", ""}, std::move(named),
             std::move(evidence), groups.count);
}

bool comes_with_package(const RuleInput& input, const FileChange& change) {
  if (change.origin != Origin::Package) return false;
  return std::any_of(input.packages.begin(), input.packages.end(), [&](const NewPackage& each) {
    return each.from_mirror && each.package.name == change.package;
  });
}

bool comes_with_package(const RuleInput& input, std::string_view path) {
  const FileChange* change = find_change(input.changes.files, path);
  return change != nullptr && comes_with_package(input, *change);
}

}  // namespace skillaudit
