#include "generators/halo/network.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "generators/halo/settings.h"
#include "nn/noise.h"
#include "nn/testing_reference.h"

namespace understudy {
namespace {

HaloNetwork network(const HaloShape& shape) {
  Rng rng(1);
  return {shape, std::vector<double>(static_cast<std::size_t>(shape.codes), 0.3), rng};
}

at::Tensor visits_of(std::int64_t subjects, std::int64_t visits, std::int64_t codes, std::uint64_t seed) {
  Rng rng(seed);
  return nn::uniforms(rng, subjects * visits * codes).lt(0.3).to(at::kFloat).view({subjects, visits, codes});
}

// Fixed weights, the loss from numpy (tests/golden/halo.py).
TEST(HaloNetwork, LossIsThatOfNumpy) {
  std::ifstream file(std::string(UNDERSTUDY_GOLDEN) + "/halo.json");
  const nlohmann::json golden = nlohmann::json::parse(file);
  const HaloShape shape{.codes = golden.at("codes"), .context = golden.at("context"), .layers = golden.at("layers"),
                        .heads = golden.at("heads"), .width = golden.at("width")};
  const HaloNetwork found = network(shape);
  ASSERT_EQ(found.flat().numel(), golden.at("parameters").get<std::int64_t>());
  at::Tensor flat = (at::arange(found.flat().numel(), at::kDouble) * 0.7).sin().mul(0.4).to(at::kFloat);
  for (std::int64_t i = 0, at = shape.width * (shape.codes + shape.context); i <= shape.layers; ++i) {  // scales around 1
    const std::int64_t n = shape.width;
    if (i == shape.layers) {
      flat.narrow(0, at, n).add_(1);
      break;
    }
    at += 12 * n * n + 9 * n;
    flat.narrow(0, at, n).add_(1);
    flat.narrow(0, at + 2 * n, n).add_(1);
    at += 4 * n;
  }
  for (std::size_t s = 0; s < 2; ++s) {
    at::Tensor visits = at::zeros({1, 5, shape.codes}), asked = at::zeros({1, 4, shape.codes});
    for (std::int64_t t = 0; t < 5; ++t) {
      for (const std::int64_t code : golden.at("visits")[s][static_cast<std::size_t>(t)]) visits[0][t][code] = 1;
    }
    for (std::int64_t t = 0; t < 4; ++t) {
      for (const std::int64_t code : golden.at("asked")[s][static_cast<std::size_t>(t)]) asked[0][t][code] = 1;
    }
    nn::Tape tape = nn::Tape::sampling(flat);
    EXPECT_NEAR(found.loss(tape, visits, asked).item<double>(), golden.at("nats")[s].get<double>(), 2e-5);
  }
}

// The published configuration (HALO_Inpatient, config.py): 6,869 codes with start, end and pad, 56 places. Counted of its modules, by
// torch; then what is other here: places up to the context, the second masked layer only where its outputs are used.
TEST(HaloNetwork, AsManyParametersAsPublished) {
  struct Case {
    const char* preset;
    std::int64_t codes, places, published;
  };
  const Case cases[] = {{"paper", 6869, 56, 207037212}, {"paper-continuous", 14487, 150, 827273712}};
  for (const Case& one : cases) {
    HaloShape shape = halo_preset(one.preset).network;
    shape.codes = one.codes;
    const std::int64_t n = shape.width, inputs = n + one.codes;
    const std::int64_t other = (one.places - shape.context) * n + n * (inputs + 1);
    EXPECT_EQ(HaloNetwork::parameters(shape) + other, one.published) << one.preset;
  }
  const HaloShape small{.codes = 9, .context = 5, .layers = 3, .heads = 2, .width = 8};
  EXPECT_EQ(network(small).flat().numel(), HaloNetwork::parameters(small));
}

// A logit sees the visits before and the codes before it: any other bit may be turned.
TEST(HaloNetwork, ACodeSeesOnlyWhatComesBefore) {
  const HaloShape shape{.codes = 7, .context = 5, .layers = 2, .heads = 2, .width = 8};
  const HaloNetwork found = network(shape);
  const at::Tensor visits = visits_of(1, 5, 7, 2);
  const auto logits = [&](const at::Tensor& some) {
    nn::Tape tape = nn::Tape::sampling(found.flat());
    return found.logits(tape, found.history(tape, some.slice(1, 0, -1)), some.slice(1, 1));
  };
  const at::Tensor before = logits(visits);
  int seen = 0;
  for (std::int64_t t = 0; t < 5; ++t) {
    for (std::int64_t code = 0; code < 7; ++code) {
      at::Tensor turned = visits.clone();
      turned[0][t][code] = 1 - turned[0][t][code];
      const at::Tensor change = (logits(turned) - before).abs()[0];  // [4, 7], of visits 1 to 4
      for (std::int64_t u = 1; u < 5; ++u) {
        for (std::int64_t other = 0; other < 7; ++other) {
          const bool may_see = t < u || (t == u && code < other);
          if (!may_see) {
            EXPECT_EQ(change[u - 1][other].item<float>(), 0) << t << code << u << other;
          } else {
            seen += change[u - 1][other].item<float>() > 0;
          }
        }
      }
    }
  }
  EXPECT_GT(seen, 400);  // of 574; behind a ReLU not all are
}

TEST(HaloNetwork, BySubjectAsOneAtATime) {
  const HaloShape shape{.codes = 7, .context = 6, .layers = 2, .heads = 2, .width = 8};
  const HaloNetwork found = network(shape);
  const at::Tensor visits = visits_of(5, 6, 7, 3), asked = visits_of(5, 5, 7, 4);
  nn::expect_as_reference(found.flat(), 5, [&](nn::Tape& tape, std::int64_t first, std::int64_t count) {
    return found.loss(tape, visits.narrow(0, first, count), asked.narrow(0, first, count));
  });
}

// At first, but for the random weights, columns are independent: with the head's weights at 0 the loss is that of the chances.
TEST(HaloNetwork, BeginsAtTheChances) {
  const HaloShape shape{.codes = 7, .context = 3, .layers = 1, .heads = 2, .width = 8};
  const HaloNetwork found = network(shape);
  at::Tensor flat = found.flat().clone();
  flat.narrow(0, found.second().weight.offset, found.second().weight.size()).zero_();
  nn::Tape tape = nn::Tape::sampling(flat);
  at::Tensor visits = at::zeros({1, 3, 7});
  visits[0][2][4] = 1;
  EXPECT_NEAR(found.loss(tape, visits, at::ones({1, 2, 7})).item<double>(), -13 * std::log(0.7) - std::log(0.3), 1e-4);
}

TEST(HaloNetwork, VisitByVisitAsAllAtOnce) {
  const HaloShape shape{.codes = 7, .context = 6, .layers = 2, .heads = 2, .width = 8};
  const HaloNetwork found = network(shape);
  const at::Tensor visits = visits_of(3, 6, 7, 5);
  nn::Tape tape = nn::Tape::sampling(found.flat());
  const at::Tensor whole = found.history(tape, visits);
  auto memories = found.begin(3, 6);
  for (std::int64_t t = 0; t < 6; ++t) {
    EXPECT_TRUE(at::allclose(found.next(tape, visits.narrow(1, t, 1), memories), whole.narrow(1, t, 1), 1e-5, 1e-5)) << t;
  }
}

}  // namespace
}  // namespace understudy
