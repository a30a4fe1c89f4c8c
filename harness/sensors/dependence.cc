#include "harness/sensors/dependence.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

/// Bytes of a word around one that varies by itself: random characters agree here and there.
constexpr std::size_t kAround = 16;
/// Bytes that follow the secrets, within a word that varies elsewhere.
constexpr std::size_t kLeastWithin = 4;
constexpr std::size_t kShown = 160;
constexpr std::size_t kWeak = 6;
/// Requests around those whose order varies by itself: more of them may have changed places.
constexpr std::size_t kAroundRequests = 8;

bool is_separator(unsigned char c) {
  return std::isspace(c) != 0 ||
         std::string_view("\"'`,;:{}[]()<>=&?/|").find(static_cast<char>(c)) !=
             std::string_view::npos;
}

/// Words and what stands between them, by turns.
std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < text.size();) {
    const bool between = is_separator(static_cast<unsigned char>(text[at]));
    std::size_t end = at + 1;
    while (end < text.size() && is_separator(static_cast<unsigned char>(text[end])) == between)
      ++end;
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

/// A value of each clone: first those with the audit's own secrets, then the others.
struct Values {
  std::vector<std::string_view> own;
  std::vector<std::string_view> others;
};

bool all_equal(const std::vector<std::string_view>& values) {
  return std::all_of(values.begin(), values.end(),
                     [&](std::string_view each) { return each == values.front(); });
}

/// Whether a word that varies by itself holds bytes that do not, and follow the secrets.
bool follows_within(const Values& values) {
  const std::size_t size = values.own.front().size();
  const auto same_size = [&](std::string_view each) { return each.size() == size; };
  if (!std::all_of(values.own.begin(), values.own.end(), same_size) ||
      !std::all_of(values.others.begin(), values.others.end(), same_size))
    return false;
  std::vector<bool> varies(size);
  for (std::size_t i = 0; i < size; ++i) {
    const auto same = [&](const std::vector<std::string_view>& all) {
      return std::all_of(all.begin(), all.end(),
                         [&](std::string_view each) { return each[i] == all.front()[i]; });
    };
    if (same(values.own) && same(values.others)) continue;
    const std::size_t end = std::min(size, i + kAround + 1);
    for (std::size_t near = i - std::min(i, kAround); near < end; ++near) varies[near] = true;
  }
  std::size_t count = 0;
  for (std::size_t i = 0; i < size; ++i)
    if (!varies[i] && values.own.front()[i] != values.others.front()[i]) ++count;
  return count >= kLeastWithin;
}

bool follows_by_size(const Values& values) {
  const auto alike = [](const std::vector<std::string_view>& all) {
    return std::all_of(all.begin(), all.end(),
                       [&](std::string_view each) { return each.size() == all.front().size(); });
  };
  return alike(values.own) && alike(values.others) &&
         values.own.front().size() != values.others.front().size();
}

/// Whether some hold bytes that no text has.
bool is_binary(const Values& values) {
  const auto is_no_text = [](char c) {
    return static_cast<unsigned char>(c) < ' ' && c != '\t' && c != '\n' && c != '\r';
  };
  const auto any = [&](const std::vector<std::string_view>& all) {
    return std::any_of(all.begin(), all.end(), [&](std::string_view each) {
      return std::any_of(each.begin(), each.end(), is_no_text);
    });
  };
  return any(values.own) || any(values.others);
}

/// What in `values` follows the secrets: a word of each kind of clone. None: nothing does.
std::optional<std::pair<std::string, std::string>> following(const Values& values) {
  const auto pair = [](std::string_view own, std::string_view other) {
    return std::pair(std::string(own.substr(0, kShown)), std::string(other.substr(0, kShown)));
  };
  const std::string_view own_first = values.own.front();
  const std::string_view other_first = values.others.front();
  const bool steady = all_equal(values.own) && all_equal(values.others);
  if (steady && own_first == other_first) return std::nullopt;
  // Bytes drawn at random hold separators now and then: how many words they make tells nothing.
  if (!steady && is_binary(values))
    return follows_by_size(values) || follows_within(values)
               ? std::optional(pair(own_first, other_first))
               : std::nullopt;
  std::vector<std::vector<std::string_view>> own;
  std::vector<std::vector<std::string_view>> others;
  for (const std::string_view each : values.own) own.push_back(words_of(each));
  for (const std::string_view each : values.others) others.push_back(words_of(each));
  const auto alike = [](const auto& all) {
    return std::all_of(all.begin(), all.end(),
                       [&](const auto& each) { return each.size() == all.front().size(); });
  };
  if (!alike(own) || !alike(others)) return std::nullopt;  // it varies by itself
  if (own.front().size() != others.front().size())
    return pair(values.own.front(), values.others.front());
  for (std::size_t i = 0; i < own.front().size(); ++i) {
    Values word;
    for (const auto& each : own) word.own.push_back(each[i]);
    for (const auto& each : others) word.others.push_back(each[i]);
    const bool is_steady = all_equal(word.own) && all_equal(word.others);
    if (is_steady ? word.own.front() != word.others.front() : follows_within(word))
      return pair(word.own.front(), word.others.front());
  }
  return std::nullopt;
}

/// Of an order that varies by itself, the first request away from what varies that is another with
/// other secrets.
std::optional<std::pair<std::string, std::string>> following_in_order(const Values& values) {
  std::vector<std::vector<std::string_view>> own;
  std::vector<std::vector<std::string_view>> others;
  for (const std::string_view each : values.own) own.push_back(split(each, '\n'));
  for (const std::string_view each : values.others) others.push_back(split(each, '\n'));
  const std::size_t count = own.front().size();
  for (const auto* all : {&own, &others})
    for (const auto& each : *all)
      if (each.size() != count) return std::nullopt;
  const auto steady = [](const auto& all, std::size_t i) {
    return std::all_of(all.begin(), all.end(),
                       [&](const auto& each) { return each[i] == all.front()[i]; });
  };
  std::vector<bool> varies(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (steady(own, i) && steady(others, i)) continue;
    const std::size_t end = std::min(count, i + kAroundRequests + 1);
    for (std::size_t near = i - std::min(i, kAroundRequests); near < end; ++near)
      varies[near] = true;
  }
  for (std::size_t i = 0; i < count; ++i)
    if (!varies[i] && own.front()[i] != others.front()[i])
      return std::pair(std::string(own.front()[i].substr(0, kShown)),
                       std::string(others.front()[i].substr(0, kShown)));
  return std::nullopt;
}

std::optional<std::pair<std::string, std::string>> following(const Values& values,
                                                             std::string_view where) {
  const bool steady = all_equal(values.own) && all_equal(values.others);
  return where == kOrderOfRequests && !steady ? following_in_order(values) : following(values);
}

}  // namespace

