#include "harness/consent/word_class.h"

#include <algorithm>
#include <array>

#include "harness/base/among.h"

namespace skillaudit {
namespace {

constexpr auto kDeterminers = std::to_array<std::string_view>(
    {"the",       "a",       "an",       "this",    "these",  "those",   "its",   "their", "his",
     "her",       "your",    "my",       "our",     "each",   "every",   "any",   "all",   "both",
     "no",        "some",    "such",     "new",     "old",    "one",     "two",   "first", "last",
     "next",      "other",   "same",     "own",     "user's", "skill's", "more",  "most",  "few",
     "many",      "several", "previous", "current", "single", "full",    "small", "large", "local",
     "temporary", "daily",   "weekly",   "minor",   "small",  "quick",   "whole"});

constexpr auto kCommon = std::to_array<std::string_view>(
    {"package", "packages",  "program", "programs", "tool",     "tools",    "library",  "libraries",
     "module",  "modules",   "version", "system",   "network",  "access",   "internet", "online",
     "root",    "sudo",      "rights",  "nothing",  "none",     "anything", "else",     "missing",
     "needed",  "necessary", "user",    "machine",  "debian",   "ubuntu",   "debian's", "linux",
     "macos",   "hook",      "service", "unit",     "units",    "timer",    "command",  "script",
     "file",    "files",     "folder",  "skill",    "skills",   "later",    "above",    "installed",
     "there",   "here",      "itself",  "works",    "offline",  "once",     "only",     "just",
     "least",   "recent",    "higher",  "newer",    "optional", "required", "from",     "what",
     "that",    "which",     "them",    "they",     "when",     "where",    "if",       "is",
     "are",     "be",        "not",     "and",      "or",       "with",     "without",  "for",
     "on",      "in",        "by",      "to",       "of",       "as",       "at",       "it"});

}  // namespace

bool is_negator(std::string_view word) {
  static constexpr auto kNegators = std::to_array<std::string_view>(
      {"not",    "never",     "no",        "without",    "nothing", "neither", "nor",
       "none",   "cannot",    "nobody",    "nowhere",    "refuses", "refuse",  "avoid",
       "avoids", "avoiding",  "forbidden", "prohibited", "dont",    "doesnt",  "stop",
       "stops",  "prevents",  "prevent",   "refrains",   "skip",    "skips",   "ignores",
       "ignore", "disallows", "forbids"});
  return among(kNegators, word) || word.ends_with("n't");
}

bool is_exceptor(std::string_view word) {
  return word == "except" || word == "excluding" || word == "excepting";
}

bool is_be(std::string_view word) {
  static constexpr auto kBe =
      std::to_array<std::string_view>({"is", "are", "was", "were", "be", "been", "being", "gets",
                                       "get", "isn't", "aren't", "it's"});
  return among(kBe, word);
}

bool is_modal(std::string_view word) {
  static constexpr auto kModals = std::to_array<std::string_view>(
      {"can", "may", "must", "will", "shall", "should", "do", "does", "cannot", "can't", "won't",
       "don't", "doesn't", "mustn't", "shouldn't", "it'll", "lets", "let"});
  return among(kModals, word);
}

bool is_hypothetical(std::string_view word) {
  static constexpr auto kHypothetical = std::to_array<std::string_view>(
      {"would",      "could",    "might",      "wouldn't",  "couldn't",
       "previously", "formerly", "someday",    "planned",   "pretends",
       "pretend",    "imagine",  "suppose",    "supposed",  "hypothetically",
       "eventually", "todo",     "deprecated", "simulates", "simulate"});
  return among(kHypothetical, word);
}

bool is_determiner(std::string_view word) { return among(kDeterminers, word); }

bool is_adverb(std::string_view word) {
  static constexpr auto kAdverbs = std::to_array<std::string_view>(
      {"also",       "only",        "always",      "then",     "first",         "finally",
       "again",      "just",        "simply",      "already",  "automatically", "optionally",
       "usually",    "safely",      "even",        "still",    "now",           "later",
       "please",     "temporarily", "permanently", "silently", "directly",      "once",
       "afterwards", "ever"});
  return among(kAdverbs, word) || (word.ends_with("ly") && word.size() > 4);
}

bool is_pronoun(std::string_view word) {
  static constexpr auto kPronouns =
      std::to_array<std::string_view>({"it", "them", "they", "these", "those", "both", "this"});
  return among(kPronouns, word);
}

bool breaks_clause(std::string_view word) {
  static constexpr auto kBreaks = std::to_array<std::string_view>(
      {"which", "who", "where", "when", "whenever", "if", "while", "because", "so", "unless",
       "until", "although", "though", "since", "whereas", "once", "whose", "what", "why"});
  return among(kBreaks, word);
}

bool is_user_word(std::string_view word) {
  static constexpr auto kUsers = std::to_array<std::string_view>(
      {"user",     "users",     "people",     "person",        "somebody",       "someone",
       "anyone",   "anybody",   "author",     "administrator", "administrators", "admin",
       "operator", "developer", "developers", "owner",         "human",          "reader",
       "readers",  "everybody", "whoever",    "maintainer",    "maintainers"});
  return among(kUsers, word);
}

bool is_skill_word(std::string_view word) {
  static constexpr auto kSkill = std::to_array<std::string_view>(
      {"it",        "this",    "skill",    "script",  "scripts", "tool",    "command",  "commands",
       "program",   "helper",  "job",      "service", "unit",    "units",   "timer",    "hook",
       "installer", "wrapper", "server",   "daemon",  "watcher", "process", "step",     "steps",
       "run",       "option",  "flag",     "setup",   "we",      "i",       "agent",    "claude",
       "they",      "you",     "line",     "block",   "entry",   "task",    "workflow", "phase",
       "cleanup",   "code",    "function", "module",  "plugin",  "he",      "she",      "mode",
       "that",      "which"});
  return among(kSkill, word);
}

bool is_other_word(std::string_view word) {
  static constexpr auto kOthers = std::to_array<std::string_view>(
      {"other",      "others",   "another",   "some",       "many",        "most",
       "malware",    "attacker", "attackers", "attack",     "attacks",     "virus",
       "ransomware", "hacker",   "hackers",   "competitor", "competitors", "similar",
       "different",  "bad",      "hostile",   "malicious",  "elsewhere",   "old",
       "older",      "earlier",  "previous",  "future",     "typical",     "rogue"});
  return among(kOthers, word);
}

bool is_unaffected(std::string_view word) {
  static constexpr auto kUnaffected =
      std::to_array<std::string_view>({"alone", "untouched", "unchanged", "intact", "unmodified",
                                       "unaffected", "unaltered", "off-limits"});
  return among(kUnaffected, word);
}

bool is_detecting(std::string_view word) {
  static constexpr auto kDetecting = std::to_array<std::string_view>(
      {"detect",  "detects",   "detecting", "find",       "finds",       "check",      "checks",
       "warn",    "warns",     "flag",      "flags",      "identify",    "identifies", "spot",
       "spots",   "catch",     "catches",   "block",      "blocks",      "prevent",    "prevents",
       "protect", "protects",  "watches",   "scans",      "undo",        "undoes",     "revert",
       "reverts", "recover",   "recovers",  "discourage", "discourages", "lists",      "shows",
       "reports", "describes", "documents", "discusses",  "about",       "guards",     "against"});
  return among(kDetecting, word);
}

bool is_common_word(std::string_view word) {
  return among(kCommon, word) || is_determiner(word) || is_adverb(word) || is_pronoun(word) ||
         is_modal(word) || is_be(word) || preposition(word) != Preposition::None;
}

Preposition preposition(std::string_view word) {
  static constexpr auto kInto =
      std::to_array<std::string_view>({"to", "into", "onto", "in", "inside", "at", "under", "below",
                                       "beneath", "on", "as", "within", "beside", "next"});
  static constexpr auto kWith =
      std::to_array<std::string_view>({"with", "by", "via", "using", "through"});
  static constexpr auto kOther = std::to_array<std::string_view>(
      {"for", "about", "against", "like", "per", "between", "than", "before", "after", "during",
       "over", "around", "near", "despite", "versus"});
  if (among(kInto, word)) return Preposition::Into;
  if (word == "from") return Preposition::From;
  if (word == "of") return Preposition::Of;
  if (among(kWith, word)) return Preposition::With;
  if (among(kOther, word)) return Preposition::Other;
  return Preposition::None;
}

}  // namespace skillaudit
