#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_set>

#include "harness/consent/clause_reader.h"
#include "harness/consent/network_denial.h"

#include "harness/base/among.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostPairs = 200;

/// One sentence with all its claims: what the words say of it as a whole.
class Whole {
 public:
  Whole(const Sentence& sentence, const SentenceContext& context, SentenceReading& reading)
      : tokens_(sentence.tokens), sentence_(sentence), context_(context), reading_(reading) {}

  void finish() {
    for (const Token& token : tokens_)
      if (token.kind == Token::Kind::Word) words_.insert(token.lower);
    // "and nothing else", "and nowhere else" deny nothing of what is named.
    for (std::size_t i = 0; i < tokens_.size(); ++i)
      if (tokens_[i].kind == Token::Kind::Word && is_negator(tokens_[i].lower) &&
          (i + 1 == tokens_.size() || tokens_[i + 1].lower != "else"))
        denied_ = true;
    staying();
    cron();
    units();
    listeners();
    variables();
    elevation();
    network();
    moods();
  }

 private:
  [[nodiscard]] bool says(std::string_view word) const { return words_.contains(word); }
  [[nodiscard]] bool says(std::string_view first, std::string_view second) const {
    if (!says(first) || !says(second)) return false;
    for (std::size_t i = 0; i + 1 < tokens_.size(); ++i)
      if (tokens_[i].lower == first && tokens_[i + 1].lower == second) return true;
    return false;
  }

  ConsentClaim& add(VerbSet verbs, ConsentObject object, Binding binding) {
    ConsentClaim claim;
    claim.verbs = verbs;
    claim.object = std::move(object);
    claim.binding = binding;
    if (denied_) claim.why_not = WhyNot::Unclear;
    reading_.claims.push_back(std::move(claim));
    return reading_.claims.back();
  }

  /// "in the background", "keeps running", "at login": what is run stays.
  void staying() {
    const bool stays = says("background") || says("keeps", "running") || says("keep", "running") ||
                       says("stays", "running") || says("runs", "continuously") || says("daemon") ||
                       says("at", "login") || says("at", "boot") || says("at", "startup") ||
                       says("on", "startup") || says("on", "boot");
    if (!stays) return;
    for (ConsentClaim& claim : reading_.claims)
      if (claim.covers() && claim.verbs.has(Verb::Run) && claim.object.kind != ConsentKind::Host)
        claim.verbs |= {Verb::Stay};
    // "`watch.sh` keeps running": the subject is what stays.
    if (tokens_.empty() || tokens_[0].objects.empty() ||
        !(says("keeps", "running") || says("stays", "running")))
      return;
    for (ConsentClaim& claim : reading_.claims)
      if (claim.covers() && claim.verbs.empty() && claim.object == tokens_[0].objects[0]) {
        claim.verbs = {Verb::Run, Verb::Stay};
        claim.binding = denied_ ? Binding::Loose : Binding::Named;
      }
  }

  /// The command lines and programs that the sentence names.
  [[nodiscard]] std::vector<std::string> commands() const {
    std::vector<std::string> found;
    for (const Token& token : tokens_) {
      if (found.size() >= 20) break;
      const bool is_command = token.kind == Token::Kind::Code && !token.claims.empty();
      const bool is_program =
          !token.objects.empty() &&
          (token.objects[0].kind == ConsentKind::Path ||
           (token.kind == Token::Kind::Code && token.objects[0].kind == ConsentKind::Name));
      if (!token.quoted && (is_command || is_program)) found.push_back(token.text);
    }
    return found;
  }

  void cron() {
    static constexpr auto kCron =
        std::to_array<std::string_view>({"cron", "crontab", "crontabs", "cronjob", "cronjobs"});
    const bool named = std::any_of(tokens_.begin(), tokens_.end(), [](const Token& token) {
      return among(kCron, token.kind == Token::Kind::Word ? std::string_view(token.lower)
                                                          : std::string_view(token.text));
    });
    if (!named) return;
    for (const std::string& command : commands())
      add({Verb::Stay}, ConsentObject::cron(command), Binding::Named);
  }

  void units() {
    const std::vector<std::string> starts = commands();
    std::vector<ConsentClaim> more;
    for (const ConsentClaim& claim : reading_.claims) {
      if (claim.object.kind != ConsentKind::Unit || !claim.verbs.has(Verb::Stay)) continue;
      for (const std::string& command : starts) {
        if (more.size() >= kMostPairs) break;
        more.push_back(claim);
        more.back().object.command = command;
      }
    }
    std::move(more.begin(), more.end(), std::back_inserter(reading_.claims));
  }

