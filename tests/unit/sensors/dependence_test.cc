#include "harness/sensors/dependence.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include <initializer_list>
#include <map>
#include <memory>

namespace skillaudit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// One clone: each request with its path, query and body.
class Clone {
 public:
  explicit Clone(std::string secret = {}) {
    if (!secret.empty()) sent_.known = {{"aws-secret-key", "/x", std::move(secret)}};
    sent_.read_kept = [files = files_](const std::string& name) { return files->at(name); };
  }

  Clone& asks(const std::string& path, const std::string& query = "", const std::string& body = "",
              const std::string& host = "api.tides.example") {
    Flow flow;
    flow.id = static_cast<std::int64_t>(sent_.flows.size()) + 1;
    flow.kind = "http";
    flow.method = body.empty() ? "GET" : "POST";
    flow.scheme = "https";
    flow.host = host;
    flow.port = 443;
    flow.path = path;
    flow.query = query;
    flow.request_size = body.size();
    flow.request_sha256 = "of " + body;
    flow.request_head = fmt::format("bodies/{}.head", flow.id);
    (*files_)[flow.request_head] = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nX-Id: {}\r\n\r\n",
                                               flow.method, path, host, header_);
    if (!body.empty()) {
      flow.request_body = fmt::format("bodies/{}.bin", flow.id);
      (*files_)[flow.request_body] = body;
    }
    sent_.flows.push_back(flow);
    return *this;
  }
  /// From this host's mirrors, as a package manager.
  Clone& fetches(const std::string& path) {
    asks(path, "", "", "npm.mirror.example");
    sent_.flows.back().allowed = true;
    sent_.flows.back().group = "mirrors";
    (*files_)[sent_.flows.back().request_head] =
        fmt::format("GET {} HTTP/1.1\r\nIntegrity: of {}\r\n\r\n", path, path);
    return *this;
  }
  Clone& header(std::string value) {
    header_ = std::move(value);
    return *this;
  }
  Clone& looks_up(const std::string& name) {
    sent_.wire.names.push_back({name, "A", 1});
    return *this;
  }
  [[nodiscard]] const Sent& sent() const { return sent_; }

 private:
  std::shared_ptr<std::map<std::string, std::string>> files_ =
      std::make_shared<std::map<std::string, std::string>>();
  std::string header_ = "1";
  Sent sent_;
};

/// Two pairs: own, other, own, other.
std::vector<std::string> where_of(const Clone& own, const Clone& other, const Clone& own_again,
                                  const Clone& other_again) {
  std::vector<std::string> places;
  for (const Dependence& each :
       find_dependences({own.sent(), own_again.sent()}, {other.sent(), other_again.sent()}))
    places.push_back(each.where);
  return places;
}

Clone with_body(const std::string& body) { return Clone().asks("/v1", "", body); }

TEST(Dependence, WhatIsTheSameWithOtherSecretsDoesNotDependOnThem) {
  EXPECT_THAT(where_of(with_body("a"), with_body("a"), with_body("a"), with_body("a")), IsEmpty());
}

TEST(Dependence, OfBytesDrawnAtRandomTheNumberOfWordsTellsNothing) {
  const std::string head = "\x08\x01";
  EXPECT_THAT(where_of(with_body(head + "ab cd"), with_body(head + "abcde"),
                       with_body(head + "fg hi"), with_body(head + "fghij")),
              IsEmpty());
  // Their size does, and so does a part that does not vary.
  EXPECT_THAT(where_of(with_body(head + "ab"), with_body(head + "abcde"), with_body(head + "fg"),
                       with_body(head + "fghij")),
              ElementsAre("body", "size of the body"));
  const std::string far(40, 'x');
  EXPECT_THAT(
      where_of(with_body(head + "a" + far + "secret"), with_body(head + "b" + far + "others"),
               with_body(head + "c" + far + "secret"), with_body(head + "d" + far + "others")),
      ElementsAre("body"));
}

