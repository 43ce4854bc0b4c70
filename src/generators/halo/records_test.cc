#include "generators/halo/records.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "generators/halo/testing_vocabulary.h"
#include "nn/testing_reference.h"

namespace understudy {
namespace {

// Subjects of 2, 0, 5 and 1 rows; the context of 6 has room for 4.
HaloRecords records(const testing::HaloWorld& world) {
  HaloRecords result{.labels = &world.labels, .visits = &world.visits, .offsets = {0, 2, 2, 7, 8}, .statics = {}, .series = {}};
  Rng rng(1);
  const auto add = [&](const VisitCode& code, std::vector<std::int32_t>& to) {
    for (const VisitCode::Group& group : code.groups()) {
      to.push_back(static_cast<std::int32_t>(rng.below(static_cast<std::uint64_t>(group.codes + 1))));
    }
  };
  for (int s = 0; s < 4; ++s) add(world.labels, result.statics);
  for (int row = 0; row < 8; ++row) add(world.visits, result.series);
  return result;
}

TEST(HaloRecords, BatchesArePaddedAndCut) {
  const testing::HaloWorld world;
  const HaloRecords all = records(world);
  const HaloBatch batch = batch_of(all, world.shape, std::vector<std::int64_t>{0, 2, -1});
  EXPECT_EQ(batch.visits.sizes(), (std::vector<std::int64_t>{3, 6, world.shape.codes}));
  EXPECT_EQ(batch.asked.sizes(), (std::vector<std::int64_t>{3, 5, world.shape.codes}));
  EXPECT_EQ(batch.visits.select(1, 0).sum().item<float>(), 0);  // the start
  EXPECT_EQ(batch.visits[2].sum().item<float>() + batch.asked[2].sum().item<float>(), 0);  // nobody
  EXPECT_EQ(batch.asked[0].slice(0, 3).sum().item<float>(), 0);  // beyond two rows
  EXPECT_GT(batch.asked[1][4].sum().item<float>(), 0);
  EXPECT_EQ(batch.asked.narrow(1, 0, 1).narrow(2, 0, world.visits.codes()).sum().item<float>(), 0);  // labels alone
  EXPECT_EQ(batch.asked.slice(1, 1).slice(2, world.visits.codes()).sum().item<float>(), 0);          // rows alone
  EXPECT_EQ((batch.visits.slice(1, 1) * (1 - batch.asked)).sum().item<float>(), 0);                   // what is there was asked for
}

// Padding changes nothing, and no subject another: the sum of each alone, and the norms of the tape.
TEST(HaloRecords, ASubjectsLossIsItsOwn) {
  const testing::HaloWorld world;
  const HaloRecords all = records(world);
  Rng rng(2);
  const HaloNetwork network(world.shape, world.chances(), rng);
  const auto loss = halo_loss(network);
  nn::Tape tape = nn::Tape::sampling(network.flat());
  double sum = 0;
  for (std::int64_t s = 0; s < 4; ++s) sum += loss(all, {}, tape, std::vector<std::int64_t>{s}).item<double>();
  EXPECT_NEAR(loss(all, {}, tape, std::vector<std::int64_t>{0, 1, 2, 3, -1}).item<double>(), sum, 1e-4);
  nn::expect_as_reference(network.flat(), 4, [&](nn::Tape& of_batch, std::int64_t first, std::int64_t count) {
    std::vector<std::int64_t> subjects;
    for (std::int64_t s = first; s < first + count; ++s) subjects.push_back(s);
    return loss(all, {}, of_batch, subjects);
  });
}

}  // namespace
}  // namespace understudy
