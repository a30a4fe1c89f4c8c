#include "harness/sensors/unpack.h"

#include <algorithm>
#include <deque>

#include "harness/sensors/inflate.h"
#include "harness/sensors/readings.h"

namespace skillaudit {
namespace {

struct View {
  std::string bytes;
  std::string layers;
  int depth = 0;
  bool squeezed = false;
};

}  // namespace

UnpackLimits limits_for(std::size_t size) {
  const UnpackLimits least;
  return {.inflated = std::clamp(8 * size, least.inflated, std::size_t{256} << 20),
          .consumed = least.consumed + 2 * size,
          .derived = least.derived + std::min(8 * size, std::size_t{640} << 20),
          .depth = least.depth};
}

bool unpack(std::string_view text, const UnpackLimits& limits, const ViewVisitor& visit) {
  std::deque<View> waiting;
  waiting.emplace_back();  // stands for the text, which is not copied
  bool is_text = true;
  std::size_t derived = limits.derived;
  InflateBudget inflate{limits.inflated, limits.consumed, false};
  bool complete = true;
  while (!waiting.empty()) {
    const View view = std::move(waiting.front());
    waiting.pop_front();
    const std::string_view read = is_text ? text : std::string_view(view.bytes);
    is_text = false;
    if (!visit(read, view.layers)) return complete;
    const auto add = [&](std::string bytes, const std::string& layer, bool is_squeezed) {
      // Wrapped Base64 gives the same bytes with and without its line breaks.
      const bool known = std::any_of(waiting.begin(), waiting.end(),
                                     [&](const View& other) { return other.bytes == bytes; });
      if (bytes.empty() || bytes == read || known) return;
      if (bytes.size() > derived) {
        complete = false;
        bytes.resize(derived);
      }
      derived -= bytes.size();
      if (bytes.empty()) return;
      std::string layers = view.layers;
      if (!layer.empty()) layers = view.layers.empty() ? layer : layer + " in " + view.layers;
      waiting.push_back(
          {std::move(bytes), std::move(layers), view.depth + (layer.empty() ? 0 : 1), is_squeezed});
    };
    if (!view.squeezed) add(squeezed(read), "", true);
    if (view.depth >= limits.depth) continue;
    add(percent_decoded(read), "percent-encoding", false);
    add(base64_runs(read), "base64", false);
    add(hex_runs(read), "hex", false);
    if (!view.squeezed) add(unmasked_archive(read), "xor", false);
    if (!view.squeezed) add(inflate_all(read, inflate), "gzip", false);
    if (inflate.exhausted) complete = false;
  }
  return complete;
}

}  // namespace skillaudit