std::vector<Dependence> find_dependences(const std::vector<Sent>& own,
                                         const std::vector<Sent>& others) {
  std::vector<SentParts> own_parts;
  std::vector<SentParts> other_parts;
  std::vector<const Sent*> clones;
  for (const auto* all : {&own, &others})
    for (const Sent& each : *all) clones.push_back(&each);
  const CommonRequests common = common_requests(clones);
  for (const Sent& each : own) own_parts.push_back(sent_parts(each, common));
  for (const Sent& each : others) other_parts.push_back(sent_parts(each, common));
  std::set<std::string> keys;
  for (const auto* all : {&own_parts, &other_parts})
    for (const SentParts& parts : *all)
      for (const auto& [key, part] : parts) keys.insert(key);
  std::vector<Dependence> found;
  for (const std::string& key : keys) {
    Values values;
    const SentPart* left = nullptr;
    const SentPart* other = nullptr;
    const auto take = [&](const std::vector<SentParts>& all, std::vector<std::string_view>& into,
                          const SentPart*& first) {
      for (const SentParts& parts : all) {
        const auto part = parts.find(key);
        into.push_back(part == parts.end() ? std::string_view() : part->second.value);
        if (first == nullptr && part != parts.end()) first = &part->second;
      }
    };
    take(own_parts, values.own, left);
    take(other_parts, values.others, other);
    const SentPart& shown = left != nullptr ? *left : *other;
    const auto follows = following(values, shown.where);
    if (!follows) continue;
    const auto where_from = [&](const SentPart* part, const std::vector<Sent>& all) {
      return part != nullptr ? part->evidence
                             : Source{.world = all.front().world, .file = BundleFile::Flows};
    };
    found.push_back({.evidence = where_from(left, own),
                     .other = where_from(other, others),
                     .to = shown.to,
                     .where = shown.where,
                     .text = follows->first,
                     .other_text = follows->second,
                     .pairs = own.size()});
  }
  return found;
}

bool is_weak(const Dependence& dependence) {
  if (dependence.where == kOrderOfRequests) return true;  // two that race change places by chance
  return dependence.text.size() <= kWeak && dependence.other_text.size() <= kWeak;
}

}  // namespace skillaudit
