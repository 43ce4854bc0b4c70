// The parts of a model file that encoders wrote: a marginal, a timeline, a codec, as JSON. What parses can be written,
// and reads back the same.
#include "encode/codec.h"
#include "encode/timeline.h"
#include "target.h"

using namespace understudy;
using nlohmann::json;

namespace {

template <class Parse, class Write>
void survive(const json& input, const Parse& parse, const Write& write) {
  const auto value = taken(ErrorKind::input, [&] { return parse(input); });
  if (!value) return;
  const std::string text = write(*value).dump();
  const auto again = taken(ErrorKind::input, [&] { return parse(json::parse(text)); });
  require(again && write(*again).dump() == text, "an encoder's part that does not survive its own text: " + text);
}

void use(const Marginal& marginal) {
  for (const double u : {0.0, 0.25, 0.5, 1.0}) {
    const double x = marginal.quantile(u);
    if (!marginal.mass.empty()) require(marginal.part(x) < marginal.mass.size(), "a value without a part");
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const json input = json::parse(as_text(data, size), nullptr, false);
  survive(input, marginal_from_json, [](const Marginal& marginal) { return use(marginal), to_json(marginal); });
  survive(input, timeline_from_json, [](const Timeline& timeline) { return to_json(timeline); });
  survive(input, Codec::from_json, [](const Codec& codec) { return codec.to_json(); });
  return 0;
}
