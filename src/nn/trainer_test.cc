#include "nn/trainer.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "nn/adam.h"
#include "nn/sgd.h"
#include "testing/kind_of.h"

namespace understudy::nn {
namespace {

at::Tensor number(float x) { return at::full({1}, x); }

// x^2 / 2 under plain descent at rate 0.5: x halves, step by step.
TEST(Trainer, DescendsByHand) {
  const at::Tensor x = number(8);
  Trainer trainer(3);
  trainer.add({.name = "x", .flat = x, .optimizer = std::make_unique<Sgd>(1, SgdOptions{}), .schedule = {.rate = 0.5},
               .average = Average(1, {}), .gradient = [x](const Turn&) { return x.clone(); }});
  while (!trainer.done()) trainer.step();
  EXPECT_EQ(x.item<float>(), 1);
  EXPECT_NEAR(trainer.averaged("x").item<float>(), (4 + 2 + 1) / 3.0, 1e-6);
  EXPECT_EQ(kind_of([&] { trainer.step(); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([&] { trainer.averaged("y"); }), ErrorKind::internal);
}

TEST(Trainer, PlayersTakeTurns) {
  std::string order;
  Trainer trainer(2);
  const auto player = [&](const char* name, std::int64_t turns) {
    return Player{.name = name, .flat = number(0), .optimizer = std::make_unique<Sgd>(1, SgdOptions{}), .turns = turns,
                  .gradient = [&order, name](const Turn& turn) {
                    order += fmt::format("{}{}.{} ", name, turn.step, turn.number);
                    return number(0);
                  }};
  };
  trainer.add(player("a", 2));
  trainer.add(player("b", 1));
  trainer.step();
  trainer.step();
  EXPECT_EQ(order, "a0.0 a0.1 b0.0 a1.0 a1.1 b1.0 ");
}

TEST(Trainer, ATurnWithoutAGradientIsLetPass) {
  const at::Tensor x = number(8);
  Trainer trainer(2);
  trainer.add({.name = "x", .flat = x, .optimizer = std::make_unique<Sgd>(1, SgdOptions{}), .schedule = {.rate = 0.5}, .average = Average(1, {}),
               .gradient = [x](const Turn& turn) { return turn.step == 0 ? at::Tensor() : x.clone(); }});
  trainer.step();
  EXPECT_EQ(x.item<float>(), 8);
  trainer.step();
  EXPECT_EQ(x.item<float>(), 4);
  EXPECT_NEAR(trainer.averaged("x").item<float>(), 6, 1e-6);
}

TEST(Trainer, SchedulesFinishTheirDecay) {
  const at::Tensor x = number(0);
  Trainer trainer(4);
  trainer.add({.name = "x", .flat = x, .optimizer = std::make_unique<Sgd>(1, SgdOptions{}),
               .schedule = {.rate = 1, .decay = Decay::linear}, .gradient = [](const Turn&) { return number(-1); }});
  while (!trainer.done()) trainer.step();
  EXPECT_EQ(x.item<float>(), 1 + 0.75F + 0.5F + 0.25F);
}

// A game of two with momentum, averages and a state of its own.
struct Game {
  at::Tensor x = number(1), y = number(-1), seen = number(0);
  Trainer trainer{20};

  Game() {
    const auto adam = [] { return std::make_unique<Adam>(1, AdamOptions{}); };
    trainer.add({.name = "x", .flat = x, .optimizer = adam(), .schedule = {.rate = 0.1, .decay = Decay::cosine},
                 .average = Average(1, {.decay = 0.9}), .turns = 2, .gradient = [this](const Turn& turn) {
                   seen.add_(static_cast<double>(turn.step + turn.number));
                   return x + y;
                 }});
    trainer.add({.name = "y", .flat = y, .optimizer = adam(), .schedule = {.rate = 0.1},
                 .gradient = [this](const Turn&) { return y - x + seen * 1e-3; }});
    trainer.keep("seen", seen);
  }
};

TEST(Trainer, GoesOnFromItsStateAsIfItHadNotStopped) {
  Game whole;
  while (!whole.trainer.done()) whole.trainer.step();
  Game first, second;
  while (first.trainer.steps() < 7) first.trainer.step();
  TensorFile file;
  first.trainer.save(file, "game");
  second.trainer.restore(file, "game");
  EXPECT_EQ(second.trainer.steps(), 7);
  while (!second.trainer.done()) second.trainer.step();
  EXPECT_TRUE(second.x.equal(whole.x));
  EXPECT_TRUE(second.y.equal(whole.y));
  EXPECT_TRUE(second.trainer.averaged("x").equal(whole.trainer.averaged("x")));
}

TEST(Trainer, StatesThatDoNotFitAreRefused) {
  Game game;
  TensorFile file;
  game.trainer.save(file, "game");
  for (const char* name : {"game.steps", "game.x.flat", "game.y.optimizer.first", "game.seen"}) {
    TensorFile broken = file;
    broken.tensors.erase(name);
    Game other;
    EXPECT_EQ(kind_of([&] { other.trainer.restore(broken, "game"); }), ErrorKind::input) << name;
  }
  file.put("game.steps", {1}, std::vector<std::int64_t>{21});
  EXPECT_EQ(kind_of([&] { game.trainer.restore(file, "game"); }), ErrorKind::input);
}

}  // namespace
}  // namespace understudy::nn