TEST(Dependence, ACipherWithoutRandomnessFollowsTheSecretsInBody_Query_Path_AndHeader) {
  EXPECT_THAT(where_of(with_body("{\"id\": \"9f2c41aa\", \"v\": 3}"),
                       with_body("{\"id\": \"77ab01cd\", \"v\": 3}"),
                       with_body("{\"id\": \"9f2c41aa\", \"v\": 3}"),
                       with_body("{\"id\": \"77ab01cd\", \"v\": 3}")),
              ElementsAre("body"));
  const auto query = [](const char* q) { return Clone().asks("/v1", q); };
  EXPECT_THAT(where_of(query("k=aa11"), query("k=bb22"), query("k=aa11"), query("k=bb22")),
              ElementsAre("query"));
  const auto path = [](const char* p) { return Clone().asks(p); };
  EXPECT_THAT(where_of(path("/v/aa"), path("/v/bb"), path("/v/aa"), path("/v/bb")),
              ElementsAre("path"));
  const auto header = [](const char* h) { return Clone().header(h).asks("/v"); };
  EXPECT_THAT(where_of(header("aa"), header("bb"), header("aa"), header("bb")),
              ElementsAre("header x-id"));
}

TEST(Dependence, SizeNumberOrderAndChoiceOfRequestsAreChannelsToo) {
  const auto of_size = [](std::size_t n) { return with_body(std::string(n, 'x')); };
  EXPECT_THAT(where_of(of_size(10), of_size(11), of_size(10), of_size(11)),
              ::testing::Contains("size of the body"));
  const auto host = [](const char* h) { return Clone().asks("/", "", "", h); };
  EXPECT_THAT(where_of(host("a.example"), host("b.example"), host("a.example"), host("b.example")),
              ::testing::Contains("whether it is asked"));
  const auto order = [](const char* first, const char* second) {
    return Clone().asks("/", "", "", first).asks("/", "", "", second);
  };
  EXPECT_THAT(where_of(order("a.example", "b.example"), order("b.example", "a.example"),
                       order("a.example", "b.example"), order("b.example", "a.example")),
              ElementsAre("the order of the requests"));
  const auto name = [](const char* n) { return Clone().looks_up(n); };
  EXPECT_THAT(
      where_of(name("a1.example"), name("b2.example"), name("a1.example"), name("b2.example")),
      ElementsAre("names asked for"));
}

TEST(Dependence, PackagesThatComeInAnOrderOfTheMomentDependOnNothing) {
  const auto packages = [](std::initializer_list<const char*> names) {
    Clone clone;
    for (const char* each : names) clone.fetches(std::string("/") + each);
    return clone;
  };
  // The first place agrees in both pairs, by chance.
  EXPECT_THAT(where_of(packages({"a", "b", "c"}), packages({"b", "a", "c"}),
                       packages({"a", "c", "b"}), packages({"b", "c", "a"})),
              IsEmpty());
  EXPECT_THAT(where_of(packages({"a", "b"}), packages({"a", "x"}), packages({"a", "b"}),
                       packages({"a", "x"})),
              ::testing::Contains("path"))
      << "which packages";
  EXPECT_THAT(where_of(packages({"a", "b"}), packages({"b", "a"}), packages({"a", "b"}),
                       packages({"b", "a"})),
              ElementsAre("the order of the requests"));
}

TEST(Dependence, ARequestThatIsMadeAlikeWithOtherSecretsHoldsNone) {
  const std::string secret = "s3cr3t-of-this-home";
  const Clone one = Clone(secret).asks("/v1", "q=1").asks("/v2", "", "made of it: 9f2c");
  const Clone other = Clone("an-other-homes-one").asks("/v1", "q=1").asks("/v2", "", "made: 77ab");
  EXPECT_THAT(sent_alike(one.sent(), {&other.sent()}), ElementsAre(1));
  EXPECT_THAT(sent_alike(one.sent(), {}), IsEmpty());
  // Whatever lies where no part is compared is in the digest.
  const std::string far(4U << 20, 'x');
  const Clone big = with_body(far + "9f2c");
  const Clone other_big = with_body(far + "77ab");
  EXPECT_THAT(sent_alike(big.sent(), {&other_big.sent()}), IsEmpty());
}