  /// "listens on 127.0.0.1, port 8765", "a server at http://localhost:8000/".
  void listeners() {
    const bool listens = std::any_of(tokens_.begin(), tokens_.end(), [](const Token& token) {
      return token.lower == "server" || token.lower.starts_with("listen") ||
             token.lower.starts_with("serv") || token.lower == "port";
    });
    // Somebody else's listener: "kills what listens on port 8080", "checks whether port 80 is
    // free".
    const bool others = says("kill") || says("kills") || says("stops") || says("check") ||
                        says("checks") || says("whether") || says("free") || says("finds");
    if (!listens || others) return;
    const bool own = says("localhost") || says("loopback") || says("machine") || names_loopback();
    const bool all = says("0.0.0.0") || says("interfaces") || says("network");
    const std::string address = all && !own ? "0.0.0.0" : own ? "127.0.0.1" : "";
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      int port = 0;
      if (i > 0 && (tokens_[i - 1].lower == "port" || tokens_[i - 1].lower == "ports")) {
        const std::string& text = tokens_[i].text;
        std::from_chars(text.data(), text.data() + text.size(), port);
      }
      for (const ConsentObject& object : tokens_[i].objects)
        if (object.kind == ConsentKind::Host && is_loopback(object.name) && object.port > 80)
          port = object.port;
      if (port > 0 && port < 65536)
        add({Verb::Stay}, ConsentObject::listener(address, port, ""), Binding::Named);
    }
  }
  static bool is_loopback(std::string_view host) {
    return host == "localhost" || host.starts_with("127.");
  }
  [[nodiscard]] bool names_loopback() const {
    return std::any_of(tokens_.begin(), tokens_.end(), [](const Token& token) {
      return std::any_of(token.objects.begin(), token.objects.end(), [](const ConsentObject& o) {
        return o.kind == ConsentKind::Host && is_loopback(o.name);
      });
    });
  }

  /// "Set `X_KEY` for api.x.example".
  void variables() {
    std::vector<std::string> names;
    std::vector<std::string> hosts;
    for (const Token& token : tokens_) {
      if (token.quoted) continue;
      for (const ConsentObject& object : token.objects) {
        if (object.kind == ConsentKind::Variable) names.push_back(object.name);
        if (object.kind == ConsentKind::Host) hosts.push_back(object.name);
      }
    }
    std::size_t pairs = 0;
    for (const std::string& name : names)
      for (const std::string& host : hosts)
        if (++pairs <= kMostPairs)
          add({Verb::Send}, ConsentObject::variable(name, host), Binding::Named);
  }

  void elevation() {
    const bool rights = says("sudo") || says("as", "root") || says("root", "rights") ||
                        says("root", "privileges") || says("root", "access") ||
                        says("administrator", "rights") || says("superuser");
    const bool in_code = std::any_of(tokens_.begin(), tokens_.end(), [](const Token& token) {
      return token.kind == Token::Kind::Code && token.text == "sudo";
    });
    if (rights || in_code) add({Verb::Elevate}, ConsentObject::run("sudo"), Binding::Loose);
  }

  /// "It sends nothing", "uses no network": of every host.
  void network() {
    const NetworkDenial denial = denial_of_network(tokens_);
    if (denial == NetworkDenial::None) return;
    ConsentClaim& claim = add({Verb::Send}, ConsentObject::host_at(""), Binding::Named);
    if (denial == NetworkDenial::NoNetwork) claim.verbs |= {Verb::Receive};
    claim.why_not = WhyNot::Denied;
    claim.polarity = Polarity::Denied;
  }

  void drop_all(WhyNot why) {
    for (ConsentClaim& claim : reading_.claims)
      if (claim.covers() || claim.why_not == WhyNot::Denied) {
        claim.why_not = why;
        claim.polarity = Polarity::Affirmed;
      }
    reading_.sets = false;
  }

  /// "Deleting `a` is not possible", "it is dangerous to …".
  [[nodiscard]] bool is_judged() const {
    static constexpr auto kJudged = std::to_array<std::string_view>(
        {"impossible", "wrong", "dangerous", "forbidden", "mistake", "unsafe", "harmful",
         "discouraged", "prohibited", "unsupported"});
    for (const Token& token : tokens_)
      if (token.kind == Token::Kind::Word && among(kJudged, token.lower)) return true;
    if (tokens_.empty() || find_verb(tokens_[0].lower, "").form != VerbForm::Gerund) return false;
    for (std::size_t i = 0; i + 1 < tokens_.size(); ++i)
      if (is_be(tokens_[i].lower) && is_negator(tokens_[i + 1].lower)) return true;
    return false;
  }

  void moods() {
    if (context_.section != WhyNot::Covers) return section();
    if (sentence_.question) return drop_all(WhyNot::Question);
    if (is_judged()) return drop_all(WhyNot::Unclear);
    if (speaks_of_others_time()) return drop_all(WhyNot::Hypothetical);
    if (says("yourself") || says("yourselves")) agent_is_told();
    if (users_act()) return drop_all(WhyNot::Users);
    if (others_act()) return drop_all(WhyNot::Others);
    // "never deletes it unless you ask" denies nothing and allows nothing.
    const bool condition =
        says("unless") || says("until") || says("except", "when") || says("except", "if") ||
        says("by", "default") || says("without", "asking") || says("without", "confirmation") ||
        says("without", "permission") || says("without", "consent") || says("before");
    for (ConsentClaim& claim : reading_.claims)
      if (condition && claim.why_not == WhyNot::Denied) {
        claim.why_not = WhyNot::Unclear;
        claim.polarity = Polarity::Affirmed;
      }
  }

  void section() {
    if (context_.section != WhyNot::Denied) return drop_all(context_.section);
    // "## What it never does": "- It deletes `~/x`." A second denial below it is unclear.
    for (ConsentClaim& claim : reading_.claims) {
      if (claim.why_not == WhyNot::Denied) continue;
      if (claim.covers()) {
        claim.why_not = denied_ ? WhyNot::Unclear : WhyNot::Denied;
        claim.polarity = denied_ ? Polarity::Affirmed : Polarity::Denied;
      }
    }
    reading_.sets = false;
  }

  [[nodiscard]] bool speaks_of_others_time() const {
    static constexpr auto kTimes =
        std::to_array<std::string_view>({"version", "versions", "release", "releases"});
    static constexpr auto kOther =
        std::to_array<std::string_view>({"later", "future", "next", "earlier", "old", "older",
                                         "previous", "upcoming", "former", "coming"});
    for (std::size_t i = 0; i + 1 < tokens_.size(); ++i)
      if (among(kOther, tokens_[i].lower) && among(kTimes, tokens_[i + 1].lower)) return true;
    return says("roadmap") || says("used", "to") || says("as", "if") || says("in", "future") ||
           says("the", "future") || says("not", "yet") || says("no", "longer") || says("planned") ||
           says("dry", "run") || says("dry-run");
  }

  void agent_is_told() {
    for (ConsentClaim& claim : reading_.claims) {
      claim.speaker = Speaker::Agent;
      if (claim.covers()) claim.why_not = WhyNot::Users;
    }
  }

  [[nodiscard]] bool users_act() const {
    if (says("whenever", "you") || says("any", "time")) return true;
    return says("themselves") || says("by", "hand") || says("manually") || says("up", "to") ||
           by_somebody();
  }
  /// "is edited by the user".
  [[nodiscard]] bool by_somebody() const {
    for (std::size_t i = 0; i + 2 < tokens_.size(); ++i)
      if (tokens_[i].lower == "by" && tokens_[i + 1].lower == "the" &&
          is_user_word(tokens_[i + 2].lower))
        return true;
    return false;
  }
  [[nodiscard]] bool others_act() const {
    for (std::size_t i = 0; i + 1 < tokens_.size(); ++i)
      if (tokens_[i].lower == "by" && is_other_word(tokens_[i + 1].lower)) return true;
    return false;
  }

  const std::vector<Token>& tokens_;
  const Sentence& sentence_;
  const SentenceContext& context_;
  SentenceReading& reading_;
  std::unordered_set<std::string_view> words_;
  bool denied_ = false;
};

}  // namespace

void finish_sentence(const Sentence& sentence, const SentenceContext& context,
                     SentenceReading& reading) {
  Whole(sentence, context, reading).finish();
}

}  // namespace skillaudit
