#include "generators/halo/settings.h"

#include <gtest/gtest.h>

#include "generators/halo.h"
#include "testing/kind_of.h"

namespace understudy {
namespace {

HaloSettings with(const std::vector<std::pair<std::string, std::string>>& given) {
  Options options{std::span<const OptionSpec>(kHaloOptions)};
  for (const auto& [name, value] : given) options.set(name, value);
  return halo_settings(options);
}

TEST(HaloSettings, PublishedPresets) {
  const HaloSettings paper = with({{"preset", "paper"}}), continuous = with({{"preset", "paper-continuous"}});
  EXPECT_EQ(paper.network.layers, 12);
  EXPECT_EQ(paper.network.heads, 12);
  EXPECT_EQ(paper.network.width, 768);
  EXPECT_EQ(paper.network.context, 48);
  EXPECT_EQ(paper.batch, 48);
  EXPECT_EQ(paper.epochs, 50);
  EXPECT_EQ(paper.rate, 1e-4);
  EXPECT_FALSE(paper.anneals || continuous.anneals);
  EXPECT_EQ(continuous.network.heads, 18);
  EXPECT_EQ(continuous.network.width, 1440);
  EXPECT_EQ(continuous.network.context, 150);
}

TEST(HaloSettings, OptionsOverrideThePreset) {
  const HaloSettings found = with({{"preset", "paper"}, {"width", "96"}, {"learning_rate", "0.01"}, {"bins", "5"}});
  EXPECT_EQ(found.network.width, 96);
  EXPECT_EQ(found.network.layers, 12);
  EXPECT_EQ(found.rate, 0.01);
  EXPECT_EQ(found.bins, 5);
  EXPECT_EQ(with({}).network.width, halo_preset("cpu").network.width);
}

TEST(HaloSettings, WhatCannotBeIsRefused) {
  EXPECT_EQ(kind_of([] { with({{"width", "50"}, {"heads", "4"}}); }), ErrorKind::usage);
  EXPECT_EQ(kind_of([] { with({{"context", "2"}}); }), ErrorKind::usage);
  EXPECT_EQ(kind_of([] { with({{"preset", "huge"}}); }), ErrorKind::usage);
}

}  // namespace
}  // namespace understudy
