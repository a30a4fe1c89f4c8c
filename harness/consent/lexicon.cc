#include "harness/consent/lexicon.h"

#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr VerbSet kNone{};
constexpr VerbSet kRead{Verb::Read};
constexpr VerbSet kCreate{Verb::Create};
constexpr VerbSet kModify{Verb::Modify};
constexpr VerbSet kWrite{Verb::Create, Verb::Modify};
constexpr VerbSet kReplace{Verb::Modify, Verb::Overwrite};
constexpr VerbSet kDelete{Verb::Delete};
constexpr VerbSet kRun{Verb::Run};
constexpr VerbSet kStay{Verb::Stay};
constexpr VerbSet kRunStay{Verb::Run, Verb::Stay};
constexpr VerbSet kSend{Verb::Send};
constexpr VerbSet kReceive{Verb::Receive};
constexpr VerbSet kGet{Verb::Receive, Verb::Create};
constexpr VerbSet kAsk{Verb::Receive, Verb::Read};
constexpr VerbSet kInstall{Verb::Install, Verb::Stay, Verb::Create};
constexpr VerbSet kMoved{Verb::Delete, Verb::Read};
constexpr VerbSet kAdd{Verb::Create, Verb::Stay};

constexpr auto kLexicon = std::to_array<VerbEntry>({
    // lemma, particle, past, participle, noun, direct, into, from
    {"read", "", "read", "read", "", kAsk, kRead, kAsk},
    {"load", "", "", "", "", kAsk, kRead, kAsk, kMostlyNoun},
    {"parse", "", "", "", "", kRead, kRead, kRead},
    {"open", "", "", "", "", kRead, kNone, kNone, kMostlyNoun},
    {"inspect", "", "", "", "inspection", kRead, kRead, kRead},
    {"examine", "", "", "", "examination", kRead, kRead, kRead},
    {"scan", "", "scanned", "scanned", "", kRead, kRead, kRead},
    {"search", "", "", "", "", kAsk, kAsk, kAsk},
    {"list", "", "", "", "", kRead, kRead, kRead, kMostlyNoun},
    {"view", "", "", "", "", kRead, kRead, kRead, kMostlyNoun},
    {"show", "", "showed", "shown", "", kRead, kRead, kRead},
    {"display", "", "", "", "", kRead, kRead, kRead},
    {"print", "", "", "", "", kRead, kRead, kRead},
    {"check", "", "", "", "", kAsk, kRead, kAsk},
    {"count", "", "", "", "", kRead, kRead, kRead, kMostlyNoun},
    {"analyse", "", "", "", "", kRead, kRead, kRead},
    {"analyze", "", "", "", "analysis", kRead, kRead, kRead},
    {"summarise", "", "", "", "", kRead, kRead, kRead},
    {"summarize", "", "", "", "summary", kRead, kRead, kRead},
    {"index", "", "", "", "", kRead, kWrite, kRead, kMostlyNoun},
    {"import", "", "", "", "", kRead, kWrite, kRead},
    {"compare", "", "", "", "comparison", kRead, kRead, kRead},
    {"lint", "", "", "", "", kRead, kRead, kRead, kMostlyNoun},
    {"validate", "", "", "", "validation", kRead, kRead, kRead},
    {"verify", "", "", "", "", kRead, kRead, kRead},
    {"review", "", "", "", "", kRead, kRead, kRead, kMostlyNoun},
    {"consult", "", "", "", "", kAsk, kRead, kRead},
    {"follow", "", "", "", "", kRead, kRead, kRead},
    {"watch", "", "", "", "", kRead, kRead, kRead},
    {"monitor", "", "", "", "", kRead, kRead, kRead, kMostlyNoun},
    {"find", "", "found", "found", "", kRead, kRead, kRead},
    {"look", "at", "", "", "", kRead, kRead, kRead},
    {"look", "through", "", "", "", kRead, kRead, kRead},
    {"look", "up", "", "", "", kAsk, kAsk, kAsk},
    {"look", "into", "", "", "", kRead, kRead, kRead},
    {"look", "in", "", "", "", kRead, kRead, kRead},
    {"source", "", "", "", "", {Verb::Read, Verb::Run}, kNone, kRead, kMostlyNoun},
    {"hash", "", "", "", "", kRead, kNone, kRead, kMostlyNoun},
    {"measure", "", "", "", "", kRead, kRead, kRead},
    {"use", "", "", "", "", {Verb::Read, Verb::Run, Verb::Receive}, kNone, kRead},
    {"walk", "", "", "", "", kRead, kRead, kRead, kMostlyNoun},
    {"collect", "", "", "", "", kRead, kWrite, kAsk},
    {"gather", "", "", "", "", kRead, kWrite, kAsk},
    {"process", "", "", "", "", kRead, kRead, kRead, kMostlyNoun},
    {"transform", "", "", "", "", kRead, kWrite, kRead},
    {"convert", "", "", "", "conversion", kRead, kWrite, kRead},
    {"translate", "", "", "", "translation", kRead, kWrite, kRead},
    {"extract", "", "", "", "extraction", kRead, kWrite, kRead},
    {"unpack", "", "", "", "", kRead, kWrite, kRead},
    {"render", "", "", "", "", kRead, kWrite, kRead},
    {"merge", "", "", "", "", kRead, kWrite, kRead},
    {"combine", "", "", "", "", kRead, kWrite, kRead},
    {"split", "", "split", "split", "", kRead, kWrite, kRead},
    {"pack", "", "", "", "", kRead, kWrite, kRead, kMostlyNoun},
    {"compress", "", "", "", "", kRead, kWrite, kRead},
    {"archive", "", "", "", "", kRead, kWrite, kRead, kMostlyNoun},
    {"back", "up", "", "", "backup", kRead, kWrite, kRead},
    {"copy", "", "", "", "", kRead, kWrite, kRead},
    {"mirror", "", "", "", "", kRead, kWrite | kSend, kRead, kMostlyNoun},
    {"sync", "", "", "", "", kRead, kWrite | kSend, kAsk},
    {"synchronise", "", "", "", "", kRead, kWrite | kSend, kAsk},
    {"synchronize", "", "", "", "synchronization", kRead, kWrite | kSend, kAsk},

    {"create", "", "", "", "creation", kAdd, kWrite, kRead},
    {"write", "", "wrote", "written", "", kWrite, kWrite | kSend, kRead, kMayOverwrite},
    {"write", "down", "wrote", "written", "", kWrite, kWrite, kRead},
    {"save", "", "", "", "", kWrite, kWrite | kSend, kRead, kMayOverwrite},
    {"store", "", "", "", "storage", kWrite, kWrite | kSend, kRead, kMayOverwrite | kMostlyNoun},
    {"put", "", "put", "put", "", kAdd, kWrite | kSend, kRead, kMayOverwrite},
    {"place", "", "", "", "", kAdd, kWrite, kRead, kMayOverwrite | kMostlyNoun},
    {"generate", "", "", "", "generation", kCreate, kWrite, kRead, kMayOverwrite},
    {"produce", "", "", "", "production", kCreate, kWrite, kRead, kMayOverwrite},
    {"output", "", "output", "output", "", kCreate, kWrite, kRead, kMayOverwrite | kMostlyNoun},
    {"dump", "", "", "", "", kRead, kWrite, kRead, kMayOverwrite | kMostlyNoun},
    {"export", "", "", "", "", kRead, kWrite | kSend, kRead, kMayOverwrite},
    {"make", "", "made", "made", "", kCreate, kNone, kRead, kSets},
    {"build", "", "built", "built", "", kCreate, kWrite, kRead, kMayOverwrite | kMostlyNoun},
    {"compile", "", "", "", "compilation", kRead, kWrite, kRead},
    {"record", "", "", "", "", kCreate, kWrite, kRead, kMostlyNoun},
    {"log", "", "logged", "logged", "", kWrite, kWrite | kSend, kRead, kMostlyNoun},
    {"cache", "", "", "", "", kRead, kWrite, kRead, kMostlyNoun},
    {"keep", "", "kept", "kept", "", kCreate, kWrite, kNone},
    {"add", "", "", "", "addition", kAdd, kWrite, kRead},
    {"insert", "", "", "", "insertion", kAdd, kModify, kRead},
    {"append", "", "", "", "", kModify, kWrite, kRead},
    {"prepend", "", "", "", "", kModify, kWrite, kRead},
    {"link", "", "", "", "", kCreate, kCreate, kRead, kMostlyNoun},
    {"symlink", "", "", "", "", kCreate, kCreate, kRead, kMostlyNoun},
    {"initialise", "", "", "", "", kCreate, kCreate, kNone},
    {"initialize", "", "", "", "initialization", kCreate, kCreate, kNone},
    {"scaffold", "", "", "", "", kCreate, kCreate, kNone},

    {"modify", "", "", "", "modification", kModify, kModify, kModify, kSets},
    {"change", "", "", "", "", kModify, kModify, kNone, kSets},
    {"edit", "", "", "", "", kModify, kModify, kNone, kSets},
    {"update", "", "", "", "", kModify, kModify, kRead},
    {"patch", "", "", "", "", kModify, kModify, kNone, kMostlyNoun},
    {"alter", "", "", "", "alteration", kModify, kModify, kNone},
    {"adjust", "", "", "", "adjustment", kModify, kModify, kNone},
    {"amend", "", "", "", "", kModify, kModify, kNone},
    {"sort", "", "", "", "", kModify | kRead, kModify, kRead, kMostlyNoun},
    {"format", "", "formatted", "formatted", "", kModify, kModify, kRead, kMostlyNoun},
    {"reformat", "", "reformatted", "reformatted", "", kModify, kModify, kRead},
    {"configure", "", "", "", "configuration", kModify, kModify, kNone, kSets},
    {"set", "", "set", "set", "", kModify, kModify, kNone, kSets},
    {"define", "", "", "", "definition", kModify, kModify, kNone, kSets},
    {"choose", "", "chose", "chosen", "", kNone, kNone, kNone},
    {"switch", "", "", "", "", kModify, kNone, kNone, kSets | kMostlyNoun},
    {"touch", "", "", "", "", kWrite, kNone, kNone, kAnyUse},
    {"fix", "", "", "", "", kModify, kModify, kNone},
    {"rotate", "", "", "", "rotation", kModify, kReplace, kNone},
    {"toggle", "", "", "", "", kModify, kModify, kNone},
    {"migrate", "", "", "", "migration", kModify, kWrite, kRead},
    {"normalise", "", "", "", "", kModify, kModify, kNone},
    {"normalize", "", "", "", "normalization", kModify, kModify, kNone},
    {"refactor", "", "", "", "", kModify, kModify, kNone},
    {"register", "", "", "", "registration", kAdd, kModify, kNone},

    {"overwrite", "", "overwrote", "overwritten", "", kReplace, kReplace, kRead},
    {"replace", "", "", "", "replacement", kReplace, kModify, kRead},
    {"rewrite", "", "rewrote", "rewritten", "", kReplace, kReplace, kRead},
    {"truncate", "", "", "", "truncation", kReplace, kNone, kNone},
    {"reset", "", "reset", "reset", "", kReplace, kNone, kNone},
    {"restore", "", "", "", "", kReplace, kReplace, kRead},
    {"encrypt", "", "", "", "encryption", kReplace, kWrite, kRead, kEncrypts},

    {"delete", "", "", "", "deletion", kDelete, kDelete, kDelete},
    {"remove", "", "", "", "removal", kDelete, kDelete, kDelete},
    {"erase", "", "", "", "erasure", kDelete, kDelete, kDelete},
    {"clean", "", "", "", "", kDelete, kDelete, kDelete},
    {"clean", "up", "", "", "cleanup", kDelete, kDelete, kDelete},
    {"purge", "", "", "", "", kDelete, kDelete, kDelete},
    {"prune", "", "", "", "", kDelete, kDelete, kDelete},
    {"wipe", "", "", "", "", kDelete, kDelete, kDelete},
    {"discard", "", "", "", "", kDelete, kDelete, kDelete},
    {"unlink", "", "", "", "", kDelete, kDelete, kDelete},
    {"clear", "", "", "", "", kDelete, kDelete, kDelete},
    {"empty", "", "", "", "", kDelete, kDelete, kDelete, kMostlyNoun},
    {"shred", "", "shredded", "shredded", "", kDelete, kDelete, kDelete},
    {"trash", "", "", "", "", kDelete, kDelete, kDelete, kMostlyNoun},
    {"uninstall", "", "", "", "", kDelete, kNone, kDelete},
    {"move", "", "", "", "", kMoved, kWrite, kMoved},
    {"rename", "", "", "", "", kMoved, kWrite, kNone},

    {"run", "", "ran", "run", "", kRun, kNone, kRun},
    {"execute", "", "", "", "execution", kRun, kNone, kRun},
    {"start", "", "", "", "", kRunStay, kNone, kNone},
    {"launch", "", "", "", "", kRunStay, kNone, kNone},
    {"call", "", "", "", "", {Verb::Run, Verb::Receive}, kNone, kNone},
    {"invoke", "", "", "", "invocation", kRun, kNone, kNone},
    {"spawn", "", "", "", "", kRunStay, kNone, kNone},
    {"trigger", "", "", "", "", kRun, kNone, kNone, kMostlyNoun},
    {"listen", "", "", "", "", kStay, kStay, kNone},
    {"serve", "", "", "", "", {Verb::Read, Verb::Stay}, kStay, kRead},
    {"schedule", "", "", "", "", kStay, kStay, kNone},
    {"enable", "", "", "", "", kStay | kModify, kModify, kNone, kSets},
    {"disable", "", "", "", "", kDelete | kModify, kModify, kNone, kSets},
    {"daemonise", "", "", "", "", kRunStay, kNone, kNone},
    {"daemonize", "", "", "", "", kRunStay, kNone, kNone},

    {"send", "", "sent", "sent", "", kSend | kRead, kSend, kRead},
    {"upload", "", "", "", "", kSend | kRead, kSend, kRead},
    {"post", "", "", "", "", kSend | kRead, kSend, kRead, kMostlyNoun},
    {"publish", "", "", "", "publication", kSend | kRead, kSend | kWrite, kRead},
    {"push", "", "", "", "", kSend | kRead, kSend, kRead},
    {"submit", "", "submitted", "submitted", "submission", kSend | kRead, kSend, kRead},
    {"transmit", "", "transmitted", "transmitted", "transmission", kSend | kRead, kSend, kRead},
    {"report", "", "", "", "", kSend, kSend, kRead, kMostlyNoun},
    {"share", "", "", "", "", kSend | kRead, kSend, kNone, kMostlyNoun},
    {"forward", "", "", "", "", kSend | kRead, kSend, kNone, kMostlyNoun},
    {"email", "", "", "", "", kSend | kRead, kSend, kNone, kMostlyNoun},
    {"transfer", "", "transferred", "transferred", "", kSend | kRead, kSend | kWrite, kAsk},
    {"deliver", "", "", "", "delivery", kSend, kSend, kNone},
    {"ping", "", "", "", "", kSend | kReceive, kSend | kReceive, kNone},
    {"log", "in", "logged", "logged", "", kNone, kSend | kReceive, kNone},
    {"authenticate", "", "", "", "authentication", kNone, kSend | kReceive, kNone},

    {"download", "", "", "", "", kGet, kWrite, kReceive},
    {"fetch", "", "", "", "", kGet, kWrite, kReceive},
    {"get", "", "got", "got", "", kReceive, kNone, kReceive},
    {"pull", "", "", "", "", kGet, kWrite, kReceive},
    {"clone", "", "", "", "", kGet, kWrite, kReceive},
    {"retrieve", "", "", "", "retrieval", kAsk, kWrite, kAsk},
    {"obtain", "", "", "", "", kAsk, kNone, kAsk},
    {"come", "from", "came", "come", "", kAsk, kNone, kAsk},
    {"ask", "", "", "", "", kReceive, kNone, kReceive},
    {"query", "", "", "", "", kAsk, kAsk, kAsk},
    {"request", "", "", "", "", kReceive, kReceive, kReceive},
    {"contact", "", "", "", "", kReceive, kNone, kNone, kMostlyNoun},
    {"connect", "", "", "", "connection", kReceive, kReceive, kNone},
    {"poll", "", "", "", "", kReceive, kReceive, kReceive, kMostlyNoun},
    {"resolve", "", "", "", "", kReceive, kReceive, kNone},
    {"access", "", "", "", "", kAsk, kAsk, kAsk},
    {"talk", "", "", "", "", kNone, kReceive, kNone},
    {"reach", "", "", "", "", kReceive, kNone, kNone},
    {"subscribe", "", "", "", "", kReceive, kReceive, kNone},

    {"install", "", "", "", "installation", kInstall, kInstall, kReceive},
    {"provision", "", "", "", "", kInstall, kNone, kNone},
    {"set", "up", "set", "set", "", kInstall, kModify, kNone},
    {"upgrade", "", "", "", "", kInstall, kNone, kReceive},
    {"need",
     "",
     "",
     "",
     "",
     {Verb::Install, Verb::Receive, Verb::Elevate},
     kReceive,
     kNone,
     kNeeds},
    {"require",
     "",
     "",
     "",
     "",
     {Verb::Install, Verb::Receive, Verb::Elevate},
     kReceive,
     kNone,
     kNeeds},
    {"depend", "", "", "", "", {Verb::Install, Verb::Receive}, kNone, kNone, kNeeds},
});

