#include "harness/sensors/unpack.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <zlib.h>

#include <map>
#include <random>

#include "harness/base/process.h"
#include "harness/sensors/inflate.h"
#include "harness/sensors/readings.h"

namespace skillaudit {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using namespace std::string_literals;

const std::string kSecret = "s3cr3t-0123456789-abcdefghijklmnopqrstuvwxyz";

std::string tool(const std::vector<std::string>& argv, const std::string& input) {
  CommandOptions options;
  options.input = input;
  return check_output(argv, options);
}

std::string gzip(const std::string& bytes) { return tool({"gzip", "-c"}, bytes); }

std::string deflated(const std::string& bytes, int window_bits) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string in = bytes;
  std::string out(bytes.size() + 1000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zip_member(const std::string& name, const std::string& bytes) {
  const auto little = [](std::size_t value, int count) {
    std::string field;
    for (; count > 0; --count, value >>= 8) field += static_cast<char>(value & 0xff);
    return field;
  };
  const std::string data = deflated(bytes, -15);
  return "PK\x03\x04"s + little(20, 2) + little(0, 2) + little(8, 2) + little(0, 8) +
         little(data.size(), 4) + little(bytes.size(), 4) + little(name.size(), 2) + little(0, 2) +
         name + data;
}

/// The layers under which the secret was first readable; "?" when it never was.
std::string layers_of(const std::string& text, const UnpackLimits& limits = {}) {
  std::string found = "?";
  unpack(text, limits, [&](std::string_view view, const std::string& layers) {
    if (view.find(kSecret) == std::string_view::npos) return true;
    found = layers;
    return false;
  });
  return found;
}

TEST(Unpack, ReadsPlainText) { EXPECT_EQ(layers_of("x=" + kSecret), ""); }

TEST(Unpack, JoinsWhatWasWrapped) {
  const std::string half = kSecret.substr(0, 20);
  const std::string rest = kSecret.substr(20);
  for (const std::string& between :
       {"\n"s, "\r\n    "s, "\\n"s, "\\r\\n"s, " "s, "=\r\n"s, "\\"s, "\0"s}) {
    EXPECT_EQ(layers_of("<" + half + between + rest + ">"), "") << between;
  }
}

TEST(Unpack, ReadsUtf16) {
  std::string wide;
  for (const char c : "{\"k\":\"" + kSecret + "\"}") wide += {c, '\0'};
  EXPECT_EQ(layers_of(wide), "");
}

TEST(Unpack, UndoesEscapesOfJsonAndShells) {
  EXPECT_EQ(layers_of("s3cr3t\\u002d0123456789\\x2d" + kSecret.substr(18)), "");
}

TEST(Unpack, UndoesPercentEncoding) {
  std::string encoded;
  for (const char c : kSecret) encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  EXPECT_EQ(layers_of("q=" + encoded + "%"), "percent-encoding");
  EXPECT_EQ(layers_of("q=s3cr3t%252d" + kSecret.substr(7)), "percent-encoding in percent-encoding");
}

TEST(Unpack, DecodesBase64WrappedAsTheToolsWrapIt) {
  const std::string long_text = std::string(100, '.') + kSecret + std::string(100, '.');
  EXPECT_EQ(layers_of(tool({"base64"}, long_text)), "base64");
  EXPECT_EQ(layers_of(tool({"base64", "-w0"}, long_text)), "base64");
  EXPECT_EQ(layers_of(tool({"base64", "-w61"}, long_text)), "base64") << "lines of broken groups";
  EXPECT_EQ(layers_of("Content-Type: text/plain\r\n\r\n" + tool({"base64"}, long_text)), "base64");
}

TEST(Unpack, DecodesAnArchiveInBase64OutOfStepWithWhatStandsBeforeIt) {
  for (const std::string& before : {"x"s, "xy"s, "xyz"s, "wxyz"s}) {
    EXPECT_EQ(layers_of(before + tool({"base64", "-w0"}, gzip(kSecret))), "gzip in base64");
    EXPECT_EQ(layers_of(before + tool({"base64", "-w0"}, zip_member("a", kSecret))),
              "gzip in base64");
  }
}

TEST(Unpack, DecodesHexDumps) {
  EXPECT_EQ(layers_of(tool({"od", "-An", "-tx1", "-v"}, "...." + kSecret)), "hex");
}

TEST(Unpack, InflatesGzipWhereverItBegins) {
  EXPECT_EQ(layers_of(gzip(kSecret)), "gzip");
  EXPECT_EQ(layers_of("--boundary\r\nContent-Type: x\r\n\r\n" + gzip(kSecret) + "\r\n--boundary--"),
            "gzip");
  EXPECT_EQ(layers_of("\x1f\x8b\x08 a false start " + gzip(kSecret)), "gzip");
  EXPECT_EQ(layers_of(gzip("first member") + gzip(kSecret)), "gzip");
}

TEST(Unpack, InflatesZlibDeflateAndZip) {
  EXPECT_EQ(layers_of(deflated(kSecret, 15)), "gzip");
  EXPECT_EQ(layers_of(deflated(kSecret, -15)), "gzip");
  EXPECT_EQ(layers_of("--b\r\n\r\n" + deflated(kSecret, 15)), "gzip");
  EXPECT_EQ(layers_of(zip_member("a", "nothing") + zip_member("id_ed25519", kSecret)), "gzip");
}

TEST(Unpack, ReadsWhatACutStreamHolds) {
  std::string noise;
  for (int i = 0; i < 20000; ++i) noise += std::to_string(i * 7919 % 10007);
  const std::string stream = gzip(kSecret + noise);
  EXPECT_EQ(layers_of(stream.substr(0, stream.size() / 2)), "gzip");
}

TEST(Unpack, TakesOffSeveralLayers) {
  EXPECT_EQ(layers_of("{\"data\":\"" + tool({"base64", "-w0"}, gzip(kSecret)) + "\"}"),
            "gzip in base64");
  const std::string twice = tool({"base64"}, tool({"base64"}, kSecret));
  EXPECT_EQ(layers_of(twice), "base64 in base64");
  EXPECT_EQ(layers_of(tool({"base64"}, gzip(gzip(twice)))), "?") << "five layers are one too many";
}

TEST(Unpack, StopsWhenTheVisitorHasSeenEnough) {
  int visits = 0;
  EXPECT_TRUE(unpack(gzip(gzip("x")), {}, [&](std::string_view, const std::string&) {
    ++visits;
    return false;
  }));
  EXPECT_EQ(visits, 1);
}

TEST(Unpack, BoundsADecompressionBomb) {
  const std::string bomb = gzip(std::string(40U << 20, '~'));
  ASSERT_LT(bomb.size(), 100000U);
  std::size_t largest = 0;
  const auto look = [&](std::string_view view, const std::string&) {
    largest = std::max(largest, view.size());
    return true;
  };
  EXPECT_FALSE(unpack(bomb, {}, look)) << "the rest was not read, and that must be said";
  EXPECT_EQ(largest, 16U << 20);
}

TEST(Unpack, BoundsAllViewsTogether) {
  UnpackLimits limits;
  limits.derived = 1000;
  std::size_t total = 0;
  const std::string text = tool({"base64"}, std::string(2000, 'a'));
  EXPECT_FALSE(unpack(text, limits, [&](std::string_view view, const std::string&) {
    total += view.size();
    return true;
  }));
  EXPECT_EQ(total, text.size() + 1000);
}

/// Bytes that no generator's luck decides: the same each time.
std::string noise(std::size_t size) {
  std::mt19937 random(3);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

TEST(Unpack, ReadsALargeUploadWholeAndToItsEnd) {
  const std::string large = noise(9U << 20);
  const auto read_whole = [](const std::string& text) {
    return unpack(text, limits_for(text.size()),
                  [](std::string_view, const std::string&) { return true; });
  };
  EXPECT_TRUE(read_whole(large));
  EXPECT_TRUE(read_whole(tool({"base64"}, large)));
  EXPECT_TRUE(read_whole(gzip(std::string(14U << 20, '~') + large)));
  for (const auto& [end, layers] :
       std::map<std::string, std::string>{{kSecret, ""},
                                          {tool({"base64"}, kSecret), "base64"},
                                          {gzip(kSecret), "gzip"},
                                          {"s3cr3t%2d" + kSecret.substr(7), "percent-encoding"}}) {
    const std::string text = large + "\n" + end;
    std::string found = "?";
    EXPECT_TRUE(
        unpack(text, limits_for(text.size()), [&](std::string_view view, const std::string& read) {
          const bool here = view.find(kSecret) != std::string_view::npos;
          if (here) found = read;
          return !here;
        }));
    EXPECT_EQ(found, layers);
  }
}

TEST(PercentDecoded, KeepsOfALargeTextWhatStandsAroundItsEscapes) {
  const std::string filler(5U << 20, 'x');
  const std::string near(1000, 'y');
  const std::string text = filler + near + "%41%42" + near + filler + "%" + filler + "%43";
  const std::string decoded = percent_decoded(text);
  EXPECT_THAT(decoded, HasSubstr(near + "AB" + near));
  EXPECT_THAT(decoded, testing::EndsWith("xxC"));
  EXPECT_LT(decoded.size(), 20000U);
  EXPECT_EQ(percent_decoded("a%4gb%"), "");
  EXPECT_EQ(percent_decoded("%41" + std::string(1U << 20, 'x')).size(), (1U << 20) + 1);
}

TEST(Unpack, SaysThatOrdinaryTextWasReadWhole) {
  EXPECT_TRUE(unpack("{\"a\": [1, 2, 3], \"text\": \"The quick brown fox\"}\n", {},
                     [](std::string_view, const std::string&) { return true; }));
}

TEST(InflateAll, DoesNotGetSlowOnFalseStarts) {
  // Each mark begins a stream of empty blocks that runs to the end: read from every mark, this
  // would take minutes. The budget ends it.
  std::string text;
  for (int i = 0; i < 30000; ++i) text += "\x1f\x8b\x08\0\0\0\0\0\0\0"s + "\0\0\0\xff\xff"s;
  InflateBudget budget{16U << 20, 4U << 20, false};
  (void)inflate_all(text, budget);
  EXPECT_LE(budget.input, 4U << 20);
}

TEST(InflateAll, SurvivesDamage) {
  std::string stream = gzip(std::string(1000, 'x') + kSecret);
  for (std::size_t i = 0; i < stream.size(); ++i) {
    std::string damaged = stream;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
    InflateBudget budget{1U << 20, 1U << 20, false};
    EXPECT_LE(inflate_all(damaged, budget).size(), 1U << 20);
  }
}

TEST(InflateAll, KeepsToItsBudget) {
  InflateBudget budget{100, 1U << 20, false};
  EXPECT_EQ(inflate_all(gzip(std::string(5000, 'x')), budget), std::string(100, 'x'));
  EXPECT_TRUE(budget.exhausted);
}

}  // namespace
}  // namespace skillaudit