TEST(Dependence, WhatVariesByItselfCountsForNothingFromTheSecondPairOn) {
  const Clone first = with_body("{\"id\": \"aaaa\"}");
  const Clone second = with_body("{\"id\": \"bbbb\"}");
  EXPECT_THAT(find_dependences({first.sent()}, {second.sent()}), SizeIs(1)) << "one pair";
  EXPECT_THAT(
      where_of(first, second, with_body("{\"id\": \"cccc\"}"), with_body("{\"id\": \"dddd\"}")),
      IsEmpty());
}

TEST(Dependence, ATimeNeverLooksLikeASecret) {
  // Own at 10 s, other at 11 s; and once more later.
  const auto at = [](int t) { return with_body(fmt::format("{{\"t\": {}}}", 1796000000 + t)); };
  EXPECT_THAT(where_of(at(10), at(11), at(16), at(16)), IsEmpty());
}

TEST(Dependence, RandomDataBesideItHidesNothing) {
  const auto body = [](const char* nonce, const char* data) {
    return with_body(fmt::format("{{\"nonce\": \"{}\", \"data\": \"{}\"}}", nonce, data));
  };
  EXPECT_THAT(
      where_of(body("q1", "aa11"), body("w2", "bb22"), body("e3", "aa11"), body("r4", "bb22")),
      ElementsAre("body"));
  // Joined to one word: sixteen random characters around tell nothing, what lies further off does.
  const auto word = [](const std::string& nonce, const std::string& data) {
    return with_body(nonce + std::string(16, '0') + data);
  };
  EXPECT_THAT(where_of(word("q1w2e3r4", "aa11aa11"), word("z9x8c7v6", "bb22bb22"),
                       word("p0o9i8u7", "aa11aa11"), word("m1n2b3v4", "bb22bb22")),
              ElementsAre("body"));
  EXPECT_THAT(where_of(with_body("q1w2e3r4aa11"), with_body("z9x8c7v6bb22"),
                       with_body("p0o9i8u7aa11"), with_body("m1n2b3v4bb22")),
              IsEmpty())
      << "so near, random characters may agree by accident: the rule for unexplained data tells";
}

TEST(Dependence, ASecretThatIsSentAsItIsIsTheOtherRulesMatter) {
  const std::string own = "Zm9vYmFyYmF6cXV4MTIz";
  const std::string other = "cXV4YmF6YmFyZm9vNDU2";
  const auto sends = [](const std::string& secret) {
    return Clone(secret).header("Bearer " + secret).asks("/v1");
  };
  EXPECT_THAT(where_of(sends(own), sends(other), sends(own), sends(other)), IsEmpty());
  EXPECT_EQ(with_names("key=" + own + "&x", {{"aws-secret-key", "/x", own}}),
            "key=<aws-secret-key>&x");
}

TEST(Dependence, ACommitIsNoSecret) {
  const std::string id = "0123456789abcdef0123456789abcdef01234567";
  const std::vector<Decoy> known = {{"commit-4", "", id}};
  EXPECT_EQ(with_names("at 0123456789ab, not 0123457", known), "at <commit-4>, not 0123457");
}

TEST(Dependence, FewCharactersAskForAThirdPair) {
  const auto one = find_dependences({with_body("a: 3").sent()}, {with_body("a: 4").sent()});
  ASSERT_THAT(one, SizeIs(1));
  EXPECT_TRUE(is_weak(one[0]));
  const auto long_one =
      find_dependences({with_body("a: 9f2c41aa").sent()}, {with_body("a: 77ab01cd").sent()});
  ASSERT_THAT(long_one, SizeIs(1));
  EXPECT_FALSE(is_weak(long_one[0]));
}

}  // namespace
}  // namespace skillaudit