struct Found {
  VerbMatch match;
  std::string_view particle;
};
using Forms = std::unordered_map<std::string, std::vector<Found>>;

bool is_vowel(char c) { return std::string_view("aeiou").find(c) != std::string_view::npos; }

std::string third_person(const std::string& lemma) {
  const char last = lemma.back();
  const bool hisses =
      last == 's' || last == 'x' || last == 'z' || lemma.ends_with("sh") || lemma.ends_with("ch");
  if (hisses) return lemma + "es";
  if (last == 'y' && !is_vowel(lemma[lemma.size() - 2]))
    return lemma.substr(0, lemma.size() - 1) + "ies";
  return lemma + "s";
}

std::string regular_past(const std::string& lemma) {
  if (lemma.back() == 'e') return lemma + "d";
  if (lemma.back() == 'y' && !is_vowel(lemma[lemma.size() - 2]))
    return lemma.substr(0, lemma.size() - 1) + "ied";
  return lemma + "ed";
}

std::string gerund(const std::string& lemma, std::string_view past) {
  // "scanned" doubles its consonant, and so does "scanning"; "put" and "run" do without showing it.
  const bool doubles = past.size() == lemma.size() + 3 && past.starts_with(lemma) &&
                       past[lemma.size()] == lemma.back();
  static constexpr auto kDoubling =
      std::to_array<std::string_view>({"put", "set", "get", "run", "split", "reset", "output"});
  for (const std::string_view word : kDoubling)
    if (lemma == word) return lemma + lemma.back() + "ing";
  if (doubles) return lemma + lemma.back() + "ing";
  if (lemma.back() == 'e' && !lemma.ends_with("ee"))
    return lemma.substr(0, lemma.size() - 1) + "ing";
  return lemma + "ing";
}

