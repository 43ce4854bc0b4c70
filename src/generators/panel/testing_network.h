// What tests of panel networks share: made-up weights and panels, numbers of a golden file, and the loss by subject.
#pragma once

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <vector>

#include "generators/panel/panel_network.h"
#include "nn/row.h"
#include "nn/testing_reference.h"

namespace understudy {

inline std::unique_ptr<PanelNetwork> made(const PanelMethod& method, const PanelShape& shape,
                                          const std::map<std::string, std::string>& settings) {
  Options options(method.options);
  for (const auto& [name, value] : settings) options.set(name, value);
  Rng rng(1);
  return method.make(shape, options, rng);
}

// 0.3 sin(1), 0.3 sin(2), ...
inline void set_weights(const at::Tensor& flat) {
  const auto numbers = nn::row<float>(flat);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<float>(0.3 * std::sin(static_cast<double>(i + 1)));
}

// 0.5 + 0.4 sin(0.7 i), i = 0, 1, ...
inline at::Tensor made_panels(std::int64_t subjects, const PanelShape& shape) {
  at::Tensor panels = at::empty({subjects, shape.steps, shape.channels});
  const auto numbers = nn::row<float>(panels);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<float>(0.5 + 0.4 * std::sin(0.7 * static_cast<double>(i)));
  return panels;
}

inline std::vector<std::int64_t> first_subjects(std::int64_t count, std::int64_t first = 0) {
  std::vector<std::int64_t> result(static_cast<std::size_t>(count));
  std::iota(result.begin(), result.end(), first);
  return result;
}

// Of a network and of its warm-ups.
inline std::vector<PanelPlayer> all_players(const PanelNetwork& network) {
  std::vector<PanelPlayer> players = network.players();
  for (const PanelWarmup& warmup : network.warmups()) players.insert(players.end(), warmup.players.begin(), warmup.players.end());
  return players;
}

// The sum over these subjects, or the loss of a batch of them times their number.
inline at::Tensor batch_loss(const PanelPlayer& player, const PanelData& data, nn::Tape& tape, std::span<const std::int64_t> subjects) {
  const at::Tensor terms = player.loss(data, {.step = 3}, tape, subjects);
  const auto count = static_cast<double>(subjects.size());
  return player.whole ? player.whole(terms / count) * count : terms;
}

inline double loss_of(const PanelPlayer& player, const PanelData& data, std::span<const std::int64_t> subjects) {
  nn::Tape tape = nn::Tape::sampling(player.flat);
  return batch_loss(player, data, tape, subjects).item<double>();
}

// tests/golden/panels.json, which panels.py wrote.
inline nlohmann::json golden(const std::string& name) {
  std::ifstream file(UNDERSTUDY_GOLDEN "/panels.json");
  return nlohmann::json::parse(file).at(name);
}

// The numbers that the golden losses were computed with are those that a training draws.
inline void expect_numbers(const at::Tensor& drawn, const nlohmann::json& expected) {
  ASSERT_EQ(static_cast<std::size_t>(drawn.numel()), expected.size()) << drawn.flatten();
  const at::Tensor flat = drawn.to(at::kDouble).flatten();
  for (std::int64_t i = 0; i < flat.numel(); ++i) {
    ASSERT_NEAR(flat[i].item<double>(), expected[static_cast<std::size_t>(i)].get<double>(), 1e-6) << i;
  }
}

// Nothing ties subjects together: norms and clipped sums are those of one subject at a time.
inline void expect_subjects_apart(const PanelNetwork& network, const PanelShape& shape) {
  const PanelData data{.panels = made_panels(6, shape), .rng = Rng(4)};
  for (const PanelPlayer& player : all_players(network)) {
    nn::expect_as_reference(player.flat, 6, [&](nn::Tape& tape, std::int64_t first, std::int64_t count) {
      return player.loss(data, {.step = 3}, tape, first_subjects(count, first)).sum();
    }, 1e-4);
  }
}

// The slope of the loss along a direction is that of differences; the direction is made up.
inline void expect_slopes(const PanelNetwork& network, const PanelShape& shape) {
  const PanelData data{.panels = made_panels(4, shape), .rng = Rng(4)};
  const auto subjects = first_subjects(4);
  for (const PanelPlayer& player : all_players(network)) {
    const at::Tensor start = player.flat.clone(), wave = at::arange(player.flat.numel(), at::kFloat).mul(1.7).cos();
    const at::Tensor direction = wave / wave.norm();
    nn::Tape tape = nn::Tape::plain(player.flat);
    tape.backward(batch_loss(player, data, tape, subjects));
    const double slope = (tape.gradient().to(at::kDouble) * direction).sum().item<double>();
    constexpr double kStep = 2e-3;
    player.flat.copy_(start + kStep * direction);
    const double above = loss_of(player, data, subjects);
    player.flat.copy_(start - kStep * direction);
    const double below = loss_of(player, data, subjects);
    player.flat.copy_(start);
    const double expected = (above - below) / (2 * kStep);
    EXPECT_NEAR(slope, expected, 0.02 * std::abs(expected) + 1e-4) << player.name;
  }
}

}  // namespace understudy
