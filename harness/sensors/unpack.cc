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
  waiting.push_back({std::string(text), "", 0, false});
  std::size_t derived = limits.derived;
  InflateBudget inflate{limits.inflated, limits.consumed, false};
  bool complete = true;
  while (!waiting.empty()) {
    const View view = std::move(waiting.front());
    waiting.pop_front();
    if (!visit(view.bytes, view.layers)) return complete;
    const auto add = [&](std::string bytes, const std::string& layer, bool is_squeezed) {
      // Wrapped Base64 gives the same bytes with and without its line breaks.
      const bool known = std::any_of(waiting.begin(), waiting.end(),
                                     [&](const View& other) { return other.bytes == bytes; });
      if (bytes.empty() || bytes == view.bytes || known) return;
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
    if (!view.squeezed) add(squeezed(view.bytes), "", true);
    if (view.depth >= limits.depth) continue;
    add(percent_decoded(view.bytes), "percent-encoding", false);
    add(base64_runs(view.bytes), "base64", false);
    add(hex_runs(view.bytes), "hex", false);
    if (!view.squeezed) add(unmasked_archive(view.bytes), "xor", false);
    if (!view.squeezed) add(inflate_all(view.bytes, inflate), "gzip", false);
    if (inflate.exhausted) complete = false;
  }
  return complete;
}

}  // namespace skillaudit