Forms all_forms() {
  Forms forms;
  for (const VerbEntry& entry : kLexicon) {
    const std::string lemma(entry.lemma);
    const auto add = [&](const std::string& word, VerbForm form) {
      forms[word].push_back({{&entry, form}, entry.particle});
    };
    add(lemma, VerbForm::Base);
    add(third_person(lemma), VerbForm::Third);
    add(gerund(lemma, entry.past), VerbForm::Gerund);
    if (entry.past.empty()) {
      add(regular_past(lemma), VerbForm::PastOrParticiple);
    } else if (entry.past == entry.participle) {
      // "set", "put" and "read" look like their base.
      if (entry.past == entry.lemma)
        forms[lemma].back().match.form = VerbForm::Base;
      else
        add(std::string(entry.past), VerbForm::PastOrParticiple);
    } else {
      add(std::string(entry.past), VerbForm::Past);
      if (entry.participle != entry.lemma) add(std::string(entry.participle), VerbForm::Participle);
    }
    if (!entry.noun.empty())
      forms[std::string(entry.noun)].push_back({{&entry, VerbForm::Noun}, ""});
  }
  return forms;
}

}  // namespace

VerbMatch find_verb(std::string_view word, std::string_view next) {
  static const Forms kForms = all_forms();
  if (word.size() > 24) return {};
  const auto found = kForms.find(std::string(word));
  if (found == kForms.end()) return {};
  const Found* plain = nullptr;
  for (const Found& each : found->second) {
    if (!each.particle.empty() && each.particle == next) return each.match;
    if (each.particle.empty() && plain == nullptr) plain = &each;
  }
  return plain == nullptr ? VerbMatch{} : plain->match;
}

}  // namespace skillaudit
