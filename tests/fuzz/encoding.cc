// The parts of a model file that encoders wrote: a marginal, a timeline, a codec, as JSON. What parses can be written,
// and reads back the same.
#include <cmath>

#include "core/json.h"
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

// Rows of extreme numbers become values, and those values numbers.
void use(const Codec& codec) {
  if (codec.width() == 0) return;
  const auto width = static_cast<std::size_t>(codec.width());
  std::vector<float> rows;
  for (const float x : {0.0F, 1.0F, -2.0F, std::nanf("")}) rows.insert(rows.end(), width, x);
  Table table(codec.specs());
  table.resize(4);
  codec.decode(rows, table, 0);
  Rng rng(1);
  const std::int64_t chosen[] = {0, 1, 2, 3};
  taken(ErrorKind::input, [&] { return codec.encode(table, chosen, rows, rng), true; });
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const json input = parse_json<json>(as_text(data, size));
  survive(input, marginal_from_json, [](const Marginal& marginal) { return use(marginal), to_json(marginal); });
  survive(input, timeline_from_json, [](const Timeline& timeline) { return to_json(timeline); });
  survive(input, Codec::from_json, [](const Codec& codec) { return use(codec), codec.to_json(); });
  return 0;
}
