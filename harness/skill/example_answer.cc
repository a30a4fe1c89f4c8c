#include "harness/skill/example_answer.h"

#include <nlohmann/json.hpp>
#include <string>

#include "harness/skill/code_lines.h"
#include "harness/skill/expected_answer.h"
#include "harness/skill/markdown_blocks.h"

namespace skillaudit {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLargestExample = 16 << 10;
constexpr int kDeepest = 6;

class Fields {
 public:
  Fields(std::string host, std::vector<ExpectedField>& all) : host_(std::move(host)), all_(all) {}

  void add(const Json& value, const std::string& name, int depth) {
    if (depth > kDeepest || all_.size() >= kMostExampleFields) return;
    if (value.is_object()) {
      for (const auto& [key, inner] : value.items())
        if (key.find_first_of(".[] :") == std::string::npos && !key.empty())
          add(inner, name.empty() ? key : name + "." + key, depth + 1);
    } else if (value.is_array()) {
      if (!value.empty() && !name.empty()) add(value.front(), name + "[]", depth + 1);
    } else if (!name.empty() && !value.is_null()) {
      const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
      all_.push_back({host_.empty() ? name : host_ + " " + name, text});
    }
  }

 private:
  std::string host_;
  std::vector<ExpectedField>& all_;
};

}  // namespace

std::vector<ExpectedField> example_answers(std::string_view markdown) {
  std::vector<ExpectedField> all;
  const CodeLines lines(markdown);
  for (const CodeBlock& block : code_blocks(markdown)) {
    if (block.code.size() > kLargestExample || block.line < 1 ||
        block.code.find_first_not_of(" \n") == std::string::npos ||
        block.code[block.code.find_first_not_of(" \n")] != '{')
      continue;
    const Json value = Json::parse(block.code, nullptr, false, true);
    if (!value.is_object()) continue;
    const auto hosts = hosts_in(lines.part({1, block.line}));
    Fields(hosts.empty() ? "" : hosts.back(), all).add(value, "", 0);
  }
  return all;
}

}  // namespace skillaudit
